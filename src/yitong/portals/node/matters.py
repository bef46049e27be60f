"""Where anybody looks at what they are told of the own account."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from yitong.kernel.actor import Actor
from yitong.kernel.declare import MatterPage


def _account(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    """How one is told and where one is reached; another's account is nobody's business."""
    own = viewer.account.removeprefix("account:")
    return {own: reverse("node:message_settings")} if own in keys else {}


MATTERS = (MatterPage("account", _account),)

"""Where a person looks at what they are told of: a delegation that they gave or received."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from yitong.base.identity.api import delegations
from yitong.kernel.actor import Actor
from yitong.kernel.declare import MatterPage


def _delegations(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    page = reverse("citizen:delegations")
    return {key: f"{page}#delegation-{key}" for key in delegations.concerned_among(keys, viewer)}


MATTERS = (MatterPage("delegation", _delegations),)

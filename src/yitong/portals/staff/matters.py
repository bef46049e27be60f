"""Where officials look at what they are told of: a duty, and all that a post has to do."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from yitong.base.duties.api import inboxes
from yitong.kernel.actor import Actor
from yitong.kernel.declare import MatterPage


def _duties(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    if viewer.kind != "staff" or not viewer.post:
        return {}
    numbers = {int(key) for key in keys if key.isdecimal()}
    seen = inboxes.seen_among(numbers, viewer=viewer)
    return {str(number): reverse("staff:duty", args=[number]) for number in seen}


def _recounts(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    """Dates that a change has moved stand in the list of those whose duties they are."""
    if viewer.kind != "staff" or not viewer.post:
        return {}
    return dict.fromkeys(keys, reverse("staff:inbox"))


def _post(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    """What a post is told of itself is about its work."""
    return {viewer.post: reverse("staff:inbox")} if viewer.post in keys else {}


MATTERS = (
    MatterPage("duty", _duties),
    MatterPage("recount", _recounts),
    MatterPage("post", _post),
)

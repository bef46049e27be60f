"""Where officials look at what they are told of: a catalogue entry, a request, a grant, a 督办 or 通报."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from yitong.base.duties.api import book
from yitong.data.catalogue.api import resource
from yitong.data.sharing.api import grants, requests
from yitong.data.standards.api import SourceClaim
from yitong.kernel.actor import Actor
from yitong.kernel.declare import MatterPage
from yitong.kernel.errors import Refusal


def _comes_in(viewer: Actor) -> bool:
    return viewer.kind == "staff" and bool(viewer.post)


def _resources(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    """By their codes. A page of an inbox asks for few, and each asks the catalogue whether it may be seen."""
    found = {}
    for key in keys if _comes_in(viewer) else ():
        try:
            row = resource(key, viewer=viewer)
        except Refusal:
            continue
        found[key] = reverse("bureau:entry", args=[row.pk])
    return found


def _grants(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    """A grant stands on the page of its entry, among those who use it."""
    numbers = [int(key) for key in keys if key.isdecimal()]
    if not numbers or not _comes_in(viewer):
        return {}
    rows = grants(viewer=viewer).filter(pk__in=numbers).values_list("pk", "resource_id")
    return {str(pk): reverse("bureau:entry", args=[entry, "users"]) for pk, entry in rows}


def _requests(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    numbers = [int(key) for key in keys if key.isdecimal()]
    if not numbers or not _comes_in(viewer):
        return {}
    seen = requests(viewer=viewer).filter(pk__in=numbers).values_list("pk", flat=True)
    return {str(number): reverse("bureau:request", args=[number]) for number in seen}


def _claims(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    """Claims are no secret (政务数据共享条例 16): whoever comes in may read them."""
    numbers = [int(key) for key in keys if key.isdecimal()]
    if not numbers or not _comes_in(viewer):
        return {}
    seen = SourceClaim.objects.filter(pk__in=numbers).values_list("pk", flat=True)
    return {str(number): reverse("bureau:claim", args=[number]) for number in seen}


def _admonitions(viewer: Actor, keys: Collection[str]) -> Mapping[str, str]:
    numbers = {int(key) for key in keys if key.isdecimal()}
    if not numbers or not _comes_in(viewer):
        return {}
    seen = book.admonitions_among(numbers, viewer=viewer)
    return {str(number): reverse("bureau:sign", args=[number]) for number in seen}


MATTERS = (
    MatterPage("resource", _resources),
    MatterPage("grant", _grants),
    MatterPage("share_request", _requests),
    MatterPage("source_claim", _claims),
    MatterPage("admonition", _admonitions),
)

"""Which other resource already holds the same element: what need not be collected again (政务数据共享条例 19)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from yitong.data.catalogue.models import Field, Resource
from yitong.data.catalogue.queries import visible_to
from yitong.data.standards.api import SourceClaim
from yitong.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Holder:
    """A published resource with an item of the element; `is_source`: it is the authoritative one (数源)."""

    resource: str
    name: str
    owner: str
    header: str
    is_source: bool


def holders(elements: Iterable[str], *, viewer: Actor, beside: str = "") -> dict[str, list[Holder]]:
    """For each element, resources in force that have it, sources first; `beside` is the resource one comes from."""
    wanted = set(elements) - {""}
    rows = (
        Field.objects.select_related("resource__owner")
        .filter(element__in=wanted, resource__version_in_force__isnull=False)
        .filter(resource__in=_seen_by(viewer))
        .exclude(resource__state="retired")
        .exclude(resource__code=beside)
        .order_by("resource__code", "order")
    )
    sources = set(
        SourceClaim.objects.filter(element__code__in=wanted, state="in_force").values_list(
            "element__code", "resource"
        )
    )
    found: dict[str, list[Holder]] = {}
    for row in rows:
        code = row.resource.code
        is_source = (row.element, code) in sources
        owner = row.resource.owner.name
        holder = Holder(code, row.resource.name, owner, row.header, is_source)
        found.setdefault(row.element, []).append(holder)
    return {each: sorted(some, key=lambda h: not h.is_source) for each, some in found.items()}


def _seen_by(viewer: Actor) -> QuerySet[Resource]:
    return Resource.objects.filter(visible_to(viewer))

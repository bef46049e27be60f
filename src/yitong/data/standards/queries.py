"""Finding data elements and matching columns to them.

Matching works on the files of the release, so a proposal can be made before the tables are loaded; the tables
are for browsing, for foreign keys and for what the catalogue shows.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from yitong.data.standards.claiming import LIVE, ClaimState
from yitong.data.standards.context import proposed_together
from yitong.data.standards.elements import Element
from yitong.data.standards.errors import UnknownElement
from yitong.data.standards.evidence import Column
from yitong.data.standards.models import DataElement, SourceClaim
from yitong.data.standards.rules import ColumnProposal, Match, matches
from yitong.data.standards.seed import edition


def match(column: Column) -> list[Match]:
    """The data elements a column may hold, best first, each with score (0-100) and reasons."""
    return matches(column, edition())


def proposals(columns: Iterable[Column]) -> dict[str, ColumnProposal]:
    """What is proposed for every column of a table in the light of the others, by the column's name."""
    table = list(columns)
    found = proposed_together(table, edition())
    return {column.name: each for column, each in zip(table, found, strict=True)}


def match_all(columns: Iterable[Column]) -> dict[str, list[Match]]:
    """Matches of every column of a table, by the column's name."""
    return {name: list(found.matches) for name, found in proposals(columns).items()}


def element(code: str) -> Element:
    """An element of this release as a plain value."""
    found = edition().element(code)
    if found is None:
        raise UnknownElement(element=code)
    return found


def elements_like(text: str) -> QuerySet[DataElement]:
    """Elements in force by name or synonym."""
    wanted = Q(name__icontains=text) | Q(synonyms__contains=[text]) | Q(code=text)
    return DataElement.objects.filter(wanted, retired=False)


def live_claims(
    *, element: str = "", resource: str = "", contested: str = "all"
) -> QuerySet[SourceClaim]:
    """Live claims of an element or a resource; `contested` "only" those that wait for a decision. They are no secret (16)."""
    found = SourceClaim.objects.select_related("element", "agency")
    found = found.filter(state__in=[state.value for state in LIVE])
    if element:
        found = found.filter(element__code=element)
    if resource:
        found = found.filter(resource=resource)
    return found.filter(state=ClaimState.CONTESTED.value) if contested == "only" else found


def source_of(element: str, *, subject: str, region: str = "") -> SourceClaim | None:
    """The one authoritative resource for an element of this kind of subject in a division, if there is one."""
    places = [region[:length] for length in (0, 2, 4, 6, 9, 12) if length <= len(region)]
    return (
        SourceClaim.objects.select_related("element", "agency")
        .filter(element__code=element, subject=subject, state=ClaimState.IN_FORCE.value)
        .filter(region__in=places)
        .first()
    )

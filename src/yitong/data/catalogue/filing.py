"""From a looked-at table to a draft with its rows: the one engine of `yitong share` and of the page.

The draft comes before the rows: a copy that is cut short leaves a draft without rows, and filing the same table again
goes on with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from yitong.data.catalogue.actions import amend, draft
from yitong.data.catalogue.drafting import NO_WISHES, Wishes
from yitong.data.catalogue.lessons import Taught, with_lessons
from yitong.data.catalogue.models import Resource
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.queries import propose, resource
from yitong.data.sources.api import (
    ClearColumn,
    CopyPlan,
    Reader,
    TableProfile,
    copy_in,
    link_in_place,
    register_source,
    source_table,
)
from yitong.data.standards.api import ColumnProposal
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal

REGION_ELEMENT = "DE03005"  # 行政区划代码
_CLEAR_LETTERS = frozenset("CMNYIDTL")
AGAIN = N_("重新提交同一份数据")


class Progress(Protocol):
    """How far sources have read."""

    @property
    def rows(self) -> int: ...
    @property
    def bytes_done(self) -> int: ...
    @property
    def bytes_total(self) -> int | None: ...


# Answers False to stop.
OnProgress = Callable[[Progress], bool | None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of the rows; `how` is copied, linked, nothing (no key), described (there are none) or same (no change)."""

    how: str
    rows: int = 0
    refused: int = 0
    digest: str = ""
    faults: tuple[str, ...] = ()


def proposed(
    profile: TableProfile,
    *,
    owner: str,
    name: str = "",
    wishes: Wishes = NO_WISHES,
    matched: Mapping[str, ColumnProposal] | None = None,
) -> Taught:
    """The machine's proposal, with what the agency corrected in the last file of the same shape."""
    entry = propose(profile, owner=owner, name=name, wishes=wishes, matched=matched)
    return with_lessons(entry, wishes=wishes, unique=unique_columns(profile))


def unique_columns(profile: TableProfile) -> list[str]:
    """Columns in which no value stands twice and none is missing."""
    return [c.name for c in profile.columns if c.unique == "yes" and not c.null_count]


def drafted(proposal: Proposal, *, by: Actor) -> Resource:
    """The draft of this proposal; one that an earlier try left without rows is gone on with."""
    try:
        return draft(proposal=proposal, by=by)
    except Refusal as refusal:
        if refusal.code != "catalogue.name_taken":
            raise
        row = resource(str(refusal.places["resource"]), viewer=by)
        if row.state != "draft" or has_rows(row):
            raise
    try:
        return amend(code=row.code, proposal=proposal, reason=AGAIN, by=by)
    except Refusal as refusal:
        if refusal.code != "catalogue.nothing_changed":
            raise
    return row


def has_rows(row: Resource) -> bool:
    try:
        return source_table(row.table_key).state != "dropped"
    except Refusal:
        return False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table's rows are; `reader` is None where a data dictionary only describes it.

    `table_key` is where they go, if not where the entry's rows are read now.
    """

    location: str
    reader: Reader | None
    table_key: str = ""


def take_rows(
    place: Place,
    proposal: Proposal,
    row: Resource,
    *,
    by: Actor,
    progress: OnProgress | None = None,
) -> Loaded:
    """Copy a file's rows in, link a database's table, or keep where a table without a key or without rows came from."""
    location, reader = place.location, place.reader
    if reader is None or not proposal.key_field:
        register(place, proposal, row, by=by)
        return Loaded("nothing" if reader else "described")
    plan = plan_for(proposal, place.table_key or row.table_key)
    source = register_source(location=location, owner=row.owner.code, by=by)
    if "://" in location:
        table = link_in_place(plan=plan, source=source, by=by)
        return Loaded("linked", rows=table.row_count)
    report = copy_in(plan=plan, reader=reader, source=source, by=by, progress=progress)
    refused = (fault.sentence for fault in report.faults if not fault.is_warning)
    return Loaded("copied", report.rows, report.refused, report.digest.hex(), tuple(refused))


def register(place: Place, proposal: Proposal, row: Resource, *, by: Actor) -> None:
    """Keep where the table is and what it looked like, where no row is taken."""
    fingerprint = place.reader.fingerprint() if place.reader else proposal.digest
    owner = row.owner.code
    register_source(location=place.location, owner=owner, by=by, fingerprint=fingerprint)


def plan_for(proposal: Proposal, table_key: str) -> CopyPlan:
    """What of the entry is sealed at rest and what rules may see (mechanisms of personal data at rest)."""
    sealed = proposal.sealed_fields
    clear = tuple(
        ClearColumn(item.name, item.type_letter if item.type_letter in _CLEAR_LETTERS else "C")
        for item in proposal.fields
        if item.name not in sealed
    )
    regions = (item.name for item in proposal.fields if item.element == REGION_ELEMENT)
    return CopyPlan(
        table_key=table_key,
        key_column=proposal.key_field,
        key_kind=cast("Literal['person', 'org', 'text']", proposal.key_kind),
        clear=clear,
        sealed=sealed,
        region_column=next(regions, None),
        one_row_per_key=proposal.key_unique,
    )

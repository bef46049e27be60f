"""The same table again: what of the entry a new file changes, and whose rows are read from when on.

A file with the same items is new data under the entry that stands: the rows are exchanged, the catalogue is not
touched (共享条例 15, 19). A file that changes the entry makes a new version, which goes through the whole procedure
(13, 16, 17); its rows wait in a table of their own and take the place of the old ones in the moment of publishing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yitong.base.access.api import require
from yitong.data.catalogue import errors, events
from yitong.data.catalogue.changes import EntryChange, Renamed, RowChange, changed_by
from yitong.data.catalogue.models import Resource, ResourceVersion
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.rows import locked, note, thing
from yitong.data.catalogue.rules import State
from yitong.data.sources.api import Reader, drop_table, row_statement, source_table
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Value
from yitong.kernel.errors import Refusal

__all__ = [
    "EntryChange",
    "Exchanged",
    "Renamed",
    "RowChange",
    "changed_by",
    "compare_rows",
    "content_of",
    "drop_rows",
    "of_same_shape",
    "prepare",
    "refresh",
    "standing",
    "switch_rows",
    "table_for",
    "waiting_rows",
]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What became of the rows; `change` is what a comparison with the older ones found."""

    rows: int
    refused: int
    digest: str
    change: RowChange

    def as_facts(self) -> dict[str, Value]:
        found = self.change
        return {
            "rows": self.rows,
            "refused": self.refused,
            "digest": self.digest,
            "added": found.added,
            "gone": found.gone,
            "changed": found.changed,
        }


def standing(*, owner: str, name: str) -> Resource | None:
    """The owner's entry of this name that is in force or in work."""
    found = Resource.objects.select_related("owner").filter(owner__name=owner, name=name.strip())
    return found.exclude(state=State.RETIRED).first()


def of_same_shape(entry: Proposal) -> list[Resource]:
    """The owner's entries whose items have the very same names: what comes under another name may be theirs."""
    names = {item.name for item in entry.fields}
    found = (
        Resource.objects.filter(owner__name=entry.owner, fields__name__in=names)
        .exclude(state=State.RETIRED)
        .exclude(name=entry.name)
        .distinct()
        .prefetch_related("fields")
    )
    return [
        row for row in found.order_by("-pk")[:50] if {f.name for f in row.fields.all()} == names
    ]


def content_of(row: Resource) -> tuple[Proposal, bool]:
    """What a new file is compared with, and whether that is in force: a revision in work goes before it."""
    is_in_force = row.version_in_force == row.version
    return row.versions.get(number=row.version).entry, is_in_force


def compare_rows(
    row: Resource,
    reader: Reader,
    change: EntryChange,
    *,
    total: int,
    by: Actor,
    progress: Callable[[Any], bool | None] | None = None,
) -> RowChange:
    """How the rows of a new file differ from those that are read now; totals alone where there is nothing to match by.

    Compared are the items that both have. It is the provider's own look at the provider's own rows: sealed ones are
    opened in memory where their key is in the file too, and nothing but counts leaves.
    """
    require(by, "catalogue.draft", of=thing(row.owner, row.code, state=row.state))
    try:
        kept = row_statement(row.table_key)
    except Refusal:  # nothing copied in: no key, a table read in place, or only a description
        return RowChange(row.row_count, total)
    names = {column.name for column in reader.columns}
    if kept.plan.key_column not in names:
        return RowChange(row.row_count, total)
    retyped = {each.field for each in change.retyped}
    shared = [name for name in kept.columns if name in names and name not in retyped]
    found = row_statement(row.table_key, shared).compare(reader, progress=progress)
    return RowChange(
        found.before, found.after, found.added, found.gone, found.changed, found.by_column
    )


def table_for(row: Resource) -> str:
    """Where the rows of the version in work belong: with those that are read while nothing is in force yet."""
    return row.table_key if row.version_in_force is None else f"r{row.pk}_v{row.version}"


@transaction.atomic
def refresh(*, code: str, exchanged: Exchanged, by: Actor) -> Resource:
    """Put on record that the rows of the entry were exchanged for newer ones; the entry stays as it is."""
    row = locked(code)
    require(by, "catalogue.draft", of=thing(row.owner, row.code, state=row.state))
    row.row_count = exchanged.rows
    row.save(update_fields=["row_count"])
    note(events.REFRESHED, row, by, exchanged.as_facts())
    return row


@transaction.atomic
def prepare(*, code: str, exchanged: Exchanged, by: Actor) -> Resource:
    """Bind the waiting rows to the version in work; publishing it puts them in the place of the old ones."""
    row = locked(code)
    require(by, "catalogue.draft", of=thing(row.owner, row.code, state=row.state))
    if row.state not in {State.REVISING, State.RETURNED}:
        raise errors.RowsNotAwaited(name=row.name, state=row.state_name)
    version = row.versions.get(number=row.version)
    version.table_key = table_for(row)
    version.save(update_fields=["table_key"])
    note(events.ROWS_PREPARED, row, by, exchanged.as_facts())
    return row


def switch_rows(row: Resource, version: ResourceVersion, rows: int) -> str:
    """In the act of publishing: let the version's rows be those that are read. The table they replace, if any."""
    if row.version_in_force is not None:
        row.row_count = rows
    if not version.table_key or version.table_key == row.table_key:
        return ""
    before, row.table_key = row.table_key, version.table_key
    row.row_count = source_table(row.table_key).row_count
    return before


def waiting_rows(row: Resource) -> str:
    """The table that waits for the version in work, if any."""
    key = row.versions.get(number=row.version).table_key
    return key if key != row.table_key else ""


def drop_rows(table_key: str) -> None:
    """Rows that nobody may read any more are not kept (个人信息保护法 19); the entry's versions are."""
    if not table_key:
        return
    try:
        drop_table(table_key=table_key, by=Actor.system("catalogue"))
    except Refusal as refusal:
        if refusal.kind != "not_found":
            raise

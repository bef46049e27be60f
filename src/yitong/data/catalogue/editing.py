"""Correcting what was proposed and filing it: of a file's table before it is filed, or of an entry that stands."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from yitong.data.catalogue import errors, events, filing, lessons, notices, renewal, rules, uploads
from yitong.data.catalogue.actions import amend
from yitong.data.catalogue.corrections import Edit, edited, unexplained
from yitong.data.catalogue.drafting import Recognised
from yitong.data.catalogue.findings import FieldFinding, Meaning
from yitong.data.catalogue.holders import Holder
from yitong.data.catalogue.models import Resource, Upload, UploadTable
from yitong.data.catalogue.proposal import Change, Proposal, diff
from yitong.data.catalogue.queries import resource
from yitong.data.catalogue.recognition import as_element
from yitong.data.catalogue.upload_models import TableState, UploadState
from yitong.data.standards.api import Match, element
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_, Refusal

__all__ = [
    "Again",
    "Desk",
    "FieldFinding",
    "Holder",
    "Meaning",
    "Wish",
    "after",
    "again_of",
    "correct",
    "correct_entry",
    "desk_of_resource",
    "desk_of_table",
    "draft_all",
    "file",
    "gaps",
    "lowered",
    "take_machine",
]

RENEWED = N_("新一期数据改变了目录条目")
Wish = Literal["draft", "accept"]


@dataclass(frozen=True, slots=True)
class Again:
    """A file whose entry is in the catalogue already: what its content changes there, and whom that concerns (27)."""

    row: Resource
    changes: tuple[Change, ...]
    concerned: tuple[notices.Concerned, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before whoever corrects: the proposal, the machine's own, what was found, and which state was read."""

    entry: Proposal
    machine: Proposal
    findings: dict[str, FieldFinding]
    revision: int


def desk_of_table(table: UploadTable) -> Desk:
    return Desk(table.entry, table.machine_entry, findings_in(table), table.revision)


def desk_of_resource(row: Resource) -> Desk:
    """The present version; where the entry came of a file that was handed in here, with what was found in that."""
    entry = row.versions.get(number=row.version).entry
    table = UploadTable.objects.filter(resource=row).order_by("-pk").first()
    if table is None or table.machine is None:
        return Desk(entry, entry, {}, row.version)
    return Desk(entry, table.machine_entry, findings_in(table), row.version)


def findings_in(table: UploadTable) -> dict[str, FieldFinding]:
    """What was found in each column, by its name."""
    found = (FieldFinding.from_facts(each) for each in table.findings.get("fields", ()))
    return {each.name: each for each in found}


def meaning(code: str) -> Recognised | None:
    """What follows from a 数据元 that a person chose. UnknownElement where there is none."""
    if not code:
        return None
    known = element(code)
    return as_element(Match(code, 100, (), known.personal))


def gaps(entry: Proposal) -> list[str]:
    """What lacks before the entry can be handed on, in words."""
    found = rules.missing_entries(entry)
    return found if rules.is_traceable(entry) else [*found, N_("能找到本人的号码（与本人的联系）")]


def after(desk: Desk, edit: Edit, *, said: str = "") -> Proposal:
    """The proposal as it would be saved."""
    return edited(desk.entry, edit, meaning, said=said)


def lowered(desk: Desk, edit: Edit) -> dict[str, list[str]]:
    """Fields whose protection the edit lowers without saying why, and in which ways."""
    return unexplained(desk.machine, desk.entry, after(desk, edit), edit)


@transaction.atomic
def correct(*, place: tuple[int, int], edit: Edit, revision: int, by: Actor) -> UploadTable:
    """Save what was corrected in a file's table, and keep it for the next file of the same shape."""
    row, table = _locked(place, by)
    desk = desk_of_table(table)
    if table.revision != revision:
        raise errors.ProposalMoved(name=table.name)
    _refuse_lowered(desk, edit)
    now = after(desk, edit, said=lessons.said_now(row.owner, by))
    rules.check_content(now)
    _keep(row, table, now, by)
    return table


@transaction.atomic
def take_machine(*, place: tuple[int, int], by: Actor) -> UploadTable:
    """Go back to the machine's own proposal; the next file of the same shape gets it too, until it is corrected again."""
    row, table = _locked(place, by)
    _keep(row, table, table.machine_entry, by)
    table.taught = {}
    table.save(update_fields=["taught"])
    return table


def _locked(place: tuple[int, int], by: Actor) -> tuple[Upload, UploadTable]:
    number, table_number = place
    row = uploads.locked(number, by)
    table = uploads.table_of(row, table_number)
    if table.state != TableState.PROPOSED or row.state == UploadState.CLOSED:
        state = uploads.STATE_NAMES[row.state]
        raise errors.UploadBusy(step=N_("更正建议"), state=state)
    return row, table


def _refuse_lowered(desk: Desk, edit: Edit) -> None:
    headers = {field.name: field.header for field in desk.entry.fields}
    for name, ways in lowered(desk, edit).items():
        raise errors.ProtectionLowered(header=headers[name], ways="、".join(ways))


def _keep(row: Upload, table: UploadTable, now: Proposal, by: Actor) -> None:
    changes = diff(table.entry, now)
    if not changes and now.unverified == table.entry.unverified:
        return
    table.present, table.revision = now.as_facts(), table.revision + 1
    table.save(update_fields=["present", "revision"])
    learnt = lessons.learn(owner=row.owner, machine=table.machine_entry, entry=now, by=by)
    facts: dict[str, Value] = {"table": table.number, "changes": len(changes), "learnt": learnt}
    uploads.note(events.CORRECTED, row, by, facts)


@transaction.atomic
def correct_entry(*, code: str, edit: Edit, version: int, reason: str, by: Actor) -> Resource:
    """Save what was corrected in an entry as its next version, and keep it for the next file of the same shape."""
    row = resource(code, viewer=by)
    desk = desk_of_resource(row)
    if row.version != version:
        raise errors.ProposalMoved(name=row.name)
    _refuse_lowered(desk, edit)
    now = after(desk, edit, said=lessons.said_now(row.owner, by))
    changed = amend(code=code, proposal=now, reason=reason, by=by)
    lessons.learn_more(owner=row.owner, before=desk.entry, entry=now, by=by)
    return changed


@transaction.atomic
def file(*, number: int, tables: Collection[int], wish: Wish, by: Actor) -> Upload:
    """Make drafts of these tables; the worker then loads their rows and, with "accept", hands them on (art. 13)."""
    row, chosen = _to_file(number, tables, by)
    for table in chosen:
        if wish == "accept":
            rules.check_ready(table.entry)
        _draft(table, wish, by)
    step = N_("载入并报送") if wish == "accept" else N_("载入，存为草稿")
    return uploads.ask(row, by, step, len(chosen))


@transaction.atomic
def draft_all(*, number: int, tables: Collection[int], by: Actor) -> list[tuple[str, Refusal]]:
    """Make drafts of as many of these tables as can be, for the worker to load. Which were refused, and why."""
    row, chosen = _to_file(number, tables, by)
    refused: list[tuple[str, Refusal]] = []
    for table in chosen:
        try:
            with transaction.atomic():
                _draft(table, "draft", by)
        except Refusal as refusal:
            refused.append((table.name, refusal))
    if len(refused) < len(chosen):
        uploads.ask(row, by, N_("载入，存为草稿"), len(chosen) - len(refused))
    return refused


def _to_file(number: int, tables: Collection[int], by: Actor) -> tuple[Upload, list[UploadTable]]:
    row = uploads.locked(number, by)
    if row.state not in {UploadState.READ, UploadState.CHOOSING}:
        raise errors.UploadBusy(step=N_("报送"), state=uploads.STATE_NAMES[row.state])
    chosen = list(row.tables.filter(number__in=tables, state=TableState.PROPOSED))
    if not chosen:
        raise errors.NoTableChosen
    return row, chosen


def _draft(table: UploadTable, wish: Wish, by: Actor) -> None:
    again = again_of(table)
    if again is None:
        table.resource = _drafted(table, table.entry, by)
    else:
        table.resource = _revised(again, table.entry, by)
    table.state = TableState.LOADING.value
    table.loaded = {"wish": wish, "again": again is not None}
    table.save(update_fields=["resource", "state", "loaded"])


def _drafted(table: UploadTable, entry: Proposal, by: Actor) -> Resource:
    """The draft of an earlier try is gone on with."""
    if table.resource is None:
        return filing.drafted(entry, by=by)
    try:
        return amend(code=table.resource.code, proposal=entry, reason=filing.AGAIN, by=by)
    except Refusal as refusal:
        if refusal.code != "catalogue.nothing_changed":
            raise
    return table.resource


def _revised(again: Again, entry: Proposal, by: Actor) -> Resource:
    """The entry that stands: its next version where the content changes, else as it is, for newer rows."""
    if not again.changes:
        return again.row
    return amend(code=again.row.code, proposal=entry, reason=RENEWED, by=by)


def again_of(table: UploadTable) -> Again | None:
    """The entry of this name that has rows already, and what the proposal changes in it."""
    entry = table.entry
    row = renewal.standing(owner=entry.owner, name=entry.name)
    if row is None or not filing.has_rows(row):
        return None
    content, _is_in_force = renewal.content_of(row)
    concerned = tuple(notices.concerned_by(row, entry))
    return Again(row, tuple(diff(content, entry)), concerned)

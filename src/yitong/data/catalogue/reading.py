"""What the worker does with an upload: looks at its tables, proposes, loads the rows of what is filed, hands it on.

Every step is kept when it is done, so that work which was stopped or whose worker was killed goes on with the next
one; a table in the middle of being read or loaded begins anew. Of two workers on one upload the later has it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Final

from django.contrib.auth import get_user_model
from django.db import transaction

from yitong.base.files.api import MarkedSecret, record_refusal
from yitong.base.identity.api import actor_for
from yitong.base.keys import api as keys
from yitong.data.catalogue import events, filing, renewal, uploads
from yitong.data.catalogue.at_hand import at_hand
from yitong.data.catalogue.drafting import Wishes
from yitong.data.catalogue.findings import Fault, finding_of
from yitong.data.catalogue.models import Resource, Upload, UploadTable
from yitong.data.catalogue.procedure import submit
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.upload_models import TableState, UploadState
from yitong.data.catalogue.upload_work import Superseded, Work
from yitong.data.sources.api import (
    Reader,
    TableProfile,
    open_table,
    profile,
    read_dictionary,
    tables_at,
)
from yitong.data.standards.api import proposals
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_, Refusal

FAULTS_KEPT: Final = 20_000
ONLY: Final = 1
_IN_WORK: Final = frozenset({"draft", "returned", "revising"})


def work(number: int) -> None:
    """Do whatever is still to be done on the upload. Runs again after a kill; a second run does no harm."""
    job = _claimed(number)
    if job is None:
        return
    try:
        _through(job)
    except Superseded:
        return
    except Refusal as refusal:
        if refusal.code != "source_load_stopped":
            _refuse(job, job.row, refusal)
            return
        _rest(job, UploadState.STOPPED)


@transaction.atomic
def _claimed(number: int) -> Work | None:
    rows = Upload.objects.select_for_update(of=("self",)).select_related("owner")
    row = rows.filter(pk=number).first()
    if row is None:
        return None
    if row.state == UploadState.STOPPING:  # its worker was killed before it had stopped
        row.state = UploadState.STOPPED.value
        row.save(update_fields=["state"])
        return None
    if row.state not in {UploadState.WAITING, UploadState.WORKING}:
        return None
    try:
        by = _acting(row)
    except Refusal:  # has left the post since: whoever holds it goes on
        row.state = UploadState.STOPPED.value
        row.save(update_fields=["state"])
        return None
    run = token_hex(8)
    row.state, row.progress, row.progress_at = UploadState.WORKING.value, {"run": run}, clock.now()
    row.save(update_fields=["state", "progress", "progress_at"])
    return Work(row, by, run)


def _acting(row: Upload) -> Actor:
    """Whoever asked for the work, in the post held then, if it is still held."""
    account = get_user_model().objects.get(pk=int(row.account.partition(":")[2]))
    return actor_for(account, row.post)


def _through(job: Work) -> None:
    job.begin("opening")
    with _marks_recorded(job.by), at_hand(job.row.sha256) as path:
        described = _listed(job, path)
        job.places = job.row.tables.exclude(state=TableState.LISTED).count()
        for table in job.row.tables.filter(state=TableState.CHOSEN):
            _apart(job, table, partial(_look, job, table, path, described))
        for table in job.row.tables.filter(state=TableState.LOADING):
            _apart(job, table, partial(_load, job, table, path, described))
    _end(job)


Described = Mapping[str, TableProfile]


def _listed(job: Work, path: Path) -> Described:
    """Which tables there are, kept the first time. A lone table is the one that is meant."""
    described = {}
    if job.row.kind == "dictionary":
        described = {each.name: each for each in read_dictionary(str(path))}
        found = [(name, name) for name in described]
    else:
        listed = [each for each in tables_at(str(path)) if not each.skipped]
        found = [
            (each.location.removeprefix(str(path)).removeprefix("#"), each.name) for each in listed
        ]
    if not job.row.tables.exists():
        # A dictionary lists what one has; a workbook often has sheets that are no tables.
        is_meant = len(found) == ONLY or job.row.kind == "dictionary"
        state = TableState.CHOSEN if is_meant else TableState.LISTED
        UploadTable.objects.bulk_create(
            UploadTable(
                upload=job.row, number=number, part=part, name=name or path.stem, state=state.value
            )
            for number, (part, name) in enumerate(found, start=1)
        )
    return described


def _apart(job: Work, table: UploadTable, act: Callable[[], None]) -> None:
    """One table of several that is refused keeps no other back; of a lone one it is the file that is refused."""
    try:
        act()
    except Refusal as refusal:
        is_lone = job.row.tables.count() == ONLY and table.state == TableState.CHOSEN
        if is_lone or refusal.code in {"source_load_stopped", MarkedSecret.code}:
            raise
        _refuse(job, table, refusal)


def _look(job: Work, table: UploadTable, path: Path, described: Described) -> None:
    job.begin("reading", table)
    if described:
        found = described[table.part]
    else:
        reader = open_table(_location(path, table))
        found = profile(reader, progress=job.tell)
    job.begin("proposing", table)
    seen = proposals(found.columns)
    taught = filing.proposed(
        found,
        owner=job.row.owner.name,
        name=table.name[:50],
        wishes=Wishes(source=path.name),
        matched=seen,
    )
    faults: dict[str, list[Fault]] = defaultdict(list)
    for fault in found.faults:
        faults[fault.column].append(fault)
    table.findings = {
        "rows": found.row_count,
        "notes": [note.sentence for note in found.notes],
        "fault_counts": dict(sorted(found.fault_counts.items())),
        "fields": [
            finding_of(column, seen[column.name].matches, faults[column.name]).as_facts()
            for column in found.columns
        ],
    }
    table.faults = [
        [fault.line, fault.column, fault.code, fault.sentence, fault.is_warning]
        for fault in found.faults[:FAULTS_KEPT]
    ]
    present = _as_standing(taught.entry)
    table.machine, table.present = taught.machine.as_facts(), present.as_facts()
    table.taught = {"count": taught.count, "said": taught.said}
    _keep_proposed(job, table, found, taught.count)


def _as_standing(entry: Proposal) -> Proposal:
    """Where the entry of this name has rows already, what people have confirmed of it stands."""
    row = renewal.standing(owner=entry.owner, name=entry.name)
    if row is None or not filing.has_rows(row):
        return entry
    content, _is_in_force = renewal.content_of(row)
    return renewal.changed_by(content, entry, said={}).content


@transaction.atomic
def _keep_proposed(job: Work, table: UploadTable, found: TableProfile, taught: int) -> None:
    table.state, table.sealed_refusal = TableState.PROPOSED.value, None
    table.save()
    facts: dict[str, Value] = {
        "table": table.number,
        "rows": found.row_count,
        "fields": len(found.columns),
        "faults": sum(found.fault_counts.values()),
        "taught": taught,
    }
    uploads.note(events.UPLOAD_READ, job.row, job.by, facts)


def _load(job: Work, table: UploadTable, path: Path, described: Described) -> None:
    """The rows of a table whose draft stands, then the next step of the procedure if that was wished."""
    row = table.resource
    if row is None:
        return
    job.begin("loading", table)
    reader: Reader | None = None if described else open_table(_location(path, table))
    place = filing.Place(f"上传/{path.name}#{table.part}", reader)
    if table.loaded.get("again"):
        loaded = _renew(job, table, row, place)
    else:
        loaded = filing.take_rows(place, table.entry, row, by=job.by, progress=job.tell)
    job.begin("submitting", table)
    with transaction.atomic():
        row.refresh_from_db()
        if table.loaded.get("wish") == "accept" and row.state in _IN_WORK:
            submit(code=row.code, by=job.by)
        _keep_filed(job, table, loaded)


def _renew(job: Work, table: UploadTable, row: Resource, place: filing.Place) -> filing.Loaded:
    """Newer rows under the entry as it stands, or rows that wait for its version in work."""
    entry, reader = table.entry, place.reader
    waits = row.version_in_force not in {None, row.version}
    if reader is None:
        return filing.take_rows(place, entry, row, by=job.by)
    total = int(table.findings.get("rows", 0))
    change = renewal.changed_by(_read_now(row), entry, said={})
    rows = renewal.compare_rows(row, reader, change, total=total, by=job.by, progress=job.tell)
    place = replace(place, table_key=renewal.table_for(row) if waits else row.table_key)
    loaded = filing.take_rows(place, entry, row, by=job.by, progress=job.tell)
    exchanged = renewal.Exchanged(loaded.rows or total, loaded.refused, loaded.digest, rows)
    if not waits:
        renewal.refresh(code=row.code, exchanged=exchanged, by=job.by)
    elif loaded.how == "copied":
        renewal.prepare(code=row.code, exchanged=exchanged, by=job.by)
    return loaded


def _read_now(row: Resource) -> Proposal:
    """The content whose rows are read: that in force, or the only one there is."""
    return row.versions.get(number=row.version_in_force or row.version).entry


def _keep_filed(job: Work, table: UploadTable, loaded: filing.Loaded) -> None:
    wish = str(table.loaded.get("wish", ""))
    table.loaded = {
        "wish": wish,
        "how": loaded.how,
        "rows": loaded.rows,
        "refused": loaded.refused,
        "digest": loaded.digest,
        "faults": list(loaded.faults[:100]),
    }
    table.state, table.sealed_refusal = TableState.FILED.value, None
    table.save(update_fields=["state", "loaded", "sealed_refusal"])
    facts: dict[str, Value] = {
        "table": table.number,
        "resource": table.resource.code if table.resource else "",
        "rows": loaded.rows,
        "refused": loaded.refused,
        "submitted": wish == "accept",
    }
    uploads.note(events.TABLE_FILED, job.row, job.by, facts)


def _location(path: Path, table: UploadTable) -> str:
    return f"{path}#{table.part}" if table.part else str(path)


@contextmanager
def _marks_recorded(by: Actor) -> Iterator[None]:
    try:
        yield
    except MarkedSecret as refusal:
        record_refusal(refusal=refusal, by=by)
        raise


@transaction.atomic
def _refuse(job: Work, about: Upload | UploadTable, refusal: Refusal) -> None:
    """Keep why, sealed. A file that cannot be read goes at once; a table that could not be loaded is still proposed."""
    words = {"sentence": refusal.say(), "remedy": refusal.say_remedy()}
    context = uploads.refusal_context(about)
    about.sealed_refusal = keys.seal(job.row.scope, words, context=context)
    number = about.number if isinstance(about, UploadTable) else 0
    facts: dict[str, Value] = {"table": number, "code": refusal.code}
    uploads.note(events.UPLOAD_REFUSED, job.row, job.by, facts)
    if isinstance(about, UploadTable):
        is_proposed = about.state == TableState.LOADING
        about.state = (TableState.PROPOSED if is_proposed else TableState.REFUSED).value
        about.save(update_fields=["state", "sealed_refusal"])
        return
    uploads.let_go(about, reason=N_("没有读成"), by=job.by)
    about.state = UploadState.REFUSED.value
    about.save(update_fields=["state", "sha256", "sealed_refusal"])


@transaction.atomic
def _rest(job: Work, state: UploadState) -> None:
    Upload.objects.filter(pk=job.row.pk, progress__run=job.run).update(state=state.value)


@transaction.atomic
def _end(job: Work) -> None:
    """Nothing is left to do: wait for a person, or be over where every table is filed."""
    rows = Upload.objects.select_for_update(of=("self",)).select_related("owner")
    row = rows.filter(pk=job.row.pk, progress__run=job.run).first()
    if row is None:
        raise Superseded
    states = set(row.tables.values_list("state", flat=True))
    open_states = {TableState.PROPOSED.value, TableState.LISTED.value}
    if TableState.FILED in states and not states & open_states:
        uploads.close(row, reason=N_("已全部报送"), by=job.by)
        return
    row.state = _resting(states).value
    row.save(update_fields=["state"])


def _resting(states: set[str]) -> UploadState:
    if states == {TableState.LISTED.value}:
        return UploadState.CHOOSING
    return UploadState.READ

"""Registering sources, copying tables in, linking them in place, dropping them.

`copy_in` is the one action here that is not one transaction: a long one would hold up the ledger's sequencing, so
a staging table is filled by committed chunks that nobody reads, and one short transaction swaps and records.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction

from yitong.base.access import api as access
from yitong.base.keys import api as keys
from yitong.base.ledger import api as ledger
from yitong.data.sources import events, shelf
from yitong.data.sources.errors import (
    LoadRunning,
    LoadStopped,
    NoRoom,
    NothingToLoad,
    UnknownSource,
)
from yitong.data.sources.loading import Load, under_way
from yitong.data.sources.locations import is_url, server_location, with_password
from yitong.data.sources.models import LoadFault, Source, SourceKind, SourceTable, TableState
from yitong.data.sources.opening import open_table
from yitong.data.sources.plans import CopyPlan, check_plan
from yitong.data.sources.profiles import OnProgress
from yitong.data.sources.queries import SCOPE, location_context, location_of, source_blind
from yitong.data.sources.tables import FaultList, Reader
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What a load did. `faults` lists the first of each kind, `refused` counts the rows not loaded."""

    table_key: str
    rows: int
    refused: int
    digest: bytes
    faults: FaultList = field(repr=False)


@transaction.atomic
def register_source(*, location: str, owner: str, by: Actor, fingerprint: str = "") -> Source:
    """Keep where a table comes from, sealed with its password; the same place registered twice is one source.

    `fingerprint` is given where no row is taken: loading and linking keep it themselves.
    """
    access.require(by, "sources.manage", of=access.Thing("source", "", agency=owner))
    blind = source_blind(owner, location)
    if known := Source.objects.filter(blind=blind).first():
        _saw(known, fingerprint, by)
        return known
    kind = server_location(location).driver if is_url(location) else SourceKind.FILE.value
    sealed = keys.seal(
        SCOPE, {"location": with_password(location)}, context=location_context(blind)
    )
    source = Source.objects.create(
        kind=kind,
        sealed=sealed,
        blind=blind,
        owner=owner,
        registered_at=clock.now(),
        fingerprint=fingerprint,
    )
    ledger.record(
        events.SOURCE_REGISTERED,
        by=by,
        about=About("source", str(source.pk)),
        facts={"source": source.pk, "kind": kind, "owner": owner},
    )
    return source


def _saw(source: Source, fingerprint: str, by: Actor) -> None:
    if not fingerprint or fingerprint == source.fingerprint:
        return
    source.fingerprint = fingerprint
    source.save(update_fields=["fingerprint"])
    about = About("source", str(source.pk))
    ledger.record(events.SOURCE_SEEN, by=by, about=about, facts={"source": source.pk})


def copy_in(
    *,
    plan: CopyPlan,
    reader: Reader,
    source: Source,
    by: Actor,
    progress: OnProgress | None = None,
) -> CopyReport:
    """Replace the rows of a table by those of the reader: all or nothing, whatever is killed when."""
    access.require(by, "sources.load", of=_thing(plan.table_key, source))
    _refuse_destroyed(plan)
    check_plan(plan, [column.name for column in reader.columns])
    with shelf.load_lock(plan.table_key), _swept_up(plan):
        shelf.make_staging(plan)
        with under_way(plan, reader) as load:
            for batch in reader.rough_batches():
                load.take(batch)
                if progress and progress(load.progress()) is False:
                    raise LoadStopped
        load.faults.merge(reader.faults)
        reader.check_unchanged()
        if not load.rows:
            raise NothingToLoad(name=reader.name, refused=load.faults.rows_refused)
        shelf.index_keys(plan)
        return _publish(load=load, source=source, by=by)


def link_in_place(*, plan: CopyPlan, source: Source, by: Actor) -> SourceTable:
    """A database's table is read where it stands; only its plan is kept here."""
    access.require(by, "sources.load", of=_thing(plan.table_key, source))
    _refuse_destroyed(plan)
    # The other server is asked before our transaction begins: it may be slow.
    reader = open_table(location_of(source))
    check_plan(plan, [column.name for column in reader.columns])
    source.fingerprint = reader.fingerprint()
    return _link(plan=plan, source=source, rows=reader.row_total() or 0, by=by)


@transaction.atomic
def drop_table(*, table_key: str, by: Actor, under: str = "sources.manage") -> int:
    """Delete the rows and how many there were; the table's record and its ledger entries stay.

    `under` is the action on which the right to do so rests: who destroys a key may drop what it sealed.
    """
    table = SourceTable.objects.select_for_update().filter(table_key=table_key).first()
    if table is None:
        raise UnknownSource(key=table_key)
    access.require(by, under, of=_thing(table_key, table.source))
    plan, rows = CopyPlan.from_json(table.plan), table.row_count
    shelf.drop_unread(plan)
    ledger.record(
        events.TABLE_DROPPED,
        by=by,
        about=About("source_table", table_key),
        facts={
            "table": table_key,
            "rows": rows,
            "digest": bytes(table.digest or b"").hex(),
        },
    )
    table.state, table.row_count = TableState.DROPPED, 0
    table.save(update_fields=["state", "row_count"])
    return rows


def clean_leftovers(*, by: Actor) -> int:
    """Drop staging tables that killed loads have left; to be run when the node starts. How many."""
    access.require(by, "sources.manage", of=access.Thing("source", ""))
    dropped = 0
    for table_key in shelf.leftovers():
        try:
            with shelf.load_lock(table_key), transaction.atomic():
                shelf.drop(f"stage_{table_key}")
                ledger.record(
                    events.LEFTOVERS_CLEANED,
                    by=by,
                    about=About("source_table", table_key),
                    facts={"tables": 1},
                )
        except LoadRunning:
            continue
        dropped += 1
    return dropped


@transaction.atomic(durable=True)
def _publish(*, load: Load, source: Source, by: Actor) -> CopyReport:
    """Swap the new rows in and record it: from here everyone reads them, before nobody."""
    plan, digest, refused = load.plan, load.digest.value(), load.faults.rows_refused
    before = SourceTable.objects.filter(table_key=plan.table_key).first()
    shelf.swap(plan)
    source.fingerprint = load.reader.fingerprint()
    counted = {"row_count": load.rows, "refused_count": refused}
    digested = {"digest": digest, "digest_form": shelf.FORM}
    table = _saved_table(plan, source, {"state": TableState.LOADED, **counted, **digested})
    _list_faults(table, load.faults)
    ledger.record(
        events.TABLE_LOADED,
        by=by,
        about=About("source_table", plan.table_key),
        facts={
            "table": plan.table_key,
            "rows": load.rows,
            "refused": refused,
            "digest": digest.hex(),
            "form": shelf.FORM.value,
            "replaced": bytes(before.digest or b"").hex() if before else "",
        },
    )
    return CopyReport(plan.table_key, load.rows, refused, digest, load.faults)


@transaction.atomic
def _link(*, plan: CopyPlan, source: Source, rows: int, by: Actor) -> SourceTable:
    table = _saved_table(plan, source, {"state": TableState.IN_PLACE, "row_count": rows})
    shelf.drop(plan.table)
    ledger.record(
        events.TABLE_LINKED,
        by=by,
        about=About("source_table", plan.table_key),
        facts={"table": plan.table_key, "source": source.pk},
    )
    return table


def _refuse_destroyed(plan: CopyPlan) -> None:
    """What was destroyed does not come back under the same name, sealed or not."""
    scope = keys.Scope("resource", plan.table_key)
    if keys.is_destroyed(scope):
        raise keys.KeyDestroyed(scope=scope)


def _thing(table_key: str, source: Source) -> access.Thing:
    return access.Thing("source_table", table_key, agency=source.owner)


def _saved_table(plan: CopyPlan, source: Source, values: Mapping[str, object]) -> SourceTable:
    source.save(update_fields=["fingerprint"])
    common = {"source": source, "plan": plan.as_json(), "loaded_at": clock.now()}
    table, _ = SourceTable.objects.update_or_create(
        table_key=plan.table_key, defaults={**common, **values}
    )
    return table


def _list_faults(table: SourceTable, faults: FaultList) -> None:
    LoadFault.objects.filter(table=table).delete()
    refused = (
        LoadFault(table=table, line=fault.line, column=fault.column, code=fault.code)
        for fault in faults
        if not fault.is_warning
    )
    LoadFault.objects.bulk_create(refused, batch_size=5_000)


@contextmanager
def _swept_up(plan: CopyPlan) -> Iterator[None]:
    """Whatever ends the load early, an interrupt too, its staging table goes."""
    try:
        yield
    except BaseException as error:
        if connection.is_usable() and not connection.needs_rollback:
            # Where the server is gone too, the next load or start sweeps; what was wrong first is what is told.
            with suppress(DatabaseError), transaction.atomic():
                shelf.drop(plan.staging)
        if shelf.is_disk_full(error):
            raise NoRoom(key=plan.table_key) from error
        raise

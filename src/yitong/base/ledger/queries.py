"""Reading the ledger: entries with their place, and the parts of a proof."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import orjson
from django.db import connection
from psycopg import Cursor
from psycopg.rows import TupleRow

from yitong.base.ledger.errors import EntryUnknown, NotYetSequenced
from yitong.base.ledger.note import Checkpoint, read_checkpoint
from yitong.base.ledger.rules import EntryBody
from yitong.kernel.declare import About, Facts

ENTRY_COLUMNS = (
    "e.id, e.at, e.event, e.about_type, e.about_key, e.account, e.post, e.agency, e.region, "
    "e.facts::text, e.salt, e.commitment, e.leaf_hash, e.mac, e.epoch, e.xid::text"
)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it stands in the database, with its salt. Show it only to those who may see it."""

    id: int
    body: EntryBody
    salt: bytes
    commitment: bytes
    leaf: bytes
    mac: bytes
    epoch: int
    xid: int

    @property
    def order(self) -> tuple[int, int, int]:
        return self.epoch, self.xid, self.id


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An entry as lists and timelines read it; no index within its first moments."""

    index: int | None
    entry_id: int
    at: dt.datetime
    event: str
    about: About
    account: str
    post: str
    agency: str
    region: str
    facts: Facts
    commitment: bytes


@dataclass(frozen=True, slots=True)
class SequencedEntry(LedgerEntry):
    """An entry that has its index: what reactions read."""

    index: int


def stored_entry(row: Sequence[Any]) -> StoredEntry:
    """From a row of ENTRY_COLUMNS, whose types are those of the table."""
    (id_, at, event, kind, key, account, post, agency, region, facts, salt, commitment, *rest) = row
    leaf, mac, epoch, xid = rest
    body = EntryBody(
        at,
        event,
        About(kind, key),
        account,
        post,
        agency,
        region,
        orjson.loads(facts),
    )
    return StoredEntry(
        id_,
        body,
        bytes(salt),
        bytes(commitment),
        bytes(leaf),
        bytes(mac),
        epoch,
        int(xid),
    )


def raw_cursor() -> Cursor[TupleRow]:
    """Psycopg's own cursor on Django's connection: binary answers, prepared statements."""
    connection.ensure_connection()
    return Cursor(connection.connection)


def allow_long_transaction() -> None:
    """For work over the whole log: the role's 30 s are for business transactions."""
    names = ["statement_timeout", "idle_in_transaction_session_timeout"]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_settings where name = 'transaction_timeout'")
        if cursor.fetchone()[0]:
            names.append("transaction_timeout")
        for name in names:
            cursor.execute(f"set local {name} = 0")


def stored_entries(ids: Iterable[int]) -> list[StoredEntry]:
    """Every row with one of these ids: two of one id where somebody put one in by hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {ENTRY_COLUMNS} from ledger_entry e where e.id = any(%s)",  # noqa: S608
            (list(ids),),
        )
        return [stored_entry(row) for row in cursor.fetchall()]


def entries_by_id(ids: Iterable[int]) -> dict[int, StoredEntry]:
    return {stored.id: stored for stored in stored_entries(ids)}


def entry(entry_id: int) -> StoredEntry:
    found = entries_by_id([entry_id])
    if entry_id not in found:
        raise EntryUnknown(number=entry_id)
    return found[entry_id]


def log_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select size from ledger_head")
        return int(cursor.fetchone()[0])


def indexes_of(entries: Iterable[StoredEntry | tuple[int, int, int]]) -> dict[int, int]:
    """Entry id → index for those that have one, by the leaf row whose first entry is not after it."""
    orders = [e.order if isinstance(e, StoredEntry) else e for e in entries]
    if not orders:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select w.id, leaf.n * 256 + array_position(leaf.ids, w.id) - 1
            from unnest(%s::int[], %s::text[], %s::bigint[]) as w (epoch, xid, id)
            cross join lateral (
                select n, ids from ledger_leaf
                where (first_epoch, first_xid, first_id) <= (w.epoch, w.xid::xid8, w.id)
                order by first_epoch desc, first_xid desc, first_id desc limit 1
            ) leaf
            where array_position(leaf.ids, w.id) is not null
            """,
            ([o[0] for o in orders], [str(o[1]) for o in orders], [o[2] for o in orders]),
        )
        return dict(cursor.fetchall())


def index_of(entry_id: int) -> int:
    """The index of an entry; NotYetSequenced within its first moments."""
    found = indexes_of([entry(entry_id)])
    if entry_id not in found:
        raise NotYetSequenced
    return found[entry_id]


def entry_at(index: int) -> StoredEntry:
    """The entry with this index; EntryUnknown if there is none or it was erased by law."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select ids[%s] from ledger_leaf where n = %s", (index % 256 + 1, index // 256)
        )
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise EntryUnknown(number=index)
    found = entries_by_id([row[0]])
    if not found:
        raise EntryUnknown(number=index)
    return found[row[0]]


def _listed(stored: Sequence[StoredEntry]) -> list[LedgerEntry]:
    places = indexes_of(stored)
    return [
        LedgerEntry(
            places.get(e.id),
            e.id,
            e.body.at,
            e.body.event,
            e.body.about,
            e.body.account,
            e.body.post,
            e.body.agency,
            e.body.region,
            e.body.facts,
            e.commitment,
        )
        for e in stored
    ]


def entries(ids: Sequence[int]) -> list[LedgerEntry]:
    """Entries by row id, in that order; erased ones are left out. The caller has judged who may see them."""
    found = entries_by_id(ids)
    return _listed([found[id_] for id_ in ids if id_ in found])


def sequenced(events: Sequence[str], *, after: int, limit: int) -> list[SequencedEntry]:
    """Entries of these events with an index above `after` (-1 for all), in the order of the log."""
    start = (0, 0, 0) if after < 0 else entry_position(after)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select {ENTRY_COLUMNS} from ledger_entry e, ledger_head h
            where e.event = any(%s) and (e.epoch, e.xid, e.id) > (%s, %s::xid8, %s)
              and (e.epoch, e.xid, e.id) <= (h.epoch, h.xid, h.entry_id)
            order by e.epoch, e.xid, e.id limit %s
            """,  # noqa: S608 - constant column names
            (list(events), start[0], str(start[1]), start[2], limit),
        )
        rows = [stored_entry(row) for row in cursor.fetchall()]
    return [
        SequencedEntry(**{f.name: getattr(e, f.name) for f in fields(e)})
        for e in _listed(rows)
        if e.index is not None and e.index > after
    ]


def entry_position(index: int) -> tuple[int, int, int]:
    """(epoch, xid, id) of an index, such that every later entry stands behind it.

    Where the entry itself was erased it is that of the last one before it in its leaf row, or just before the
    row: nothing that was read already is read again, else a page of it could hide what follows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select l.first_epoch, l.first_xid::text, l.first_id - 1, e.epoch, e.xid::text, e.id
            from ledger_leaf l left join lateral (
                select epoch, xid, id from ledger_entry
                where id = any(case when l.n = %(n)s then l.ids[:%(place)s] else l.ids end)
                order by epoch desc, xid desc, id desc limit 1
            ) e on true
            where l.n <= %(n)s order by l.n desc limit 1
            """,
            {"n": index // 256, "place": index % 256 + 1},
        )
        row = cursor.fetchone()
    if row is None:
        return 0, 0, 0
    epoch, xid, id_ = row[:3] if row[3] is None else row[3:]
    return epoch, int(xid), id_


def entries_about(about: About, *more: About, limit: int = 200) -> list[LedgerEntry]:
    """The life of one thing, or of several of its type, newest first.

    The caller has asked whether the viewer may see it.
    """
    keys = [about.key, *(other.key for other in more)]
    # One key keeps the order of the index, however long the life is.
    matched = "= any(%s)" if more else "= %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {ENTRY_COLUMNS} from ledger_entry e "  # noqa: S608
            f"where e.about_type = %s and e.about_key {matched} order by e.at desc, e.id desc limit %s",
            (about.type, keys if more else about.key, limit),
        )
        rows = [stored_entry(row) for row in cursor.fetchall()]
    return _listed(rows)


def latest_checkpoint(at_least: int = 0) -> Checkpoint:
    """The newest signed checkpoint; NotYetSequenced if none covers `at_least` entries."""
    with connection.cursor() as cursor:
        cursor.execute("select note from ledger_checkpoint order by size desc limit 1")
        row = cursor.fetchone()
    checkpoint = read_checkpoint(row[0]) if row else None
    if checkpoint is None or checkpoint.size < at_least:
        raise NotYetSequenced
    return checkpoint

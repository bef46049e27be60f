"""Gives each committed entry its index and grows the tree, in pages of one transaction each.

An entry is taken once its transaction id lies below the oldest still running one
(`pg_snapshot_xmin`), in the order (epoch, xid, id): a transaction that commits late can then never land
behind the cursor. `epoch` counts the database clusters the ledger has lived in, since transaction ids
start anew in each.
"""

import threading
from dataclasses import dataclass

from django.db import connection, transaction

from yitong.base.ledger import tree
from yitong.base.ledger.actions import record, signer
from yitong.base.ledger.errors import LedgerElsewhere
from yitong.base.ledger.events import SETTLED
from yitong.base.ledger.note import signed_checkpoint
from yitong.base.ledger.queries import allow_long_transaction, raw_cursor
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

LOCK = 0x59540001  # advisory lock of the sequencer in this database
PAGE = 65_536
PAUSE_S = 0.2
CHECKPOINT_EVERY_S = 1.0

# Young tables have no statistics, and a page must be read by the index whatever the planner believes.
_PLAN = (
    "set local enable_seqscan = off; set local enable_bitmapscan = off; set local work_mem = '32MB'"
)

_PAGE_SQL = """
with page as (
    select id, epoch, xid, at, commitment, leaf_hash,
           %(size)s::bigint + row_number() over (order by epoch, xid, id) - 1 as index
    from ledger_entry
    where (epoch, xid, id) > (%(epoch)s::int, %(xid)s::xid8, %(entry_id)s::bigint)
      and (epoch < %(now_epoch)s::int or xid < %(horizon)s::xid8)
    order by epoch, xid, id
    limit %(limit)s::bigint
), bundle as (
    select index / 256 as n, count(*)::int as size,
           (array_agg(epoch order by index))[1] as first_epoch,
           (array_agg(xid order by index))[1] as first_xid,
           (array_agg(id order by index))[1] as first_id,
           array_agg(id order by index) as ids,
           string_agg(int8send(floor(date_part('epoch', at))::bigint), '' order by index) as seconds,
           string_agg(commitment, '' order by index) as commitments,
           string_agg(leaf_hash, '' order by index) as hashes
    from page group by index / 256
), written as (
    insert into ledger_leaf as leaf
        (n, size, first_epoch, first_xid, first_id, ids, seconds, commitments, hashes)
    select n, size, first_epoch, first_xid, first_id, ids, seconds, commitments, hashes from bundle
    on conflict (n) do update set
        size = leaf.size + excluded.size, ids = leaf.ids || excluded.ids,
        seconds = leaf.seconds || excluded.seconds,
        commitments = leaf.commitments || excluded.commitments, hashes = leaf.hashes || excluded.hashes
    returning n, size, hashes
), last as (
    select epoch, xid::text as xid, id from page order by index desc limit 1
)
select n, size, hashes, (select epoch from last), (select xid from last), (select id from last)
from written order by n
"""


# level, number, hashes (None for leaf tiles: their leaf row holds them), inner nodes
_Tile = tuple[int, int, bytes | None, bytes]


@dataclass(slots=True)
class _Head:
    size: int
    epoch: int
    xid: str
    entry_id: int
    frontier: tree.Frontier
    system_identifier: int


def _read_head() -> _Head:
    with connection.cursor() as cursor:
        cursor.execute(
            "select size, epoch, xid::text, entry_id, frontier, system_identifier from ledger_head"
        )
        size, epoch, xid, entry_id, frontier, system = cursor.fetchone()
    return _Head(size, epoch, xid, entry_id, tree.Frontier.from_bytes(bytes(frontier)), system)


def _write_head(head: _Head, horizon: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_head set size = %s, epoch = %s, xid = %s::xid8, entry_id = %s, "
            "frontier = %s, horizon = %s::xid8, system_identifier = %s",
            (
                head.size,
                head.epoch,
                head.xid,
                head.entry_id,
                head.frontier.to_bytes(),
                horizon,
                head.system_identifier,
            ),
        )


def _cluster() -> tuple[str, int]:
    """The oldest running transaction id and the cluster's identity."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_snapshot_xmin(pg_current_snapshot())::text, "
            "(select system_identifier from pg_control_system())"
        )
        horizon, system = cursor.fetchone()
    return horizon, system


def _roots(level: int, first: int) -> bytes:
    """Roots of the 256 full tiles of a level from `first` on: the hashes of one tile above."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(substr(inner_nodes, %s), '' order by n) from ledger_tile "
            "where level = %s and n between %s and %s",
            (tree.inner_offset(tree.HEIGHT, 0) + 1, level, first, first + tree.WIDTH - 1),
        )
        return bytes(cursor.fetchone()[0])


def store_full_tiles(full: list[tuple[int, bytes]]) -> list[bytes]:
    """Store the inner nodes of full leaf tiles and every tile above that became full; their roots."""
    tiles: list[_Tile] = [(0, n, None, tree.inner_nodes(hashes)) for n, hashes in full]
    _copy_tiles(tiles)
    roots = [inner[-tree.HASH :] for _, _, _, inner in tiles]
    level, filled = 1, [n for n, _ in full]
    while filled := [n // tree.WIDTH for n in filled if n % tree.WIDTH == tree.WIDTH - 1]:
        above = [(n, _roots(level - 1, n * tree.WIDTH)) for n in filled]
        _copy_tiles([(level, n, hashes, tree.inner_nodes(hashes)) for n, hashes in above])
        level += 1
    return roots


def _copy_tiles(tiles: list[_Tile]) -> None:
    statement = "copy ledger_tile (level, n, hashes, inner_nodes) from stdin (format binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["int2", "int8", "bytea", "bytea"])
        for tile in tiles:
            copy.write_row(tile)


def _take_page(head: _Head, *, horizon: str, now_epoch: int, limit: int) -> int:
    """Index one page; returns how many entries it took. `head` is advanced in place."""
    place = {
        "size": head.size,
        "epoch": head.epoch,
        "xid": head.xid,
        "entry_id": head.entry_id,
        "now_epoch": now_epoch,
        "horizon": horizon,
        "limit": limit,
    }
    with raw_cursor() as cursor:
        cursor.execute(_PLAN)
        rows = cursor.execute(_PAGE_SQL, place, binary=True).fetchall()
    if not rows:
        return 0
    full = [(n, bytes(hashes)) for n, size, hashes, *_ in rows if size == tree.WIDTH]
    for root in store_full_tiles(full) if full else ():
        head.frontier.append(root, tree.HEIGHT)
    last_n, last_size = rows[-1][0], rows[-1][1]
    taken: int = last_n * tree.WIDTH + last_size - head.size
    head.size += taken
    head.epoch, head.xid, head.entry_id = rows[-1][3:6]
    return taken


def _checkpoint(head: _Head, *, now: bool) -> None:
    """Sign the new size, at most once in CHECKPOINT_EVERY_S; the next round catches what is left."""
    with connection.cursor() as cursor:
        cursor.execute("select at, size from ledger_checkpoint order by size desc limit 1")
        last_at, last_size = cursor.fetchone() or (None, 0)
        # One that was signed after now belongs to a clock that was ahead: it holds nobody up.
        age = (clock.now() - last_at).total_seconds() if last_at else CHECKPOINT_EVERY_S
        due = not 0 <= age < CHECKPOINT_EVERY_S
        if head.size > last_size and (due or now):
            root = head.frontier.root_with(_tail_hashes(head.size))
            checkpoint = signed_checkpoint(signer(), head.size, root)
            cursor.execute(
                "insert into ledger_checkpoint (size, root, at, note) values (%s, %s, %s, %s)",
                (head.size, checkpoint.root, clock.now(), checkpoint.note),
            )


def _tail_hashes(size: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            "select hashes from ledger_leaf where n = %s and size < 256", (size // tree.WIDTH,)
        )
        row = cursor.fetchone()
    return bytes(row[0]) if row else b""


def sequence(*, limit: int = PAGE, sign_now: bool = False, waits: bool = False) -> int:
    """Index one page of committed entries; 0 when there was none.

    Also 0 when another sequencer is at work, unless this one `waits` for it. LedgerElsewhere if the database
    has moved to another cluster and `settle` has not run.
    """
    with transaction.atomic():
        if not _is_alone(waits=waits):
            return 0
        head = _read_head()
        horizon, system = _cluster()
        if system != head.system_identifier:
            raise LedgerElsewhere
        taken = _take_page(head, horizon=horizon, now_epoch=head.epoch, limit=limit)
        if taken:
            _write_head(head, horizon)
        _checkpoint(head, now=sign_now)
        return taken


def sequence_all() -> int:
    """Index everything that is committed and sign it: for commands, tests and after a restore."""
    total = 0
    while taken := sequence(waits=True):
        total += taken
    sequence(sign_now=True, waits=True)
    return total


def _is_alone(*, waits: bool) -> bool:
    """Whether this transaction is the one that may sequence."""
    with connection.cursor() as cursor:
        if waits:
            cursor.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
            return True
        cursor.execute("select pg_try_advisory_xact_lock(%s)", (LOCK,))
        return bool(cursor.fetchone()[0])


def settle(*, by: Actor) -> int:
    """After a restore into another cluster: index every entry without a leaf, then begin a new epoch.

    Runs at the node's start, before writes are accepted. Returns how many entries it indexed; 0 and no
    entry when the ledger is where it was.
    """
    with transaction.atomic():
        allow_long_transaction()
        _is_alone(waits=True)
        head = _read_head()
        _, system = _cluster()
        if system == head.system_identifier:
            return 0
        taken, epoch = 0, head.epoch
        while page := _take_page(head, horizon="0", now_epoch=epoch + 1, limit=PAGE):
            taken += page
        head.epoch, head.xid, head.entry_id = epoch + 1, "0", 0
        head.system_identifier = system
        _write_head(head, "0")
        with connection.cursor() as cursor:
            cursor.execute(f"alter table ledger_entry alter epoch set default {head.epoch:d}")
        record(
            SETTLED,
            by=by,
            about=About("ledger", "log"),
            facts={"entries": taken, "epoch": head.epoch, "system": str(system)},
        )
    return taken


def run_sequencer(stop: threading.Event, pause_s: float = PAUSE_S) -> None:
    """Sequence until `stop`; the worker process runs it in a thread with its own connection."""
    try:
        while not stop.is_set():
            if not sequence():
                stop.wait(pause_s)
    finally:
        connection.close()

"""Makes again what follows from times and commitments: leaf hashes, tiles, and the sequencer's place."""

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from yitong.base.ledger import tree
from yitong.base.ledger.actions import record
from yitong.base.ledger.events import TREE_REBUILT
from yitong.base.ledger.faults import Verification
from yitong.base.ledger.leaves import LeafRow, leaf_rows
from yitong.base.ledger.queries import allow_long_transaction, log_size
from yitong.base.ledger.rules import leaf_of
from yitong.base.ledger.sequencer import LOCK, store_full_tiles
from yitong.base.ledger.tiles import forget_cached_nodes
from yitong.base.ledger.verification import verify
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About


def rebuild(*, by: Actor, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Make leaf hashes, tiles and the sequencer's frontier again, then verify."""
    with transaction.atomic():
        allow_long_transaction()
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
            cursor.execute("delete from ledger_tile")
        frontier, expected = tree.Frontier(), log_size()
        tail, size = b"", 0
        for rows in leaf_rows():
            tail, size = _rebuild_rows(rows, frontier), rows[-1].end
            if progress:
                progress(size, expected)
        root = frontier.root_with(tail)
        with connection.cursor() as cursor:
            cursor.execute(
                "update ledger_head set frontier = %s, size = %s", (frontier.to_bytes(), size)
            )
        record(
            TREE_REBUILT,
            by=by,
            about=About("ledger", "log"),
            facts={"size": size, "root": root.hex()},
        )
    forget_cached_nodes()
    return verify()


def _rebuild_rows(rows: Sequence[LeafRow], frontier: tree.Frontier) -> bytes:
    full, tail = [], b""
    for row in rows:
        hashes = b"".join(
            leaf_of(seconds, row.commitment(place)) for place, seconds in enumerate(row.seconds)
        )
        if hashes != row.hashes:
            with connection.cursor() as cursor:
                cursor.execute("update ledger_leaf set hashes = %s where n = %s", (hashes, row.n))
        if len(row.ids) == tree.WIDTH:
            full.append((row.n, hashes))
        else:
            tail = hashes
    for root in store_full_tiles(full) if full else ():
        frontier.append(root, tree.HEIGHT)
    return tail

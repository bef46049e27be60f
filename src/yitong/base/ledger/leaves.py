"""The leaf rows in their order, with the tile above each: what verification and rebuilding walk over."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from yitong.base.ledger import tree

ROWS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class LeafRow:
    """Up to 256 leaves; `start` is the (epoch, xid, id) of the first, `inner` the stored nodes above them."""

    n: int
    ids: Sequence[int]
    seconds: Sequence[int]
    commitments: bytes
    hashes: bytes
    start: tuple[int, int, int]
    inner: bytes | None

    @property
    def first(self) -> int:
        return self.n * tree.WIDTH

    @property
    def end(self) -> int:
        return self.first + len(self.ids)

    def commitment(self, place: int) -> bytes:
        return self.commitments[place * 32 : place * 32 + 32]

    def leaf(self, place: int) -> bytes:
        return self.hashes[place * 32 : place * 32 + 32]


def leaf_rows() -> Iterator[list[LeafRow]]:
    """Every leaf row in order, some at a time."""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select l.n, l.ids, l.seconds, l.commitments, l.hashes, "
                "l.first_epoch, l.first_xid::text, l.first_id, t.inner_nodes "
                "from ledger_leaf l left join ledger_tile t on t.level = 0 and t.n = l.n "
                "where l.n > %s order by l.n limit %s",
                (after, ROWS_AT_ONCE),
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield [
            LeafRow(
                n,
                ids,
                struct.unpack(f">{len(ids)}q", bytes(seconds)),
                bytes(commitments),
                bytes(hashes),
                (epoch, int(xid), id_),
                None if inner is None else bytes(inner),
            )
            for n, ids, seconds, commitments, hashes, epoch, xid, id_, inner in rows
        ]
        after = rows[-1][0]

"""Tiles and proofs from PostgreSQL, as C2SP tlog-tiles names and cuts them."""

import struct
from collections import OrderedDict
from threading import Lock

from django.db import connection

from yitong.base.ledger import tree
from yitong.base.ledger.actions import signer
from yitong.base.ledger.errors import ProofOutOfRange
from yitong.base.ledger.leaf_tiles import leaf_tile_row
from yitong.base.ledger.note import Checkpoint, verifier_key
from yitong.base.ledger.queries import latest_checkpoint, log_size, raw_cursor
from yitong.base.ledger.rules import published_line
from yitong.kernel.hashing import node_hash

_INSIDE = range(1, tree.HEIGHT)
KEPT_PATHS = 8_192  # of some 700 bytes
KEPT = 65_536  # nodes of height 8 and more, and ragged right edges: neither changes once the leaves stand


class _Kept:
    """Hashes that every proof needs again, kept in the process."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._hashes: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[int, int]) -> bytes | None:
        return self._hashes.get(key)

    def put(self, key: tuple[int, int], node: bytes) -> None:
        with self._lock:
            self._hashes[key] = node
            while len(self._hashes) > self._most:
                self._hashes.popitem(last=False)


class _Caches:
    """What is kept of the log of one database."""

    def __init__(self, place: tuple[object, ...]) -> None:
        self.place = place
        self.top = _Kept()  # (height, position)
        self.edges = _Kept()  # (first leaf, end) of spans that are no complete subtree
        self.paths = _Kept(KEPT_PATHS)  # (tile, size of the tree)


_held: list[_Caches] = []


def _caches() -> _Caches:
    """Those of the database that the process reads now; one that turns to another begins anew."""
    found = connection.settings_dict
    place = found["HOST"], found["PORT"], found["NAME"]
    if not _held or _held[0].place != place:
        _held[:] = [_Caches(place)]
    return _held[0]


def forget_cached_nodes() -> None:
    """After a rebuild."""
    _held.clear()


class TreeReader:
    """Finds nodes for one proof; reads each leaf tile once."""

    def __init__(self) -> None:
        self._leaf_tiles: dict[int, tuple[bytes, bytes | None]] = {}
        kept = _caches()
        self._top, self._edges, self._paths = kept.top, kept.edges, kept.paths

    def __call__(self, height: int, position: int) -> bytes:
        if height < tree.HEIGHT:
            return self._low(height, position)
        if (node := self._top.get((height, position))) is None:
            node = self._high(height, position)
            self._top.put((height, position), node)
        return node

    def span(self, start: int, end: int) -> bytes:
        """The hash of leaves [start, end)."""
        width = end - start
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            return self(height, start >> height)
        if (edge := self._edges.get((start, end))) is None:
            edge = tree.range_hash(start, end, self)
            self._edges.put((start, end), edge)
        return edge

    def within_tile(self, index: int) -> list[bytes]:
        """The siblings of a leaf up to the root of its full tile."""
        n, place = divmod(index, tree.WIDTH)
        hashes, inner = self._leaf_tile(n)
        if inner is None:
            return tree.inclusion_path(place, tree.WIDTH, self._shifted(n))
        starts = [tree.inner_offset(height, (place >> height) ^ 1) for height in _INSIDE]
        first = (place ^ 1) * tree.HASH
        return [
            hashes[first : first + tree.HASH],
            *(inner[start : start + tree.HASH] for start in starts),
        ]

    def above_tile(self, n: int, size: int) -> list[bytes]:
        """The path from the root of a full tile on: the same for its 256 leaves."""
        if (joined := self._paths.get((n, size))) is None:
            path = tree.inclusion_path(n * tree.WIDTH, size, self.span, tree.WIDTH)
            joined = b"".join(path)
            self._paths.put((n, size), joined)
        return [joined[at : at + tree.HASH] for at in range(0, len(joined), tree.HASH)]

    def _shifted(self, n: int) -> tree.RangeReader:
        return lambda start, end: self.span(n * tree.WIDTH + start, n * tree.WIDTH + end)

    def _low(self, height: int, position: int) -> bytes:
        width = tree.WIDTH >> height
        hashes, inner = self._leaf_tile(position // width)
        place = position % width
        if height == 0:
            if (place + 1) * tree.HASH > len(hashes):
                raise ProofOutOfRange(detail=f"leaf {position}")
            return hashes[place * tree.HASH : (place + 1) * tree.HASH]
        if inner is not None:
            start = tree.inner_offset(height, place)
            return inner[start : start + tree.HASH]
        return node_hash(self(height - 1, 2 * position), self(height - 1, 2 * position + 1))

    def _leaf_tile(self, n: int) -> tuple[bytes, bytes | None]:
        if n not in self._leaf_tiles:
            row = leaf_tile_row(n)
            if row is None or row[0] is None:
                raise ProofOutOfRange(detail=f"tile 0/{n}")
            self._leaf_tiles[n] = row[0], row[1]
        return self._leaf_tiles[n]

    def _high(self, height: int, position: int) -> bytes:
        """A node above the leaf tiles; its whole tile is kept, since the next proof needs it too."""
        level, inside = divmod(height, tree.HEIGHT)
        n = position // (tree.WIDTH >> inside)
        hashes = _tile_hashes(level, n)
        for up in range(tree.HEIGHT):
            first = n * (tree.WIDTH >> up)
            for place in range(len(hashes) // tree.HASH):
                self._top.put(
                    (level * tree.HEIGHT + up, first + place),
                    hashes[place * tree.HASH : (place + 1) * tree.HASH],
                )
            pairs = range(0, len(hashes) - 63, 64)
            hashes = b"".join(
                [node_hash(hashes[i : i + 32], hashes[i + 32 : i + 64]) for i in pairs]
            )
        if (node := self._top.get((height, position))) is None:
            raise ProofOutOfRange(detail=f"node {height}/{position}")
        return node


def _tile_hashes(level: int, n: int) -> bytes:
    """The hashes of a tile above the leaves, full or not: the roots of the full tiles below it."""
    with raw_cursor() as cursor:
        cursor.execute(
            "select string_agg(substr(inner_nodes, %s), '' order by n) from ledger_tile "
            "where level = %s and n between %s and %s",
            (
                tree.inner_offset(tree.HEIGHT, 0) + 1,
                level - 1,
                n * tree.WIDTH,
                (n + 1) * tree.WIDTH - 1,
            ),
            binary=True,
        )
        row = cursor.fetchone()
    return bytes(row[0]) if row and row[0] else b""


class PublicLog:
    """What the public doors serve: nothing in it says whom or what an entry is about."""

    @staticmethod
    def checkpoint() -> Checkpoint:
        """The newest signed checkpoint; NotYetSequenced before the first."""
        return latest_checkpoint()

    @staticmethod
    def verifier_key() -> str:
        """The key that checkpoints are signed with, as `name+hash+base64`."""
        return verifier_key(signer())

    @staticmethod
    def tile(level: int | None, n: int, width: int = tree.WIDTH) -> bytes:
        return tile(level, n, width)

    @staticmethod
    def inclusion_proof(index: int, size: int) -> list[bytes]:
        return inclusion_proof(index, size)

    @staticmethod
    def consistency_proof(old: int, new: int) -> list[bytes]:
        return consistency_proof(old, new)


def inclusion_proof(index: int, size: int) -> list[bytes]:
    """The path from a leaf to the root of the tree of `size` leaves. ProofOutOfRange."""
    if not 0 <= index < size:
        raise ProofOutOfRange(detail=f"{index} / {size}")
    read = TreeReader()
    if index < size - size % tree.WIDTH:
        # The common case: below a full tile the path is eight slices of what one row holds.
        return [*read.within_tile(index), *read.above_tile(index // tree.WIDTH, size)]
    return tree.inclusion_path(index, size, read.span)


def consistency_proof(old: int, new: int) -> list[bytes]:
    """That the tree of `new` leaves only extends the tree of `old` leaves. ProofOutOfRange."""
    if not 0 <= old <= new <= log_size():
        raise ProofOutOfRange(detail=f"{old} → {new}")
    return tree.consistency_path(old, new, TreeReader().span)


def tile(level: int | None, n: int, width: int = tree.WIDTH) -> bytes:
    """The first `width` hashes of a tile, or entries of a bundle (level None); cut when asked.

    ProofOutOfRange.
    """
    if level is None:
        return _entry_bundle(n, width)
    reader, height = TreeReader(), level * tree.HEIGHT
    available = (log_size() >> height) - n * tree.WIDTH if level >= 0 else 0
    if not (0 < width <= tree.WIDTH and n >= 0 and width <= available):
        raise ProofOutOfRange(detail=f"tile/{level}/{n}.p/{width}")
    first = n * tree.WIDTH
    return b"".join([reader(height, first + i) for i in range(width)])


def _entry_bundle(n: int, width: int) -> bytes:
    """The published lines of a leaf tile, each after its length as two bytes. ProofOutOfRange."""
    with connection.cursor() as cursor:
        cursor.execute("select size, seconds, commitments from ledger_leaf where n = %s", (n,))
        row = cursor.fetchone()
    if row is None or not 0 < width <= row[0]:
        raise ProofOutOfRange(detail=f"tile/entries/{n}.p/{width}")
    lines = leaf_lines(bytes(row[1]), bytes(row[2]))[:width]
    return b"".join([struct.pack(">H", len(line)) + line for line in lines])


def leaf_lines(seconds: bytes, commitments: bytes) -> list[bytes]:
    """The published lines of one leaf row."""
    times = struct.unpack(f">{len(seconds) // 8}q", seconds)
    return [published_line(at, commitments[i * 32 : i * 32 + 32]) for i, at in enumerate(times)]

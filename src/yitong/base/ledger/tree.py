"""The Merkle tree of RFC 6962 / 9162 in tiles of C2SP tlog-tiles: arithmetic only, no storage.

A tile holds 256 hashes of one tile level. Its inner nodes are kept beside it as one blob (level by level
upwards, 255 hashes), since making them again for one proof costs 255 hashes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from yitong.kernel.hashing import node_hash, sha256

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32
EMPTY_ROOT = sha256(b"")

# Finds the hash of the complete subtree of 2**height leaves with this position at that height.
NodeReader = Callable[[int, int], bytes]
# Finds the hash of leaves [start, end); `range_hash` with a reader, or a cache before it.
RangeReader = Callable[[int, int], bytes]


def inner_nodes(hashes: bytes) -> bytes:
    """The 255 nodes above a full tile of 256 hashes, level by level, its root last."""
    sha = hashlib.sha256
    levels = []
    level = hashes
    while len(level) > HASH:
        level = b"".join(
            [sha(b"\x01" + level[i : i + 64]).digest() for i in range(0, len(level), 64)]
        )
        levels.append(level)
    return b"".join(levels)


def inner_offset(height: int, position: int) -> int:
    """Where, in bytes of the inner blob, the node of this height (1-8) and place in its tile stands."""
    return (WIDTH - (WIDTH >> (height - 1)) + position) * HASH


class Frontier:
    """The complete subtrees at the right edge, highest first: enough to append and to make a root."""

    def __init__(self, nodes: Sequence[tuple[int, bytes]] = ()) -> None:
        self.nodes = list(nodes)

    def append(self, node: bytes, height: int = 0) -> None:
        """Append a complete subtree; `height` may not pass that of the lowest one held."""
        while self.nodes and self.nodes[-1][0] == height:
            node = node_hash(self.nodes.pop()[1], node)
            height += 1
        self.nodes.append((height, node))

    def root_with(self, hashes: bytes = b"") -> bytes:
        """The root when these leaf hashes follow; the frontier itself stays."""
        edge = Frontier(self.nodes)
        for i in range(0, len(hashes), HASH):
            edge.append(hashes[i : i + HASH])
        if not edge.nodes:
            return EMPTY_ROOT
        root = edge.nodes[-1][1]
        for _, node in reversed(edge.nodes[:-1]):
            root = node_hash(node, root)
        return root

    def to_bytes(self) -> bytes:
        return b"".join(bytes([height]) + node for height, node in self.nodes)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Frontier":
        step = HASH + 1
        return cls([(stored[i], stored[i + 1 : i + step]) for i in range(0, len(stored), step)])


def _largest_power_below(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _cover(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Complete subtrees (height, position) that make up leaves [start, end), left to right."""
    while start < end:
        height = (start & -start).bit_length() - 1 if start else 63
        while start + (1 << height) > end:
            height -= 1
        yield height, start >> height
        start += 1 << height


def range_hash(start: int, end: int, node: NodeReader) -> bytes:
    """Merkle hash of leaves [start, end), where start is a multiple of the span's power of two."""
    hashes = [node(height, position) for height, position in _cover(start, end)]
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def inclusion_path(index: int, size: int, span: RangeReader, from_width: int = 1) -> list[bytes]:
    """PATH(m, D[n]) of RFC 9162 2.1.3.1, leaf side first; its upper part from a subtree of `from_width` leaves on."""
    start, end = 0, size
    siblings: list[tuple[int, int]] = []
    while end - start > from_width:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    return [span(first, last) for first, last in reversed(siblings)]


def consistency_path(old: int, new: int, span: RangeReader) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 9162 2.1.4.1; empty for equal sizes and for an empty old tree."""
    if old in {0, new}:
        return []
    start, end, rest = 0, new, old
    spans: list[tuple[int, int]] = []
    while rest != end - start:
        half = _largest_power_below(end - start)
        if rest <= half:
            spans.append((start + half, end))
            end = start + half
        else:
            spans.append((start, start + half))
            start, rest = start + half, rest - half
    path = [span(start, end)] if start else []
    return path + [span(first, last) for first, last in reversed(spans)]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that this path leads to (RFC 9162 2.1.3.2), or None if its length is wrong."""
    if not 0 <= index < size:
        return None
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the tree of `new` leaves extends the tree of `old` leaves (RFC 9162 2.1.4.2)."""
    if old == new:
        return old_root == new_root and not path
    if not 0 < old < new or not path:
        return old == 0 and not path
    nodes = list(path) if old & (old - 1) else [old_root, *path]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(node, first), node_hash(node, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, node)
        fn, sn = fn >> 1, sn >> 1
    return first == old_root and second == new_root and sn == 0

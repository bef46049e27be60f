"""The tree against RFC 9162 written down a second time, against published vectors and against pymerkle."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from yitong.base.ledger import tree

# RFC 9162, 2.1, word by word: D[n] is a list of entries ------------------------------------------


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(entries: list[bytes]) -> bytes:
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: list[bytes]) -> list[bytes]:
    n = len(entries)
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def proof(m: int, entries: list[bytes]) -> list[bytes]:
    return subproof(m, entries, is_whole=True)


def subproof(m: int, entries: list[bytes], *, is_whole: bool) -> list[bytes]:
    n = len(entries)
    if m == n:
        return [] if is_whole else [mth(entries)]
    k = split(n)
    if m <= k:
        return [*subproof(m, entries[:k], is_whole=is_whole), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], is_whole=False), mth(entries[:k])]


# What is tested, over the same entries ------------------------------------------------------------


def log(size: int) -> list[bytes]:
    return [b"entry %d" % i for i in range(size)]


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


class Spans:
    """Finds spans as storage does: complete subtrees by height and place, the rest put together."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries

    def node(self, height: int, position: int) -> bytes:
        return mth(self.entries[position << height : (position + 1) << height])

    def __call__(self, start: int, end: int) -> bytes:
        return tree.range_hash(start, end, self.node)


def frontier_root(entries: list[bytes]) -> bytes:
    frontier = tree.Frontier()
    for entry in entries:
        frontier.append(leaf(entry))
    return frontier.root_with()


CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# (index, size): the audit paths of the certificate-transparency tests
CT_PATHS = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
# (old, new): their consistency proofs
CT_PROOFS = {
    (1, 8): CT_PATHS[0, 8],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}  # fmt: skip


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_certificate_transparency(size):
    assert frontier_root(CT_LEAVES[:size]).hex() == CT_ROOTS[size - 1]
    assert Spans(CT_LEAVES)(0, size).hex() == CT_ROOTS[size - 1]
    assert mth(CT_LEAVES[:size]).hex() == CT_ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size"), CT_PATHS)
def test_audit_paths_of_certificate_transparency(index, size):
    found = tree.inclusion_path(index, size, Spans(CT_LEAVES))
    assert tuple(node.hex() for node in found) == CT_PATHS[index, size]


@pytest.mark.parametrize(("old", "new"), CT_PROOFS)
def test_consistency_proofs_of_certificate_transparency(old, new):
    found = tree.consistency_path(old, new, Spans(CT_LEAVES))
    assert tuple(node.hex() for node in found) == CT_PROOFS[old, new]


def test_the_root_of_no_entry_is_the_hash_of_nothing():
    assert tree.EMPTY_ROOT == tree.Frontier().root_with() == mth([])
    assert tree.EMPTY_ROOT.hex().startswith("e3b0c44298fc1c14")


def test_every_small_tree_agrees_with_the_rfc():
    for size in range(1, 34):
        entries = log(size)
        spans, root = Spans(entries), mth(entries)
        assert frontier_root(entries) == root
        for index in range(size):
            found = tree.inclusion_path(index, size, spans)
            assert found == path(index, entries), (index, size)
            assert tree.root_from_inclusion(leaf(entries[index]), index, size, found) == root
        for old in range(1, size + 1):
            found = tree.consistency_path(old, size, spans)
            assert found == proof(old, entries), (old, size)
            assert tree.is_consistent(old, mth(entries[:old]), size, root, found)


sizes_and_index = st.integers(1, 1500).flatmap(
    lambda size: st.tuples(st.just(size), st.integers(0, size - 1))
)


@given(sizes_and_index)
def test_inclusion_in_any_tree_agrees_with_the_rfc(chosen):
    size, index = chosen
    entries = log(size)
    found = tree.inclusion_path(index, size, Spans(entries))
    assert found == path(index, entries)
    root = tree.root_from_inclusion(leaf(entries[index]), index, size, found)
    assert root == mth(entries) == frontier_root(entries)


@given(sizes_and_index)
def test_consistency_of_any_two_sizes_agrees_with_the_rfc(chosen):
    new, old = chosen[0], chosen[1] + 1
    entries = log(new)
    found = tree.consistency_path(old, new, Spans(entries))
    assert found == proof(old, entries)
    assert tree.is_consistent(old, mth(entries[:old]), new, mth(entries), found)


def changed(nodes: list[bytes], place: int, bit: int) -> list[bytes]:
    """One bit of one node turned."""
    place %= len(nodes)
    node = bytearray(nodes[place])
    node[bit // 8] ^= 1 << bit % 8
    return [*nodes[:place], bytes(node), *nodes[place + 1 :]]


@given(sizes_and_index, st.integers(0, 1000), st.integers(0, 255))
def test_no_changed_inclusion_path_leads_to_the_root(chosen, place, bit):
    size, index = chosen
    entries = log(size)
    root, here = mth(entries), leaf(entries[index])
    good = path(index, entries)
    wrong = [[*good, root], [root, *good], good[1:], good[:-1]] if good else [[root]]
    wrong += [changed(good, place, bit), good[::-1] if good != good[::-1] else []] if good else []
    for nodes in wrong:
        if nodes != good:
            assert tree.root_from_inclusion(here, index, size, nodes) != root
    other = place % size
    if other != index:
        assert tree.root_from_inclusion(here, other, size, good) != root
        assert tree.root_from_inclusion(leaf(entries[other]), index, size, good) != root
    for outside in (-1, size, size + place):
        assert tree.root_from_inclusion(here, outside, size, good) is None


@given(sizes_and_index, st.integers(0, 1000), st.integers(0, 255))
def test_no_changed_consistency_proof_is_believed(chosen, place, bit):
    new, old = chosen[0], chosen[1] + 1
    entries = log(new)
    old_root, new_root, good = mth(entries[:old]), mth(entries), proof(old, entries)
    (other_old,) = changed([old_root], 0, bit)
    (other_new,) = changed([new_root], 0, bit)
    assert not tree.is_consistent(old, other_old, new, new_root, good)
    assert not tree.is_consistent(old, old_root, new, other_new, good)
    assert not tree.is_consistent(old, old_root, new, new_root, [*good, new_root])
    if good:
        assert not tree.is_consistent(old, old_root, new, new_root, changed(good, place, bit))
        assert not tree.is_consistent(old, old_root, new, new_root, good[:-1])
        assert not tree.is_consistent(old, old_root, new, new_root, [])
        assert not tree.is_consistent(new, new_root, old, old_root, good)


def test_another_history_of_the_same_length_is_not_consistent():
    entries = log(20)
    forked = [*entries[:7], b"forged", *entries[8:]]
    for new in range(9, 21):
        found = proof(8, forked[:new])
        assert not tree.is_consistent(8, mth(entries[:8]), new, mth(forked[:new]), found)


def test_an_empty_log_is_consistent_with_every_later_one_and_proves_nothing_else():
    assert tree.is_consistent(0, tree.EMPTY_ROOT, 5, mth(log(5)), [])
    assert not tree.is_consistent(0, tree.EMPTY_ROOT, 5, mth(log(5)), [b"x" * 32])
    assert tree.consistency_path(0, 5, Spans(log(5))) == []


# Tiles and the frontier ---------------------------------------------------------------------------


def test_the_inner_nodes_of_a_tile_stand_where_their_offset_says():
    entries = log(256)
    inner = tree.inner_nodes(b"".join(leaf(entry) for entry in entries))
    assert len(inner) == 255 * 32
    spans = Spans(entries)
    for height in range(1, 9):
        for position in (0, (256 >> height) - 1, (256 >> height) // 2 - (height == 8)):
            if 0 <= position < 256 >> height:
                at = tree.inner_offset(height, position)
                assert inner[at : at + 32] == spans.node(height, position)
    assert inner[-32:] == mth(entries)


@given(st.integers(0, 700), st.integers(0, 300))
def test_a_frontier_stored_and_read_again_goes_on_to_the_same_root(before, after):
    entries = log(before + after)
    frontier = tree.Frontier()
    for entry in entries[:before]:
        frontier.append(leaf(entry))
    kept = tree.Frontier.from_bytes(frontier.to_bytes())
    tail = b"".join(leaf(entry) for entry in entries[before:])
    assert kept.root_with(tail) == mth(entries)
    assert kept.to_bytes() == frontier.to_bytes(), "root_with leaves the frontier as it was"


@given(st.integers(0, 3), st.integers(0, 255))
def test_whole_tiles_may_be_appended_by_their_root(tiles, tail):
    entries = log(tiles * 256 + tail)
    frontier = tree.Frontier()
    for n in range(tiles):
        hashes = b"".join(leaf(entry) for entry in entries[n * 256 : n * 256 + 256])
        frontier.append(tree.inner_nodes(hashes)[-32:], tree.HEIGHT)
    rest = b"".join(leaf(entry) for entry in entries[tiles * 256 :])
    assert frontier.root_with(rest) == mth(entries)


# A second oracle ----------------------------------------------------------------------------------


@given(st.integers(1, 300), st.integers(0, 299))
def test_pymerkle_computes_the_same_roots_and_paths(size, place):
    index = place % size
    entries = log(size)
    theirs = InmemoryTree(algorithm="sha256")
    for entry in entries:
        theirs.append_entry(entry)
    assert frontier_root(entries) == theirs.get_root()
    proven = theirs.prove_inclusion(index + 1).serialize()["path"]
    ours = [node.hex() for node in tree.inclusion_path(index, size, Spans(entries))]
    # Theirs begins with the leaf's own hash.
    assert sorted(proven) == sorted([leaf(entries[index]).hex(), *ours])

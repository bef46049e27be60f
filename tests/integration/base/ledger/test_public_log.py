"""What the public doors serve equals what anyone computes from the entries: tiles, bundles and proofs."""

import hashlib
import itertools
import json
import struct

import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR
from tests.factories.ledger import ask, in_order, record_many, record_one
from yitong.base.ledger import api as ledger
from yitong.base.ledger import tree
from yitong.base.ledger import verify_proof as script
from yitong.base.ledger.errors import EntryUnknown, NotYetSequenced, ProofOutOfRange

pytestmark = pytest.mark.usefixtures("empty_ledger")

LOG = ledger.PublicLog()


def build(size: int) -> list[bytes]:
    """A log of `size` entries; the published lines, made from the rows alone."""
    ledger.sequence_all()
    record_many(size - len(in_order()))
    ledger.sequence_all()
    rows = {
        id_: (at, bytes(commitment))
        for id_, at, commitment in ask("select id, at, commitment from ledger_entry")
    }
    lines = []
    for id_ in in_order():
        at, commitment = rows[id_]
        line = {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "commitment": commitment.hex(), "v": 1}
        lines.append(json.dumps(line, separators=(",", ":")).encode())
    assert len(lines) == size
    return lines


class Tree:
    """Every level of the tree over some lines: only complete nodes, as tiles have them."""

    def __init__(self, lines: list[bytes]) -> None:
        self.levels = [[hashlib.sha256(b"\x00" + line).digest() for line in lines]]
        while len(self.levels[-1]) > 1:
            low = self.levels[-1]
            self.levels.append(
                [
                    hashlib.sha256(b"\x01" + low[i] + low[i + 1]).digest()
                    for i in range(0, len(low) - 1, 2)
                ]
            )

    def node(self, height: int, position: int) -> bytes:
        return self.levels[height][position]

    def root(self, size: int) -> bytes:
        return tree.range_hash(0, size, self.node) if size else tree.EMPTY_ROOT

    def path(self, index: int, size: int) -> list[bytes]:
        return tree.inclusion_path(index, size, lambda a, b: tree.range_hash(a, b, self.node))


def test_tiles_bundles_and_proofs_agree_with_recomputation():
    lines = build(700)
    whole = Tree(lines)
    checkpoint = LOG.checkpoint()
    assert (checkpoint.size, checkpoint.root) == (700, whole.root(700))
    for n, width in ((0, 256), (0, 1), (0, 255), (1, 256), (1, 77), (2, 188), (2, 3)):
        first = n * 256
        assert LOG.tile(0, n, width) == b"".join(whole.levels[0][first : first + width])
        bundle = b"".join(
            struct.pack(">H", len(line)) + line for line in lines[first : first + width]
        )
        assert LOG.tile(None, n, width) == bundle
    for width in (1, 2):
        assert LOG.tile(1, 0, width) == b"".join(whole.levels[8][:width])
    sizes = (1, 2, 255, 256, 257, 300, 511, 512, 513, 640, 699, 700)
    for index, size in itertools.product((0, 1, 255, 256, 300, 511, 512, 698, 699), sizes):
        if index < size:
            path = LOG.inclusion_proof(index, size)
            assert path == whole.path(index, size), (index, size)
            root = tree.root_from_inclusion(whole.levels[0][index], index, size, path)
            assert root == whole.root(size)
    for old, new in itertools.combinations_with_replacement(sizes, 2):
        path = LOG.consistency_proof(old, new)
        assert tree.is_consistent(old, whole.root(old), new, whole.root(new), path)


def test_the_log_as_it_grows_keeps_every_tile_and_proof():
    """What a reader fetched stays true: full tiles never change, cut ones only grow."""
    early = Tree(build(300))
    held = LOG.tile(0, 0), LOG.tile(0, 1, 44), LOG.inclusion_proof(7, 300)
    late = Tree(build(600))
    assert (LOG.tile(0, 0), LOG.tile(0, 1, 44), LOG.inclusion_proof(7, 300)) == held
    assert LOG.tile(0, 1).startswith(held[1])
    path = LOG.consistency_proof(300, 600)
    assert tree.is_consistent(300, early.root(300), 600, late.root(600), path)


OUTSIDE = [
    (0, 0, 0), (0, 0, -1), (0, 0, 257), (0, 1, 45), (0, 1, 256), (0, 2, 1), (0, -1, 1), (0, 10**12, 1),
    (1, 0, 2), (1, 1, 1), (2, 0, 1), (63, 0, 1), (99, 0, 1), (-1, 0, 1), (0, 2**70, 1), (10**9, 0, 1),
    (None, 0, 0), (None, 0, 257), (None, 1, 45), (None, 2, 1), (None, -1, 1), (None, 2**70, 1),
]  # fmt: skip


def test_what_the_tree_does_not_have_is_refused():
    build(300)
    for asked in OUTSIDE:
        with pytest.raises(ProofOutOfRange):
            LOG.tile(*asked)
    for old, new in ((-1, 5), (5, 4), (1, 301), (300, 301), (301, 301)):
        with pytest.raises(ProofOutOfRange):
            LOG.consistency_proof(old, new)
    for index, size in ((0, 0), (-1, 300), (300, 300), (10**9, 10**9 + 1)):
        with pytest.raises(ProofOutOfRange):
            LOG.inclusion_proof(index, size)


def test_a_proof_asked_too_early_does_not_poison_the_one_asked_later():
    """A node put together from leaves that were not there yet must not be kept."""
    build(300)
    sizes = [*range(301, 330), 512, 10**6, 2**62]
    for index, size in [(5, size) for size in sizes] + [(299, 512)]:
        with pytest.raises(ProofOutOfRange):
            LOG.inclusion_proof(index, size)
    whole = Tree(build(330))
    for size in range(301, 331):
        assert LOG.inclusion_proof(5, size) == whole.path(5, size), size


def test_an_empty_log_has_no_checkpoint_and_no_tile():
    with connection.cursor() as cursor:
        cursor.execute("truncate ledger_leaf, ledger_tile, ledger_checkpoint")
    with pytest.raises(NotYetSequenced):
        LOG.checkpoint()
    for level in (0, 1, None):
        with pytest.raises(ProofOutOfRange):
            LOG.tile(level, 0, 1)


def test_two_databases_in_one_process_do_not_share_what_is_kept(database_url):
    """A process may turn to another database (a restore, the tests): its log is another one."""
    from yitong.base.ledger import tiles

    whole = Tree(build(300))
    assert LOG.inclusion_proof(5, 300) == whole.path(5, 300)
    kept = tiles._caches()
    assert kept.edges.get((256, 300))
    connection.settings_dict["NAME"] += "_other"
    try:
        assert tiles._caches() is not kept
        assert tiles._caches().edges.get((256, 300)) is None
    finally:
        connection.settings_dict["NAME"] = connection.settings_dict["NAME"].removesuffix("_other")


# The proof of one entry ---------------------------------------------------------------------------


def test_an_entrys_proof_holds_off_line_and_covers_every_part():
    build(290)
    entry_id = record_one("甲乙丙", 3)
    ledger.sequence_all()
    proof = ledger.entry_proof(entry_id)
    assert (proof.index, proof.size) == (290, 291)
    assert script.check(json.loads(json.dumps(proof.document)), LOG.verifier_key(), None)
    assert proof.document["entry"]["facts"] == {"word": "甲乙丙", "count": 3}


def test_the_public_line_of_that_entry_says_nothing_of_it():
    build(10)
    entry_id = record_one("甲乙丙", 987654)
    ledger.sequence_all()
    proof = ledger.entry_proof(entry_id)
    everything = LOG.tile(None, 0, 11) + LOG.tile(0, 0, 11) + LOG.checkpoint().note.encode()
    entry = proof.document["entry"]
    for word in (
        "甲乙丙",
        "987654",
        entry["event"],
        entry["account"],
        entry["agency"],
        proof.document["salt"],
    ):
        assert str(word).encode() not in everything
        assert str(word).encode().hex() not in everything.decode("latin-1")


def test_an_entry_nobody_wrote_has_no_proof():
    with pytest.raises(EntryUnknown):
        ledger.entry_proof(10**9)


# Rebuilding ---------------------------------------------------------------------------------------


def state() -> tuple[list, list]:
    tiles = ask("select level, n, hashes, inner_nodes from ledger_tile order by level, n")
    leaves = ask("select n, hashes from ledger_leaf order by n")
    return [tuple(map(bytes_or_number, row)) for row in tiles], [
        tuple(map(bytes_or_number, row)) for row in leaves
    ]


def bytes_or_number(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_what_was_lost_of_the_tree_is_made_again():
    build(700)
    before, root = state(), LOG.checkpoint().root
    with connection.cursor() as cursor:
        cursor.execute("truncate ledger_tile")
        cursor.execute("update ledger_head set frontier = ''")
        cursor.execute("update ledger_leaf set hashes = decode(repeat('00', size * 32), 'hex')")
    assert not ledger.verify().ok
    found = ledger.rebuild(by=OPERATOR)
    assert found.faults == []
    assert (state(), found.root) == (before, root)
    ((facts,),) = ask("select facts->>'root' from ledger_entry where event = 'ledger.tree_rebuilt'")
    assert facts == root.hex()
    record_many(300)
    ledger.sequence_all()
    assert ledger.verify().faults == [], "and it goes on from there"


def test_rebuilding_a_whole_log_changes_nothing():
    build(520)
    before = state()
    assert ledger.rebuild(by=OPERATOR).ok
    assert state() == before


def test_rebuilding_puts_the_size_right():
    build(520)
    with connection.cursor() as cursor:
        cursor.execute("update ledger_head set size = 9")
    assert ledger.rebuild(by=OPERATOR).faults == []


@pytest.mark.slow
def test_tiles_above_the_leaf_tiles_are_made_checked_served_and_made_again():
    """From 65,536 leaves on there is a full tile of the second level."""
    lines = build(66_100)
    whole = Tree(lines)
    assert LOG.checkpoint().root == whole.root(66_100)
    assert LOG.tile(1, 0) == b"".join(whole.levels[8][:256])
    assert LOG.tile(1, 1, 2) == b"".join(whole.levels[8][256:258])
    assert LOG.tile(2, 0, 1) == whole.levels[16][0]
    for index, size in ((0, 65_536), (65_535, 65_537), (12_345, 66_100), (66_099, 66_100)):
        assert LOG.inclusion_proof(index, size) == whole.path(index, size)
    for old, new in ((1, 66_100), (65_536, 66_100), (40_000, 65_537)):
        path = LOG.consistency_proof(old, new)
        assert tree.is_consistent(old, whole.root(old), new, whole.root(new), path)
    assert ledger.verify().faults == []
    before = state()
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_tile set hashes = sha256(hashes) || substr(hashes, 33) where level = 1"
        )
    fault = ledger.verify().first_fault
    assert (fault.index, fault.code) == (0, "tile_changed")
    with connection.cursor() as cursor:
        cursor.execute("delete from ledger_tile where level = 1")
    assert ledger.verify().first_fault.code == "tile_changed"
    assert ledger.rebuild(by=OPERATOR).faults == []
    assert state() == before

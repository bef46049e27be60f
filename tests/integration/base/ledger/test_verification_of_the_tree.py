"""Whatever is changed in leaves, tiles, checkpoints and the whole history, `verify` finds it and names the first index."""

import threading

import pytest
from django.db import connection

from tests.factories.ledger import ask, in_order, record_one, tampering
from tests.factories.verification import SIZE, change, faults, first, tampered
from yitong.base.ledger import actions, tree
from yitong.base.ledger import api as ledger
from yitong.base.ledger.errors import CheckpointUnreadable
from yitong.base.ledger.queries import entry
from yitong.base.ledger.rules import commitment_of, leaf_of, whole_seconds

pytestmark = pytest.mark.usefixtures("empty_ledger")


# Leaves, tiles, checkpoints, the sequencer's place ------------------------------------------------

SPOIL = "overlay({0} placing '\\x00000000'::bytea from {1})"
LEAVES = {
    "a commitment": ("commitments = " + SPOIL.format("commitments", 32 * 44 + 1), 300),
    "a leaf hash": ("hashes = " + SPOIL.format("hashes", 32 * 44 + 1), 300),
    "a second": ("seconds = " + SPOIL.format("seconds", 8 * 44 + 5), 300),
    "two ids": ("ids[45] = ids[46], ids[46] = ids[45]", 300),
    "an id": ("ids[45] = -1", 300),
    "no id": ("ids[45] = null", 300),
    "where it begins: transaction": ("first_xid = '1'::xid8", 256),
    "where it begins: row": ("first_id = first_id + 1", 256),
    "where it begins: cluster": ("first_epoch = 2", 256),
    "its number": ("n = 9", 256),
}


def test_a_changed_leaf_row_is_found(log):
    first_indexes = {}
    for name, (setting, _) in LEAVES.items():
        found = tampered(f"update ledger_leaf set {setting} where n = 1")
        first_indexes[name] = next(iter(found.values()), "not found")
    assert first_indexes == {name: index for name, (_, index) in LEAVES.items()}


def test_a_missing_leaf_row_is_found(log):
    change("delete from ledger_leaf where n = 1")
    assert first() == (256, "leaf_missing")


def test_two_leaf_rows_exchanged_are_found(log):
    with tampering() as cursor:
        for old, new in ((0, 9), (1, 0), (9, 1)):
            cursor.execute("update ledger_leaf set n = %s where n = %s", (new, old))
    assert first()[0] == 0


ADD_TILE = "insert into ledger_tile select {}, inner_nodes from ledger_tile where n = 1"
TILES = {
    "update ledger_tile set inner_nodes = "
    + SPOIL.format("inner_nodes", 900)
    + " where n = 1": 256,
    "delete from ledger_tile where n = 1": 256,
    ADD_TILE.format("0, 77, null"): None,
    ADD_TILE.format("1, 0, substr(inner_nodes || inner_nodes, 1, 8192)"): None,
}


def test_a_changed_tile_is_found(log):
    assert [tampered(statement) for statement in TILES] == [
        {"tile_changed": index} for index in TILES.values()
    ]


CHECKPOINTS = {
    "root = sha256(root)": 399,
    "note = replace(note, '400', '399')": 399,
    "note = (select note from ledger_checkpoint where size = 600)": 399,
    "note = ''": 399,
    "size = 399": 398,
}


def test_a_changed_checkpoint_is_found(log):
    found = [tampered(f"update ledger_checkpoint set {c} where size = 400") for c in CHECKPOINTS]
    assert found == [{"checkpoint_changed": index} for index in CHECKPOINTS.values()]


PLACES = (
    "size = size + 1", "size = size - 1", "size = 0", "frontier = ''",
    "frontier = overlay(frontier placing '\\x00'::bytea from 9)", "entry_id = 1", "entry_id = entry_id + 1",
    "xid = '9000000000'::xid8", "xid = '1'::xid8", "epoch = 2", "epoch = 0", "xid = '0'::xid8, entry_id = 0",
)  # fmt: skip


def test_a_changed_place_of_the_sequencer_is_found(log):
    """It would give entries a second index, or leave them without one."""
    found = {setting: tampered(f"update ledger_head set {setting}") for setting in PLACES}
    assert [setting for setting, seen in found.items() if "head_changed" not in seen] == []


# The tail and the whole history -------------------------------------------------------------------


def cut(size: int) -> None:
    """Shorten the log to whole leaf rows, with everything that would tell, except the signed roots."""
    with tampering() as cursor:
        cursor.execute(
            "delete from ledger_entry where id in (select unnest(ids) from ledger_leaf where n >= %s)",
            (size // 256,),
        )
        cursor.execute("delete from ledger_leaf where n >= %s", (size // 256,))
        cursor.execute("delete from ledger_tile where n >= %s", (size // 256,))
    rebuild_place(size)


def rebuild_place(size: int) -> None:
    rows = ask("select hashes from ledger_leaf order by n")
    frontier = tree.Frontier()
    for (hashes,) in rows:
        if len(hashes) == 8192:
            frontier.append(tree.inner_nodes(bytes(hashes))[-32:], tree.HEIGHT)
    with connection.cursor() as cursor:
        cursor.execute(
            "update ledger_head set size = %s, frontier = %s, (epoch, xid, entry_id) = "
            "(select epoch, xid, id from ledger_entry order by epoch desc, xid desc, id desc limit 1)",
            (size, frontier.to_bytes()),
        )


def test_a_tail_cut_off_is_found_by_the_checkpoints(log):
    cut(512)
    assert faults() == {"log_shortened": 512}


def test_a_tail_cut_off_with_its_checkpoints_is_found_by_whoever_kept_one(log):
    kept = ledger.PublicLog().checkpoint().note
    cut(512)
    change("delete from ledger_checkpoint where size > 512")
    assert ledger.verify().ok, "the database alone cannot tell"
    found = ledger.verify(kept=[kept])
    assert (found.first_fault.index, found.first_fault.code) == (512, "log_shortened")


def rewrite_history(index: int) -> None:
    """As somebody with the node's own key: another entry, its leaf, the tree and every root signed anew."""
    id_ = in_order()[index]
    change("update ledger_entry set region = '8901' where id = %s", id_)
    stored = entry(id_)
    commitment = commitment_of(stored.body, stored.salt)
    leaf = leaf_of(whole_seconds(stored.body.at), commitment)
    change(
        "update ledger_entry set commitment = %s, leaf_hash = %s, mac = %s where id = %s",
        commitment, leaf, actions.signer().mac(commitment), id_,
    )  # fmt: skip
    with tampering() as cursor:
        cursor.execute("truncate ledger_leaf, ledger_tile, ledger_checkpoint")
        cursor.execute("update ledger_head set size = 0, xid = '0', entry_id = 0, frontier = ''")
    ledger.sequence_all()


def test_a_history_rewritten_and_signed_again_is_found_by_whoever_kept_a_checkpoint(log):
    early = ask("select note from ledger_checkpoint where size = 400")[0][0]
    before = ask("select note from ledger_checkpoint where size = 100")[0][0]
    newest = ledger.PublicLog().checkpoint().note
    rewrite_history(300)
    assert ledger.verify().ok, "who has the key and the database can write anything"
    assert ledger.verify(kept=[before]).ok, "what was signed before the place still holds"
    found = ledger.verify(kept=[newest, early])
    assert (found.first_fault.index, found.first_fault.code) == (399, "history_rewritten")
    assert {f.code for f in found.faults} == {"history_rewritten"}


def test_a_rewritten_history_beside_its_old_checkpoints_is_found_without_help(log):
    signed = ask("select size, root, at, note from ledger_checkpoint where size < %s", SIZE)
    rewrite_history(300)
    with connection.cursor() as cursor:
        for row in signed:
            cursor.execute(
                "insert into ledger_checkpoint (size, root, at, note) values (%s, %s, %s, %s)", row
            )
    assert first() == (399, "history_rewritten")


def test_a_kept_checkpoint_must_be_one_of_this_log(log):
    with pytest.raises(CheckpointUnreadable):
        ledger.verify(kept=["no checkpoint"])
    note = ledger.PublicLog().checkpoint().note
    with pytest.raises(CheckpointUnreadable):
        ledger.verify(kept=[note.replace("600", "601")])


def test_verifying_disturbs_nobody_and_sees_one_moment(log):
    """Entries that come while it runs are neither missing nor inserted."""
    come: list[int] = []

    def meanwhile(done: int, of: int) -> None:
        def write() -> None:
            come.append(record_one())
            ledger.sequence_all()
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    found = ledger.verify(progress=meanwhile)
    assert come
    assert (found.faults, found.size) == ([], SIZE)

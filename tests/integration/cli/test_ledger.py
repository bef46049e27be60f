"""`yitong ledger` finds what was changed, and proves what was not."""

import subprocess
import sys

import psycopg
import pytest
from django.db import connection, transaction

import yitong.base.ledger.verify_proof as verify_proof
from yitong.base.ledger.api import record, sequence_all
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120)]

HAPPENED = Event("tests.happened", "发生", ("number",))


@pytest.fixture
def entries(cli) -> list[int]:
    """Three hundred entries, so that one tile is full."""
    with transaction.atomic():
        return [
            record(
                HAPPENED,
                by=Actor.operator("tests"),
                about=About("test", str(number)),
                facts={"number": number},
            )
            for number in range(300)
        ]


def test_a_sound_ledger_is_verified_with_its_root(cli, entries):
    sequence_all()
    said = cli("ledger", "verify", "--json")
    assert said.code == 0
    found = said.document
    assert (found["ok"], found["faults"], found["first_fault"]) == (True, [], None)
    assert found["size"] >= 300
    assert found["root"] in cli("ledger", "verify").out


def test_a_row_changed_by_hand_is_named(cli, entries):
    sequence_all()
    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger all")
        cursor.execute(
            """update ledger_entry set facts = '{"number": 7777}' where id = %s""", [entries[9]]
        )
    said = cli("ledger", "verify", "--json")
    assert said.code == 1
    assert said.document["first_fault"]["code"] == "entry_changed"
    assert str(entries[9]) in said.document["first_fault"]["detail"]
    assert "entry_changed" in cli("ledger", "verify").out


def test_a_kept_checkpoint_exposes_another_history(cli, entries, tmp_path):
    kept = tmp_path / "checkpoint"
    kept.write_text(cli("ledger", "checkpoint").out)
    assert cli("ledger", "verify", "--checkpoint", kept).code == 0
    lines = kept.read_text().split("\n")
    lines[1] = str(int(lines[1]) - 5)
    other = tmp_path / "other"
    other.write_text("\n".join(lines))
    said = cli("ledger", "verify", "--checkpoint", other, "--json")
    assert said.code == 1


def test_a_checkpoint_file_that_is_none_is_refused(cli, tmp_path):
    assert (
        cli("ledger", "verify", "--checkpoint", tmp_path / "none", "--json").fault
        == "file_unreadable"
    )
    text = tmp_path / "text"
    text.write_text("three\nlines\n")
    said = cli("ledger", "verify", "--checkpoint", text, "--json")
    assert (said.code, said.fault) == (1, "ledger_checkpoint_unreadable")
    text.write_bytes(b"\xff\xfe\x00")
    assert cli("ledger", "verify", "--checkpoint", text, "--json").fault == "file_unreadable"


def test_a_proof_verifies_off_line_with_the_stand_alone_script(cli, entries, tmp_path):
    path = tmp_path / "proof.json"
    said = cli("ledger", "prove", entries[5], "--out", path)
    assert said.code == 0
    done = subprocess.run(
        [sys.executable, "-I", verify_proof.__file__, path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert cli("ledger", "prove", entries[5], "--json").document["format"].startswith("yitong")


def test_no_proof_of_what_is_not_there_nor_into_nowhere(cli, entries, tmp_path):
    assert cli("ledger", "prove", 10**9, "--json").fault == "ledger_entry_unknown"
    assert cli("ledger", "prove", 10**9).code == 3
    assert cli("ledger", "prove", entries[5], "--out", tmp_path / "no" / "where").code == 1


def test_tiles_are_made_again_and_the_making_is_recorded(cli, entries, database_url):
    sequence_all()
    before = cli("ledger", "verify", "--json").document["root"]
    with psycopg.connect(database_url, autocommit=True) as raw:
        raw.execute("delete from ledger_tile")
    assert cli("ledger", "verify", "--json").document["first_fault"]["code"] == "tile_changed"
    said = cli("ledger", "rebuild", "--json")
    assert said.code == 0
    assert said.document["root"] == before
    sequence_all()
    with connection.cursor() as cursor:
        cursor.execute("select account from ledger_entry where event = 'ledger.tree_rebuilt'")
        assert cursor.fetchone()[0].startswith("operator:")


def test_a_ledger_that_is_where_it_was_needs_no_settling(cli, entries):
    said = cli("ledger", "settle", "--json")
    assert (said.code, said.document) == (0, {"entries": 0})

"""Processes that make rows change nothing but the time, and whatever ends them publishes nothing."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from django.db import connection

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.sources import BY, csv_text, source_of, things_plan
from yitong.data.sources import delimited, encodings, errors, hands, loading
from yitong.data.sources.api import ClearColumn, CopyPlan, copy_in, open_table, row_statement
from yitong.data.sources.queries import table_digest

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

PLAN = CopyPlan("r7", "编码", "text", (ClearColumn("数量", "I"),), sealed=("名称",))
HEAD = "编码,名称,数量\n"


def text(count: int) -> str:
    """Good rows, and one of every kind of bad ones in between."""
    rows = [[f"k{n}", f"名{n}", n] for n in range(count)]
    rows[7:7] = [["k3", "又", "1"], ["", "缺", "1"], ["x1", "坏", "不是数"]]
    rows[count // 2 : count // 2] = [["x2", '"引"', "2"], ["k5", "又", "1"], ["x3", "缺列"]]
    return HEAD + csv_text(rows, lineterminator="\n")


@pytest.fixture
def many(monkeypatch):
    """Small blocks, and two hands whatever the machine has."""
    monkeypatch.setattr(encodings, "BLOCK", 512)
    monkeypatch.setattr(delimited, "BATCH_ROWS", 20)
    monkeypatch.setattr(loading, "ROWS_WORTH_HANDS", 1)
    monkeypatch.setattr(loading, "hands_here", lambda: 2)


def load(path, plan=PLAN, progress=None):
    reader = open_table(str(path))
    return copy_in(plan=plan, reader=reader, source=source_of(path), by=BY, progress=progress)


def stored():
    statement = row_statement("r7")
    with connection.cursor() as cursor:
        cursor.execute(
            "select key, region, sealed, c0::text, line from shared_rows.rows_r7 order by line"
        )
        return [(row[-1], statement.read(row[:-1])) for row in cursor.fetchall()]


def left_behind() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE
        and any("row_worker" in word for word in child.cmdline())
    ]


@pytest.mark.parametrize("narrow", [False, True])
def test_many_hands_store_what_one_does(tmp_path, many, monkeypatch, narrow):
    """Also where a batch is larger than the pipe that it goes through."""
    if narrow:
        monkeypatch.setattr(encodings, "BLOCK", 1 << 16)
        monkeypatch.setattr(delimited, "BATCH_ROWS", 2_000)
        monkeypatch.setattr(hands, "_PIPE_BYTES", 4_096)
    path = tmp_path / "t.csv"
    path.write_text(text(600))
    shared = load(path)
    by_many, faults = stored(), list(shared.faults)
    assert table_digest("r7") == shared.digest
    monkeypatch.setattr(loading, "hands_here", lambda: 0)
    alone = load(path)
    assert (stored(), list(alone.faults)) == (by_many, faults)
    assert (alone.rows, alone.refused) == (shared.rows, shared.refused) == (601, 5)
    assert left_behind() == []


def test_a_killed_hand_is_told_and_nothing_is_published(tmp_path, many):
    path = tmp_path / "t.csv"
    path.write_text(text(60))
    before = load(path).digest
    path.write_text(text(3_000))

    def kill(progress):
        for child in left_behind():
            child.kill()

    with pytest.raises(errors.WorkerGone, match="-9"):
        load(path, progress=kill)
    assert table_digest("r7") == before
    assert left_behind() == []


@pytest.mark.parametrize("how", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_ends_them_too(tmp_path, many, how):
    path = tmp_path / "t.csv"
    path.write_text(text(2_000))
    seen = []

    def interrupt(progress):
        seen.append(len(left_behind()))
        if len(seen) == 8:
            raise how

    with pytest.raises(how):
        load(path, progress=interrupt)
    assert max(seen) == 2
    assert left_behind() == []


def test_keys_are_in_no_argument_and_no_environment(tmp_path, many, monkeypatch):
    monkeypatch.setenv("YITONG_SECRET_KEY", "never to be handed on")
    path = tmp_path / "t.csv"
    path.write_text(text(2_000))
    seen = []

    def look(progress):
        for child in left_behind():
            seen.append((child.cmdline(), set(child.environ())))

    load(path, progress=look)
    assert seen
    assert all(names <= set(hands._INHERITED) | {"LC_CTYPE"} for _, names in seen)
    assert all(len("".join(words)) < 300 for words, _ in seen)


def test_on_one_core_there_are_none(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert hands.hands_here() == 0
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert hands.hands_here() == 4


def test_a_hand_ends_with_the_process_that_began_it():
    begin = (
        f"import sys, time; sys.path[:0] = {sys.path!r}\n"
        "from yitong.data.sources.hands import Hand\n"
        "hand = Hand(None)\n"
        "print(hand._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", begin], stdout=subprocess.PIPE, text=True)
    hand = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if not hand.is_running() or hand.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    pytest.fail("it is still there")


def test_a_small_load_begins_none(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "Hands", None)
    path = tmp_path / "t.csv"
    path.write_text("编码,数量\na,1\n")
    assert load(path, things_plan()).rows == 1

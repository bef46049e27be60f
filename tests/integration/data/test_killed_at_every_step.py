"""SIGKILL before every single step of a load, one after another: the old rows, or the new ones, and never a mixture.

The load runs in a fork that kills itself before its n-th step: a statement, a chunk of COPY, a commit. The test goes up
until a load comes through, so no step is left out, whatever steps a later version of the load has.
"""

import os
import signal
import time
import warnings
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.utils import CursorWrapper

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.sources import BY, csv_file, source_of, things_plan
from yitong.base.ledger import api as ledger
from yitong.base.ledger.models import Entry
from yitong.data.sources import delimited, shelf
from yitong.data.sources.api import clean_leftovers, copy_in, open_table, source_table
from yitong.data.sources.queries import table_digest

pytestmark = [
    pytest.mark.faults, pytest.mark.bulk, pytest.mark.committed, pytest.mark.usefixtures("node_keys"),
]  # fmt: skip
OLD, NEW = 3, 11
MOST_STEPS = 200


@pytest.fixture
def files(tmp_path, monkeypatch) -> tuple[Path, Path]:
    monkeypatch.setattr(delimited, "BATCH_ROWS", 4)  # three chunks
    head = ["编码", "数量"]
    return (
        csv_file(tmp_path / "old.csv", [head, *([f"a{n}", "1"] for n in range(OLD))]),
        csv_file(tmp_path / "new.csv", [head, *([f"n{n}", "2"] for n in range(NEW))]),
    )


def load(path: Path) -> bytes:
    """The digest of what was loaded."""
    source = source_of(path)
    return copy_in(plan=things_plan(), reader=open_table(str(path)), source=source, by=BY).digest


def killed_before(step: int, path: Path) -> bool:
    """Whether there was such a step; if not, the load came through."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # later Pythons warn of a fork beside threads
        child = os.fork()
    if not child:
        try:
            _in_the_fork(step, path)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _in_the_fork(step: int, path: Path) -> None:
    # The parent's session is not ours: neither used nor ended.
    inherited = connections["default"].connection
    connections["default"].connection = None
    left = iter(range(step, -1, -1))

    def stepping(function):
        def stepped(*arguments, **options):
            if next(left, 0) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return stepped

    CursorWrapper.execute = stepping(CursorWrapper.execute)
    psycopg.Cursor.copy = stepping(psycopg.Cursor.copy)
    DatabaseWrapper._commit = stepping(DatabaseWrapper._commit)
    load(path)
    del inherited
    os._exit(0)


def gone(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is null", [f"{shelf.SCHEMA}.{table}"])
        return bool(cursor.fetchone()[0])


def swept() -> None:
    """As the next start of the node does it; the server needs a moment to see that a client is dead."""
    for _ in range(100):
        clean_leftovers(by=BY)
        if gone("stage_r34"):
            return
        time.sleep(0.02)
    raise AssertionError("a killed load's staging table stays")


@pytest.mark.timeout(300)
def test_a_load_killed_before_any_of_its_steps_publishes_all_or_nothing(files):
    old, new = files
    digests = {OLD: load(old)}
    connections.close_all()
    outcomes = []
    for step in count():
        assert step < MOST_STEPS
        before = Entry.objects.filter(event="sources.table_loaded").count()
        was_killed = killed_before(step, new)
        swept()
        table = source_table("r34")
        rows, digest = table.row_count, bytes(table.digest)
        assert rows in {OLD, NEW}
        digests.setdefault(rows, digest)
        assert digest == digests[rows] == table_digest("r34"), "the rows are those of the record"
        recorded = Entry.objects.filter(event="sources.table_loaded").count() - before
        assert recorded == (rows == NEW), "what is published is recorded, and nothing else"
        outcomes.append(rows)
        if not was_killed:
            break
        if rows == NEW:
            load(old)
        connections.close_all()
    assert len(outcomes) > 20, "there are that many steps at least"
    assert outcomes[-1] == NEW
    assert sorted(outcomes) == outcomes, (
        "once published it stays published, whatever is killed after"
    )
    ledger.sequence_all()
    assert ledger.verify().ok

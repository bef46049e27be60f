"""A load that is killed with SIGKILL, at random moments: the old rows stay, and the next start cleans up."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.db import connection

from tests.factories.sources import BY, csv_file, source_of, things_plan
from yitong.base.keys import api as keys
from yitong.data.sources.api import clean_leftovers, copy_in, open_table, source_table
from yitong.data.sources.queries import table_digest

pytestmark = [pytest.mark.faults, pytest.mark.committed]

SCRIPT = """
    import sys
    import django
    django.setup()
    from django.conf import settings
    from tests.factories.sources import BY, source_of, things_plan
    from yitong.data.sources.api import copy_in, open_table
    settings.YITONG_KEYS = sys.argv[2]
    tell = lambda progress: print(progress.rows, flush=True)
    copy_in(plan=things_plan(), reader=open_table(sys.argv[1]), source=source_of(sys.argv[1]), by=BY, progress=tell)
    print("done", flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_load_publishes_nothing(seed, database_url, tmp_path, settings):
    settings.YITONG_KEYS = tmp_path / "keys"
    keys.initialise(by=BY)
    old = csv_file(tmp_path / "old.csv", [["编码", "数量"], ["a", "1"]])
    before = copy_in(plan=things_plan(), reader=open_table(str(old)), source=source_of(old), by=BY)
    new = csv_file(
        tmp_path / "new.csv", [["编码", "数量"], *([f"n{n}", "2"] for n in range(80_000))]
    )
    root = Path(__file__).parents[3]
    loading = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), new, settings.YITONG_KEYS],
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "PYTHONPATH": str(root),
            "DJANGO_SETTINGS_MODULE": "yitong.config.settings",
        },
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(random.Random(seed).randrange(1, 17)):
        assert loading.stdout.readline().strip().isdecimal()
    loading.send_signal(signal.SIGKILL)
    loading.wait()
    loading.stdout.close()
    assert source_table("r34").row_count == 1
    assert table_digest("r34") == before.digest
    # The server notices the dead client within a moment and gives the lock back.
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.5)")
    clean_leftovers(by=BY)
    again = copy_in(plan=things_plan(), reader=open_table(str(new)), source=source_of(new), by=BY)
    assert (again.rows, table_digest("r34")) == (80_000, again.digest)

"""The digest of a table: of what is stored, by any type, and made again by anybody who holds the table."""

import hashlib
import subprocess

import pytest
from django.db import connection

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.people_file import PEOPLE, PLAN, load
from yitong.data.sources.api import (
    ClearColumn,
    CopyPlan,
)
from yitong.data.sources.models import SourceTable
from yitong.data.sources.queries import table_digest
from yitong.hosting.programs import wheel_programs

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]


def test_the_digest_in_the_ledger_is_that_of_the_stored_rows(tmp_path):
    report = load(tmp_path, PEOPLE, PLAN)
    assert table_digest("r1") == report.digest
    with connection.cursor() as cursor:
        cursor.execute("update shared_rows.rows_r1 set c1 = '在册' where c1 = '停发'")
    assert table_digest("r1") != report.digest


def test_every_type_in_clear_has_one_digest_before_and_after(tmp_path):
    plan = CopyPlan("r9", "键", "text", tuple(ClearColumn(n, n) for n in "CMNYIDTL"))
    rows = [["键", *"CMNYIDTL"], ["k", "a", "b", "1,234.50", "¥0.10", "1E3", "2026年3月5日", "2026-03-05 8:01", "是"],
            ["l", "", "", "", "-", "", "", "2026-03-05T00:00:00Z", "0"]]  # fmt: skip
    report = load(tmp_path, rows, plan)
    assert report.rows == 2
    assert table_digest("r9") == report.digest
    columns = ", ".join(f"c{n}::text" for n in range(8))
    with connection.cursor() as cursor:
        cursor.execute("set timezone to 'UTC'")
        cursor.execute(f"select {columns} from shared_rows.rows_r9 order by line")
        assert cursor.fetchall() == [
            ("a", "b", "1234.50", "0.10", "1000", "2026-03-05", "2026-03-05 00:01:00+00", "true"),
            (None, None, None, None, None, None, "2026-03-05 00:00:00+00", "false"),
        ]


COPIED = "copy (select key, line, region, sealed, c0, c1 from shared_rows.rows_r1 order by line) to stdout"


def test_anybody_with_psql_makes_the_digest_again(tmp_path, database_url):
    report = load(tmp_path, PEOPLE, PLAN)
    psql = [str(wheel_programs() / "psql"), "-X", "-d", database_url]
    rows = subprocess.run(
        [*psql, "-c", f"{COPIED} (format binary)"], check=True, capture_output=True
    )
    assert hashlib.sha256(rows.stdout).digest() == report.digest


def test_a_table_that_was_digested_as_text_is_still_proved(tmp_path):
    load(tmp_path, PEOPLE, PLAN)
    with connection.cursor() as cursor:
        cursor.execute("set timezone to 'UTC'")
        with cursor.copy(COPIED) as copy:
            text = b"".join(copy)
    SourceTable.objects.filter(table_key="r1").update(digest_form="text")
    assert table_digest("r1") == hashlib.sha256(text).digest()


def test_a_digest_may_take_longer_than_a_statement_of_ours(tmp_path):
    report = load(tmp_path, PEOPLE, PLAN)
    with connection.cursor() as cursor:
        cursor.execute(
            "alter table shared_rows.rows_r1 rename to slow;"
            "create view shared_rows.rows_r1 as select slow.* from shared_rows.slow, pg_sleep(0.5);"
            "set statement_timeout to '200ms'"
        )
    assert table_digest("r1") == report.digest

"""The index is made when all rows are there, and nobody waits for it."""

import threading

import psycopg
import pytest
from django.db import connection, connections

from tests.factories.sources import things_plan
from yitong.data.sources import shelf

pytestmark = pytest.mark.committed


def staged(rows: int, plan=None) -> None:
    shelf.make_staging(plan or things_plan())
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into shared_rows.stage_r34 (key, line) select sha256(n::text::bytea), n from generate_series(1, %s) n",
            [rows],
        )


def test_one_key_twice_is_refused_by_the_server_too():
    staged(2)
    with connection.cursor() as cursor:
        cursor.execute("update shared_rows.stage_r34 set key = 'same'")
    with pytest.raises(Exception, match="could not create unique index"):
        shelf.index_keys(things_plan())
    several = things_plan(one_row_per_key=False)
    shelf.make_staging(several)
    staged(2, several)
    shelf.index_keys(several)


def test_the_time_of_a_transaction_is_bounded_again_afterwards():
    def bounds():
        with connection.cursor() as cursor:
            cursor.execute("select name, setting from pg_settings where name like '%_timeout'")
            return dict(cursor.fetchall())

    staged(1)
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = 1234")
    before = bounds()
    shelf.index_keys(things_plan())
    assert bounds() == before


@pytest.mark.slow
@pytest.mark.bulk
def test_the_ledger_goes_on_while_an_index_is_made(database_url):
    """Else every entry waits to be sequenced until a large table is indexed."""
    staged(400_000)
    behind = []

    def index():
        shelf.index_keys(things_plan())
        connections.close_all()

    at_work = threading.Thread(target=index)
    with psycopg.connect(database_url, autocommit=True) as other:
        at_work.start()
        while at_work.is_alive():
            row = other.execute(
                "select pg_current_xact_id()::text::bigint - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
                " (select count(*) from pg_stat_progress_create_index)"
            ).fetchone()
            if row[1]:
                behind.append(row[0])
    at_work.join()
    assert len(behind) > 20, "seen while it was made"
    # A transaction that lasts would leave us further behind each time, to the end.
    assert max(behind) < len(behind) / 4

"""A database is brought to this release once, by one process, and quickly found ready afterwards."""

import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from yitong.base.keys.errors import KeyStoreMissing
from yitong.base.keys.models import PseudonymKey
from yitong.base.ledger.models import Entry
from yitong.base.statutes.models import Limit
from yitong.config import start
from yitong.data.sharing.api import purposes
from yitong.data.standards.models import DataElement

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120)]

EVERY = [
    "检查数据库",
    "更新数据库结构",
    "准备密钥",
    "接续账本",
    "准备本月分区",
    "载入时限登记簿",
    "准备登录签名密钥",
    "载入数据元",
    "载入使用目的",
]


@pytest.fixture(autouse=True)
def fresh(database_url, settings, monkeypatch, tmp_path) -> Path:
    """A migrated database that nothing has prepared, and a key store that is not there yet."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    settings.YITONG_KEYS = tmp_path / "keys"
    return settings.YITONG_KEYS


def prepared() -> list[str]:
    steps: list[str] = []
    start.prepare(steps.append)
    return steps


def mark() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select obj_description('django_migrations'::regclass, 'pg_class')")
        return cursor.fetchone()[0]


def put_mark(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"comment on table django_migrations is '{text}'")


def test_a_fresh_database_gets_all_it_needs_and_a_second_look_does_nothing(
    django_assert_num_queries,
):
    assert prepared() == EVERY
    assert PseudonymKey.objects.count() == 1
    assert Limit.objects.exists()
    assert DataElement.objects.exists()
    assert purposes().exists()
    recorded = Entry.objects.get(event="keys.initialised")
    assert recorded.account.startswith("operator:")
    entries = Entry.objects.count()
    with django_assert_num_queries(1):
        assert prepared() == []
    assert Entry.objects.count() == entries


@pytest.mark.slow
def test_a_new_month_only_makes_its_partitions():
    prepared()
    release, system, _month = mark().split()
    put_mark(f"{release} {system} 2020-01")
    with connection.cursor() as cursor:
        cursor.execute(
            "select 'drop table ' || string_agg(oid::regclass::text, ', ') from pg_class where relname ~ '^exchange_usage_20' and relkind = 'r'"
        )
        cursor.execute(cursor.fetchone()[0])
    assert prepared() == ["准备本月分区"]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_class where relname ~ '^exchange_usage_20.._..$'")
        assert cursor.fetchone()[0] == 3


@pytest.mark.slow
def test_a_new_release_and_a_move_to_another_cluster_are_noticed():
    prepared()
    _release, system, month = mark().split()
    put_mark(f"older {system} {month}")
    assert prepared() == [step for step in EVERY if step not in {"接续账本", "准备本月分区"}]
    release = mark().split()[0]
    put_mark(f"{release} 1 {month}")
    assert prepared() == ["接续账本"]
    assert prepared() == []


@pytest.mark.slow
def test_a_database_whose_keys_are_gone_is_never_given_new_ones(fresh):
    prepared()
    fresh.rename(fresh.with_name("elsewhere"))
    with pytest.raises(KeyStoreMissing):
        prepared()


@pytest.mark.slow
def test_of_two_that_start_at_once_one_prepares():
    found, faults = [], []

    def one() -> None:
        try:
            found.append(prepared())
        except Exception as error:  # noqa: BLE001
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(found, key=len) == [[], [], EVERY]
    assert Entry.objects.filter(event="keys.initialised").count() == 1


def test_the_digest_of_a_release_covers_migrations_and_seeds(monkeypatch):
    first = start.release()
    start.release.cache_clear()
    monkeypatch.setattr(start, "_SHAPING", start._SHAPING[:1])
    try:
        assert start.release() != first
    finally:
        start.release.cache_clear()


@pytest.mark.slow
def test_a_node_s_start_asks_four_cheap_questions_first(database_url, monkeypatch, tmp_path, fresh):
    monkeypatch.setenv("YITONG_DATA", str(tmp_path))
    monkeypatch.setenv("YITONG_KEYS", str(fresh))
    with psycopg.connect(database_url, autocommit=True) as raw:
        todo = start._to_do(raw, ["--with-regions"])
        assert todo == {"prepare": True, "clean": False, "static": True, "regions": True}
        prepared()
        raw.execute("create table shared_rows.stage_r1 (x int)")
        start._static_mark(tmp_path).touch()
        todo = start._to_do(raw, [])
    assert todo == {"prepare": False, "clean": True, "static": False, "regions": False}

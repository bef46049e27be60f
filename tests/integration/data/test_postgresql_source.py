"""A table of somebody's PostgreSQL: looked at and read where it stands, never written, never waited for long."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.sources import BY, source_of
from yitong.data.sources import breaker, errors, postgresql, remote
from yitong.data.sources.api import (
    ClearColumn,
    CopyPlan,
    copy_in,
    link_in_place,
    open_table,
    profile,
    remote_row,
    source_table,
)
from yitong.data.sources.locations import server_location
from yitong.data.standards.api import match
from yitong.kernel.codes import person_number

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

TABLE = """
    create schema hj;
    create table hj.people (
        sfzh varchar(18) primary key, xm text not null, csrq date, je numeric(10, 2), zt char(2), extra jsonb
    );
    comment on column hj.people.zt is '保障状态';
    insert into hj.people values
        ('890102199203150020', '林晓桐', '1992-03-15', 12.50, '在册', '{"a": 1}'),
        ('890102198001010013', '王伟', null, null, '停发', null);
"""
PLAN = CopyPlan(
    table_key="r1",
    key_column="sfzh",
    key_kind="person",
    clear=(ClearColumn("csrq", "D"), ClearColumn("zt")),
    sealed=("sfzh", "xm"),
)


@pytest.fixture
def theirs(database_url) -> Iterator[psycopg.Connection]:
    """The office's own database; here it is the same server."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(TABLE)
        yield connection
    remote.close_remote_databases()


@pytest.fixture
def location(database_url, theirs) -> str:
    return with_table(database_url, "hj.people")


def with_table(url: str, table: str) -> str:
    parts = urlsplit(url)
    query = f"{parts.query}&table={table}" if parts.query else f"table={table}"
    return urlunsplit(parts._replace(query=query))


def test_columns_types_comments_and_key_come_from_the_catalogue(location):
    reader = open_table(location)
    assert [(c.name, c.declared, c.is_key) for c in reader.columns][:2] == [
        ("sfzh", "character varying(18)", True),
        ("xm", "text", False),
    ]
    assert reader.columns[4].comment == "保障状态"


def test_the_same_profile_as_for_a_file(location):
    found = profile(open_table(location))
    assert (found.row_count, found.about_persons) == (2, True)
    assert "".join(column.type_letter for column in found.columns) == "CCDNCC"
    assert found.column("csrq").null_count == 1
    assert match(found.column("sfzh"))[0].code == "DE01001"
    assert "林晓桐" not in repr(found)


def test_a_large_table_is_sampled_and_counted(database_url, theirs, monkeypatch):
    monkeypatch.setattr(postgresql, "PROFILE_ROWS", 1_000)
    monkeypatch.setattr(postgresql.TableReader, "profile_limit", 1_000)
    theirs.execute(
        "create table public.big as select n as id, 'x' || n as name from generate_series(1, 50000) n"
    )
    theirs.execute("analyze public.big")
    found = profile(open_table(with_table(database_url, "big")))
    assert found.row_count == 50_000
    assert 300 < found.rows_seen <= 1_000
    assert any("抽取" in note.sentence for note in found.notes)


def test_a_view_is_read_too(database_url, theirs):
    theirs.execute("create view hj.listed as select sfzh, xm from hj.people")
    assert len(list(open_table(with_table(database_url, "hj.listed")).rows())) == 2


def test_strange_names_are_only_names(database_url, theirs):
    theirs.execute('create table hj."a""b %s; drop" ("列 一" int, "%(x)s" text)')
    theirs.execute('insert into hj."a""b %s; drop" values (1, \'x\')')
    url = with_table(database_url, "hj.a%22b%20%25s%3B%20drop")
    assert [row.values for row in open_table(url).rows()] == [("1", "x")]


def test_a_missing_table_is_refused_with_those_there_are(database_url, theirs):
    with pytest.raises(errors.TableMissing, match=r"hj\.people"):
        open_table(with_table(database_url, "hj.nothing"))
    with pytest.raises(errors.TableMissing, match=r"hj\.people"):
        open_table(database_url)


def test_an_account_that_may_not_read_is_told_so(location, theirs):
    theirs.execute("revoke select on hj.people from current_user")
    with pytest.raises(errors.SourceForbidden, match=r"hj\.people"):
        open_table(location)


def test_nothing_can_be_written_through_a_source(location):
    with (
        pytest.raises(errors.SourceFailed),
        postgresql.connected(server_location(location)) as connection,
    ):
        connection.execute("delete from hj.people")


def test_a_server_that_is_not_there_is_refused_without_its_password():
    with pytest.raises(errors.SourceUnreachable) as caught:
        open_table("postgresql://lin:s3cret@127.0.0.1:1/x?table=a")
    assert "s3cret" not in str(caught.value)
    assert "lin" not in str(caught.value)


def test_a_server_that_hangs_is_left_in_time(monkeypatch):
    monkeypatch.setattr(postgresql, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        started = time.monotonic()
        with pytest.raises(errors.SourceUnreachable):
            open_table(f"postgresql://lin@127.0.0.1:{port}/x?table=a")
        assert time.monotonic() - started < 10


def test_a_slow_statement_is_stopped(location):
    def slow() -> None:
        with postgresql.connected(server_location(location)) as connection:
            connection.execute("set statement_timeout = '100ms'")
            connection.execute("select pg_sleep(5)")

    with pytest.raises(errors.SourceTooSlow):
        slow()


def test_a_table_that_changes_while_it_is_read_is_read_as_it_was(location, theirs, monkeypatch):
    monkeypatch.setattr(postgresql, "BATCH_ROWS", 1)
    batches = open_table(location).batches()
    first = next(batches)
    theirs.execute("delete from hj.people")
    assert len(first.rows) + sum(len(batch.rows) for batch in batches) == 2


def test_a_table_can_be_copied_in(location):
    report = copy_in(plan=PLAN, reader=open_table(location), source=source_of(location), by=BY)
    assert (report.rows, report.refused) == (1, 1)


def test_a_row_is_read_in_place_by_key_in_every_form(location, theirs):
    theirs.execute("update hj.people set sfzh = '890102920315002' where xm = '林晓桐'")
    table = link_in_place(plan=PLAN, source=source_of(location), by=BY)
    assert (table.state, table.row_count) == ("in_place", 2)
    assert remote_row("r1", ["xm", "csrq"], "890102199203150020") == [
        {"xm": "林晓桐", "csrq": "1992-03-15"}
    ]
    assert remote_row("r1", ["xm"], person_number("890103", date(1992, 3, 15), 2)) == []


def test_a_column_outside_the_plan_is_not_read(location):
    link_in_place(plan=PLAN, source=source_of(location), by=BY)
    with pytest.raises(errors.BadPlan):
        remote_row("r1", ["je"], "890102199203150020")
    with pytest.raises(errors.UnknownSource):
        remote_row("r2", ["xm"], "890102199203150020")


@pytest.mark.slow
def test_a_source_that_fails_again_and_again_rests(monkeypatch):
    monkeypatch.setattr(remote, "CALL_SECONDS", 1)
    dead = server_location("postgresql://lin@127.0.0.1:1/x?table=a")
    for _ in range(breaker.FAILURES):
        with pytest.raises(errors.SourceUnreachable):
            remote.fetch_by_key(dead, PLAN, ["xm"], "890102199203150020")
    started = time.monotonic()
    with pytest.raises(errors.SourceResting, match="秒后"):
        remote.fetch_by_key(dead, PLAN, ["xm"], "890102199203150020")
    assert time.monotonic() - started < 0.5
    remote.close_remote_databases()


def test_many_threads_share_a_few_connections(location, theirs):
    link_in_place(plan=PLAN, source=source_of(location), by=BY)
    place, found = server_location(location), []

    def read() -> None:
        found.extend(remote.fetch_by_key(place, PLAN, ["xm"], "890102199203150020"))

    threads = [threading.Thread(target=read) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 30
    (count,) = theirs.execute(
        "select count(*) from pg_stat_activity where application_name = 'yitong' and datname = current_database()"
    ).fetchone()
    assert count <= remote.POOL_SIZE


def test_a_linked_table_keeps_its_password_sealed(location):
    link_in_place(plan=PLAN, source=source_of(location), by=BY)
    assert b"postgresql" not in bytes(source_table("r1").source.sealed)

"""A table of somebody's PostgreSQL: looked at and read where it stands, never written, never waited for long."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.sources import BY, source_of
from tests.factories.stalling import Proxy, proxy_to
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


# A line that goes silent or is cut: a proxy in between keeps our end of it alive.


@pytest.fixture
def proxy(database_url, theirs) -> Iterator[Proxy]:
    """Before the office's server, which here listens on a socket or a port."""
    known = conninfo_to_dict(database_url)
    host, port = str(known.get("host") or "127.0.0.1"), int(known.get("port") or 5432)
    with proxy_to(Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else port) as found:
        yield found


def behind(proxy: Proxy, database_url: str, table: str) -> str:
    known = conninfo_to_dict(database_url)
    account = f"{known['user']}:{quote(str(known.get('password', '')))}"
    return f"postgresql://{account}@127.0.0.1:{proxy.port}/{known['dbname']}?table={table}"


@pytest.fixture
def _hasty(monkeypatch):
    monkeypatch.setattr(postgresql.Connection, "patience", 3)
    monkeypatch.setattr(postgresql, "CONNECT_SECONDS", 10)


@pytest.mark.slow
@pytest.mark.usefixtures("_hasty")
@pytest.mark.timeout(60)
def test_a_line_that_is_silent_from_the_start_is_left_in_time(proxy, database_url):
    with proxy.silent(), pytest.raises((errors.SourceTooSlow, errors.SourceUnreachable)):
        open_table(behind(proxy, database_url, "hj.people"))


@pytest.mark.slow
@pytest.mark.usefixtures("_hasty")
@pytest.mark.timeout(60)
@pytest.mark.parametrize("end", ["silent", "cut"])
def test_a_line_that_ends_among_the_rows_publishes_nothing(end, proxy, database_url, theirs):
    theirs.execute(
        "create table hj.long as select n::text as bm, repeat('桐', 300) as v from generate_series(1, 20000) n"
    )
    url = behind(proxy, database_url, "hj.long")
    reader, plan = open_table(url), CopyPlan("r8", "bm", "text", (ClearColumn("bm"),))

    def break_off(progress) -> None:
        if end == "cut":
            proxy.drop()
        else:
            proxy.silent_after(200_000)

    # Silence may fall on the rows or on the next connection, as the server's buffers have it; a cut is a cut.
    silence = (errors.SourceTooSlow, errors.SourceUnreachable)
    with pytest.raises(errors.SourceUnreachable if end == "cut" else silence):
        copy_in(plan=plan, reader=reader, source=source_of(url), by=BY, progress=break_off)
    with pytest.raises(errors.UnknownSource):
        source_table("r8")
    (left,) = theirs.execute(
        "select count(*) from pg_tables where schemaname = 'shared_rows'"
    ).fetchone()
    assert left == 0


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_calls_into_a_silent_line_end_and_the_source_then_rests(proxy, database_url, monkeypatch):
    monkeypatch.setattr(remote, "CALL_SECONDS", 1)
    monkeypatch.setattr(remote, "GRACE_SECONDS", 0)
    url = behind(proxy, database_url, "hj.people")
    link_in_place(plan=PLAN, source=source_of(url), by=BY)
    assert remote_row("r1", ["xm"], "890102199203150020") == [{"xm": "林晓桐"}]
    with proxy.silent():
        for _ in range(breaker.FAILURES):
            with pytest.raises((errors.SourceTooSlow, errors.SourceUnreachable)):
                remote_row("r1", ["xm"], "890102199203150020")
        with pytest.raises(errors.SourceResting):
            remote_row("r1", ["xm"], "890102199203150020")
    remote.close_remote_databases()
    assert remote_row("r1", ["xm"], "890102199203150020") == [{"xm": "林晓桐"}]


def test_a_value_beyond_all_bounds_is_a_fault_by_number_and_is_never_sent(theirs, database_url):
    theirs.execute("create table hj.scans (bm text, scan text)")
    theirs.execute(
        "insert into hj.scans values ('a', 'x'), ('b', repeat('y', 1048577)), ('c', null)"
    )
    url = with_table(database_url, "hj.scans")
    reader = open_table(url)
    assert [row.values for row in reader.rows()] == [("a", "x"), ("c", None)]
    assert [(f.line, f.code) for f in reader.faults] == [(2, "line_too_long")]
    plan = CopyPlan("r6", "bm", "text", (ClearColumn("bm"), ClearColumn("scan")))
    link_in_place(plan=plan, source=source_of(url), by=BY)
    assert remote_row("r6", ["scan"], "a") == [{"scan": "x"}]
    with pytest.raises(errors.SourceRowTooLarge, match="1 MB"):
        remote_row("r6", ["scan"], "b")


def test_large_rows_come_in_small_batches(theirs, database_url):
    theirs.execute(
        "create table hj.large as select n, repeat('z', 500000) as v from generate_series(1, 40) n"
    )
    batches = list(open_table(with_table(database_url, "hj.large")).batches())
    assert sum(len(batch.rows) for batch in batches) == 40
    assert max(len(batch.rows) for batch in batches) <= postgresql.BATCH_SIGNS // 500_000 + 1

"""A table of somebody's MariaDB: looked at and read where it stands, never written, never waited for long."""

import time
import tracemalloc
from collections.abc import Iterator

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.mariadb import MariaDb, mariadb_server
from tests.factories.sources import BY, source_of
from tests.factories.stalling import Proxy, proxy_to
from yitong.data.sources import breaker, errors, mysql, remote, remote_mysql
from yitong.data.sources.api import (
    ClearColumn,
    CopyPlan,
    copy_in,
    link_in_place,
    open_table,
    profile,
    remote_row,
    source_table,
    tables_at,
)
from yitong.data.sources.locations import server_location
from yitong.data.sources.queries import location_of

pytestmark = [pytest.mark.slow, pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

PLAN = CopyPlan(
    table_key="r1",
    key_column="sfzh",
    key_kind="person",
    clear=(ClearColumn("csrq", "D"), ClearColumn("zt")),
    sealed=("sfzh", "xm"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDb]:
    with mariadb_server() as server:
        yield server


@pytest.fixture
def hall(server) -> Iterator[MariaDb]:
    """The office's own database with a table of people."""
    server.run(
        "drop database if exists hall",
        "create database hall character set utf8mb4",
        """create table hall.people (
               sfzh varchar(18) primary key, xm varchar(50), csrq date, je decimal(10, 2),
               zt varchar(20) comment '保障状态', pic varbinary(4)
           ) engine = InnoDB""",
        """insert into hall.people values
               ('890102199203150020', '林晓桐', '1992-03-15', 12.50, '在册', 0x00ff),
               ('890102198001010013', '王伟', null, null, '停发', null)""",
    )
    yield server
    remote.close_remote_databases()


def test_columns_types_comments_and_key_come_from_the_catalogue(hall):
    reader = open_table(hall.url("people"))
    assert [(c.name, c.declared, c.is_key) for c in reader.columns][:2] == [
        ("sfzh", "varchar(18)", True), ("xm", "varchar(50)", False),
    ]  # fmt: skip
    assert reader.columns[4].comment == "保障状态"
    assert [row.values for row in reader.rows()][1] == (
        "890102199203150020", "林晓桐", "1992-03-15", "12.50", "在册", "00FF",
    )  # fmt: skip


def test_the_same_profile_as_for_a_file(hall):
    found = profile(open_table(hall.url("people")))
    assert (found.row_count, found.about_persons) == (2, True)
    assert "".join(column.type_letter for column in found.columns)[:5] == "CCDNC"
    assert "林晓桐" not in repr(found)


def test_text_in_another_character_set_and_odd_values_are_read(hall):
    hall.run(
        "create table hall.old (a varchar(9) character set gbk, b date, c json, d bit(4), e year) engine = MyISAM",
        "set sql_mode = ''",
    )
    hall.run("insert into hall.old values ('桐花路', '2026-03-05', '{\"x\": 1}', b'101', 2026)")
    assert [row.values for row in open_table(hall.url("old")).rows()] == [
        ("桐花路", "2026-03-05", '{"x": 1}', "5", "2026")
    ]


def test_strange_names_are_only_names(hall):
    hall.run(
        "create table hall.`a``b %s; drop` (`列 一` int primary key, `%(x)s` varchar(9))",
        "insert into hall.`a``b %s; drop` values (1, 'x')",
    )
    url = hall.url("a%60b%20%25s%3B%20drop")
    assert [row.values for row in open_table(url).rows()] == [("1", "x")]
    plan = CopyPlan("r9", "列 一", "text", (ClearColumn("列 一"), ClearColumn("%(x)s")))
    link_in_place(plan=plan, source=source_of(url), by=BY)
    assert remote_row("r9", ["%(x)s"], "1") == [{"%(x)s": "x"}]
    assert remote_row("r9", ["%(x)s"], "1 or 1=1") == []
    assert remote_row("r9", ["%(x)s"], "1x") == [], "no number is made of a text"


def test_a_whole_database_is_its_tables(hall):
    hall.run("create table hall.lamps (bm varchar(9))", "create view hall.shown as select 1 a")
    assert [table.name for table in tables_at(hall.url())] == ["lamps", "people", "shown"]


def test_a_missing_table_is_refused_with_those_there_are(hall):
    with pytest.raises(errors.TableMissing, match="people"):
        open_table(hall.url("nothing"))
    with pytest.raises(errors.SourceUnreachable, match="没有这个数据库"):
        open_table(hall.url("people", database="nothing"))


def test_an_account_that_may_not_read_or_enter_is_told_so(hall):
    hall.run(
        "create or replace user lin@'127.0.0.1' identified by 's3cret'",
        "grant insert on hall.people to lin@'127.0.0.1'",
    )
    with pytest.raises(errors.SourceForbidden):
        open_table(hall.url("people", account="lin:s3cret"))
    with pytest.raises(errors.SourceUnreachable) as caught:
        open_table(hall.url("people", account="lin:wr0ng"))
    assert "账号" in str(caught.value)
    assert "wr0ng" not in str(caught.value)


def test_a_password_from_the_environment_opens_the_table_and_is_kept_sealed(hall, monkeypatch):
    hall.run(
        "create or replace user lin@'127.0.0.1' identified by 's3cret'",
        "grant select on hall.* to lin@'127.0.0.1'",
    )
    url = hall.url("people", account="lin")
    monkeypatch.setenv("MYSQL_PWD", "s3cret")
    link_in_place(plan=PLAN, source=source_of(url), by=BY)
    monkeypatch.delenv("MYSQL_PWD")
    assert remote_row("r1", ["xm"], "890102199203150020") == [{"xm": "林晓桐"}]
    source = source_table("r1").source
    assert source.kind == "mysql"
    assert b"s3cret" not in bytes(source.sealed)
    assert "s3cret" in location_of(source)


def test_nothing_can_be_written_through_a_source(hall):
    with (
        pytest.raises(errors.SourceFailed),
        mysql.connected(server_location(hall.url("people"))) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("delete from people")


def test_a_table_that_changes_while_it_is_read_is_read_as_it_was(hall, monkeypatch):
    monkeypatch.setattr(mysql, "BATCH_ROWS", 1)
    reader = open_table(hall.url("people"))
    batches = reader.batches()
    first = next(batches)
    hall.run("delete from hall.people")
    assert len(first.rows) + sum(len(batch.rows) for batch in batches) == 2
    reader.check_unchanged()


def test_a_table_without_snapshots_that_was_written_meanwhile_is_not_used(hall):
    hall.run("create table hall.t (a int) engine = MyISAM", "insert into hall.t values (1)")
    reader = open_table(hall.url("t"))
    list(reader.rows())
    time.sleep(1.1)  # its engine says when to the second
    hall.run("insert into hall.t values (2)")
    with pytest.raises(errors.SourceChanged):
        reader.check_unchanged()


def test_a_table_can_be_copied_in(hall):
    report = copy_in(
        plan=PLAN,
        reader=open_table(hall.url("people")),
        source=source_of(hall.url("people")),
        by=BY,
    )
    assert (report.rows, report.refused) == (1, 1)


def test_a_row_is_read_in_place_by_its_exact_key(hall):
    hall.run("update hall.people set sfzh = '890102920315002' where xm = '林晓桐'")
    table = link_in_place(plan=PLAN, source=source_of(hall.url("people")), by=BY)
    assert (table.state, table.row_count) == ("in_place", 2)
    assert remote_row("r1", ["xm", "csrq"], "890102199203150020") == [
        {"xm": "林晓桐", "csrq": "1992-03-15"}
    ]
    hall.run(
        "create table hall.k (bm varchar(9) primary key, v int)",
        "insert into hall.k values ('AB', 1)",
    )
    plan = CopyPlan("r5", "bm", "text", (ClearColumn("bm"), ClearColumn("v")))
    link_in_place(plan=plan, source=source_of(hall.url("k")), by=BY)
    assert remote_row("r5", ["v"], "AB") == [{"v": "1"}]
    assert remote_row("r5", ["v"], "ab") == [], "a collation's idea of equal is not ours"


def test_a_server_that_hangs_is_left_in_time(hall, monkeypatch):
    monkeypatch.setattr(mysql, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(mysql, "STATEMENT_SECONDS", 1)
    started = time.monotonic()
    with hall.stopped(), pytest.raises((errors.SourceUnreachable, errors.SourceTooSlow)):
        open_table(hall.url("people"))
    assert time.monotonic() - started < 15


def test_a_server_that_drops_in_the_middle_publishes_nothing(hall, monkeypatch):
    rows = ", ".join(f"('a{n}', '{'x' * 500}')" for n in range(5_000))
    hall.run(
        "create table hall.big (bm varchar(9) primary key, v text)",
        f"insert into hall.big values {rows}",
    )
    for sign in "xy":
        hall.run(f"insert into hall.big select concat(bm, '{sign}'), v from hall.big")
    plan = CopyPlan("r7", "bm", "text", (ClearColumn("bm"),))
    reader = open_table(hall.url("big"))
    whole = type(reader).batches

    def dropping(self, limit=None):
        for number, batch in enumerate(whole(self, limit)):
            yield batch
            if number == 0:
                kill(hall)

    monkeypatch.setattr(type(reader), "batches", dropping)
    with pytest.raises(errors.SourceUnreachable):
        copy_in(plan=plan, reader=reader, source=source_of(hall.url("big")), by=BY)
    with pytest.raises(errors.UnknownSource):
        source_table("r7")


def kill(server: MariaDb) -> None:
    """End every session but this one, as a fallen server or line would."""
    import pymysql

    with pymysql.connect(host="127.0.0.1", port=server.port, user="root") as connection:
        cursor = connection.cursor()
        cursor.execute("select id from information_schema.processlist where id <> connection_id()")
        for (number,) in cursor.fetchall():
            cursor.execute(f"kill {number}")


def test_a_connection_that_was_closed_meanwhile_is_opened_again(hall):
    link_in_place(plan=PLAN, source=source_of(hall.url("people")), by=BY)
    assert remote_row("r1", ["xm"], "890102199203150020")
    kill(hall)
    assert remote_row("r1", ["xm"], "890102199203150020") == [{"xm": "林晓桐"}]


def test_a_call_that_hangs_ends_and_after_five_the_source_rests(hall, monkeypatch):
    monkeypatch.setattr(remote_mysql, "CALL_SECONDS", 1)
    link_in_place(plan=PLAN, source=source_of(hall.url("people")), by=BY)
    remote_row("r1", ["xm"], "890102199203150020")
    with hall.stopped():
        for _ in range(breaker.FAILURES):
            with pytest.raises((errors.SourceTooSlow, errors.SourceUnreachable)):
                remote_row("r1", ["xm"], "890102199203150020")
        with pytest.raises(errors.SourceResting):
            remote_row("r1", ["xm"], "890102199203150020")


def test_memory_does_not_grow_with_the_table(hall):
    rows = ", ".join(f"({n}, '{'桐' * 200}')" for n in range(20_000))
    hall.run("create table hall.long (a int, b text)", f"insert into hall.long values {rows}")
    reader = open_table(hall.url("long"))
    tracemalloc.start()
    assert sum(len(batch.rows) for batch in reader.batches()) == 20_000
    assert tracemalloc.get_traced_memory()[1] < 12 << 20, "the whole table would take 20 MB"
    tracemalloc.stop()
    assert next(reader.batches()).lines[0] == 1, "a reading may be left in the middle"


# A line that goes silent or is cut: a proxy in between keeps our end of it alive.


@pytest.fixture
def proxy(hall) -> Iterator[Proxy]:
    with proxy_to(hall.port) as found:
        yield found


@pytest.mark.timeout(60)
@pytest.mark.parametrize("end", ["silent", "cut"])
def test_a_line_that_ends_among_the_rows_publishes_nothing(end, hall, proxy, monkeypatch):
    monkeypatch.setattr(mysql, "STATEMENT_SECONDS", 1)
    monkeypatch.setattr(mysql, "CONNECT_SECONDS", 2)
    rows = ", ".join(f"('a{n}', '{'桐' * 300}')" for n in range(15_000))
    hall.run(
        "create table hall.far (bm varchar(9) primary key, v text)",
        f"insert into hall.far values {rows}",
    )
    url = hall.url("far").replace(f":{hall.port}/", f":{proxy.port}/")
    reader, plan = open_table(url), CopyPlan("r8", "bm", "text", (ClearColumn("bm"),))

    def break_off(progress) -> None:
        if end == "cut":
            proxy.drop()
        else:
            proxy.silent_after(200_000)

    with pytest.raises((errors.SourceTooSlow, errors.SourceUnreachable)):
        copy_in(plan=plan, reader=reader, source=source_of(url), by=BY, progress=break_off)
    with pytest.raises(errors.UnknownSource):
        source_table("r8")


def test_a_value_beyond_all_bounds_is_a_fault_by_number_and_is_never_sent(hall):
    hall.run(
        "create table hall.scans (bm varchar(9) primary key, scan longtext)",
        "insert into hall.scans values ('a', 'x'), ('b', repeat('y', 1048577)), ('c', null)",
    )
    reader = open_table(hall.url("scans"))
    assert [row.values for row in reader.rows()] == [("a", "x"), ("c", None)]
    assert [(f.line, f.code) for f in reader.faults] == [(2, "line_too_long")]
    plan = CopyPlan("r6", "bm", "text", (ClearColumn("bm"), ClearColumn("scan")))
    link_in_place(plan=plan, source=source_of(hall.url("scans")), by=BY)
    assert remote_row("r6", ["scan"], "a") == [{"scan": "x"}]
    with pytest.raises(errors.SourceRowTooLarge, match="1 MB"):
        remote_row("r6", ["scan"], "b")


# Encryption.


def test_who_asks_for_encryption_gets_the_servers_certificate_verified(hall):
    """A made authority: the system knows nothing of it, its own file does, and another's file does not."""
    ours, others = hall.folder / "ca.pem", hall.folder / "other.pem"

    def state(more: str) -> str:
        url = f"{hall.url('people')}&{more}"
        with mysql.connected(server_location(url)) as connection, connection.cursor() as cursor:
            cursor.execute("show session status like 'Ssl_cipher'")
            return cursor.fetchall()[0][1]

    assert state(f"sslrootcert={ours}"), "and the name in the certificate is the host's"
    assert state(f"sslmode=verify-ca&sslrootcert={ours}")
    assert state("sslmode=require")
    assert not state("sslmode=disable")
    for more in ("ssl=true", f"sslrootcert={others}", f"sslmode=verify-ca&sslrootcert={others}"):
        with pytest.raises(errors.SourceUnreachable, match="证书不可信"):
            open_table(f"{hall.url('people')}&{more}")
    with pytest.raises(errors.SourceUnreachable, match="证书不可信"):
        open_table(hall.url("people").replace("127.0.0.1", "localhost") + f"&sslrootcert={ours}")
    with pytest.raises(errors.BadLocation, match="证书"):
        open_table(f"{hall.url('people')}&sslrootcert=/nowhere/ca.pem")


def without_encryption(sent: bytes) -> bytes:
    """The server's greeting as of one that cannot encrypt: the capability's bit is taken away."""
    if sent[4:5] != b"\x0a":
        return sent
    at = sent.index(b"\0", 5) + 1 + 4 + 8 + 1 + 1
    return sent[:at] + bytes([sent[at] & ~0x08]) + sent[at + 1 :]


def test_who_asked_for_encryption_reads_nothing_without_it(hall, proxy):
    proxy.altered = without_encryption
    url = hall.url("people").replace(f":{hall.port}/", f":{proxy.port}/")
    assert open_table(url).columns
    with pytest.raises(errors.SourceUnreachable, match="SSL"):
        open_table(f"{url}&sslmode=require")

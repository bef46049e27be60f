"""Loading a file's rows: all or nothing, sealed, once, and provable."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.people_file import OTHER, PEOPLE, PLAN, THIRD, load
from tests.factories.sources import BY, OWNER, csv_file, source_of, things_plan
from yitong.base.access.api import NotAllowed
from yitong.base.keys import api as keys
from yitong.base.ledger import api as ledger
from yitong.data.sources import actions, errors, shelf
from yitong.data.sources.api import (
    ClearColumn,
    clean_leftovers,
    copy_in,
    drop_table,
    open_table,
    register_source,
    row_statement,
    source_table,
)
from yitong.data.sources.models import LoadFault, Source
from yitong.data.sources.queries import location_of, table_digest
from yitong.data.sources.taken_keys import TakenKeys
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]


def things(*values: str) -> list[list[str]]:
    return [["编码", "数量"], *[[value, "1"] for value in values]]


def stored(table: str = "rows_r34") -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"select key, line, c1 from shared_rows.{table} order by line")
        return [(bytes(key).decode(), line, int(n)) for key, line, n in cursor.fetchall()]


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'shared_rows'")
        return {row[0] for row in cursor.fetchall()}


def found(table_key: str, value: str, columns=None) -> list[dict[str, str | None]]:
    statement = row_statement(table_key, columns)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, [statement.keys(value)])
        return [statement.read(row) for row in cursor.fetchall()]


def test_a_person_is_found_by_number_in_every_form_and_unsealed(tmp_path):
    load(tmp_path, PEOPLE, PLAN)
    whole = {
        "出生日期": "1992-03-15",
        "状态": "在册",
        "身份证号": "890102199203150020",
        "姓名": "林晓桐",
        "备注": '"家"',
    }
    assert found("r1", "890102199203150020") == [whole]
    assert found("r1", "890102920315002")[0]["姓名"] == "林晓桐"
    assert found("r1", "890102199203150020", ["姓名", "状态"]) == [
        {"姓名": "林晓桐", "状态": "在册"}
    ]
    assert found("r1", OTHER, ["备注"]) == [{"备注": None}]


def test_the_database_shows_no_person(tmp_path):
    """mechanisms 7: a dump without the master key shows no identifier, name, phone or address."""
    load(tmp_path, PEOPLE, PLAN)
    shown = []
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f'select t::text from "{schema}"."{table}" t')
            shown += [row[0] for row in cursor.fetchall()]
    dump = "\n".join(shown)
    for secret in ("890102199203150020", "林晓桐", "王伟", str(tmp_path)):
        assert secret not in dump
        assert secret.encode().hex() not in dump


def test_regions_are_kept_as_prefixes_and_keys_as_pseudonyms(tmp_path):
    load(tmp_path, PEOPLE, PLAN)
    with connection.cursor() as cursor:
        cursor.execute("select key, region, c0 from shared_rows.rows_r1 order by line")
        rows = cursor.fetchall()
    assert [row[1] for row in rows] == ["890102", "890103"]
    assert bytes(rows[0][0]) == keys.pseudonym("person", "890102199203150020")
    assert rows[0][2] == dt.date(1992, 3, 15)


def test_a_row_is_found_after_pseudonyms_are_rotated(tmp_path):
    load(tmp_path, PEOPLE, PLAN)
    keys.rotate_pseudonyms(by=BY)
    assert found("r1", "890102199203150020", ["姓名"]) == [{"姓名": "林晓桐"}]


def test_rows_at_fault_are_listed_by_line_and_the_others_loaded(tmp_path):
    rows = [*PEOPLE, ["890102199203150021", "甲", "1992-03-15", "890102", "", ""], ["", "乙", "", "", "", ""],
            ["890102199203150020", "丙", "", "", "", ""], [THIRD, "丁", "不详", "", "", ""],
            [THIRD, "戊", "", "望岫区", "", ""], ["缺列"]]  # fmt: skip
    report = load(tmp_path, rows, PLAN)
    assert (report.rows, report.refused) == (2, 6)
    listed = LoadFault.objects.filter(table__table_key="r1").values_list("line", "column", "code")
    assert list(listed) == [
        (4, "身份证号", "key_invalid"),
        (5, "身份证号", "key_missing"),
        (6, "身份证号", "key_duplicate"),
        (7, "出生日期", "type"),
        (8, "区划", "region_invalid"),
        (9, "", "ragged_short"),
    ]


def test_duplicates_are_found_across_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr("yitong.data.sources.delimited.BATCH_ROWS", 2)
    report = load(tmp_path, things("a", "b", "c", "a", "d", "c", "c"))
    assert [row[0] for row in stored()] == ["a", "b", "c", "d"]
    assert [(fault.line, fault.code) for fault in report.faults] == [
        (n, "key_duplicate") for n in (5, 7, 8)
    ]


def test_rows_that_stay_are_whole_when_duplicates_go(tmp_path):
    """Rows of many lengths, with what is null and what is long, between those that are dropped."""
    people = [
        *PEOPLE,
        [*PEOPLE[0]],
        [THIRD, "丁" * 300, "", "", "在册", "注" * 70_000],
        [*PEOPLE[1]],
    ]
    report = load(tmp_path, people, PLAN)
    assert (report.rows, report.refused) == (3, 2)
    assert table_digest("r1") == report.digest
    assert found("r1", THIRD, ["姓名", "备注"]) == [{"姓名": "丁" * 300, "备注": "注" * 70_000}]
    assert found("r1", OTHER, ["姓名"]) == [{"姓名": "王伟"}]


def test_several_rows_of_one_key_can_be_kept(tmp_path):
    load(tmp_path, things("a", "b", "a"), things_plan(one_row_per_key=False))
    assert len(found("r34", "a")) == 2


def test_loading_again_replaces_the_rows_whole(tmp_path):
    first = load(tmp_path, things("a", "b"))
    second = load(tmp_path, things("c"))
    assert [row[0] for row in stored()] == ["c"]
    assert tables() == {"rows_r34"}
    assert source_table("r34").row_count == 1
    entries = ledger.entries_about(About("source_table", "r34"))
    facts = [entry.facts for entry in entries if entry.event == "sources.table_loaded"]
    assert {(f["rows"], f["replaced"]) for f in facts} == {(2, ""), (1, first.digest.hex())}
    assert second.digest.hex() in {f["digest"] for f in facts}
    assert {f["form"] for f in facts} == {"binary"}


@pytest.mark.parametrize(
    "point",
    ["make_staging", "taken", "add_rows", "index_keys", "swap", "record", "digest"],
)
@pytest.mark.parametrize("moment", [1, 2])
def test_whatever_fails_when_the_old_rows_stay(tmp_path, monkeypatch, point, moment):
    """Killed at any step of copy and swap: the old table as it was, nothing half-published, no leftovers."""
    load(tmp_path, things("old"))
    before = (stored(), source_table("r34").digest, LoadFault.objects.count())
    monkeypatch.setattr("yitong.data.sources.delimited.BATCH_ROWS", 2)
    calls = []

    def failing(real):
        def fail(*args, **kwargs):
            calls.append(1)
            if len(calls) == moment:
                raise KeyboardInterrupt
            return real(*args, **kwargs)

        return fail

    places = {
        "record": (actions.ledger, "record"),
        "digest": (shelf.RowDigest, "add"),
        "taken": (TakenKeys, "take"),
    }
    owner, name = places.get(point, (shelf, point))
    monkeypatch.setattr(owner, name, failing(getattr(owner, name)))
    try:
        load(tmp_path, things("new1", "new2", "new3", "new4", "new1"))
    except KeyboardInterrupt:
        assert (stored(), source_table("r34").digest, LoadFault.objects.count()) == before
    else:
        assert [row[0] for row in stored()] == ["new1", "new2", "new3", "new4"]
    assert tables() == {"rows_r34"}


def test_a_killed_load_leaves_a_staging_table_that_the_next_start_drops(tmp_path):
    load(tmp_path, things("old"))
    shelf.make_staging(things_plan())
    shelf.make_staging(things_plan("other"))
    assert clean_leftovers(by=BY) == 2
    assert tables() == {"rows_r34"}
    assert clean_leftovers(by=BY) == 0


def test_two_loads_of_one_table_do_not_mix(tmp_path, database_url):
    import psycopg

    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(
            "select pg_advisory_lock(hashtextextended(%s, 0))", [shelf.LOCK_SPACE + "r34"]
        )
        shelf.make_staging(things_plan())
        with pytest.raises(errors.LoadRunning):
            load(tmp_path, things("a"))
        assert clean_leftovers(by=BY) == 0
    load(tmp_path, things("a"))


def test_a_reader_that_holds_the_old_table_stops_only_the_swap(tmp_path, database_url, monkeypatch):
    import psycopg

    monkeypatch.setattr(shelf, "SWAP_SECONDS", 1)
    load(tmp_path, things("old"))
    with psycopg.connect(database_url) as other:
        other.execute("select * from shared_rows.rows_r34")
        with pytest.raises(errors.SwapBlocked):
            load(tmp_path, things("new"))
    assert [row[0] for row in stored()] == ["old"]
    assert tables() == {"rows_r34"}


def test_a_load_can_be_stopped(tmp_path):
    load(tmp_path, things("old"))
    seen = []

    def stop(progress):
        seen.append(progress.rows)
        return False

    with pytest.raises(errors.LoadStopped):
        load(tmp_path, things("a", "b"), progress=stop)
    assert seen == [2]
    assert [row[0] for row in stored()] == ["old"]


def test_a_file_that_changes_while_it_is_read_is_not_published(tmp_path):
    load(tmp_path, things("old"))

    def grow(_):
        with (tmp_path / "t.csv").open("a") as stream:
            stream.write("late,1\n")

    with pytest.raises(errors.SourceChanged):
        load(tmp_path, things("a"), progress=grow)
    assert [row[0] for row in stored()] == ["old"]


def test_a_load_without_one_good_row_is_refused(tmp_path):
    load(tmp_path, things("old"))
    with pytest.raises(errors.NothingToLoad, match="2行"):
        load(tmp_path, things("", " "))
    assert [row[0] for row in stored()] == ["old"]


@pytest.mark.parametrize(
    "plan",
    [
        things_plan("Rows; drop table x"),
        things_plan(key_column="没有"),
        things_plan(clear=(ClearColumn("数量"), ClearColumn("数量"))),
        things_plan(key_kind="person"),
        things_plan(clear=(ClearColumn("数量", "Z"),)),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(tmp_path, plan):
    with pytest.raises(errors.BadPlan):
        load(tmp_path, things("a"), plan)


def test_hostile_headers_and_values_are_only_text(tmp_path):
    header = '"; drop table shared_rows.rows_r34; --'
    plan = things_plan(key_column=header, clear=(ClearColumn(header), ClearColumn("%s")))
    load(tmp_path, [[header, "%s"], ["'; select 1; --", "\\N"], ["..", "<b>"]], plan)
    assert found("r34", "'; select 1; --") == [{header: "'; select 1; --", "%s": "\\N"}]
    assert found("r34", "..") == [{header: "..", "%s": "<b>"}]


def test_a_dropped_table_is_gone_and_says_so_in_the_ledger(tmp_path):
    load(tmp_path, things("a"))
    drop_table(table_key="r34", by=BY)
    assert tables() == set()
    with pytest.raises(errors.UnknownSource):
        row_statement("r34")
    with pytest.raises(errors.UnknownSource):
        drop_table(table_key="nothing", by=BY)


def test_a_source_is_registered_once_and_its_place_is_sealed(tmp_path):
    first, second = source_of(tmp_path / "张三.csv"), source_of(tmp_path / "张三.csv")
    assert first.pk == second.pk
    assert location_of(first).endswith("张三.csv")
    assert "张三".encode() not in bytes(Source.objects.get(pk=first.pk).sealed)
    assert source_of(tmp_path / "张三.csv", owner="another").pk != first.pk


def test_an_unknown_column_is_refused(tmp_path):
    load(tmp_path, things("a"))
    with pytest.raises(errors.BadPlan):
        row_statement("r34", ["没有"])
    with pytest.raises(errors.UnknownSource):
        row_statement("nothing")


def test_only_the_owning_agency_and_operators_may_load(tmp_path):
    """共享条例 11: a department's 共享工作机构 looks after its own data."""
    path = csv_file(tmp_path / "t.csv", things("a"))
    source = source_of(path)
    staff = Actor("account:7", agency="another", roles=frozenset({"sharing_contact"}))
    with pytest.raises(NotAllowed):
        copy_in(plan=things_plan(), reader=open_table(str(path)), source=source, by=staff)
    with pytest.raises(NotAllowed):
        register_source(location="x.csv", owner=OWNER, by=staff)
    own = replace(staff, agency=OWNER)
    assert (
        copy_in(plan=things_plan(), reader=open_table(str(path)), source=source, by=own).rows == 1
    )

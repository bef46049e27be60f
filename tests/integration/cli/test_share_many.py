"""Many tables of one place: one refused does not stop the others, and a second run goes on where the first ended."""

from pathlib import Path

import pytest
from django.db import connection

from tests.factories.officers import Town, a_town
from tests.factories.sources import csv_file
from tests.factories.workbooks import workbook
from yitong.base.ledger.models import Entry
from yitong.cli import many
from yitong.data.catalogue.models import Resource
from yitong.data.sources.models import Source, SourceTable

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120), pytest.mark.furnished("town")]

OWNER = "澜宁市民政局"


@pytest.fixture
def town(cli) -> Town:
    town = a_town()
    town.provider.staffed()
    return town


@pytest.fixture
def folder(tmp_path) -> Path:
    """Four tables and a file that is none; one of the tables is empty, one is marked."""
    folder = tmp_path / "共享"
    folder.mkdir()
    csv_file(folder / "井盖.csv", [["编码", "位置"], *[[f"J{n}", "桐花路"] for n in range(5)]])
    csv_file(folder / "天气.csv", [["城市", "天气"], *[["甲", "晴"], ["乙", "雨"]] * 9])
    (folder / "空.csv").write_bytes(b"")
    (folder / "机密-名单.csv").write_text("a,b\n1,2\n")
    (folder / "说明.pdf").write_bytes(b"%PDF-1.7")
    return folder


def shared(cli, place, *more):
    return cli("share", place, "--owner", OWNER, *more, "--json")


def outcomes(said) -> dict[str, str]:
    return {table["name"]: table["outcome"] for table in said.document["tables"]}


def test_every_table_of_a_folder_is_filed_and_the_refused_are_told(cli, town, folder):
    said = shared(cli, folder)
    assert said.code == 1, "something was refused"
    assert outcomes(said) == {
        "井盖": "filed", "天气": "filed", "空": "refused", "机密-名单.csv": "refused",
    }  # fmt: skip
    assert said.document["counts"] == {
        "filed": 2, "looked": 0, "unchanged": 0, "refused": 2, "skipped": 1,
    }  # fmt: skip
    errors = {t["name"]: t["error"] for t in said.document["tables"] if "error" in t}
    assert errors["空"]["code"] == "source_file_empty"
    assert errors["空"]["remedy"]
    assert Entry.objects.filter(event="files.secret_refused").count() == 1
    assert set(Resource.objects.values_list("name", "state")) == {
        ("井盖", "draft"),
        ("天气", "draft"),
    }
    assert SourceTable.objects.get().row_count == 5


def test_a_second_run_takes_only_what_is_new_or_was_not_done(cli, town, folder):
    shared(cli, folder)
    csv_file(folder / "路灯.csv", [["编码", "位置"], ["L1", "澜江路"], ["L2", "澜江路"]])
    said = shared(cli, folder)
    assert outcomes(said) == {
        "井盖": "unchanged", "天气": "unchanged", "路灯": "filed", "空": "refused", "机密-名单.csv": "refused",
    }  # fmt: skip
    csv_file(folder / "空.csv", [["编码"], ["1"], ["2"]])
    assert outcomes(shared(cli, folder))["空"] == "filed"


def test_a_run_that_was_cut_short_is_gone_on_with(cli, town, folder, monkeypatch):
    whole = many._looked_at

    def interrupted(run, table):
        if table.name == "天气":
            raise KeyboardInterrupt
        return whole(run, table)

    with monkeypatch.context() as cut:
        cut.setattr(many, "_looked_at", interrupted)
        assert cli("share", folder, "--owner", OWNER).code == 130
    assert [row.name for row in Resource.objects.all()] == ["井盖"]
    found = outcomes(shared(cli, folder))
    assert (found["井盖"], found["天气"]) == ("unchanged", "filed")


def test_a_dry_run_looks_at_all_and_writes_nothing(cli, town, folder):
    said = cli("share", folder, "--dry-run")
    assert said.code == 1
    assert "· 井盖  5 行，2 列" in said.out
    assert "✗ 空" in said.out
    assert "看过 2 张，没有成功 2 张，不是表的文件 1 个" in said.out
    assert not Resource.objects.exists()
    assert not Source.objects.exists()


def test_with_yes_every_table_is_handed_on(cli, town, tmp_path):
    book = workbook(
        tmp_path / "年报.xlsx",
        {
            name: [["编码", "数"], *[[f"{name}{n}", n] for n in range(3)]]
            for name in ("一月", "二月")
        },
    )
    said = shared(cli, book, "--yes")
    assert said.code == 0
    assert outcomes(said) == {"年报-一月": "filed", "年报-二月": "filed"}
    assert set(Resource.objects.values_list("state", flat=True)) == {"approval"}
    one = Resource.objects.get(name="年报-二月")
    assert (one.source, one.data_format) == ("年报.xlsx#二月", "电子表格/xlsx")
    assert outcomes(shared(cli, book, "--yes")) == {
        "年报-一月": "unchanged",
        "年报-二月": "unchanged",
    }


def test_options_for_one_table_are_refused_for_many(cli, town, folder, tmp_path):
    assert cli("share", folder, "--owner", OWNER, "--name", "甲").code == 2
    assert cli("share", folder, "--owner", OWNER, "--faults", tmp_path / "f.csv").code == 2


def test_a_whole_schema_is_linked_table_by_table(cli, town, database_url):
    with connection.cursor() as cursor:
        cursor.execute(
            'create schema hj; create table hj."井盖.一" (bm text primary key, lx text);'
            "create table hj.deng (bm text primary key, sl int); create view hj.v as select 1 a;"
            """insert into hj."井盖.一" values ('a', 'b'); insert into hj.deng values ('a', 1)"""
        )
    url = f"{database_url}{'&' if '?' in database_url else '?'}schema=hj"
    said = shared(cli, url)
    assert outcomes(said) == {"deng": "filed", "v": "filed", "井盖.一": "filed"}
    assert {t["filed"]["rows"]["how"] for t in said.document["tables"]} == {"linked"}
    assert outcomes(shared(cli, url)) == dict.fromkeys(["deng", "v", "井盖.一"], "unchanged")
    with connection.cursor() as cursor:
        cursor.execute("alter table hj.deng add column zt text")
    assert outcomes(shared(cli, url))["deng"] != "unchanged"
    nothing = shared(cli, url.replace("schema=hj", "schema=none"))
    assert nothing.fault == "source_no_tables"


def test_a_data_dictionary_makes_drafts_with_fields_and_no_rows(cli, town, tmp_path):
    head = ["字段名", "中文名", "类型", "长度", "主键"]
    person = [["sfzh", "公民身份号码", "varchar", 18, "是"], ["xm", "姓名", "varchar", 50, ""]]
    lamp = [["bm", "设施编码", "varchar", 20, "是"], ["sl", "数量", "int", "", ""]]
    book = workbook(
        tmp_path / "字典.xlsx", {"人口基本信息": [head, *person], "公共设施": [head, *lamp]}
    )
    look = cli("share", book, "--dictionary", "--dry-run")
    assert look.code == 0
    assert not Resource.objects.exists()
    said = shared(cli, book, "--dictionary")
    assert outcomes(said) == {"人口基本信息": "filed", "公共设施": "filed"}
    row = Resource.objects.get(name="人口基本信息")
    items = {item.name: (item.header, item.personal, item.is_key) for item in row.fields.all()}
    assert items["sfzh"] == ("公民身份号码", "identity", True)
    assert row.state == "draft"
    assert not SourceTable.objects.exists()
    assert {t["filed"]["rows"]["how"] for t in said.document["tables"]} == {"described"}
    again = shared(cli, book, "--dictionary")
    assert set(outcomes(again).values()) == {"unchanged"}
    lamp.append(["wz", "位置", "varchar", 200, ""])
    workbook(tmp_path / "字典.xlsx", {"人口基本信息": [head, *person], "公共设施": [head, *lamp]})
    changed = shared(cli, book, "--dictionary")
    assert outcomes(changed) == {"人口基本信息": "unchanged", "公共设施": "filed"}
    assert Resource.objects.get(name="公共设施").fields.count() == 3

"""From a real file to a governed entry: proposals, refusals, and what is written when."""

import json
from pathlib import Path

import pytest
from django.db import connection

from tests.factories.officers import Town, a_town
from tests.factories.sources import PEOPLE, csv_file
from yitong.base.ledger.models import Entry
from yitong.data.catalogue.models import Resource
from yitong.data.sources import loading
from yitong.data.sources.errors import LoadStopped
from yitong.data.sources.models import SourceTable

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120), pytest.mark.furnished("town")]

OWNER = "澜宁市民政局"
NINE = [
    "数据目录名称", "数据项", "提供单位", "数据格式", "数据更新频率", "共享属性", "共享方式", "使用条件",
    "数据分类分级",
]  # fmt: skip


@pytest.fixture
def town(cli) -> Town:
    town = a_town()
    town.provider.staffed()
    return town


def shared(cli, path, *more):
    return cli("share", path, "--owner", OWNER, *more, "--json")


def events() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("event", flat=True))


def test_a_dry_run_shows_the_expected_proposal_of_the_sample_and_writes_nothing(cli, town):
    before = events()
    said = cli("share", PEOPLE, "--dry-run", "--json")
    assert said.code == 0
    expected = json.loads(PEOPLE.with_suffix(".expected.json").read_text())
    found = said.document
    columns = {
        item["name"]: {
            "type": item["type_letter"],
            "element": item["element"],
            "personal": item["personal"],
        }
        for item in found["proposal"]["fields"]
    }
    elements = {n: (c["element"], c["personal"]) for n, c in expected["columns"].items()}
    assert {n: (c["element"], c["personal"]) for n, c in columns.items()} == elements
    assert list(found["nine"]) == NINE
    faults = [[f["line"], f["column"], f["code"]] for f in found["profile"]["faults"]]
    assert faults == expected["faults"]
    assert found["filed"] is None
    assert events() == before
    assert not Resource.objects.exists()
    assert "890102199203150020" not in said.out, "no value of any row"


def test_the_proposal_is_readable_with_nine_entries_and_faults_by_line(cli, town):
    said = cli("share", PEOPLE, "--dry-run")
    assert said.code == 0
    for words in [*NINE, "公民身份号码", "第58行", "✓", "个人信息保护法", "一般3"]:
        assert words in said.out or words == "个人信息保护法"
    assert "890102199203150020" not in said.out
    assert said.err == ""


def test_without_a_word_of_acceptance_the_entry_is_a_draft_with_its_rows(cli, town):
    said = shared(cli, PEOPLE)
    assert said.code == 0
    filed = said.document["filed"]
    assert (filed["state"], filed["state_name"], filed["signatures"]) == ("draft", "草稿", [])
    expected = json.loads(PEOPLE.with_suffix(".expected.json").read_text())
    assert filed["rows"]["loaded"] == expected["loaded"]
    assert filed["rows"]["refused"] == len(expected["not_loaded"])
    assert "第58行的列数少于表头" in filed["rows"]["faults"]
    row = Resource.objects.get()
    assert row.code == filed["resource"]
    assert SourceTable.objects.get(table_key=row.table_key).row_count == expected["loaded"]


def test_an_accepted_proposal_goes_to_the_head_of_the_department_and_no_further(cli, town, people):
    said = shared(cli, people, "--yes")
    filed = said.document["filed"]
    assert said.code == 0
    assert (filed["state"], filed["demo"]) == ("approval", False)
    assert "部门负责人" in filed["next"]
    assert [s["step"] for s in filed["signatures"]] == ["submit"]
    assert filed["signatures"][0]["account"].startswith("operator:")


def test_in_a_demo_demo_posts_sign_visibly_and_the_entry_is_in_force(cli, town, people, settings):
    settings.PROFILE = "demo"
    said = shared(cli, people, "--yes")
    filed = said.document["filed"]
    assert said.code == 0
    assert (filed["state"], filed["state_name"], filed["demo"]) == ("published", "已发布", True)
    signed = {s["step"]: (s["post"], s["demo"]) for s in filed["signatures"]}
    assert signed["approve"] == (town.provider.head.post, True)
    assert signed["publish"] == (town.reviewer.post, True)
    assert Resource.objects.get().is_in_force
    again = cli("share", people, "--owner", OWNER, "--name", "另一项", "--yes")
    assert again.out.count("【演示岗位签署】") == 3


def test_an_unknown_owner_is_refused_whatever_is_accepted(cli, town, people):
    for wish in ("--yes", "--dry-run"):
        said = cli("share", people, "--owner", "澜宁市民政", wish, "--json")
        assert (said.code, said.fault) == (3, "unknown_agency")
        assert OWNER in said.document["error"]["sentence"], "the nearest name is offered"
    assert not Resource.objects.exists()


def test_an_owner_must_be_named_before_anything_is_written(cli, town, people):
    said = cli("share", people, "--yes")
    assert said.code == 2
    assert "--owner" in said.err


def test_withholding_without_a_citation_is_refused_whatever_is_accepted(cli, town, people):
    said = shared(cli, people, "--share-type", "不予共享", "--yes")
    assert (said.code, said.fault) == (4, "catalogue.withholding_needs_law")
    assert said.document["error"]["basis"] == "《政务数据共享条例》第十四条"
    assert not Resource.objects.exists()
    law = (
        "--basis-level",
        "法律",
        "--citation",
        "《中华人民共和国统计法》第二十八条",
        "--reason",
        "可识别单个调查对象",
    )
    assert shared(cli, people, "--share-type", "withheld", *law).code == 0


def test_a_choice_that_does_not_exist_is_answered_with_those_that_do(cli, town, people):
    said = cli("share", people, "--owner", OWNER, "--share-type", "随便")
    assert said.code == 2
    assert "无条件共享、有条件共享、不予共享" in said.err


@pytest.mark.parametrize(
    ("name", "content", "code", "fault"),
    [
        ("空.csv", b"", 1, "source_file_empty"),
        ("图.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, 1, "source_not_a_table"),
        ("机密-名单.csv", b"a,b\n1,2\n", 4, "marked_secret"),
    ],
    ids=["empty", "picture", "marked"],
)
def test_a_file_that_is_no_table_or_must_not_be_shared_is_refused_clearly(
    name, content, code, fault, cli, town, tmp_path
):
    path = tmp_path / name
    path.write_bytes(content)
    said = shared(cli, path, "--yes")
    assert (said.code, said.fault) == (code, fault)
    assert said.document["error"]["remedy"]
    assert not Resource.objects.exists()
    recorded = Entry.objects.filter(event="files.secret_refused")
    assert recorded.exists() == (fault == "marked_secret"), "the 保密员 is told by the ledger"


def test_a_file_that_is_not_there_is_not_found(cli, town, tmp_path):
    assert shared(cli, tmp_path / "没有.csv").code == 3
    assert shared(cli, tmp_path).code == 1


def test_all_faults_are_written_to_a_file(cli, town, tmp_path):
    path = tmp_path / "问题.csv"
    assert cli("share", PEOPLE, "--dry-run", "--faults", path).code == 0
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 19
    nowhere = tmp_path / "none" / "问题.csv"
    assert cli("share", PEOPLE, "--dry-run", "--faults", nowhere).code == 1


def test_a_load_that_was_cut_short_is_gone_on_with(cli, town, people, monkeypatch):
    with monkeypatch.context() as cut:
        cut.setattr(loading.Load, "take", lambda self, batch: (_ for _ in ()).throw(LoadStopped))
        assert shared(cli, people).fault == "source_load_stopped"
    draft = Resource.objects.get()
    assert not SourceTable.objects.filter(table_key=draft.table_key).exists()
    said = shared(cli, people)
    assert said.code == 0
    assert said.document["filed"]["resource"] == draft.code
    assert said.document["filed"]["rows"]["loaded"] == 30


def test_a_table_without_a_key_is_filed_without_rows_and_told_so(cli, town, tmp_path):
    path = csv_file(tmp_path / "天气.csv", [["城市", "天气"], *[["甲", "晴"], ["乙", "雨"]] * 20])
    said = cli("share", path, "--owner", OWNER)
    assert said.code == 0
    assert "没有主键" in said.out
    assert not SourceTable.objects.exists()


@pytest.mark.slow
def test_a_public_data_file_that_a_package_ships_is_shared(cli, town):
    import vega_datasets

    path = Path(vega_datasets.__file__).parent / "_data" / "airports.csv"
    said = shared(cli, path, "--name", "机场")
    filed = said.document["filed"]
    assert said.code == 0
    assert filed["rows"]["loaded"] + filed["rows"]["refused"] == 3376
    assert all(said.document["nine"].values())


def test_a_table_of_a_database_is_linked_and_not_copied(cli, town, database_url):
    with connection.cursor() as cursor:
        cursor.execute("create table wells (bm text primary key, lx text, sl int)")
        cursor.execute("insert into wells select 'W' || i, '井盖', i from generate_series(1, 50) i")
    url = database_url + ("&" if "?" in database_url else "?") + "table=public.wells"
    said = shared(cli, url, "--name", "井盖")
    assert said.code == 0
    assert said.document["filed"]["rows"]["how"] == "linked"
    assert "password" not in said.out
    assert "@" not in said.document["proposal"]["source"]


def test_dry_run_and_yes_exclude_each_other(cli, town, people):
    assert cli("share", people, "--owner", OWNER, "--yes", "--dry-run").code == 2

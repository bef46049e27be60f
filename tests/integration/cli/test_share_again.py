"""The same file next month: shown first, then new rows under the entry or a new version of it."""

import csv
import time

import pytest

from tests.factories.grants import a_grant, a_purposed_town
from tests.factories.officers import Town
from tests.factories.persons import number_of
from tests.factories.shared_people import shared_people
from yitong.base.ledger.models import Entry
from yitong.data.catalogue.models import ChangeNotice, Resource
from yitong.data.exchange.api import shut_down
from yitong.data.sources.models import SourceTable

pytestmark = [pytest.mark.committed, pytest.mark.timeout(200)]
OWNER = "澜宁市民政局"


@pytest.fixture
def town(cli, settings) -> Town:
    settings.PROFILE = "demo"
    town = a_purposed_town()
    town.provider.staffed()
    town.requester.staffed()
    return town


def shared(cli, path, *more):
    return cli("share", path, "--owner", OWNER, *more, "--json")


def edited(path, change):
    """The file with its rows, by the head's names, changed in place."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def next_month(rows):
    """Two people fewer, one more, one whose state is another."""
    rows[4]["zt"] = "停保"
    return [*rows[2:], {**rows[0], "sfzh": number_of(99)}]


def without_phones(rows):
    return [{k: v for k, v in row.items() if k != "lxdh"} | {"bz": ""} for row in rows]


def events(*names):
    return list(
        Entry.objects.filter(event__in=names).order_by("pk").values_list("event", flat=True)
    )


def test_new_rows_of_the_same_items_are_shown_and_taken_without_a_new_approval(cli, town, people):
    code = shared(cli, people, "--yes").document["filed"]["resource"]
    edited(people, next_month)
    before = Entry.objects.count()
    looked = shared(cli, people, "--dry-run").document
    assert looked["change"]["kind"] == "rows"
    assert looked["change"]["rows"] == {
        "before": 30, "after": 29, "by_key": True, "added": 1, "gone": 2, "changed": 1,
        "by_field": {"zt": 1},
    }  # fmt: skip
    assert shared(cli, people).document["filed"] is None, "nothing is taken unless somebody says so"
    assert Entry.objects.count() == before
    assert number_of(99) not in cli("share", people, "--owner", OWNER, "--dry-run").out

    said = shared(cli, people, "--yes")
    assert said.code == 0, said.out
    filed = said.document["filed"]
    assert (filed["state"], filed["rows"]["loaded"], filed["signatures"]) == ("published", 29, [])
    row = Resource.objects.get(code=code)
    assert (row.version, row.version_in_force, row.row_count) == (1, 1, 29)
    entry = Entry.objects.get(event="catalogue.refreshed")
    assert [entry.facts[name] for name in ("rows", "added", "gone", "changed")] == [29, 1, 2, 1]
    assert entry.facts["digest"] == filed["rows"]["digest"]


def test_the_same_file_twice_changes_nothing(cli, town, people):
    shared(cli, people, "--yes")
    loads = events("sources.table_loaded", "catalogue.refreshed")
    said = shared(cli, people, "--yes").document
    assert (said["change"]["kind"], said["filed"]["rows"]["how"]) == ("none", "same")
    assert events("sources.table_loaded", "catalogue.refreshed") == loads


def test_other_items_make_a_new_version_whose_rows_wait_until_it_is_published(cli, town, people):
    code = shared(cli, people, "--yes").document["filed"]["resource"]
    row = Resource.objects.get(code=code)
    old = row.table_key
    edited(people, without_phones)
    said = shared(cli, people)
    assert said.code == 0, said.out
    change = said.document["change"]
    assert change["kind"] == "version"
    assert (change["fields"]["added"], change["fields"]["gone"]) == (["bz"], ["lxdh"])
    assert said.document["filed"]["state"] == "revising"
    row.refresh_from_db()
    assert (row.version, row.version_in_force, row.table_key) == (2, 1, old)
    waiting = row.versions.get(number=2).table_key
    states = dict(SourceTable.objects.values_list("table_key", "state"))
    assert states == {old: "loaded", waiting: "loaded"}

    said = shared(cli, people, "--yes", "--cycle", "每月")
    assert said.document["filed"]["state"] == "published", said.out
    row.refresh_from_db()
    assert (row.version_in_force, row.table_key) == (3, f"r{row.pk}_v3")
    states = dict(SourceTable.objects.values_list("table_key", "state"))
    assert states[row.table_key] == "loaded"
    assert states[old] == "dropped"
    assert events("catalogue.rows_prepared") == ["catalogue.rows_prepared"] * 2
    assert [
        v["version"] for v in cli("catalogue", "versions", code, "--json").document["versions"]
    ] == [3, 2, 1]


def test_calls_read_the_old_rows_until_the_version_is_published_and_the_new_ones_from_then(
    cli, settings, tmp_path
):
    settings.PROFILE = "demo"
    people = shared_people(tmp_path, people=6, fields=("身份证号", "保障状态"))
    try:
        row, path = people.resource, tmp_path / "people.csv"
        content = row.versions.get(number=1).entry
        edited(path, lambda rows: [{**without_phones([r])[0], "zt": "停保"} for r in rows])
        owner = ("--owner", people.town.provider.agency.name, "--name", content.name)
        people.town.provider.staffed()
        assert people.call(number_of(3))[2]["rows"][0]["zt"] == "在保"
        assert cli("share", path, *owner, "--json").code == 0
        assert people.call(number_of(3))[2]["rows"][0]["zt"] == "在保"
        said = cli("share", path, *owner, "--cycle", "每月", "--yes", "--json")
        assert said.document["filed"]["state"] == "published", said.out
        deadline = time.monotonic() + 10
        while (answer := people.call(number_of(3)))[0] != 200 or (
            answer[2]["rows"][0]["zt"] != "停保"
        ):
            assert time.monotonic() < deadline, answer
            time.sleep(0.2)
    finally:
        shut_down()


def test_a_removed_item_that_somebody_is_given_is_told_first_and_held(cli, town, people):
    code = shared(cli, people, "--yes").document["filed"]["resource"]
    row = Resource.objects.get(code=code)
    a_grant(town, row, fields=("sfzh", "lxdh"))
    edited(people, without_phones)
    looked = shared(cli, people, "--dry-run").document["change"]
    assert looked["consumers"][0]["agency"] == town.requester.agency.code
    assert not ChangeNotice.objects.exists()

    said = shared(cli, people, "--yes").document["filed"]
    assert said["state"] == "approval"
    assert town.requester.agency.name in said["next"]
    row.refresh_from_db()
    assert (row.version, row.version_in_force) == (2, 1)

    told = cli("catalogue", "told", code, "--json").document["notices"]
    assert [(n["agency"], n["answer"]) for n in told] == [(town.requester.agency.code, None)]
    assert "lxdh" in cli("catalogue", "told", code).out


def test_a_file_of_another_name_with_the_same_items_is_told_of_the_entry_it_may_belong_to(
    cli, town, people
):
    code = shared(cli, people, "--yes").document["filed"]["resource"]
    other = people.rename(people.with_name("低保对象-12月.csv"))
    said = cli("share", other, "--owner", OWNER, "--dry-run").out
    assert code in said
    assert "--name 低保对象" in said
    named = shared(cli, other, "--name", "低保对象", "--dry-run").document
    assert named["change"]["kind"] == "none"


def test_without_a_key_only_the_totals_are_compared_and_that_is_said(cli, town, tmp_path):
    path = tmp_path / "天气.csv"
    path.write_text("城市,天气\n" + "甲,晴\n乙,雨\n" * 20, encoding="utf-8")
    shared(cli, path, "--yes")
    path.write_text("城市,天气\n" + "甲,晴\n乙,雨\n" * 30, encoding="utf-8")
    change = shared(cli, path, "--dry-run").document["change"]
    assert change["rows"]["by_key"] is False
    assert (change["rows"]["before"], change["rows"]["after"]) == (40, 60)
    assert "没有可比的主键" in cli("share", path, "--owner", OWNER, "--dry-run").out

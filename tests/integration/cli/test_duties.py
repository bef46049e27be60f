"""`yitong duties`: listed by due date, shown with every turn of the clock, handed over one by one or all of a post."""

import pytest

from tests.factories.duties import at, kinds_installed
from tests.factories.duty_city import NOW, a_duty_city
from yitong.base.duties.models import Duty
from yitong.kernel import clock

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120), pytest.mark.furnished("city")]


@pytest.fixture
def city(node_keys):
    with kinds_installed():
        city = a_duty_city()
        with clock.frozen(at(NOW)):
            yield city


def test_duties_are_listed_in_the_order_they_are_due(cli, city):
    said = cli("duties", "list", "--json")
    found = said.document
    assert said.code == 0
    assert [duty["state"] for duty in found["duties"]][:2] == ["missed", "at_risk"]
    assert found["counts"] == {
        "total": 7, "missed": 1, "at_risk": 1, "running": 4, "paused": 1, "today": 0, "unassigned": 0,
    }  # fmt: skip
    assert "waits" not in found["duties"][0]
    assert "共 7 件：逾期 1" in cli("duties", "list").out
    assert len(cli("duties", "list", "--state", "paused", "--json").document["duties"]) == 1


def test_a_duty_is_shown_with_its_turns_its_days_and_who_was_told(cli, city):
    paused = cli("duties", "show", city.duties["resumed"].pk, "--json").document
    assert [turn["state"] for turn in paused["segments"]] == ["paused", "running"]
    assert paused["due"] == "2026-10-21T00:00:00+08:00"
    assert paused["due_on"] == "2026-10-20"
    assert {"on": "2026-10-01", "reason": "statutory", "name": "国庆节"} in paused["excluded"]
    missed = cli("duties", "show", city.duties["missed"].pk, "--json").document
    assert missed["miss"]["breaks"] == "《政务数据共享条例》第三十九条第四项"
    assert missed["told"][0]["agency"] == city.bureau.authority.code
    assert "逾期" in cli("duties", "show", city.duties["missed"].pk).out
    assert cli("duties", "show", 999_999, "--json").code == 3


def test_all_of_a_post_go_over_when_told_so(cli, city):
    to = ("--to", city.bureau.colleague.post, "--reason", "机构改革", "--json")
    assert cli("duties", "hand-over", *to).code == 2
    assert (
        cli("duties", "hand-over", "--from", city.bureau.clerk.post, *to).code != 0
    )  # nobody said yes
    said = cli("duties", "hand-over", "--from", city.bureau.clerk.post, *to, "--yes")
    assert (said.code, len(said.document["moved"])) == (0, 7)
    assert Duty.objects.filter(post=city.bureau.colleague.post).count() == 7
    again = cli("duties", "hand-over", said.document["moved"][0], *to, "--yes")
    assert again.document["moved"] == []
    assert again.document["stayed"][0]["reason"] == "已经在这个岗位"
    nobody = ("--to", f"{city.bureau.agency.code}/clerk/9", "--reason", "x", "--yes", "--json")
    assert cli("duties", "hand-over", said.document["moved"][0], *nobody).code == 1

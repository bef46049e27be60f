"""Pages on which limits and calendars are kept: who may, a look before, the act, a second click, hostile files."""

import base64
import datetime as dt
import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.announcements import announced
from tests.factories.duties import a_bureau, a_duty, kinds_installed
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.statutes import a_local_limit, facts_of
from yitong.base.duties.recounts import CALENDAR, Change, note_change, recount_some
from yitong.base.statutes import api as statutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]
ROOT = "/administration/"
FLIPPED = announced([dt.date(2027, 2, 11)], [dt.date(2027, 2, 20)])
LIMIT = {
    "key": "DSR-21b",
    "region": "890100",
    "amount": "5",
    "unit": "WD",
    "act": "澜宁市政务数据共享管理办法",
    "act_kind": "地方政府规章",
    "article": "9",
    "valid_from": "2026-01-01",
    "kind": "within",
    "confidence": "H",
}


@pytest.fixture
def keeper():
    return log_in(staff(a_post(an_agency("澜宁市大数据中心", region="8901"), "sysadmin")).username)


def hidden(page):
    """The values that go with the button."""
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def upload(browser, content, name="安排.csv"):
    body = content if isinstance(content, bytes) else content.encode()
    return browser.post(
        f"{ROOT}calendar/", {"file": SimpleUploadedFile(name, body), "step": "check"}
    )


def confirm(browser, page, **changed):
    return browser.post(f"{ROOT}calendar/", hidden(page) | {"step": "confirm"} | changed)


def test_only_who_keeps_the_law_comes_in():
    agency = an_agency("澜宁市民政局")
    for role in ("secadmin", "agency_admin", "auditor", "clerk"):
        browser = log_in(staff(a_post(agency, role)).username)
        for path in ("limits/", "limits/new/", "calendar/"):
            assert browser.get(ROOT + path).status_code == 403
        assert upload(browser, FLIPPED).status_code == 403
        assert browser.post(f"{ROOT}limits/new/", LIMIT | {"step": "confirm"}).status_code == 403
    assert facts_of("statutes.limit_added") == []


def test_the_keeper_is_led_to_the_own_pages(keeper):
    assert keeper.get(ROOT)["Location"] == f"{ROOT}limits/"
    page = keeper.get(f"{ROOT}limits/").content.decode()
    assert f"{ROOT}calendar/" in page
    assert f"{ROOT}posts/" not in page
    assert "WF-20" in page


def test_a_calendar_is_looked_at_then_loaded_once(keeper):
    before = statutes.calendar().revision
    page = upload(keeper, FLIPPED).content.decode()
    assert "2天上班和放假互换" in page
    assert "上班改为放假" in page
    assert "放假改为上班" in page
    assert "有0件" in page
    assert statutes.calendar().revision == before
    assert confirm(keeper, page).status_code == 302
    assert not statutes.calendar().day(dt.date(2027, 6, 1)).is_provisional
    assert len(facts_of("statutes.calendar_loaded")) == 1
    assert confirm(keeper, page).status_code == 302  # a second click
    assert len(facts_of("statutes.calendar_loaded")) == 1
    again = upload(keeper, FLIPPED).content.decode()
    assert "和已载入的一样" in again
    assert 'value="confirm"' not in again


def test_what_changed_since_the_look_is_looked_at_again(keeper):
    page = upload(keeper, FLIPPED).content.decode()
    statutes.load_calendar(text=announced(), name="别的.csv", by=OPERATOR)
    answer = confirm(keeper, page)
    assert answer.status_code == 200
    assert "请重新核对" in answer.content.decode()
    assert not statutes.calendar().is_workday(dt.date(2027, 2, 20))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (b"\x00\xff\xfe\x89PNG\r\n" * 50, "有误"),
        (b"\x81\x20\xff", "不是 UTF-8"),
        ("date,kind\n2027-01-01,nix\n", "第 2 行有误"),
        ("date,kind\nmorgen,statutory\n", "日期应写成"),
        ("date,kind\n0001-01-01,statutory\n", "年份应在"),
        ("date,kind\n9999-12-31,statutory\n", "年份应在"),
        ("date,kind\n2027-01-01,statutory,,x,y,z,more,and,more\n", "缺少法定节日"),
        ("date,kind\n2027-01-01,statutory\n2027-01-01,statutory\n", "日期重复"),
        (f"date,kind,name\n2027-01-01,statutory,{'春' * 5000}\n", "过长"),
        ("date,kind,name\n2027-01-01,statutory,a\x00b\n", "不能显示"),
        (f'date,kind,name\n2027-01-01,statutory,"{"x" * 200_000}"\n', "不是有效的 CSV"),
        ("[" * 100_000, "不是有效的 JSON"),
        ('{"days": 5}', "没有 days"),
        ('{"days": [5]}', "没有 days"),
        ('{"days": [{"date": ' + "9" * 6000 + "}]}", "不是有效的 JSON"),
        ('[{"date": "2027-01-01", "kind": "statutory", "name": "\\ud800"}]', "不能显示"),
        ('[{"date": ["2027-01-01"], "kind": {"a": 1}}]', "日期应写成"),
        ("x" * (600 * 1024), "超过 512 KB"),
        ("=cmd|' /C calc'!A0,kind\n2027-01-01,statutory\n", "日期应写成"),
        ("<script>alert(1)</script>", "没有日期"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_hostile_file_is_refused_in_words(keeper, content, says):
    answer = upload(keeper, content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in html.unescape(page)
    assert "<script>alert" not in page
    assert len(facts_of("statutes.calendar_loaded")) == 0


def test_a_guess_does_not_replace_an_announcement(keeper):
    statutes.load_calendar(text=announced(), name="正式.csv", by=OPERATOR)
    answer = upload(keeper, announced().replace("official", "provisional"))
    assert answer.status_code == 422
    assert "不能换成暂定的" in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"packed": "!!!", "name": "a", "revision": "b"},
        {"packed": base64.b64encode(b"nix").decode(), "name": "a.csv", "revision": "b"},
        {"packed": base64.b64encode(FLIPPED.encode()).decode(), "name": "x" * 999, "revision": "b"},
    ],
)
def test_what_comes_back_changed_is_refused(keeper, sent):
    answer = keeper.post(f"{ROOT}calendar/", sent | {"step": "confirm"})
    assert answer.status_code == 422
    assert "请更正以下问题" in answer.content.decode()
    assert keeper.post(f"{ROOT}calendar/", {}).status_code == 422


def test_the_page_shows_how_far_a_recount_is(keeper):
    with kinds_installed():
        a_duty(a_bureau(), start=dt.datetime(2027, 1, 28, 2, tzinfo=dt.UTC))
    note_change(
        Change(CALENDAR, "test/1", first_on=dt.date(2027, 1, 1), last_on=dt.date(2027, 12, 31))
    )
    page = keeper.get(f"{ROOT}calendar/").content.decode()
    assert "放假安排公布了" in page
    assert '<progress class="bar" max="1" value="0"' in page
    assert "0 / 1" in page
    assert "正在计算" in page


def test_a_recount_that_touches_no_duty_is_said_in_words(keeper):
    note_change(
        Change(CALENDAR, "test/1", first_on=dt.date(2027, 1, 1), last_on=dt.date(2027, 12, 31))
    )
    for _ in range(2):  # while it waits, and when it is done
        page = keeper.get(f"{ROOT}calendar/").content.decode()
        assert "没有涉及的" in page
        assert "<progress" not in page
        assert "0 / 0" not in page
        assert ("都不涉及，不用重新计算" in page) is ("正在计算" in page)
        recount_some(by=OPERATOR)


def test_a_local_limit_is_looked_at_beside_the_nations_and_registered_once(keeper):
    page = keeper.post(f"{ROOT}limits/new/", LIMIT).content.decode()
    assert "核对地方时限" in page
    assert "10个工作日" in page
    assert "随这条时限登记" in page
    assert facts_of("statutes.limit_added") == []
    changed = keeper.post(f"{ROOT}limits/new/", LIMIT | {"step": "change"}).content.decode()
    assert 'value="澜宁市政务数据共享管理办法"' in changed
    for _ in range(2):  # the second click as well
        answer = keeper.post(f"{ROOT}limits/new/", LIMIT | {"step": "confirm"})
        assert answer["Location"] == "/law/limits/DSR-21b/"
    assert len(facts_of("statutes.limit_added")) == 1
    shown = keeper.get("/law/limits/DSR-21b/").content.decode()
    assert "各地自己的时限" in shown


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"key": "", "region": "", "amount": "", "act": "", "valid_from": ""}, "写明时限的编号"),
        ({"amount": "50"}, "不得放宽"),
        ({"amount": "-1"}, "期限应当大于零"),
        ({"amount": "9" * 30}, "没有这么长"),
        ({"amount": "五"}, "写一个数"),
        ({"extension": "99999999999"}, "没有这么长"),
        ({"unit": "M"}, "不得放宽"),
        ({"unit": "nix"}, "nix"),
        ({"kind": "each_year_on"}, "each_year_on"),
        ({"region": "35x"}, "区划"),
        ({"region": "3501"}, "跨区划"),
        ({"act_kind": ""}, "没有「澜宁市政务数据共享管理办法」这部规定"),
        ({"valid_from": "morgen"}, "日期写成"),
        ({"valid_from": "0001-01-01"}, "请更正以下问题"),
        ({"valid_to": "2025-01-01"}, "失效日期应当晚于生效日期"),
        ({"key": "REC-48/54"}, "含有几个期限"),
        ({"key": "<b>"}, "编号只用字母"),
        ({"key": "x" * 999}, "编号没有这么长"),
        ({"title": "a\x00b"}, "请更正以下问题"),
    ],
)
@pytest.mark.slow
def test_a_limit_that_may_not_be_is_said_at_its_field_and_what_was_typed_stays(
    keeper, changed, says
):
    for step in ("check", "confirm"):
        answer = keeper.post(f"{ROOT}limits/new/", LIMIT | changed | {"step": step})
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert says in page
        assert "请更正以下问题" in page
    assert facts_of("statutes.limit_added") == []


def test_a_local_limit_is_ended_once(keeper):
    limit = a_local_limit("DSR-21b", amount=5)
    path = f"{ROOT}limits/{limit.id}/end/"
    assert "终止8901的时限DSR-21b" in keeper.get(path).content.decode()
    sent = {"on": "2026-12-01", "reason": "由新办法代替"}
    for _ in range(2):
        assert keeper.post(path, sent)["Location"] == f"{ROOT}limits/"
    assert len(facts_of("statutes.limit_ended")) == 1
    page = keeper.get(f"{ROOT}limits/").content.decode()
    assert "2026年12月1日" in page


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"on": "", "reason": ""}, "填写日期"),
        ({"on": "morgen", "reason": "试"}, "日期写成"),
        ({"on": "2020-01-01", "reason": "试"}, "没有有效的规定"),
        ({"on": "0001-01-01", "reason": "试"}, "没有有效的规定"),
        ({"on": "2026-12-01", "reason": "x" * 500}, "少写几个字"),
    ],
)
def test_an_end_that_may_not_be_is_said_in_words(keeper, sent, says):
    limit = a_local_limit("DSR-21b", amount=5)
    answer = keeper.post(f"{ROOT}limits/{limit.id}/end/", sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_the_nations_limits_and_those_of_other_divisions_are_not_ended_here(keeper):
    rows = {row.limit.key: row.limit.id for row in statutes.limits()}
    assert keeper.get(f"{ROOT}limits/{rows['PER-42']}/end/").status_code == 404
    assert keeper.get(f"{ROOT}limits/99999999999999/end/").status_code == 404
    sent = {"on": "2026-12-01", "reason": "试"}
    answer = keeper.post(f"{ROOT}limits/{rows['WF-20']}/end/", sent)
    assert answer.status_code == 422
    assert "跨区划" in answer.content.decode()

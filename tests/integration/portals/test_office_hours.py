"""Office hours: what anyone may read, who may set them, a look before, the act, a second click, hostile answers."""

import csv
import datetime as dt
import html
import io
import re

import pytest
from django.test import Client as Browser

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.duties import a_bureau, a_duty, kinds_installed
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.statutes import facts_of
from yitong.base.statutes import api as statutes
from yitong.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]
SET, KEPT, PUBLIC = "/administration/hours/new/", "/administration/hours/", "/law/hours/"
TODAY = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def a_sunday():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def bureau():
    return an_agency("澜宁市民政局", region="8901")


@pytest.fixture
def keeper():
    return log_in(staff(a_post(an_agency("澜宁市大数据中心", region="8901"), "sysadmin")).username)


@pytest.fixture
def own_administrator(bureau):
    return log_in(staff(a_post(bureau, "agency_admin")).username)


def hours_of(agency, hours="08:30-12:00,13:00-17:00", since="2026-11-01", basis="澜宁市作息规定"):
    since = dt.date.fromisoformat(since)
    code = agency.code
    statutes.set_office_hours(agency=code, hours=hours, since=since, basis=basis, by=OPERATOR)


def asked(agency, **changed):
    return {
        "agency": agency.name,
        "hours": "08:30-12:00,13:00-17:00",
        "since": "2026-12-01",
        "basis": "澜宁市机关作息规定",
    } | changed


def page_of(answer, status=200):
    page = html.unescape(answer.content.decode())
    assert answer.status_code == status, page[-3000:]
    return page


def test_anyone_reads_when_an_agency_is_open_and_why(bureau):
    an_agency("澜宁市教育局")
    hours_of(bureau)
    hours_of(bureau, "09:00-18:00", "2027-01-01", "新规定")
    page = page_of(Browser().get(PUBLIC))
    assert "8:30–12:00、13:00–17:00" in page
    assert "2026年11月1日" in page
    assert "澜宁市作息规定" in page
    assert "2027年1月1日起：9:00–18:00" in page
    assert "澜宁市教育局" in page
    assert "惯例" in page
    assert "9:00–12:00、13:30–17:30" in page
    assert "各机构不上班" in page  # a Sunday
    only = page_of(Browser().get(PUBLIC, {"q": "民政"}))
    assert "澜宁市教育局" not in only
    assert "澜宁市教育局" not in page_of(Browser().get(PUBLIC, {"set": "own"}))
    assert "澜宁市民政局" not in page_of(Browser().get(PUBLIC, {"set": "usual"}))
    assert "没有查到机构" in page_of(Browser().get(PUBLIC, {"q": "没有这里"}))
    english = page_of(Browser(headers={"accept-language": "en"}).get(PUBLIC))
    assert "8:30–12:00, 13:00–17:00" in english
    assert '<span lang="zh-Hans">澜宁市民政局</span>' in english


def test_the_public_page_stands_without_any_agency_and_on_a_workday():
    with clock.frozen(TODAY + dt.timedelta(days=1)):
        page = page_of(Browser().get(PUBLIC))
    assert "各机构不上班" not in page
    assert "没有查到机构" in page


@pytest.mark.parametrize("query", [{"q": "x" * 999}, {"q": "a\x00b"}])
def test_a_bad_search_is_said_at_its_field(query):
    assert "请更正以下问题" in page_of(Browser().get(PUBLIC, query), 422)


def test_odd_filters_and_pages_are_no_fault(bureau):
    for query in ({"set": "nix"}, {"page": "999999999999"}, {"page": "-1"}, {"q": "%' or 1=1"}):
        assert Browser().get(PUBLIC, query).status_code == 200


def test_the_page_is_found_from_where_one_looks():
    for path in ("/", "/help/", "/law/limits/", "/law/calendar/2026/"):
        assert f'href="{PUBLIC}"' in page_of(Browser().get(path)), path


def test_only_who_may_set_hours_comes_in(bureau):
    for role in ("secadmin", "auditor", "clerk", "dept_head"):
        browser = log_in(staff(a_post(bureau, role)).username)
        assert browser.get(KEPT).status_code == 403
        assert browser.get(SET).status_code == 403
        assert browser.post(SET, asked(bureau, step="confirm")).status_code == 403
    assert Browser().get(KEPT).status_code == 302
    assert facts_of("statutes.hours_set") == []


def test_a_keeper_sees_all_agencies_and_an_agencys_administrator_the_own(
    keeper, own_administrator, bureau
):
    other = an_agency("澜宁市教育局")
    hours_of(other)
    everything = page_of(keeper.get(KEPT))
    assert "澜宁市教育局" in everything
    assert "8:30–12:00、13:00–17:00" in everything
    own = page_of(own_administrator.get(KEPT))
    assert "澜宁市民政局" in own
    assert "澜宁市教育局" not in own
    assert f'href="{KEPT}"' in own
    assert 'value="澜宁市民政局"' in page_of(own_administrator.get(SET))
    assert "澜宁市民政局" not in page_of(keeper.get(KEPT, {"q": "教育"}))
    assert "澜宁市民政局" not in page_of(keeper.get(KEPT, {"state": "own"}))
    body = keeper.get(KEPT, {"state": "own", "export": "csv"}).getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert len(rows) == 2
    assert rows[1][3] == "澜宁市作息规定"


@pytest.mark.parametrize("who", ["keeper", "own_administrator"])
def test_hours_are_looked_at_and_then_set_once(request, bureau, who):
    browser = request.getfixturevalue(who)
    hours_of(bureau, "09:00-17:00")
    page = page_of(browser.post(SET, asked(bureau)))
    assert "核对办公时间" in page
    assert "8:30–12:00、13:00–17:00" in page
    assert "17:00停止办公" in page
    assert "9:00–17:00" in page  # what holds until then
    assert "0件" in page
    assert len(facts_of("statutes.hours_set")) == 1
    sent = dict(
        re.findall(r'<input type="hidden" name="(agency|hours|since|basis)" value="([^"]*)"', page)
    )
    assert len(sent) == 4
    for _ in range(2):  # the second click as well
        assert browser.post(SET, sent | {"step": "confirm"})["Location"] == KEPT
    assert facts_of("statutes.hours_set")[1:] == [
        {
            "agency": bureau.code,
            "since": "2026-12-01",
            "hours": "08:30-12:00,13:00-17:00",
            "basis": "澜宁市机关作息规定",
        }
    ]
    assert "2026年12月1日起：8:30–12:00" in page_of(Browser().get(PUBLIC))
    changed = page_of(browser.post(SET, asked(bureau, step="change")))
    assert 'value="08:30-12:00,13:00-17:00"' in changed


def test_hours_of_the_same_day_are_said_to_be_replaced(keeper, bureau):
    hours_of(bureau, "09:00-17:00", "2026-12-01", "旧规定")
    page = page_of(keeper.post(SET, asked(bureau)))
    assert "同一天起登记过的，由这一次代替" in page
    assert "旧规定" in page


def test_the_look_counts_the_open_duties(keeper):
    with kinds_installed():
        owing = a_bureau()
        a_duty(owing, start=TODAY)
    assert "1件" in page_of(keeper.post(SET, asked(owing.agency, since="2026-11-23")))


@pytest.mark.parametrize(
    "written",
    ["08:30-12:00，13:00-17:00", "8:30-12:00、13:00-17:00", "０８：３０－１２：００；１３：００－１７：００",
     "8:30至12:00, 13:00至17:00", " 08:30 – 12:00 , 13:00 — 17:00 ", "8:30到12:00,13:00~17:00"],
)  # fmt: skip
def test_hours_may_be_written_as_people_write_them(keeper, bureau, written):
    assert "8:30–12:00、13:00–17:00" in page_of(keeper.post(SET, asked(bureau, hours=written)))
    assert keeper.post(SET, asked(bureau, hours=written, step="confirm")).status_code == 302
    (facts,) = facts_of("statutes.hours_set")
    assert facts["hours"] == "08:30-12:00,13:00-17:00"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"agency": "", "hours": "", "since": "", "basis": ""}, "写明机构的全称"),
        ({"agency": "澜宁市民正局"}, "没有名为“澜宁市民正局”的机构"),
        ({"agency": "11890100DM999999XX"}, "没有统一社会信用代码"),
        ({"agency": "a\x00b"}, "请更正以下问题"),
        ({"agency": "局" * 999}, "机构的名称没有这么长"),
        ({"agency": "<script>alert(1)</script>"}, "没有统一社会信用代码"),
        ({"hours": "九点到五点"}, "办公时间应当按先后排列"),
        ({"hours": "17:00-09:00"}, "办公时间应当按先后排列"),
        ({"hours": "09:00-12:00,11:00-17:00"}, "办公时间应当按先后排列"),
        ({"hours": "09:00-25:00"}, "办公时间应当按先后排列"),
        ({"hours": "09:00Z-17:00Z"}, "办公时间应当按先后排列"),
        ({"hours": "09:00+08:00-17:00"}, "办公时间应当按先后排列"),
        ({"hours": "T09-T17"}, "办公时间应当按先后排列"),
        ({"hours": "09:00"}, "办公时间应当按先后排列"),
        ({"hours": ","}, "办公时间应当按先后排列"),
        ({"hours": "09:00-12:00," * 99}, "写短一些"),
        ({"since": "morgen"}, "日期写成"),
        ({"since": "0001-01-01"}, "写五年之内的日子"),
        ({"since": "9999-12-31"}, "写五年之内的日子"),
        ({"basis": "x" * 999}, "少写几个字"),
        ({"basis": "  "}, "写明依据的文件"),
    ],
)
@pytest.mark.slow
def test_hours_that_may_not_be_are_said_at_their_field_and_what_was_typed_stays(
    keeper, bureau, changed, says
):
    for step in ("check", "confirm"):
        answer = keeper.post(SET, asked(bureau, step=step) | changed)
        assert "<script>alert" not in answer.content.decode()
        page = page_of(answer, 422)
        assert says in page
        assert "请更正以下问题" in page
    assert facts_of("statutes.hours_set") == []


def test_an_agencys_administrator_sets_no_other_agencys_hours(own_administrator):
    other = an_agency("澜宁市教育局")
    for step in ("check", "confirm"):
        page = page_of(own_administrator.post(SET, asked(other, step=step)), 422)
        assert "本单位" in page
        assert 'href="#' in page
    assert facts_of("statutes.hours_set") == []


def test_odd_searches_of_the_keepers_list_are_no_fault(keeper):
    for query in ({"q": "a\x00b"}, {"state": "nix"}, {"page": "9" * 30}, {"q": "x" * 9999}):
        assert keeper.get(KEPT, query).status_code == 200


def test_odd_searches_of_the_other_lists_are_no_fault(own_administrator):
    for name in ("agencies", "posts", "appointments", "accounts"):
        for query in ({"q": "a\x00b"}, {"agency": "\x00"}):
            assert own_administrator.get(f"/administration/{name}/", query).status_code == 200


def test_a_basis_is_text_and_nothing_else(keeper, bureau):
    page = keeper.post(SET, asked(bureau, basis="<b>=1+1</b>")).content.decode()
    assert "<b>=1+1" not in page
    assert keeper.post(SET, asked(bureau, basis="=1+1", step="confirm")).status_code == 302
    with clock.frozen(TODAY + dt.timedelta(days=30)):
        assert ",'=1+1," in keeper.get(KEPT, {"export": "csv"}).getvalue().decode()

"""The law's pages, for anyone: a due date with its reasons, the register, one limit, the calendar of a year."""

import csv
import datetime as dt
import io
import re
import zipfile

import pytest
from django.test import Client as Browser
from django.utils.translation import gettext, override
from openpyxl import load_workbook

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.regions import load_nation
from tests.factories.statutes import a_local_limit
from yitong.kernel import clock

pytestmark = pytest.mark.django_db
TODAY = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _register(node_keys):  # noqa: F811
    with clock.frozen(TODAY):
        yield


def get(path, status=200, cookies=None, **query):
    browser = Browser()
    for name, value in (cookies or {}).items():
        browser.cookies[name] = value
    answer = browser.get(path, query)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def ask(key="PER-42", start="2026-11-22", region="", status=200):
    return get("/law/due/", status, key=key, start=start, region=region)


def words(page):
    """What a reader sees, without the marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_due_date_names_its_article_every_day_off_and_its_certainty():
    page = ask("PER-42", "2026-12-20")
    assert "2027年1月18日（星期一）24:00前" in page
    assert "《行政许可法》第四十二条" in page
    assert "元旦" in page
    assert "日期是暂定的" in page
    assert page.count('<td data-label="原因">') == 9
    assert "已公布" in page
    assert "yitong due PER-42 2026-12-20" in page


@pytest.mark.parametrize(
    ("key", "word", "date"),
    [
        ("PER-42", "届满", "12月18日（星期五）24:00前"),
        ("PER-50", "最迟", "10月2"),
        ("GID-49a", "届满", "2027年1月31日"),
    ],
)
def test_each_kind_says_what_its_end_means(key, word, date):
    page = ask(key, "2026-11-22")
    assert f'class="deadline-word">{word}' in page
    assert date in page


def test_what_is_asked_in_other_writing_is_the_same():
    asked = [
        "2026-11-22",
        "2026/11/22",
        "2026.11.22",
        "2026年11月22日",
        "２０２６-11-22",
        " 2026-11-22 ",
    ]
    dates = {
        re.search(r'class="deadline">\s*<time[^>]*>([^<]+)', ask(start=text))[1] for text in asked
    }
    assert len(dates) == 1
    assert "《行政许可法》第四十二条" in ask("per-42")


@pytest.mark.parametrize(
    "start",
    ["2026-11-22T09:30", "2026-11-22 09:30", "2026-11-22T09:30+08:00", "2026-11-22T01:30Z",
     "2026-11-22T09:30 08:00", "2026年11月22日 09:30"],
)  # fmt: skip
def test_an_instant_may_name_its_zone(start):
    page = ask("BJ-dispa", start, "11")
    assert "10:30前" in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"key": "", "start": ""}, "写明时限的编号"),
        ({"key": "PER-42", "start": ""}, "写明起算的日期"),
        ({"key": "PER-42", "start": "morgen"}, "写成日期"),
        ({"key": "PER-42", "start": "2026-02-30"}, "写成日期"),
        ({"key": "PER-42", "start": "2026-11-22T25:00"}, "写成日期"),
        ({"key": "PER-42", "start": "0001-01-01"}, "在 0001-01-01 没有有效的规定"),
        ({"key": "PER-42", "start": "0001-01-01T00:00:00+14:00"}, "超出了可计算的范围"),
        ({"key": "PER-42", "start": "9999-12-20"}, "可计算的范围"),
        ({"key": "PER-42", "start": "9999-12-31T23:59:59-12:00"}, "可计算的范围"),
        ({"key": "nix", "start": "2026-11-22"}, "登记簿里没有「nix」"),
        ({"key": "x" * 5000, "start": "2026-11-22"}, "编号没有这么长"),
        ({"key": "a\x00b", "start": "2026-11-22"}, "请更正以下问题"),
        ({"key": "<script>alert(1)</script>", "start": "2026-11-22"}, "请更正以下问题"),
        ({"key": "PER-42", "start": "2026-11-22", "region": "35x"}, "区划"),
        ({"key": "PER-42", "start": "2026-11-22", "region": "没有这里"}, "没有找到“没有这里”"),
        ({"key": "PER-42", "start": "2026-11-22", "region": "1" * 999}, "区划的名称没有这么长"),
        ({"key": "PER-42", "start": "2" * 999}, "写成日期"),
        ({"key": "WF-20", "start": "2026-11-22"}, "只在 3707 有效"),
        ({"key": "DSR-21a", "start": "2019-03-04"}, "没有有效的规定"),
    ],
)  # fmt: skip
def test_a_bad_question_is_answered_in_words_and_keeps_what_was_typed(query, says):
    page = get("/law/due/", 422, **query)
    assert says in page
    assert "<title>错误：" in page
    assert "请更正以下问题" in page
    assert "<script>alert" not in page
    assert "yitong statutes" not in page  # no command as a remedy for somebody with a browser


def test_an_unsplit_key_names_its_parts_as_links_and_words_find_their_keys():
    page = ask("REC-48/54", status=422)
    for part in ("REC-48a", "REC-54b"):
        assert f'href="/law/due/?key={part}&amp;start=2026-11-22"' in page
    assert "key=PER-42&amp;" in ask("PER-45", status=422)
    assert "key=PER-42&amp;" in ask("行政许可 决定", status=422)
    assert "region=3707" in ask("WF-20", status=422)


def test_the_blank_form_asks_and_refuses_nothing():
    page = get("/law/due/")
    assert 'value="2026-11-22"' in page
    assert "请更正" not in page
    assert '<option value="PER-42" lang="zh-Hans">' in page


def test_a_region_has_its_own_limit_and_other_regions_the_nations():
    a_local_limit("DSR-21b", amount=5)
    assert "11月30日（星期一）24:00前" in ask("DSR-21b", "2026-11-23", "8901")
    assert "12月7日（星期一）24:00前" in ask("DSR-21b", "2026-11-23", "3502")
    page = get("/law/limits/DSR-21b/")
    assert "各地自己的时限" in page
    assert "全国的规定" in page
    assert "5个工作日" in page
    assert "10个工作日" in page


def test_the_register_is_searched_filtered_and_paged():
    page = get("/law/limits/")
    assert "第1–25条" in page
    assert "第26–" in get("/law/limits/", page="2")
    found = get("/law/limits/", q="延续")
    assert "PER-50" in found
    assert "DSR-21b" not in found
    of_kind = get("/law/limits/", kind="keep")
    assert "PER-42<" not in of_kind
    of_2019 = get("/law/limits/", on="2019-03-04", act="行政许可法")
    assert "PER-42" in of_2019
    assert "没有查到时限" in get("/law/limits/", on="1901-01-01")
    assert "潍坊" in get("/law/limits/", region="3707")
    assert ">WF-20<" in get("/law/limits/", q="WF-20")
    assert ">WF-20<" not in get("/law/limits/", region="nation", q="WF-20")
    assert "没有查到" not in get("/law/limits/", region="nix", kind="nix", page="999999999999")


@pytest.mark.parametrize(
    "query", [{"on": "morgen"}, {"on": "2026-13-01"}, {"q": "x" * 999}, {"on": "\x00"}]
)
def test_a_bad_search_is_said_at_its_field(query):
    assert "请更正以下问题" in get("/law/limits/", 422, **query)


def test_the_export_has_exactly_the_filtered_rows():
    answer = Browser().get("/law/limits/export.csv", {"act": "行政许可法"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    total = int(re.search(r"CSV，(\d+)行", get("/law/limits/", act="行政许可法"))[1])
    assert len(rows) == total + 1
    assert rows[0][0] == "编号"
    assert "yitong-limits-20261122.csv" in answer["Content-Disposition"]
    book = Browser().get("/law/limits/export.xlsx", {"act": "行政许可法"}).content
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(rows)
    assert rows[1][1] in sheet
    assert "<f>" not in sheet


def keys_in(page):
    return re.findall(r'<a href="/law/limits/([^/"]+)/"', page)


def test_the_register_is_ordered_by_each_column_and_says_so():
    usual = keys_in(get("/law/limits/"))
    assert usual[:3] == ["ALG-24a", "ALG-24b", "ALG-24c"]
    assert keys_in(get("/law/limits/", sort="nix")) == usual
    shortest = get("/law/limits/", sort="amount")
    assert keys_in(shortest)[:4] == ["PER-50d", "RE-17", "BJ-dispa", "BJ-dispb"]
    assert "按期限，从短到长" in shortest
    assert 'aria-sort="ascending"' in shortest
    assert keys_in(get("/law/limits/", sort="-amount"))[:3] == ["GID-49b", "GID-49a", "REC-21a"]
    assert keys_in(get("/law/limits/", sort="-place"))[0] == "WF-20"
    assert keys_in(get("/law/limits/", sort="since"))[0] == "HR-7"
    assert keys_in(get("/law/limits/", sort="-confidence"))[0] in {"DSR-16", "GID-26"}
    of_act = get("/law/limits/", sort="basis", act="行政复议法")
    assert keys_in(of_act)[0] == "REC-20"  # the article 9 of 1999


def test_search_filter_paging_and_export_keep_the_order():
    page = get("/law/limits/", sort="-amount", kind="within", q="受理", page="1")
    assert 'name="sort" value="-amount"' in page
    assert page.count("sort=-amount") >= 3  # paging and both exports
    second = get("/law/limits/", sort="-amount", kind="within", page="2")
    assert keys_in(second) != keys_in(get("/law/limits/", kind="within", page="2"))
    asked = {"sort": "-amount", "act": "行政许可法"}
    body = Browser().get("/law/limits/export.csv", asked).content.decode("utf-8-sig")
    keys = [row[0] for row in csv.reader(io.StringIO(body))][1:]
    assert keys == keys_in(get("/law/limits/", **asked))
    assert keys[0] == "PER-42b"


def test_what_looks_like_a_formula_is_text():
    a_local_limit("LN-1", title="=1+1", region="8901")
    body = Browser().get("/law/limits/export.csv", {"q": "LN-1"}).content.decode()
    assert "'=1+1" in body


def test_every_limit_of_the_register_has_its_page():
    from yitong.base.statutes.api import limits

    for key in {row.limit.key for row in limits()}:
        page = get(f"/law/limits/{key}/")
        assert "算届满日" in page
    page = get("/law/limits/PER-42/")
    for word in (
        "听证",
        "停止计时",
        "10个工作日",
        "国家法律法规数据库文本",
        "key=PER-42&amp;start=2026-11-22",
    ):
        assert word in page
    assert "视为受理" in get("/law/limits/PER-32/")


def test_an_unknown_key_leads_on():
    assert "选其中的一项" in get("/law/limits/REC-48/54/", 404)
    assert "/law/limits/REC-48a/" in get("/law/limits/REC-48/54/", 404)
    assert "没有这一项时限" in get("/law/limits/nix/", 404)
    assert "没有这一项时限" in get(f"/law/limits/{'x' * 3000}/", 404)
    assert "没有这一项时限" in get("/law/limits/a%00b/", 404)


def test_a_year_has_twelve_months_with_shapes_and_words():
    page = get("/law/calendar/2026/")
    assert page.count('<table class="month">') == 12
    assert "已公布" in page
    assert "day-adjusted_on" in page
    assert "调休上班 " in words(page)
    for year in range(2004, 2028):
        assert f'href="/law/calendar/{year}/"' in page or year == 2026
    assert 'aria-current="date"' in page
    provisional = get("/law/calendar/2027/")
    assert "还没有公布" in provisional
    assert Browser().get("/law/calendar/")["Location"] == "/law/calendar/2026/"


@pytest.mark.parametrize("year", ["0", "1", "1949", "9999", "99999999999999999999999"])
def test_a_year_that_is_not_loaded_is_said_in_words(year):
    assert "只有 2004 至 2027 年的" in get(f"/law/calendar/{year}/", 404)


@pytest.mark.parametrize(
    "path",
    [
        "/law/due/?key=PER-42&start=2026-12-20",
        "/law/limits/",
        "/law/limits/PER-42/",
        "/law/calendar/2027/",
    ],
)
def test_pages_speak_english(path):
    browser = Browser()
    browser.cookies["django_language"] = "en"
    page = browser.get(path).content.decode()
    assert '<html lang="en"' in page


HAN = re.compile(r"[\u4e00-\u9fff]")
CHINESE = re.compile(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', re.DOTALL)
ENGLISH = {"django_language": "en"}


def untranslated(page):
    """Chinese in the content of an English page that does not say that it is Chinese."""
    content = page[page.index("<main") : page.index("</main>")]
    told = CHINESE.sub("", re.sub(r"<(datalist|code)\b.*?</\1>", "", content, flags=re.DOTALL))
    return [line.strip() for line in words(told).split("  ") if HAN.search(line)]


def test_every_row_of_the_register_is_told_in_english_with_its_chinese():
    from yitong.base.statutes.api import limits

    with override("en"):
        for row in limits():
            for text in (row.limit.title, row.limit.basis.act, row.note, row.limit.source):
                assert not HAN.search(gettext(text)), text
    page = get("/law/limits/", cookies=ENGLISH, q="PER-42")
    assert "Decision on an administrative licence after acceptance" in page
    assert '<span class="row-sub" lang="zh-Hans">受理后作出行政许可决定</span>' in page
    assert "Administrative Licensing Law, art. 42" in page


def test_the_register_is_searched_in_the_words_that_are_shown():
    assert keys_in(get("/law/limits/", cookies=ENGLISH, q="birth registration")) == ["HR-7"]
    assert keys_in(get("/law/limits/", cookies=ENGLISH, q="出生登记")) == ["HR-7"]
    assert keys_in(get("/law/limits/", q="birth registration")) == []


@pytest.mark.parametrize(
    "path",
    [
        "/law/due/",
        "/law/due/?key=PER-42&start=2026-12-20",
        "/law/due/?key=PER-45&start=2026-11-22",
        "/law/due/?key=GID-33&start=2019-03-04",
        "/law/limits/?act=行政许可法",
        "/law/limits/PER-42/",
        "/law/limits/REC-30/",
        "/law/limits/PI-46/",
        "/law/limits/REC-48/54/",
        "/law/calendar/2026/",
        "/law/calendar/2027/",
    ],
)
def test_an_english_page_has_no_chinese_that_does_not_say_so(path):
    browser = Browser()
    browser.cookies["django_language"] = "en"
    assert untranslated(browser.get(path).content.decode()) == []


def test_chinese_pages_say_everything_once():
    for path in ("/law/limits/PER-42/", "/law/due/?key=PER-42&start=2026-12-20"):
        page = Browser().get(path).content.decode()
        content = page[page.index("<main") : page.index("</main>")]
        assert 'lang="zh-Hans">' not in re.sub(r"<option[^>]*>", "", content)


def test_an_english_export_has_the_chinese_beside():
    browser = Browser()
    browser.cookies["django_language"] = "en"
    body = browser.get("/law/limits/export.csv", {"q": "HR-7"}).content.decode("utf-8-sig")
    (heads, row) = csv.reader(io.StringIO(body))
    assert heads[:3] == ["Key", "Matters", "Matter (Chinese)"]
    assert row[1:3] == ["Birth registration is declared after a birth", "婴儿出生后申报出生登记"]
    assert len(heads) == len(row) == 15
    book = browser.get("/law/limits/export.xlsx", {"q": "HR-7"}).content
    page = load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in page[2]][2] == "婴儿出生后申报出生登记"
    assert page.column_dimensions["B"].max == 3  # both as wide


def test_a_local_limit_without_english_says_that_it_is_chinese():
    a_local_limit("LN-1", title="窗口收件后录入", region="8901")
    page = get("/law/limits/LN-1/", cookies=ENGLISH)
    assert '<h1><span lang="zh-Hans">窗口收件后录入</span></h1>' in page


def test_the_home_page_leads_here():
    page = get("/")
    for path in ("/law/due/", "/law/limits/", "/law/calendar/"):
        assert f'href="{path}"' in page


def test_a_place_is_asked_by_name_and_by_code():
    load_nation()
    named = get("/law/due/", key="PER-42", start="2026-11-22", region="云东市")
    assert "云东市 9101" in named
    several = ask(region="石桥街道", status=422)
    assert "选其中的一个" in several
    assert "region=910102001" in several
    assert "请更正以下问题" in ask(region="9" * 12, status=422)
    a_local_limit("DSR-21b", amount=5, region="9101")
    assert "云东市 9101" in get("/law/limits/DSR-21b/")
    assert "云东市 9101" in get("/law/limits/", region="9101")

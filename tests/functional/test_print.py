"""On paper, in a real browser: A4 has the tables whole and nothing of the screen's own."""

import os
import re
from pathlib import Path

import pytest

from tests.factories.duties import at, kinds_installed
from tests.factories.duty_city import NOW, a_duty_city, an_unassigned
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import MODES
from yitong.base.identity.models import Account
from yitong.kernel import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("city"),
]

# What an A4 sheet has between our margins, in CSS pixels.
SHEET = {"width": 673, "height": 1002}
OF_THE_SCREEN = (
    ".skip", ".tools", ".person", ".nav", ".search", ".crumbs", ".tabs", ".filters", ".keys",
    ".views", "button", ".button", "input", ".paging .actions", ".inbox-acts", "[data-print=no]",
)  # fmt: skip
_SHOWN = """selectors => [...document.querySelectorAll(selectors.join(","))]
    .filter(e => e.getClientRects().length && !e.closest(".visually-hidden"))
    .map(e => e.outerHTML.slice(0, 90))"""
# Beyond the sheet's edge, or more inside a box than the box shows.
_CUT = """width => [...document.querySelectorAll("body *")].filter(e => {
        if (!e.getClientRects().length || e.closest(".visually-hidden") || e.closest("svg")) return false;
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        const hides = [style.overflowX, style.overflowY].some(o => o !== "visible");
        const holds_more = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
        return box.right > width + 1 || box.left < -1 || (hides && holds_more && e.textContent.trim());
    }).map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)"""
# Words that a cell is too narrow for are broken inside where anything may break.
_TORN = """() => [...document.querySelectorAll("table th, table td")]
    .filter(e => getComputedStyle(e).overflowWrap === "anywhere").length"""
_TABLES = """() => [...document.querySelectorAll("table")].map(table => ({
    head: getComputedStyle(table.tHead).display,
    columns: [...table.tHead.rows[0].cells].filter(c => c.getClientRects().length).length,
    rows: [...table.tBodies[0].rows].map(row => ({
        display: getComputedStyle(row).display,
        breaks: getComputedStyle(row).breakInside,
        cells: [...row.cells].filter(c => c.getClientRects().length).length,
    })),
}))"""


@pytest.fixture
def city(node_keys, monkeypatch):  # noqa: F811
    with kinds_installed():
        city = a_duty_city()
        an_unassigned(city)
        monkeypatch.setattr(clock, "now", lambda: at(NOW))
        yield city


@pytest.fixture
def sheet(chromium, site, city):
    """A page as it goes to the printer, for this officer in this mode."""
    contexts = []

    def open_sheet(who: str, path: str, mode: str):
        by = getattr(city.bureau, who)
        account = Account.objects.get(pk=int(by.account.partition(":")[2]))
        cookies = MODES[mode] | {"sessionid": log_in(account.username).cookies["sessionid"].value}
        context = chromium.new_context(viewport=SHEET, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        context.add_cookies([{"name": n, "value": v, "url": site} for n, v in cookies.items()])
        page = context.new_page()
        page.emulate_media(media="print")
        assert page.goto(site + path).status == 200
        if folder := os.environ.get("YITONG_PICTURES"):
            name = re.sub(r"\W+", "-", path).strip("-")
            page.screenshot(path=Path(folder) / f"print-{name}-{mode}.png", full_page=True)
        return page

    yield open_sheet
    for context in contexts:
        context.close()


def paths(city) -> dict[str, tuple[str, ...]]:
    duties = (f"/work/duties/{city.duties[name].pk}/" for name in ("resumed", "missed", "long"))
    return {"clerk": ("/work/", *duties), "reviewer": ("/bureau/performance/?period=2026",)}


@pytest.mark.parametrize("mode", MODES)
def test_paper_has_the_page_whole_and_nothing_of_the_screen(sheet, city, mode):
    for who, printed in paths(city).items():
        for path in printed:
            page = sheet(who, path, mode)
            assert page.evaluate(_SHOWN, list(OF_THE_SCREEN)) == [], path
            assert page.evaluate(_CUT, SHEET["width"]) == [], path
            assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_tables_are_tables_with_their_head_on_every_sheet_and_no_row_torn(sheet, city):
    for who, path in (("clerk", "/work/"), ("reviewer", "/bureau/performance/")):
        page = sheet(who, path, "english")
        assert page.evaluate(_TORN) == 0, path
        tables = page.evaluate(_TABLES)
        assert tables, path
        for table in tables:
            assert table["head"] == "table-header-group", path
            assert {row["cells"] for row in table["rows"]} == {table["columns"]}, path
            assert {(row["display"], row["breaks"]) for row in table["rows"]} == {
                ("table-row", "avoid")
            }, path


def test_the_inbox_prints_every_duty_of_its_page_with_its_date(sheet, city):
    page = sheet("clerk", "/work/", "chinese")
    rows = page.locator(".inbox-row")
    assert rows.count() >= 7
    for subject in ("机动车登记信息", "不动产登记信息", "婚姻登记信息"):
        row = page.locator(".inbox-row", has_text=subject)
        assert row.locator(".inbox-due").is_visible()
        assert row.locator(".inbox-owner").is_visible()
        assert row.locator(".inbox-basis").is_visible()


def test_a_printed_page_says_whose_node_it_is_and_when(sheet, city):
    for who, path in (("clerk", "/work/"), ("reviewer", "/bureau/performance/")):
        page = sheet(who, path, "chinese")
        assert page.locator(".brand").first.is_visible(), path


def test_a_pdf_is_made_of_each(sheet, city):
    for who, printed in paths(city).items():
        for path in printed:
            made = sheet(who, path, "chinese").pdf(format="A4", prefer_css_page_size=True)
            assert made.startswith(b"%PDF-"), path
            assert len(re.findall(rb"/Type\s*/Page\b", made)) <= 4, path

"""The law's pages and those on which it is kept, in a real browser: every page in every mode, and without a script."""

import datetime as dt

import pytest

from tests.factories.agencies import a_post, an_agency, staff
from tests.factories.announcements import announced
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import DESK, MODES, PHONE, SEEN, assert_passes
from tests.factories.statutes import a_local_limit
from yitong.base.duties.recounts import CALENDAR, Change, note_change

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
]

PUBLIC = {
    "due": "/law/due/",
    "due-answer": "/law/due/?key=PER-42&start=2026-12-20",
    "due-local": "/law/due/?key=BJ-dispa&start=2026-11-22T09:30&region=11",
    "due-wrong": "/law/due/?key=REC-48/54&start=2026-11-22",
    "due-empty": "/law/due/?key=&start=",
    "register": "/law/limits/",
    "register-none": "/law/limits/?q=nix&on=2019-03-04",
    "limit": "/law/limits/PER-42/",
    "limit-local": "/law/limits/DSR-21b/",
    "no-limit": "/law/limits/REC-48/54/",
    "year": "/law/calendar/2026/",
    "year-provisional": "/law/calendar/2027/",
}


LIMIT = {
    "key": "DSR-21b",
    "region": "890102",
    "amount": "4",
    "act": "听澜区政务数据共享办法",
    "article": "9",
    "valid_from": "2026-01-01",
}


def a_recount():
    year = {"first_on": dt.date(2027, 1, 1), "last_on": dt.date(2027, 12, 31)}
    note_change(Change(CALENDAR, "test/1", **year))


def send(page, file):
    page.set_input_files("[name=file]", file)
    page.click("main .button-primary")


@pytest.fixture
def visit(chromium, site):
    contexts = []

    def open_page(width=DESK, cookies=None, account=None, **more):
        context = chromium.new_context(
            viewport={"width": width, "height": 768},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **more,
        )
        kept = dict(cookies or {})
        if account is not None:
            kept["sessionid"] = log_in(account.username).cookies["sessionid"].value
        context.add_cookies([{"name": n, "value": v, "url": site} for n, v in kept.items()])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("mode", SEEN)
def test_public_pages_fit_and_pass_axe(visit, site, mode):
    a_local_limit("DSR-21b", amount=5)
    page = visit(PHONE, MODES[mode])
    for name, path in PUBLIC.items():
        answer = page.goto(site + path)
        assert answer.status in {200, 404, 422}, path
        assert_passes(page, name, mode)


@pytest.mark.parametrize("mode", SEEN)
def test_the_keepers_pages_fit_and_pass_axe(visit, site, mode, tmp_path):
    limit = a_local_limit("DSR-21b", amount=5)
    a_recount()
    keeper = staff(a_post(an_agency("澜宁市大数据中心", region="8901"), "sysadmin"))
    page = visit(PHONE, MODES[mode], keeper)
    for name, path in {
        "keep-limits": "limits/",
        "keep-new": "limits/new/?key=PER-42",
        "keep-end": f"limits/{limit.id}/end/",
        "keep-calendar": "calendar/",
    }.items():
        assert page.goto(f"{site}/administration/{path}").status == 200
        assert_passes(page, name, mode)

    file = tmp_path / "2027.csv"
    file.write_text(announced([dt.date(2027, 2, 11)], [dt.date(2027, 2, 20)]), encoding="utf-8")
    send(page, file)
    assert page.locator("tbody tr").count() == 2
    assert_passes(page, "keep-calendar-preview", mode)

    file.write_text("date,kind\n2027-01-01,nix\n", encoding="utf-8")
    page.goto(f"{site}/administration/calendar/")
    send(page, file)
    assert_passes(page, "keep-calendar-wrong", mode)

    page.goto(f"{site}/administration/limits/new/")
    page.click("main .button-primary")
    assert_passes(page, "keep-new-wrong", mode)
    for field, words in LIMIT.items():
        page.fill(f"[name={field}]", words)
    page.select_option("[name=act_kind]", "地方政府规章")
    page.click("main .button-primary")
    assert page.locator("button[value=confirm]").count() == 1
    assert_passes(page, "keep-new-check", mode)


def test_a_question_is_asked_and_mended_without_a_script(visit, site):
    page = visit(PHONE, java_script_enabled=False)
    page.goto(f"{site}/law/due/")
    page.fill("[name=key]", "REC-48/54")
    page.fill("[name=start]", "2026年11月22日")
    page.click("main form button")
    page.click(".plain-list a >> nth=0")
    assert page.is_visible("text=不计入的日子")
    page.click(".summary a")
    page.click("main .button-primary")
    assert page.is_visible("text=怎样算的")


def test_the_first_error_has_the_focus(visit, site):
    page = visit()
    page.goto(f"{site}/law/due/?key=&start=")
    assert page.evaluate("document.activeElement.id") == "problems"
    page.click("#problems a >> nth=0")
    assert page.evaluate("document.activeElement.name") == "key"

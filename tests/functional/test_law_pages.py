"""The law's pages and those on which it is kept, in a real browser: every page in every mode, and without a script."""

import datetime as dt

import pytest

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.announcements import announced
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import MODES, PHONE, SEEN, assert_passes
from tests.factories.statutes import a_local_limit
from yitong.base.duties.recounts import CALENDAR, Change, note_change
from yitong.base.statutes.api import set_office_hours
from yitong.kernel import clock

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
    "register-longest": "/law/limits/?sort=-amount&act=行政许可法",
    "register-none": "/law/limits/?q=nix&on=2019-03-04",
    "limit": "/law/limits/PER-42/",
    "limit-local": "/law/limits/DSR-21b/",
    "no-limit": "/law/limits/REC-48/54/",
    "year": "/law/calendar/2026/",
    "year-provisional": "/law/calendar/2027/",
    "hours": "/law/hours/",
    "hours-none": "/law/hours/?q=nix",
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


def office_hours():
    """One agency that set its hours and will change them, and one that did not."""
    an_agency("澜宁市教育局", region="8901")
    agency = an_agency("澜宁市民政局", region="8901")
    for since, hours in (("2026-01-01", "08:30-12:00,13:00-17:00"), ("2030-01-01", "09:00-18:00")):
        set_office_hours(
            agency=agency.code,
            hours=hours,
            since=dt.date.fromisoformat(since),
            basis="澜宁市机关作息规定",
            by=OPERATOR,
        )


def send(page, file):
    page.set_input_files("[name=file]", file)
    page.click("main .button-primary")


@pytest.mark.parametrize("mode", SEEN)
def test_public_pages_fit_and_pass_axe(visit, site, mode):
    a_local_limit("DSR-21b", amount=5)
    office_hours()
    page = visit(None, PHONE, MODES[mode])
    for name, path in PUBLIC.items():
        answer = page.goto(site + path)
        assert answer.status in {200, 404, 422}, path
        assert_passes(page, name, mode)


@pytest.mark.parametrize("mode", SEEN)
def test_the_keepers_pages_fit_and_pass_axe(visit, site, mode, tmp_path):
    limit = a_local_limit("DSR-21b", amount=5)
    a_recount()
    office_hours()
    keeper = staff(a_post(an_agency("澜宁市大数据中心", region="8901"), "sysadmin"))
    page = visit(keeper, PHONE, MODES[mode])
    for name, path in {
        "keep-limits": "limits/",
        "keep-new": "limits/new/?key=PER-42",
        "keep-end": f"limits/{limit.id}/end/",
        "keep-hours": "hours/",
        "keep-hours-new": "hours/new/?agency=澜宁市民政局",
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

    page.goto(f"{site}/administration/hours/new/?agency=澜宁市民政局")
    page.click("main .button-primary")
    assert_passes(page, "keep-hours-wrong", mode)
    since = clock.today() + dt.timedelta(days=30)
    for field, words in {"hours": "8:30至12:00", "since": since.isoformat(), "basis": "试"}.items():
        page.fill(f"[name={field}]", words)
    page.click("main .button-primary")
    assert page.locator("button[value=confirm]").count() == 1
    assert_passes(page, "keep-hours-check", mode)


def test_a_question_is_asked_and_mended_without_a_script(visit, site):
    page = visit(None, PHONE, java_script_enabled=False)
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


def test_the_register_is_ordered_on_a_desk_by_its_heads_and_on_a_phone_by_a_menu(visit, site):
    page = visit()
    page.goto(f"{site}/law/limits/?kind=within")
    assert not page.is_visible("#sort-menu")
    page.click("thead a >> text=期限")
    assert page.is_visible("caption >> text=按期限，从短到长")
    page.click("thead a >> text=期限")
    assert page.is_visible("caption >> text=按期限，从长到短")
    assert "kind=within" in page.url
    phone = visit(None, PHONE)
    phone.goto(f"{site}/law/limits/?kind=within")
    assert not phone.is_visible("thead a >> nth=0")
    phone.select_option("#sort-menu", "-amount")
    phone.wait_for_url("**sort=-amount**")
    assert "kind=within" in phone.url
    assert phone.is_visible("caption >> text=按期限，从长到短")


@pytest.mark.parametrize(
    "query",
    [
        "key=PER-42&start=2026-12-20",  # a weekend at the end of each line
        "key=PER-42&start=2026-09-20",  # 中秋, 国庆 and a make-up day
        "key=PER-42&start=2026-02-05",  # 春节: nine days in a row
        "key=PER-42&start=2015-08-21",  # a festival of thirty characters
    ],
)
def test_the_words_of_a_day_strip_are_whole_and_do_not_touch(visit, site, query):
    for more in ({}, MODES["elder"]):
        for language in ({}, MODES["english"]):
            page = visit(None, PHONE, more | language)
            page.goto(f"{site}/law/due/?{query}")
            assert page.evaluate(_TOUCHING) == [], (more, language)


def test_the_heads_and_marks_of_a_month_do_not_touch_in_large_english_letters(visit, site):
    page = visit(None, PHONE, MODES["english"] | MODES["elder"])
    page.goto(f"{site}/law/calendar/2026/")
    assert (
        page.evaluate(
            _TOUCHING.replace(".strip-above, .strip-date", ".month th, .day-mark").replace(
                ".strip", ".months"
            )
        )
        == []
    )


# Words of the strip that are less than 3 px from those of another day in the same line, or run out of the strip.
_TOUCHING = """() => {
    const strip = document.querySelector(".strip").getBoundingClientRect();
    const told = [...document.querySelectorAll(".strip-above, .strip-date")]
        .filter(e => e.textContent.trim())
        .map(e => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return [e.textContent.trim(), range.getBoundingClientRect()];
        });
    const touching = told.flatMap(([words, a], at) => told.slice(at + 1)
        .filter(([_, b]) => a.left < b.right + 3 && b.left < a.right + 3 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map(([other]) => `${words} | ${other}`));
    const cut = told.filter(([_, box]) => box.right > strip.right + 1 || box.left < strip.left - 1);
    return [...touching, ...cut.map(([words]) => `${words} runs out`)];
}"""

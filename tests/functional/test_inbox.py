"""The work-bench and the 履责台账 in a real browser: every page in every mode, the keys, a hand-over by keyboard."""

import pytest

from tests.factories.duties import at, kinds_installed
from tests.factories.duty_city import NOW, a_duty_city, an_unassigned
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import MODES, PHONE, SEEN, assert_passes
from yitong.base.duties.models import Admonition, Duty
from yitong.kernel import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("city"),
]


@pytest.fixture
def city(node_keys, monkeypatch):  # noqa: F811
    with kinds_installed():
        city = a_duty_city()
        an_unassigned(city)
        # The server's threads have no frozen clock of their own.
        monkeypatch.setattr(clock, "now", lambda: at(NOW))
        yield city


def paths_of(city) -> dict[str, list[str]]:
    pk = {name: duty.pk for name, duty in city.duties.items()}
    signed = Admonition.objects.get().pk
    return {
        "clerk": [
            "/work/", "/work/?state=today", f"/work/hand-over/?duty={pk['running']}",
            *(f"/work/duties/{pk[name]}/" for name in ("resumed", "paused", "missed", "long", "extended")),
            f"/work/duties/{pk['missed']}/explain/",
        ],
        "reviewer": [
            "/bureau/performance/", "/bureau/performance/?period=2025", "/bureau/performance/propose/",
            f"/bureau/admonitions/{signed}/", f"/work/duties/{pk['running']}/extend/",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("mode", SEEN)
def test_pages_fit_and_pass_axe(visit, site, city, mode):
    for who, paths in paths_of(city).items():
        page = visit(getattr(city.bureau, who), PHONE, MODES[mode])
        for path in paths:
            answer = page.goto(site + path)
            assert answer.status == 200, path
            assert_passes(page, path, mode)


def test_the_list_is_walked_by_keys_and_the_preview_follows(visit, site, city):
    page = visit(city.bureau.clerk)
    page.goto(f"{site}/work/")
    assert "不动产登记信息" in page.inner_text("#preview h2")
    second = page.locator("#preview h2", has_text="医保")
    page.keyboard.press("j")
    second.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("k")
    second.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/duties/*/")
    assert "基本医保参保信息" in page.inner_text("h1")


def test_typing_in_the_search_is_no_key(visit, site, city):
    page = visit(city.bureau.clerk)
    page.goto(f"{site}/work/")
    page.keyboard.press("/")
    page.keyboard.type("jkxd")
    assert page.input_value("#search") == "jkxd"
    assert page.locator("input[name=duty]:checked").count() == 0


def test_duties_are_handed_over_by_keyboard_alone(visit, site, city):
    page = visit(city.bureau.clerk)
    page.goto(f"{site}/work/")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("d")
    page.wait_for_url("**/work/hand-over/**")
    assert "转办2件事？" in page.inner_text("h1")
    page.locator("[name=post]").first.check()
    page.fill("[name=reason]", "调整分工")
    page.click("button.button-primary")
    assert page.is_visible("text=转办了2件事")
    assert (
        Duty.objects.filter(moved_by="", closed_at=None)
        .exclude(post=city.bureau.clerk.post)
        .count()
        >= 2
    )


def test_a_number_of_the_book_opens_exactly_its_rows(visit, site, city):
    page = visit(city.bureau.reviewer)
    page.goto(f"{site}/bureau/performance/")
    number = page.locator("a.number-missed").first
    shown = int(number.inner_text())
    number.click()
    page.wait_for_url("**result=missed**")
    assert page.locator("#rows tbody tr").count() == shown


def test_an_urging_is_signed_by_a_named_person(visit, site, city):
    page = visit(city.bureau.reviewer)
    page.goto(f"{site}/bureau/performance/")
    page.click("text=督办：")
    page.fill("[name=words]", "三个工作日内答复")
    page.click("button:has-text('签发'):not(:has-text('不'))")
    assert page.is_visible("text=已签发，对方收到消息")
    assert Admonition.objects.get().settled_by == city.bureau.reviewer.account

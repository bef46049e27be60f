"""The node's own pages in a real browser: every mode and language, phone and desk."""

import pytest

from tests.factories.pages import MODES, PHONE, assert_axe_finds_nothing, assert_passes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.committed]

GALLERY = "/ui/gallery/"
# Every component in each mode, beside what every page is asked.
BY_ITSELF = {"chinese", "english", "elder", "contrast"}
PAGES = (GALLERY, "/account/login/", "/")


def watched(page):
    """What the console and the network of this page say is kept with it."""
    page.said, page.asked = [], set()
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.add(request.url.split("/")[2]))
    return page


@pytest.mark.parametrize("mode", MODES)
def test_pages_fit_pass_axe_and_keep_to_themselves(visit, site, mode):
    page = watched(visit(None, PHONE, MODES[mode]))
    for path in PAGES:
        page.goto(site + path)
        assert_passes(page, path, mode)
        if path == GALLERY and mode in BY_ITSELF:
            assert_axe_finds_nothing(page, mode)
    assert page.asked == {site.split("/")[2]}
    assert not [
        words for words in page.said if "Content Security Policy" in words or "Error" in words
    ]


def test_a_switch_keeps_the_page_and_what_was_typed(visit, site):
    page = visit(None, 360)
    page.goto(f"{site}/account/login/?next=/help/")
    page.fill("[name=login]", "lin")
    page.fill("[name=password]", "never kept")
    page.click("text=长辈版")
    assert page.url == f"{site}/account/login/?next=/help/"
    assert page.get_attribute("html", "data-mode") == "elder"
    assert page.input_value("[name=login]") == "lin"
    assert page.input_value("[name=password]") == ""
    page.click("text=English")
    assert page.get_attribute("html", "lang") == "en"
    assert page.input_value("[name=login]") == "lin"


def test_an_empty_log_in_is_summed_up_and_the_focus_goes_there(visit, site):
    page = visit(None, 360)
    page.goto(f"{site}/account/login/")
    page.click("main button[type=submit]")
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "problems"
    page.click(".problems a >> nth=0")
    assert page.evaluate("document.activeElement.name") == "login"
    assert_axe_finds_nothing(page, page.url)


def test_the_first_key_skips_to_the_content(visit, site):
    page = visit()
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_targets_on_a_phone_are_large_enough(visit, site):
    """WCAG 2.5.8 asks for 24 px, the house for 44; links within a sentence are excepted."""
    page = visit(None, 360)
    page.goto(site)
    small = page.evaluate(
        """[...document.querySelectorAll('header a, footer a, header button')]
           .filter(e => e.getClientRects().length && !e.classList.contains('skip'))
           .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
    )
    assert not small


def test_pages_work_without_a_script(visit, site):
    page = visit(None, 360, java_script_enabled=False)
    page.goto(f"{site}/account/login/")
    page.click("main button[type=submit]")
    assert page.is_visible("#problems")
    page.goto(f"{site}/ui/gallery/")
    assert page.is_visible(".filters button")

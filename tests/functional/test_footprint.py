"""我的数据足迹 in a real browser: a use appears within a minute and its proof is downloaded; every mode, phone and desk."""

import json
from pathlib import Path

import pytest

from tests.factories.footprints import used, watched
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import MODES, PHONE, SEEN, assert_passes
from yitong.base.ledger.api import sequence_all
from yitong.data.exchange.api import shut_down

pytestmark = [
    pytest.mark.browser,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("people"),
]


@pytest.fixture
def lin(tmp_path):
    yield watched(tmp_path)
    shut_down()


@pytest.mark.slow
@pytest.mark.parametrize("mode", SEEN)
def test_pages_fit_and_pass_axe(visit, site, lin, mode):
    used(lin)
    used(lin, purpose="marketing")
    lin.people.call(lin.person.number)
    page = visit(lin.browser, PHONE, MODES[mode])
    page.goto(f"{site}/my/footprint/")
    asked = page.get_attribute("a[href*='/question/']", "href")
    for path in (
        "/my/footprint/",
        "/my/",
        asked,
        "/my/footprint/?agency=" + "0" * 18,
        "/ledger/verify/",
    ):
        page.goto(site + path)
        assert_passes(page, path, mode)


def test_a_use_appears_at_once_and_its_proof_a_moment_later(visit, site, lin):
    page = visit(lin.browser, 360)
    page.goto(f"{site}/my/footprint/")
    assert page.is_visible("text=还没有部门用过您的数据") or page.is_visible("text=这里没有记录")
    lin.people.call(lin.person.number)
    page.reload()
    assert page.is_visible("text=正在入账")
    sequence_all()
    page.reload()
    assert page.is_visible("text=已记录，可验证")
    with page.expect_download() as waiting:
        page.click("a:has-text('下载凭证')")
    proof = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert proof["format"] == "yitong-ledger-proof/1"
    assert waiting.value.suggested_filename == f"yitong-proof-{proof['index']}.json"


@pytest.mark.slow
def test_filters_work_without_a_script(visit, site, lin):
    used(lin)
    page = visit(lin.browser, 360, java_script_enabled=False)
    page.goto(f"{site}/my/footprint/")
    page.select_option("[name=period]", "month")
    page.click(".filters button")
    assert "period=month" in page.url
    assert page.is_visible("article.entry")


@pytest.mark.slow
def test_targets_are_large_enough_for_a_thumb(visit, site, lin):
    used(lin)
    page = visit(lin.browser, 360)
    page.goto(f"{site}/my/footprint/")
    small = page.evaluate(
        """[...document.querySelectorAll('main .links a, main .button, main select')]
           .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)
           .map(e => e.outerHTML)"""
    )
    assert not small

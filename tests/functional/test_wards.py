"""A ward's footprint in a guardian's hands, in a real browser: every mode, on a phone and at a desk."""

import pytest

from tests.factories.footprints import used
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import MODES, PHONE, SEEN, assert_passes
from tests.factories.wards import acting_browser, guarded, guardianship
from yitong.data.exchange.api import shut_down
from yitong.data.exchange.models import Usage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
]


@pytest.fixture
def family(tmp_path):
    family = guarded(tmp_path)
    used(family.ward, 2)
    used(family.ward, purpose="marketing")
    family.browser.get("/my/footprint/export.csv")
    yield family
    shut_down()


@pytest.mark.parametrize("mode", SEEN)
def test_the_pages_of_both_fit_and_pass_axe(visit, site, family, mode):
    use = Usage.objects.order_by("entry_id").first().entry_id
    page = visit(family.browser, PHONE, MODES[mode])
    for path in ("/my/footprint/", f"/my/footprint/{use}/question/", "/my/delegations/"):
        page.goto(site + path)
        assert_passes(page, f"guardian-{path}", mode)
    page = visit(family.ward.browser, PHONE, MODES[mode])
    look = Usage.objects.order_by("-entry_id").first().entry_id
    for path in ("/my/footprint/", f"/my/footprint/{look}/question/", "/my/delegations/new/"):
        page.goto(site + path)
        assert_passes(page, f"ward-{path}", mode)


def test_a_delegation_without_the_footprint_says_what_to_do(visit, site, family):
    key = guardianship(family.ward.person, family.guardian, frozenset({"view"}))
    page = visit(acting_browser(family.guardian, key), PHONE)
    page.goto(f"{site}/my/footprint/")
    assert_passes(page, "guardian-without", "chinese")
    page.click("main button:has-text('换回本人')")
    assert page.url.endswith("/my/footprint/")
    assert page.is_visible("h1:has-text('我的数据足迹')")

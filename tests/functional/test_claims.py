"""数源登记 in a real browser: the register, a contested claim, the authority's decision, and making one."""

import pytest

from tests.factories.claims import a_quarrel
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import MODES, PHONE, SEEN, assert_passes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("quarrel"),
]


@pytest.fixture
def quarrel(node_keys):  # noqa: F811
    return a_quarrel()


@pytest.mark.parametrize("mode", SEEN)
def test_pages_fit_and_pass_axe(visit, site, quarrel, mode):
    decider = visit(quarrel.town.reviewer, PHONE, MODES[mode])
    for path in (
        "/bureau/claims/",
        "/bureau/claims/?q=没有的",
        f"/bureau/claims/{quarrel.second.pk}/",
        f"/bureau/claims/{quarrel.second.pk}/decide/",
    ):
        decider.goto(site + path)
        assert_passes(decider, f"{path} decider", mode)
    steward = visit(quarrel.town.requester.contact, PHONE, MODES[mode])
    for path in ("/bureau/claims/make/", f"/bureau/claims/make/?resource={quarrel.other.code}"):
        steward.goto(site + path)
        assert_passes(steward, f"{path} steward", mode)


def test_the_authority_reads_decides_and_sees_what_came_of_it(visit, site, quarrel):
    page = visit(quarrel.town.reviewer)
    page.goto(f"{site}/bureau/claims/?state=contested")
    page.click("tbody a >> nth=0")
    page.click("text=确定为数源")
    page.click("main form button[type=submit]")
    assert page.title().startswith("错误：")
    page.fill("[name=reason]", "教育法规定由教育部门采集")
    page.click("main form button[type=submit]")
    assert page.is_visible("text=已确定数源")
    assert page.is_visible("text=教育法规定由教育部门采集")

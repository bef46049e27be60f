"""数源登记 in the pages (共享条例 19): found, made by a department, decided by the authority, told where it is looked at."""

import pytest

from tests.factories.agencies import an_agency
from tests.factories.claims import NUMBER, a_quarrel, the_other_way
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import officer
from yitong.base.identity.models import Account
from yitong.data.standards.models import SourceClaim
from yitong.portals.bureau.matters import MATTERS

pytestmark = [
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("quarrel"),
]


def browser_of(actor):
    account = Account.objects.get(pk=int(actor.account.partition(":")[2]))
    return log_in(account.username)


@pytest.fixture
def quarrel():
    return a_quarrel()


def state_of(claim):
    return SourceClaim.objects.get(pk=claim.pk).state


def test_the_register_is_searched_filtered_and_taken_along(quarrel):
    browser = browser_of(quarrel.town.provider.contact)
    page = browser.get("/bureau/claims/").content.decode()
    assert page.count("公民身份号码") >= 2
    assert "学生资助对象" in page
    narrowed = browser.get("/bureau/claims/?state=contested&q=教育局").content.decode()
    assert "学生资助对象" in narrowed
    assert "最低生活保障对象" not in narrowed
    assert "没有查到数源登记" in browser.get("/bureau/claims/?q=气象").content.decode()
    export = browser.get("/bureau/claims/export.csv?state=contested")
    lines = b"".join(export.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "教育法 15" in lines[1]


def test_a_contested_claim_shows_what_stands_against_it_and_the_authoritys_clock(quarrel):
    page = browser_of(quarrel.town.requester.contact).get(f"/bureau/claims/{quarrel.second.pk}/")
    said = page.content.decode()
    assert "与它相争的登记" in said
    assert "澜宁市民政局" in said
    assert "数据主管部门的时钟" in said
    assert "澜宁市政务服务和数据管理局" in said
    assert "确定为数源" not in said


def test_the_authority_decides_with_a_reason_and_the_other_claim_ends(quarrel):
    browser = browser_of(quarrel.town.reviewer)
    path = f"/bureau/claims/{quarrel.second.pk}/decide/"
    assert "确定这一项为数源？" in browser.get(path).content.decode()
    assert browser.post(path, {"reason": ""}).status_code == 422
    assert browser.post(path, {"reason": "教育法规定由教育部门采集"}).status_code == 302
    assert (state_of(quarrel.second), state_of(quarrel.first)) == ("in_force", "declined")
    page = browser.get(f"/bureau/claims/{quarrel.first.pk}/").content.decode()
    assert "教育法规定由教育部门采集" in page


def test_a_quarrel_over_the_function_is_referred_and_the_clock_stands(quarrel):
    browser = browser_of(quarrel.town.reviewer)
    path = f"/bureau/claims/{quarrel.second.pk}/refer/"
    assert browser.post(path, {"reason": "两个部门的三定规定都写了"}).status_code == 302
    assert "暂停" in browser.get(f"/bureau/claims/{quarrel.second.pk}/").content.decode()


def test_a_department_decides_nothing_and_withdraws_only_its_own(quarrel):
    browser = browser_of(quarrel.town.provider.contact)
    base = f"/bureau/claims/{quarrel.second.pk}"
    for step in ("decide", "refer", "withdraw"):
        assert browser.post(f"{base}/{step}/", {"reason": "不行"}).status_code == 403
    assert state_of(quarrel.second) == "contested"
    own = browser_of(quarrel.town.requester.contact)
    assert own.post(f"{base}/withdraw/", {"reason": "职责移交"}).status_code == 302
    assert state_of(quarrel.second) == "withdrawn"


def test_a_steward_claims_what_her_own_resource_has(quarrel):
    town = the_other_way(quarrel.town)
    browser = browser_of(town.provider.contact)
    offered = browser.get("/bureau/claims/make/").content.decode()
    assert "学生资助对象" in offered
    assert "最低生活保障对象" not in offered
    path = f"/bureau/claims/make/?resource={quarrel.other.code}"
    assert "澜宁市民政局" in browser.get(path).content.decode()
    given = {"element": "DE01002", "subject": "person", "basis": "教育法 15", "region": ""}
    assert browser.post(path, given | {"basis": ""}).status_code == 422
    done = browser.post(path, given)
    assert done.status_code == 302
    made = SourceClaim.objects.get(element__code="DE01002")
    assert (made.state, done["Location"]) == ("in_force", f"/bureau/claims/{made.pk}/")
    again = browser.post(path, given)
    assert again.status_code == 422
    assert "已登记为" in again.content.decode()


def test_who_may_not_claim_is_told_so(quarrel):
    clerk = officer(quarrel.town.provider.agency, "clerk")
    assert browser_of(clerk).get("/bureau/claims/make/").status_code == 403
    assert "登记数源</a>" not in browser_of(clerk).get("/bureau/claims/").content.decode()


def test_a_message_about_a_claim_leads_to_its_page(quarrel):
    page = next(each for each in MATTERS if each.type == "source_claim")
    key = str(quarrel.second.pk)
    found = page.addresses(quarrel.town.reviewer, [key, "9999999", "x"])
    assert found == {key: f"/bureau/claims/{key}/"}
    outsider = officer(an_agency(), "clerk")
    assert page.addresses(outsider, [key]) == found


def test_the_duty_to_decide_leads_to_the_claim(quarrel):
    page = browser_of(quarrel.town.reviewer).get("/work/").content.decode()
    assert f"/bureau/claims/{quarrel.second.pk}/" in page


@pytest.mark.parametrize("path", ["999999/", "999999/decide/", "{pk}/nothing/"])
def test_what_is_not_there_is_said(quarrel, path):
    path = path.format(pk=quarrel.first.pk)
    assert browser_of(quarrel.town.reviewer).get(f"/bureau/claims/{path}").status_code == 404


def test_names_that_are_html_stay_text(quarrel):
    SourceClaim.objects.filter(pk=quarrel.first.pk).update(basis="<b>依据</b>")
    page = browser_of(quarrel.town.reviewer).get("/bureau/claims/").content.decode()
    assert "<b>依据</b>" not in page
    assert NUMBER in page

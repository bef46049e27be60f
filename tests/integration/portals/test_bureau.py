"""The data bureau's pages: what officials see, and that no step is taken without its page, its post and its reason."""

import csv
import io

import pytest

from tests.factories.agencies import OPERATOR, a_post, staff
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, a_town, assess, published
from tests.factories.persons import a_person
from tests.factories.shared_people import shared_people
from yitong.base.identity.api import appoint
from yitong.base.identity.models import Account
from yitong.data.exchange.api import shut_down

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


def browser_of(actor):
    """The officer at a browser."""
    account = Account.objects.get(pk=int(actor.account.partition(":")[2]))
    return log_in(account.username)


@pytest.fixture
def town():
    return a_town()


def act(browser, row, step, **given):
    return browser.post(
        f"/bureau/catalogue/{row.pk}/act/{step}/", {"version": row.version, **given}
    )


def test_an_entry_goes_from_draft_to_published_by_three_officers(town):
    row = a_draft(town)
    contact, secrecy = browser_of(town.provider.contact), browser_of(town.provider.secrecy)
    for kind in ("secrecy", "personal"):
        finding = {"kind": kind, "outcome": "passed", "conclusion": "措施与风险相适应"}
        assert act(secrecy, row, "assess", **finding).status_code == 302
    assert act(contact, row, "submit").status_code == 302
    assert act(browser_of(town.provider.head), row, "approve").status_code == 302
    assert act(browser_of(town.reviewer), row, "publish").status_code == 302
    row.refresh_from_db()
    assert row.state == "published"
    said = contact.get(f"/bureau/catalogue/{row.pk}/history/").content.decode()
    assert "数据主管部门审核通过并发布" in said
    assert "澜宁市政务服务和数据管理局 · 数据主管部门审核人员" in said


def test_asking_first_changes_nothing(town):
    row = a_draft(town)
    page = browser_of(town.provider.contact).get(f"/bureau/catalogue/{row.pk}/act/submit/")
    assert "报部门负责人审核？" in page.content.decode()
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_post_that_may_not_gets_a_page_with_the_article(town):
    row = a_draft(town)
    assess(town, row.code)
    contact = browser_of(town.provider.contact)
    act(contact, row, "submit")
    answer = act(contact, row, "approve")
    assert answer.status_code == 403
    assert "第十三条" in answer.content.decode()


def test_sending_back_without_a_reason_is_mended_in_the_form(town):
    row = a_draft(town)
    act(browser_of(town.provider.contact), row, "submit")
    head = browser_of(town.provider.head)
    answer = act(head, row, "send_back", reason=" ")
    assert answer.status_code == 422
    assert "用一两句话写清楚理由" in answer.content.decode()
    assert act(head, row, "send_back", reason="缺更新频率的依据").status_code == 302
    assert "缺更新频率的依据" in head.get(f"/bureau/catalogue/{row.pk}/history/").content.decode()


def test_what_was_changed_meanwhile_is_not_decided(town):
    row = a_draft(town)
    contact = browser_of(town.provider.contact)
    answer = contact.post(f"/bureau/catalogue/{row.pk}/act/submit/", {"version": row.version + 1})
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_missing_assessment_is_named_with_what_to_do(town):
    row = a_draft(town)
    act(browser_of(town.provider.contact), row, "submit")
    answer = act(browser_of(town.provider.head), row, "approve")
    assert "保密风险评估" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "approval"


def test_drafts_stay_at_home(town):
    row = a_draft(town)
    other = browser_of(town.requester.contact)
    assert other.get(f"/bureau/catalogue/{row.pk}/").status_code == 404
    assert row.name not in other.get("/bureau/catalogue/").content.decode()


@pytest.mark.parametrize("tab", ["", "fields/", "conditions/", "quality/", "users/", "history/"])
def test_every_tab_of_a_published_entry_opens_for_every_department(town, tab):
    row = published(town)
    answer = browser_of(town.requester.contact).get(f"/bureau/catalogue/{row.pk}/{tab}")
    assert answer.status_code == 200
    assert row.name in answer.content.decode()


def test_the_list_is_searched_filtered_and_exported(town):
    published(town)
    contact = browser_of(town.provider.contact)
    assert "最低生活保障对象" in contact.get("/bureau/catalogue/?q=保障").content.decode()
    assert "没有查到目录条目" in contact.get("/bureau/catalogue/?q=气象").content.decode()
    assert "没有查到目录条目" in contact.get("/bureau/catalogue/?state=draft").content.decode()
    table = b"".join(contact.get("/bureau/catalogue/export.csv?state=published").streaming_content)
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["数据目录名称"] for row in rows] == ["最低生活保障对象"]


def test_an_official_with_two_posts_chooses_one(town):
    first, second = a_post(role="clerk"), a_post(town.provider.agency, role="sharing_contact")
    both = log_in(staff(first, second).username)
    sent = both.get("/bureau/catalogue/")
    assert sent["Location"].startswith("/bureau/posts/?next=")
    chosen = both.post("/bureau/posts/", {"post": second.key, "next": "/bureau/catalogue/"})
    assert chosen["Location"] == "/bureau/catalogue/"
    assert town.provider.agency.name in both.get("/bureau/catalogue/").content.decode()
    stranger = both.post("/bureau/posts/", {"post": town.provider.head.post})
    assert stranger.status_code == 200, "somebody else's post is no choice"


def test_a_person_and_a_postless_account_do_not_come_in(town):
    a_person(7)
    assert log_in("citizen7").get("/bureau/catalogue/").status_code == 403
    postless = log_in(staff().username)
    assert postless.get("/bureau/catalogue/", follow=True).status_code == 403
    holder = staff()
    appoint(by=OPERATOR, post=a_post().key, account=holder)
    assert log_in(holder.username).get("/bureau/catalogue/").status_code == 200


@pytest.mark.furnished("people")
def test_a_grant_is_suspended_resumed_and_ended_with_reasons(tmp_path):
    people = shared_people(tmp_path)
    head = browser_of(people.town.provider.sharing_head)
    address = f"/bureau/grants/{people.grant.pk}"
    assert head.post(f"{address}/suspend/", {"reason": ""}).status_code == 422
    assert head.post(f"{address}/suspend/", {"reason": "用于宣传短信"}).status_code == 302
    users = head.get(f"/bureau/catalogue/{people.resource.pk}/users/").content.decode()
    assert "用于宣传短信" in users
    assert "恢复" in users
    assert head.post(f"{address}/resume/", {"reason": "已整改"}).status_code == 302
    ending = {"cause": "provider_change", "reason": "改由省级提供"}
    assert head.post(f"{address}/end/", ending).status_code in {403, 422}, (
        "talk and filing are missing"
    )
    told = ending | {"consultation": "11月3日会商", "filing": "备〔2026〕7号"}
    assert head.post(f"{address}/end/", told).status_code == 302
    shut_down()


@pytest.mark.furnished("people")
def test_somebody_elses_grant_is_not_even_there(tmp_path):
    people = shared_people(tmp_path)
    other = staff(a_post(role="sharing_head"))
    browser = log_in(other.username)
    assert browser.get(f"/bureau/grants/{people.grant.pk}/suspend/").status_code == 404
    assert browser.get(f"/bureau/catalogue/{people.resource.pk}/users/").status_code == 200
    shut_down()

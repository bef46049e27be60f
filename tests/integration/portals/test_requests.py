"""A 共享申请 in the pages: who sees it, who takes which step, and what the law asks of an answer (共享条例 20–22)."""

import pytest

from tests.factories.agencies import an_agency
from tests.factories.footprints import log_in
from tests.factories.grants import a_purposed_town, an_order
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import officer, published
from yitong.base.duties.api import inboxes
from yitong.base.identity.models import Account
from yitong.data.sharing.actions import request_share
from yitong.data.sharing.models import Grant, ShareRequest
from yitong.portals.bureau.matters import MATTERS

pytestmark = [pytest.mark.usefixtures("node_keys"), pytest.mark.furnished("town")]


def browser_of(actor):
    account = Account.objects.get(pk=int(actor.account.partition(":")[2]))
    return log_in(account.username)


@pytest.fixture
def town():
    return a_purposed_town()


def a_request(town, **more):
    order = an_order(town, published(town), **more)
    return request_share(order=order, by=town.requester.contact)


def take(actor, row, step, **given):
    return browser_of(actor).post(f"/bureau/requests/{row.pk}/{step}/", given)


def state_of(row):
    return ShareRequest.objects.get(pk=row.pk).state


def test_a_request_goes_from_its_maker_to_a_grant_by_the_heads_of_both_sides(town):
    row = a_request(town)
    assert take(town.requester.sharing_head, row, "approve").status_code == 302
    assert take(town.provider.sharing_head, row, "agree").status_code == 302
    assert take(town.provider.sharing_head, row, "deliver").status_code == 302
    assert Grant.objects.get().request_id == row.pk
    page = browser_of(town.requester.contact).get(f"/bureau/requests/{row.pk}/").content.decode()
    assert "使用中" in page
    assert "澜宁市民政局 · 共享工作机构负责人" in page


def test_asking_first_changes_nothing(town):
    row = a_request(town)
    page = browser_of(town.requester.sharing_head).get(f"/bureau/requests/{row.pk}/approve/")
    assert "同意向提供部门提出这项申请？" in page.content.decode()
    assert state_of(row) == "internal"


def test_only_the_providers_head_is_shown_the_answer_and_may_give_it(town):
    row = a_request(town)
    take(town.requester.sharing_head, row, "approve")
    page = browser_of(town.requester.contact).get(f"/bureau/requests/{row.pk}/").content.decode()
    assert "答复不同意" not in page
    assert take(town.requester.sharing_head, row, "agree").status_code == 403
    assert state_of(row) == "submitted"


def test_a_refusal_without_ground_or_reason_is_mended_in_the_form(town):
    row = a_request(town)
    take(town.requester.sharing_head, row, "approve")
    answer = take(town.provider.sharing_head, row, "refuse", reason=" ")
    assert answer.status_code == 422
    assert "选一项依法成立的理由" in answer.content.decode()
    assert "用一两句话写清楚理由" in answer.content.decode()
    given = {"ground": "not_necessary", "reason": "入学不需要保障状态"}
    assert take(town.provider.sharing_head, row, "refuse", **given).status_code == 302
    page = browser_of(town.requester.contact).get(f"/bureau/requests/{row.pk}/").content.decode()
    assert "入学不需要保障状态" in page


def test_what_is_missing_is_asked_for_once(town):
    row = a_request(town)
    head = town.provider.sharing_head
    take(town.requester.sharing_head, row, "approve")
    assert take(head, row, "ask_supplement", items="写明依据的条款").status_code == 302
    stated = {"basis": "《义务教育法》第十二条", "scene": "入学报名时核对"}
    assert take(town.requester.contact, row, "supplement", **stated).status_code == 302
    page = browser_of(head).get(f"/bureau/requests/{row.pk}/").content.decode()
    assert "请对方补正" not in page
    assert take(head, row, "ask_supplement", items="还有").status_code == 403


def test_a_mask_other_than_the_catalogues_is_agreed_to_item_by_item(town):
    row = a_request(town, masks={"姓名": "none"})
    head = town.provider.sharing_head
    take(town.requester.sharing_head, row, "approve")
    answer = take(head, row, "agree")
    assert answer.status_code == 422
    assert "逐项看过再选" in answer.content.decode()
    named = [name for name, mask in row.masks_asked.items() if mask == "none"]
    assert take(head, row, "agree", looser=named).status_code == 302
    assert take(head, row, "deliver").status_code == 302
    assert Grant.objects.get().masks[named[0]] == "none"


def test_the_duty_to_answer_leads_to_the_request(town):
    row = a_request(town)
    head = town.provider.sharing_head
    take(town.requester.sharing_head, row, "approve")
    found = inboxes.inbox(viewer=head, sieve=inboxes.Sieve())
    page = browser_of(head).get(f"/work/duties/{found.rows[0].duty.pk}/").content.decode()
    assert f'href="/bureau/requests/{row.pk}/"' in page


def test_a_message_about_a_request_leads_to_its_page_for_both_sides_only(town):
    row = a_request(town)
    (page,) = [page for page in MATTERS if page.type == "share_request"]
    other = officer(an_agency("澜宁市气象局"), "sharing_contact")
    for side in (town.provider.contact, town.requester.contact):
        assert page.addresses(side, [str(row.pk)]) == {str(row.pk): f"/bureau/requests/{row.pk}/"}
    assert page.addresses(other, [str(row.pk), "x"]) == {}
    assert browser_of(other).get(f"/bureau/requests/{row.pk}/").status_code == 404


def test_the_list_is_searched_filtered_and_exported(town):
    row = a_request(town)
    contact = browser_of(town.provider.contact)
    name = row.resource.name
    assert name in contact.get("/bureau/requests/?side=asked&q=保障").content.decode()
    assert "没有查到共享申请" in contact.get("/bureau/requests/?side=made").content.decode()
    assert "没有查到共享申请" in contact.get("/bureau/requests/?q=%00气象").content.decode()
    lines = b"".join(contact.get("/bureau/requests/export.csv?state=internal").streaming_content)
    assert name in lines.decode("utf-8-sig")

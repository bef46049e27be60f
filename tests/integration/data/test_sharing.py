"""From a request to a grant and to its end, on the real database, by the proper posts."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.agencies import OPERATOR, a_client, an_agency
from tests.factories.catalogue import firms_entry
from tests.factories.grants import a_grant, a_purposed_town, an_order
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.ledger import events_about
from tests.factories.officers import a_draft, officer, publish, published
from yitong.base.access.api import NotAllowed, fast_decision
from yitong.data.catalogue import actions as catalogue
from yitong.data.catalogue import procedure
from yitong.data.sharing import actions, endings, errors
from yitong.data.sharing.models import Grant, ShareRequest
from yitong.data.sharing.purposes import approve_purpose
from yitong.data.sharing.queries import grants, requests
from yitong.data.sharing.reactions import REACTIONS
from yitong.data.sharing.register import Call, active_grants
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import Refusal

pytestmark = [pytest.mark.usefixtures("node_keys"), pytest.mark.furnished("town")]
SYSTEM = Actor.system("tests")


def in_force(**wanted):
    with connection.cursor() as cursor:
        return active_grants(cursor, **wanted)


def test_a_request_is_approved_answered_and_delivered_each_by_its_officer():
    town = a_purposed_town()
    resource = published(town)
    request = actions.request_share(order=an_order(town, resource), by=town.requester.contact)
    assert (request.state, request.basis, request.scope) == (
        "internal",
        "《居住证暂行条例》第十二条",
        "身份证号、姓名、保障状态",
    )
    actions.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    actions.answer(request_id=request.pk, is_agreed=True, by=town.provider.sharing_head)
    grant = actions.deliver(request_id=request.pk, by=town.provider.sharing_head)
    assert grant.policies == ["grant.grantee"]
    assert grant.masks == {"sfzh": "id", "xm": "name", "zt": "none"}
    request.refresh_from_db()
    assert request.state == "delivered"
    assert events_about("share_request", request.pk) == [
        "sharing.requested",
        "sharing.request_approved",
        "sharing.answered",
    ]
    assert events_about("grant", grant.pk) == ["sharing.granted"]


def test_a_loaded_grant_has_all_that_a_call_needs():
    town = a_purposed_town()
    resource = published(town)
    grant = a_grant(town, resource, row_region="890102", rate_per_minute=30)
    (row,) = in_force()
    assert (row.id, row.client_id, row.agency_code, row.agency_name) == (
        grant.pk,
        town.client,
        town.requester.agency.code,
        "澜宁市教育局",
    )
    assert (row.resource_code, row.table_key, row.key_field, row.key_kind) == (
        resource.code,
        f"r{resource.pk}",
        "sfzh",
        "person",
    )
    assert [(f.name, f.mask, f.type_letter) for f in row.fields] == [
        ("sfzh", "id", "C"),
        ("xm", "name", "C"),
        ("zt", "none", "C"),
    ]
    assert row.subjects == {"sfzh": "person"}
    assert (row.purpose, row.basis) == ("school-admission", "《居住证暂行条例》第十二条")
    assert (row.row_region, row.rate_per_minute, row.is_hidden) == ("890102", 30, False)
    assert row.provider_name == "澜宁市民政局"
    assert clock.local(row.expires_at).date() == grant.until + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "change",
    [{}, {"purpose": "care-call"}, {"fields": frozenset({"lxdh"})}, {"client": "another"}],
)
def test_the_fast_decision_agrees_with_the_policies_on_a_loaded_grant(change):
    from yitong.base.access.api import decide_grant

    town = a_purposed_town()
    a_grant(town)
    (row,) = in_force()
    call = replace(row.widest_call(clock.today()), **change)
    facts = row.facts(call)
    assert fast_decision(facts).allowed == decide_grant(facts).allowed == (not change)


@pytest.mark.parametrize(
    ("act", "who"),
    [("approve_request", "contact"), ("answer", "contact"), ("deliver", "head")],
)
def test_only_the_heads_of_the_sharing_bodies_sign(act, who):
    town = a_purposed_town()
    request = actions.request_share(
        order=an_order(town, published(town)), by=town.requester.contact
    )
    office = town.requester if act == "approve_request" else town.provider
    more = {"is_agreed": True} if act == "answer" else {}
    with pytest.raises(NotAllowed):
        getattr(actions, act)(request_id=request.pk, by=getattr(office, who), **more)


def test_an_operator_alone_can_grant_nothing():
    town = a_purposed_town()
    order = an_order(town, published(town))
    with pytest.raises(NotAllowed):
        actions.grant(order=order, by=OPERATOR)
    assert not ShareRequest.objects.exists()


def test_a_requester_cannot_answer_itself():
    town = a_purposed_town()
    order = an_order(town, published(town))
    with pytest.raises(NotAllowed):
        actions.grant(order=order, by=town.requester.sharing_head)
    assert not Grant.objects.exists()


def test_what_is_not_published_is_not_shared():
    town = a_purposed_town()
    draft = a_draft(town)
    with pytest.raises(Refusal):
        a_grant(town, draft)


def test_an_incomplete_request_is_supplemented_once_and_refused_only_with_a_ground():
    town = a_purposed_town()
    request = actions.request_share(
        order=an_order(town, published(town)), by=town.requester.contact
    )
    actions.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    provider = town.provider.sharing_head
    actions.ask_supplement(request_id=request.pk, items="写明每月核验多少人", by=provider)
    refusal = {"is_agreed": False, "ground": "no_basis", "reason": "材料不全"}
    with pytest.raises(errors.RequestStepNotOpen):
        actions.answer(request_id=request.pk, **refusal, by=provider)
    actions.supplement(
        request_id=request.pk, stated={"scene": "入学核验，每月约200人"}, by=town.requester.contact
    )
    with pytest.raises(errors.SupplementAskedOnce):
        actions.ask_supplement(request_id=request.pk, items="再补", by=provider)
    own = {"is_agreed": False, "ground": "本部门内部事务", "reason": "本部门内部事务"}
    with pytest.raises(errors.RefusalNeedsGround):
        actions.answer(request_id=request.pk, **own, by=provider)
    founded = {"is_agreed": False, "ground": "not_necessary", "reason": "入学不以低保为条件"}
    refused = actions.answer(request_id=request.pk, **founded, by=provider)
    assert (refused.state, refused.scene) == ("refused", "入学核验，每月约200人")
    with pytest.raises(errors.RequestStepNotOpen):
        actions.deliver(request_id=request.pk, by=provider)


def test_a_looser_mask_stands_only_as_the_answer_names_it():
    town = a_purposed_town()
    order = an_order(town, published(town), masks={"姓名": "none"})
    request = actions.request_share(order=order, by=town.requester.contact)
    actions.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    provider = town.provider.sharing_head
    actions.answer(request_id=request.pk, is_agreed=True, by=provider)
    with pytest.raises(errors.MaskLoosened):
        actions.deliver(request_id=request.pk, by=provider)
    grant = a_grant(town, request.resource, masks={"姓名": "none"})
    (row,) = in_force(only=grant.pk)
    assert [f.mask for f in row.fields] == ["id", "none", "none"]


def test_a_stricter_default_reaches_grants_that_stand():
    town = a_purposed_town()
    resource = published(town)
    a_grant(town, resource, masks={"姓名": "none"})
    entry = resource.versions.get().entry
    name = replace(entry.fields[1], mask="hidden")
    stricter = replace(entry, fields=(entry.fields[0], name, *entry.fields[2:]))
    catalogue.amend(
        code=resource.code, proposal=stricter, reason="影响评估的结论", by=town.provider.contact
    )
    assert [f.mask for f in in_force()[0].fields] == ["id", "none", "none"]
    publish(town, resource.code)
    assert [f.mask for f in in_force()[0].fields] == ["id", "hidden", "none"]


def test_an_item_that_left_the_entry_leaves_its_grants():
    town = a_purposed_town()
    resource = published(town)
    a_grant(town, resource)
    entry = resource.versions.get().entry
    fewer = replace(entry, fields=tuple(f for f in entry.fields if f.name != "zt"))
    catalogue.amend(code=resource.code, proposal=fewer, reason="不再收集", by=town.provider.contact)
    publish(town, resource.code)
    assert [f.name for f in in_force()[0].fields] == ["sfzh", "xm"]


def test_no_grant_outlives_its_entry_and_the_reaction_writes_it_down():
    town = a_purposed_town()
    resource = published(town)
    grant = a_grant(town, resource)
    procedure.retire(code=resource.code, reason="职责划转", by=town.provider.head)
    assert in_force() == []
    (reaction,) = REACTIONS
    entry = type("Entry", (), {"about": About("resource", resource.code)})()
    reaction.run(entry)
    reaction.run(entry)
    grant.refresh_from_db()
    assert (grant.state, grant.cause, grant.request.state) == ("ended", "retired", "terminated")
    assert events_about("grant", grant.pk) == ["sharing.granted", "sharing.ended"]


def test_a_grant_ends_with_its_last_day_whether_or_not_the_job_ran():
    town = a_purposed_town()
    grant = a_grant(town)
    last = dt.datetime.combine(grant.until, dt.time(23, 59), tzinfo=clock.ZONE)
    with clock.frozen(last):
        assert endings.expire_grants(by=SYSTEM) == 0
        assert len(in_force()) == 1
    with clock.frozen(last + dt.timedelta(minutes=1)):
        assert in_force() == []
        assert endings.expire_grants(by=SYSTEM) == 1
        assert endings.expire_grants(by=SYSTEM) == 0
    grant.refresh_from_db()
    assert (grant.state, grant.request.state) == ("expired", "purpose_done")


def test_misuse_is_suspended_mended_and_resumed_or_ended():
    town = a_purposed_town()
    grant = a_grant(town)
    with pytest.raises(errors.MisuseNotSuspended):
        endings.revoke(grant_id=grant.pk, cause="misuse", reason="营销短信", by=town.reviewer)
    endings.suspend(grant_id=grant.pk, reason="用于营销短信，10日内整改", by=town.reviewer)
    assert in_force() == []
    endings.resume(grant_id=grant.pk, reason="已整改", by=town.provider.sharing_head)
    assert len(in_force()) == 1
    endings.suspend(grant_id=grant.pk, reason="又用于营销", by=town.reviewer)
    ended = endings.revoke(grant_id=grant.pk, cause="misuse", reason="拒不整改", by=town.reviewer)
    assert (ended.state, ended.request.state) == ("ended", "terminated")
    with pytest.raises(errors.GrantStepNotOpen):
        endings.resume(grant_id=grant.pk, reason="求情", by=town.reviewer)


def test_a_provider_ends_only_with_reason_talk_and_filing():
    town = a_purposed_town()
    grant = a_grant(town)
    with pytest.raises(errors.EndingUnfounded):
        endings.revoke(
            grant_id=grant.pk,
            cause="provider_change",
            reason="系统迁移",
            by=town.provider.sharing_head,
        )
    endings.revoke(
        grant_id=grant.pk,
        cause="provider_change",
        reason="系统迁移",
        by=town.provider.sharing_head,
        consultation="2026-11-20会商同意",
        filing="备案〔2026〕7号",
    )
    assert in_force() == []


def test_the_requester_itself_says_that_its_purpose_is_done():
    town = a_purposed_town()
    grant = a_grant(town)
    done = endings.revoke(
        grant_id=grant.pk, cause="purpose_done", reason="入学结束", by=town.requester.contact
    )
    assert (done.state, done.request.state) == ("ended", "purpose_done")


def test_a_stranger_can_neither_suspend_nor_end():
    town = a_purposed_town()
    grant = a_grant(town)
    stranger = officer(an_agency("澜宁市财政局"), "sharing_head")
    for act in (
        lambda: endings.suspend(grant_id=grant.pk, reason="不喜欢", by=stranger),
        lambda: endings.revoke(
            grant_id=grant.pk, cause="purpose_done", reason="不喜欢", by=stranger
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_same_grant_is_not_made_twice():
    town = a_purposed_town()
    resource = published(town)
    first = a_grant(town, resource)
    with pytest.raises(errors.GrantStands, match=str(first.pk)):
        a_grant(town, resource)
    endings.revoke(
        grant_id=first.pk, cause="purpose_done", reason="换期限", by=town.requester.contact
    )
    assert a_grant(town, resource).pk != first.pk


def test_own_data_and_enterprises_get_no_grant():
    town = a_purposed_town()
    resource = published(town)
    own = a_client(town.provider.agency).client_id
    with pytest.raises(errors.OwnData):
        actions.request_share(
            order=an_order(town, resource, client=own), by=town.provider.sharing_head
        )
    firm = an_agency("澜宁供电公司", kind="企业")
    with pytest.raises(errors.OutsideGovernment):
        actions.request_share(
            order=an_order(town, resource, client=a_client(firm).client_id),
            by=officer(firm, "sharing_contact"),
        )


def test_an_unknown_purpose_names_the_known_ones_and_hidden_ones_are_not_named():
    town = a_purposed_town()
    with pytest.raises(errors.PurposeUnknown) as refusal:
        a_grant(town, purpose="curiosity")
    assert "school-admission" in refusal.value.say_remedy()
    assert "crime-investigation" not in refusal.value.say_remedy()


def test_a_hidden_purpose_needs_both_approvals_by_two_persons():
    town = a_purposed_town()
    resource = published(town)
    until = clock.today() + dt.timedelta(days=30)
    hidden = {"purpose": "crime-investigation", "until": until}
    with pytest.raises(errors.PurposeNotApproved, match="数据主管部门、保密部门"):
        a_grant(town, resource, **hidden)
    approve_purpose(code="crime-investigation", by=town.reviewer)
    with pytest.raises(errors.PurposeNotApproved, match="保密部门"):
        a_grant(town, resource, **hidden)
    same = replace(town.provider.secrecy, account=town.reviewer.account)
    with pytest.raises(IntegrityError), transaction.atomic():
        approve_purpose(code="crime-investigation", by=same)
    approve_purpose(code="crime-investigation", by=town.provider.secrecy)
    a_grant(town, resource, **hidden)
    assert in_force()[0].is_hidden


def test_both_sides_and_the_authority_see_requests_and_grants_a_stranger_sees_none():
    town = a_purposed_town()
    grant = a_grant(town)
    sees = (town.provider.contact, town.requester.contact, town.reviewer, OPERATOR)
    assert all(grants(viewer=viewer).get() == grant for viewer in sees)
    assert all(requests(viewer=viewer).get() == grant.request for viewer in sees)
    stranger = officer(an_agency("澜宁市财政局"), "sharing_contact")
    assert not grants(viewer=stranger).exists()
    assert not requests(viewer=stranger).exists()
    assert grants(viewer=OPERATOR, resource=grant.resource.code, client=town.client).count() == 1


def test_unconditional_business_data_are_granted_the_same_way():
    town = a_purposed_town()
    resource = published(town, firms_entry())
    grant = a_grant(town, resource, fields=("统一社会信用代码", "名称"))
    (row,) = in_force(only=grant.pk)
    assert (row.share_type, row.key_kind, row.subjects) == (
        "unconditional",
        "org",
        {"xydm": "org"},
    )


def test_the_database_defends_itself():
    town = a_purposed_town()
    grant = a_grant(town)
    for wrong in (
        {"fields": []},
        {"rate_per_minute": 0},
        {"state": "ended"},
        {"state": "forever"},
        {"ended_at": clock.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(**wrong)
    for wrong in ({"state": "refused"}, {"state": "lost"}, {"approved_by": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShareRequest.objects.filter(pk=grant.request_id).update(**wrong)


def test_calls_are_compared_by_value():
    call = Call("c", "a", clock.today(), "p", frozenset({"x"}))
    assert call == replace(call)

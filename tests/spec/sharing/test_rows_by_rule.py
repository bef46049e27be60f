"""政务数据共享条例 20, 25 and 个人信息保护法 6: a grant gives the rows of its rule and no other, and names nobody."""

from dataclasses import replace

import pytest

from tests.factories.agencies import OPERATOR
from tests.factories.grants import a_grant, a_purposed_town, an_order
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import publish, published
from yitong.base.ledger.models import Entry
from yitong.data.catalogue import actions as catalogue
from yitong.data.sharing import actions, errors, row_rules
from yitong.data.sharing.application import Agreed
from yitong.data.sharing.consumers import CONSUMERS
from yitong.kernel.predicates import PredicateFieldUnknown, PredicateMistyped, PredicateUnreadable

pytestmark = [
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]
RULE = "zt = '在保' and age(rq) >= 1"


def loaded():
    from django.db import connection

    from yitong.data.sharing.register import active_grants

    with connection.cursor() as cursor:
        return active_grants(cursor)


def test_the_rule_goes_from_the_request_into_the_grant_and_the_ledger():
    """共享条例 art. 20: 使用范围."""
    town = a_purposed_town()
    grant = a_grant(town, row_rule=RULE)
    (row,) = loaded()
    assert (grant.row_rule, grant.row_rule_version) == (RULE, 1)
    assert row.rule_digest == grant.row_rule_digest == row.rule.digest
    assert grant.request.scope.endswith(
        "只给符合规则的行：保障状态是“在保”，并且按起始日期在办理当日满1岁"
    )
    granted = Entry.objects.get(event="sharing.granted").facts
    assert granted["row_rule"] == '"zt" = \'在保\' and age("rq", today()) >= 1'
    assert granted["row_rule_digest"] == grant.row_rule_digest
    assert Entry.objects.get(event="sharing.requested").facts["row_rule"] == granted["row_rule"]


@pytest.mark.parametrize(
    ("rule", "refusal", "said"),
    [
        ("zt = '在保' and nl > 80", PredicateFieldUnknown, "第 1 行第 15 列：没有数据项“nl”"),
        ("zt > '在保'", PredicateMistyped, "文字不比大小"),
        ("zt =", PredicateUnreadable, "第 1 行"),
    ],
)
def test_a_rule_that_is_none_is_refused_on_the_way_in_with_its_place(rule, refusal, said):
    town = a_purposed_town()
    order = an_order(town, published(town), row_rule=rule)
    with pytest.raises(refusal, match=said):
        actions.request_share(order=order, by=town.requester.contact)


@pytest.mark.parametrize(
    "rule",
    [
        "xm = '林甲子'",
        "zt = '在保' or sfzh in ('1')",
        "lxdh like '100%'",
        "coalesce(xm, '林') = xm",
    ],
)
def test_a_rule_names_nobody(rule):
    """个人信息保护法 art. 6: it stands in the ledger for ever, and both sides read it."""
    town = a_purposed_town()
    with pytest.raises(errors.RuleNamesSomebody):
        a_grant(town, row_rule=rule)


def test_a_rule_may_ask_whether_something_sealed_is_held():
    town = a_purposed_town()
    assert a_grant(town, row_rule="lxdh is not null").row_rule_digest


def test_the_answer_can_only_narrow_what_was_asked():
    """共享条例 arts. 20, 21: no more than asked and no more than agreed."""
    town = a_purposed_town()
    request = actions.request_share(
        order=an_order(town, published(town), row_rule="zt = '在保'"), by=town.requester.contact
    )
    actions.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    provider = town.provider.sharing_head
    agreed = Agreed(row_rule="rq >= date '2026-01-15' or zt = '停保'")
    actions.answer(request_id=request.pk, is_agreed=True, agreed=agreed, by=provider)
    grant = actions.deliver(request_id=request.pk, by=provider)
    assert grant.row_rule == "(zt = '在保') and (rq >= date '2026-01-15' or zt = '停保')"
    answered = Entry.objects.get(event="sharing.answered").facts["row_rule"]
    assert answered == Entry.objects.get(event="sharing.granted").facts["row_rule"]


def test_the_same_rule_agreed_in_other_words_is_the_rule_asked():
    town = a_purposed_town()
    resource = published(town)
    asked = row_rules.accepted("zt = '在保'", resource)
    assert row_rules.both(asked, "( ZT = '在保' )".replace("ZT", "zt"), resource) == asked
    assert row_rules.both(row_rules.EVERY_ROW, "zt = '在保'", resource).digest == asked.digest


def test_a_rule_whose_item_left_the_entry_gives_nothing():
    """共享条例 art. 25: what can no longer be judged as agreed is not given."""
    town = a_purposed_town()
    resource = published(town)
    a_grant(town, resource, row_rule="rq >= date '2026-01-15'")
    assert len(loaded()) == 1
    kept = resource.versions.get().entry
    fewer = replace(kept, fields=tuple(f for f in kept.fields if f.name != "rq"))
    catalogue.amend(code=resource.code, proposal=fewer, reason="不再收集", by=town.provider.contact)
    publish(town, resource.code)
    assert loaded() == []


def test_who_has_a_rule_is_told_before_an_item_it_reads_is_taken_away():
    """共享条例 art. 27: nothing is changed behind the user's back; without the item the grant gives no row."""
    town = a_purposed_town()
    grant = a_grant(town, row_rule="rq >= date '2026-01-15'")
    (told,) = CONSUMERS[0].of(grant.resource.code)
    assert told.fields == {"sfzh", "xm", "zt", "rq"}


def test_a_delivery_that_would_mean_another_rule_is_refused():
    town = a_purposed_town()
    resource = published(town)
    order = an_order(town, resource, row_rule="rq >= date '2026-01-15'")
    request = actions.request_share(order=order, by=town.requester.contact)
    actions.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    actions.answer(request_id=request.pk, is_agreed=True, by=town.provider.sharing_head)
    kept = resource.versions.get().entry
    fewer = replace(kept, fields=tuple(f for f in kept.fields if f.name != "rq"))
    catalogue.amend(code=resource.code, proposal=fewer, reason="不再收集", by=town.provider.contact)
    publish(town, resource.code)
    with pytest.raises(errors.RowRuleStale, match="第2版"):
        actions.deliver(request_id=request.pk, by=town.provider.sharing_head)


def test_a_grant_without_a_rule_gives_every_row():
    town = a_purposed_town()
    grant = a_grant(town)
    assert (grant.row_rule, grant.row_rule_digest, grant.row_rule_version) == ("", "", None)
    assert loaded()[0].rule is None
    with pytest.raises(errors.GrantUnruled):
        row_rules.ruled_grant(grant.pk, viewer=OPERATOR)
    with pytest.raises(errors.GrantUnknown):
        row_rules.ruled_grant(grant.pk + 1, viewer=OPERATOR)

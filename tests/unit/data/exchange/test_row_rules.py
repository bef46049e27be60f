"""What a rule lets through is what the policies would allow, and nothing that is not known to meet it."""

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.predicates import SCHEMA
from tests.factories.predicates import rows as typed_rows
from tests.factories.predicates import rules as rule_texts
from yitong.base.access.api import decide_grant, fast_decision
from yitong.data.exchange.rules import RowRule
from yitong.data.sharing.register import Call, GrantField, GrantRow
from yitong.kernel.predicates import PredicateRefusal, evaluate, parse

DAY = dt.date(2026, 11, 22)
ITEM = GrantField("类别", "类别", "C", "none", "", "general_1", is_key=True)
GRANT = GrantRow(
    id=1, client_id="c", agency_code="A", agency_name="需求", resource_id=1, resource_code="307/1", resource_name="表",
    table_key="r1", key_field="类别", key_kind="text", key_unique=True, fields=(ITEM,), words={"类别": "类别"}, subjects={},
    share_type="conditional", grade="general_1", provider_code="P", provider_name="提供", purpose="p",
    purpose_sentence="用途", is_hidden=False, basis="", rate_per_minute=1, row_region="", since=DAY, until=DAY,
    expires_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
)  # fmt: skip


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@settings(max_examples=120, deadline=None)
@given(rule_texts, st.lists(typed_rows, max_size=4))
def test_a_row_is_given_exactly_where_the_evaluator_says_true_and_cedar_allows(text, rows):
    try:
        predicate = parse(text, SCHEMA)
    except PredicateRefusal:
        return
    rule = RowRule(predicate, predicate.digest)
    ruled = replace(GRANT, rule=predicate, rule_digest=predicate.digest)
    for row in rows:
        is_given = rule.lets_through("", {n: text_of(v) for n, v in row.items()}, on=DAY)
        assert is_given is (evaluate(predicate, row, on=DAY) is True)
        call = Call("c", "A", DAY, "p", frozenset({"类别"}), rule_met=is_given)
        facts = ruled.facts(call)
        assert decide_grant(facts) == fast_decision(facts)
        assert decide_grant(facts).allowed is is_given
        assert decide_grant(GRANT.facts(call)).allowed, "without a rule no row is kept back"


def test_the_division_is_the_one_that_was_read_when_the_row_was_stored():
    rule = RowRule(parse("within(户籍地, '890102')", SCHEMA), "", "户籍地")
    assert rule.items == ()
    assert rule.lets_through("890102001", {"户籍地": "听澜区"}, on=DAY)
    assert not rule.lets_through("", {"户籍地": "890102"}, on=DAY), "no division stored, none known"
    unheld = RowRule(parse("户籍地 is null", SCHEMA), "", "户籍地")
    assert unheld.lets_through("", {}, on=DAY)


def test_what_cannot_be_read_is_not_known_and_not_given():
    rule = RowRule(parse("age(出生日期) >= 80", SCHEMA), "")
    assert rule.items == ("出生日期",)
    assert rule.lets_through("", {"出生日期": "1940-01-01"}, on=DAY)
    assert not rule.lets_through("", {"出生日期": "民国二十九年"}, on=DAY)
    contrary = RowRule(parse("not age(出生日期) >= 80", SCHEMA), "")
    assert not contrary.lets_through("", {"出生日期": "民国二十九年"}, on=DAY)

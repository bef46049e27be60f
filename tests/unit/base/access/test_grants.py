"""What Cedar decides and what the fast path decides are equal, and each condition stands for itself."""

import dataclasses
import datetime as dt
import random
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from yitong.base.access.api import GrantFacts, decide_grant, fast_decision, is_within
from yitong.base.access.rules import regions_of
from yitong.kernel.law import Basis

GOOD = GrantFacts(
    client="client:abc",
    client_agency="11890100DM0000002B",
    granted_client="client:abc",
    granted_agency="11890100DM0000002B",
    resource="17",
    provider_agency="11890100DM0000001A",
    share_type="conditional",
    in_force=True,
    state="active",
    granted_purposes=frozenset({"low_income_check"}),
    granted_fields=frozenset({"name", "status"}),
    granted_region="8901",
    since=dt.date(2026, 1, 1),
    until=dt.date(2026, 12, 31),
    on=dt.date(2026, 6, 1),
    purpose="low_income_check",
    requested_fields=frozenset({"name"}),
    row_region="890102003",
)
# Text that somebody might send; few plain values, so that equal ones meet.
hostile = st.sampled_from(
    ["", "a", "b", '"', "\\", "\n", "\x00", '" || true || "', "*", "a*", "𠮷", "é", "e\u0301"]
)
text = hostile | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
texts = st.frozensets(text, max_size=3)
regions = (
    st.sampled_from(
        ["", "8", "89", "8901", "890102", "890103", "890102003", "89010", "8901020031", "x"]
    )
    | text
)
days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 5)) | st.dates()
field_values = {
    "client": text, "client_agency": text, "granted_client": text, "granted_agency": text,
    "resource": text, "provider_agency": text,
    "share_type": st.sampled_from(["unconditional", "conditional", "withheld", "", "Conditional"]),
    "in_force": st.booleans(), "state": st.sampled_from(["active", "suspended", "ended", "Active", ""]),
    "granted_purposes": texts, "granted_fields": texts, "granted_region": regions,
    "since": days, "until": days, "on": days, "purpose": text, "requested_fields": texts, "row_region": regions,
    "ruled": st.booleans(), "rule_met": st.booleans(),
}  # fmt: skip
# A call that holds but for a few changes: so that both answers and every reason come up often.
changes = st.lists(st.sampled_from(sorted(field_values)), max_size=3, unique=True)
nearly_good = changes.flatmap(
    lambda names: st.fixed_dictionaries({name: field_values[name] for name in names})
).map(lambda values: dataclasses.replace(GOOD, **values))
anything = st.builds(GrantFacts, **field_values)


@examples(max_examples=250, deadline=None)
@given(nearly_good | anything)
@example(GOOD)
@example(dataclasses.replace(GOOD, granted_client=""))
@example(dataclasses.replace(GOOD, client_agency="", granted_agency=""))
@example(dataclasses.replace(GOOD, ruled=True))
@example(dataclasses.replace(GOOD, granted_purposes=frozenset({""}), purpose=""))
def test_cedar_and_the_fast_path_decide_alike(facts):
    assert fast_decision(facts) == decide_grant(facts)


@pytest.mark.slow
def test_they_decide_alike_on_thousands_of_calls():
    """Hypothesis looks for the strange; this looks at many, with equal values on both sides often enough."""
    chance, words = (
        random.Random(20250801),
        ["", "a", "b", '"', "\\", "\n", "\x00", "a*", "𠮷", "8901", "890102", "890103"],
    )
    some_days = [dt.date(2026, 1, day) for day in range(1, 6)]
    answers = Counter()
    for _ in range(3000):
        facts = dataclasses.replace(GOOD, **dict(_changes(chance, words, some_days)))
        assert fast_decision(facts) == decide_grant(facts), facts
        answers[fast_decision(facts).policies] += 1
    assert {("grant.grantee",), ()} <= set(answers)
    assert len(answers) > 40


def _changes(chance, words, some_days):
    for name in chance.sample(sorted(field_values), chance.randint(0, 4)):
        good = getattr(GOOD, name)
        if isinstance(good, bool):
            yield name, chance.random() < 0.5
        elif isinstance(good, dt.date):
            yield name, chance.choice(some_days)
        elif isinstance(good, frozenset):
            yield name, frozenset(chance.choices([*words, *good], k=chance.randint(0, 3)))
        else:
            yield name, chance.choice([*words, good])


@examples(max_examples=150)
@given(regions, regions)
def test_containment_without_the_path_is_containment_in_the_path(code, region):
    assert is_within(code, region) == (region in regions_of(code))


@pytest.mark.parametrize(
    ("change", "policy", "article"),
    [
        ({"share_type": "withheld"}, "grant.withheld", "14"),
        ({"in_force": False}, "grant.not_published", "16"),
        ({"until": dt.date(2026, 5, 31)}, "grant.out_of_time", "20"),
        ({"since": dt.date(2026, 6, 2)}, "grant.out_of_time", "20"),
        ({"purpose": "curiosity"}, "grant.other_purpose", "25"),
        ({"purpose": ""}, "grant.other_purpose", "25"),
        ({"requested_fields": frozenset({"name", "phone"})}, "grant.fields_beyond", "25"),
        ({"requested_fields": frozenset()}, "grant.fields_beyond", "25"),
        ({"row_region": "890201"}, "grant.region_beyond", "25"),
        ({"row_region": ""}, "grant.region_beyond", "25"),
        ({"ruled": True}, "grant.rule_beyond", "25"),
        ({"state": "suspended"}, "grant.not_active", "27"),
    ],
)
def test_each_condition_refuses_with_its_article(change, policy, article):
    decision = decide_grant(dataclasses.replace(GOOD, **change))
    assert not decision.allowed
    assert decision.policies == (policy,)
    assert decision.basis == Basis("政务数据共享条例", article)
    assert decision.reason


@pytest.mark.parametrize(
    "change",
    [{"client_agency": "11890100DM0000009X"}, {"client": "client:other"}, {"client_agency": ""}],
)
def test_a_grant_serves_its_grantee_only(change):
    """共享条例 20, 25."""
    decision = decide_grant(dataclasses.replace(GOOD, **change))
    assert not decision.allowed
    assert decision.policies == ()
    assert "不属于" in decision.reason


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"granted_region": ""},
        {"on": dt.date(2026, 12, 31)},
        {"on": dt.date(2026, 1, 1)},
        {"granted_client": ""},
        {"ruled": True, "rule_met": True},
        {"rule_met": True},
    ],
)
def test_a_call_inside_its_grant_is_allowed(change):
    assert decide_grant(dataclasses.replace(GOOD, **change)).allowed


def test_every_reason_against_a_call_is_named():
    decision = decide_grant(dataclasses.replace(GOOD, state="suspended", purpose="x"))
    assert decision.policies == ("grant.not_active", "grant.other_purpose")
    assert "；" in decision.reason

"""Who may do what: people, the node, divisions and lines, every policy with its article."""

from dataclasses import replace

import pytest

from tests.factories.policies import (
    CITIZEN,
    CITY,
    CIVIL,
    CLIENT,
    DISTRICT,
    NODE,
    OPERATOR,
    OTHER_DISTRICT,
    POLICE,
    may,
    resource,
    staff,
)
from yitong.base.access.api import StepUpNeeded, Thing, allows, require
from yitong.kernel.actor import Actor

# People


def test_everybody_reads_ones_own_and_nobody_elses():
    """个人信息保护法 44, 45."""
    for action in ("identity.read_person", "exchange.read_footprint", "ledger.prove"):
        assert may(CITIZEN, action, Thing("person", "p", attributes={"owner": "account:9"}))
        assert not may(CITIZEN, action, Thing("person", "p", attributes={"owner": "account:8"}))
        assert not may(CITIZEN, action, Thing("person", "p"))


def test_another_s_footprint_is_for_whom_a_delegation_names_it():
    """民法典 165, 34: within the named matters, for the person one acts for, and for nobody else."""
    action, ward = "exchange.read_footprint_for", "person:a"
    guardian = replace(CITIZEN, on_behalf_of=ward)
    named = Thing("delegation", "d", attributes={"owner": ward, "state": "delegated"})
    assert may(guardian, action, named)
    assert not may(CITIZEN, action, named)
    assert not may(replace(CITIZEN, on_behalf_of="person:b"), action, named)
    assert not may(guardian, action, Thing("delegation", "d", attributes={"owner": ward}))
    assert not may(guardian, "exchange.read_footprint", named)
    weak = replace(guardian, assurance=3)
    with pytest.raises(StepUpNeeded):
        require(weak, action, of=named)


@pytest.mark.parametrize(
    "action",
    [
        "identity.find_person",
        "identity.read_person",
        "exchange.read_footprint",
        "exchange.read_footprint_for",
        "files.read",
        "sharing.use",
        "sharing.call",
    ],
)
@pytest.mark.parametrize("by", [OPERATOR, Actor.system("worker")])
def test_who_keeps_the_machine_never_reads_personal_data(by, action):
    """共享条例 36: 受托方不得擅自访问."""
    everything = Thing("person", "p", by.agency, attributes={"owner": by.account})
    assert not may(by, action, everything)


def test_the_counter_finds_a_person_when_logged_in_strongly():
    """个人信息保护法 34: within the duties of the post."""
    clerk = staff("clerk")
    assert may(clerk, "identity.find_person", Thing("person", ""))
    assert not may(staff("sysadmin"), "identity.find_person", Thing("person", ""))
    weak = Actor("account:1", agency=CIVIL, assurance=2, roles=frozenset({"clerk"}))
    assert not may(weak, "identity.find_person", Thing("person", ""))


def test_files_are_stored_by_whoever_is_logged_in_and_read_by_whose_they_are():
    theirs = Thing("file", "sha", CIVIL, attributes={"owner": "account:9"})
    assert may(staff(), "files.store", theirs)
    assert may(CITIZEN, "files.store", theirs)
    assert not may(CLIENT, "files.store", theirs)
    assert may(staff(), "files.read", theirs)
    assert may(CITIZEN, "files.read", theirs)
    assert not may(staff(agency=POLICE), "files.read", theirs)


# Node, administrators, logs

NODE_ACTIONS = [
    "identity.manage", "regions.load", "standards.manage", "sources.manage", "sources.load", "jobs.manage",
    "keys.rotate", "keys.destroy", "ledger.maintain", "ledger.prove", "files.store", "access.forget",
]  # fmt: skip


@pytest.mark.parametrize("action", NODE_ACTIONS)
def test_operators_and_the_node_itself_administer_it(action):
    assert may(OPERATOR, action)
    assert may(Actor.system("worker"), action)
    assert not may(CITIZEN, action) or action == "files.store"
    assert not may(CLIENT, action)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("sysadmin", {"regions.load", "jobs.manage", "ledger.maintain", "files.store"}),
        ("secadmin", {"identity.manage", "keys.rotate", "keys.destroy", "files.store"}),
        ("auditor", {"ledger.read", "ledger.prove", "files.store"}),
    ],
)
def test_each_of_the_three_administrators_has_a_part(role, allowed):
    """GB/T 22239, level 3."""
    asked = [*NODE_ACTIONS, "ledger.read"]
    assert {action for action in asked if may(staff(role), action)} == allowed


def test_an_agencys_administrator_says_when_the_own_agency_is_open():
    """民法典 203: 停止业务活动的时间 is the agency's own to set."""
    own, other = (Thing("office_hours", code, agency=code) for code in (CIVIL, POLICE))
    assert may(staff("agency_admin"), "statutes.set_hours", own)
    assert not may(staff("agency_admin"), "statutes.set_hours", other)
    assert not may(
        staff("agency_admin", agency=""), "statutes.set_hours", Thing("office_hours", "")
    )
    assert not may(staff("agency_admin"), "statutes.manage", own)
    for by in (OPERATOR, staff("sysadmin")):
        assert may(by, "statutes.set_hours", other)
    for role in ("secadmin", "auditor", "clerk", "dept_head"):
        assert not may(staff(role), "statutes.set_hours", own)


@pytest.mark.parametrize(
    "pair", [("sysadmin", "secadmin"), ("sysadmin", "auditor"), ("secadmin", "auditor")]
)
def test_who_holds_two_of_the_three_may_do_nothing(pair):
    """GB/T 22239, level 3: 三员 exclude one another."""
    for action in ("files.store", "ledger.read", "identity.manage"):
        decision = allows(staff(*pair), action, of=NODE)
        assert not decision.allowed
        assert "administrators.exclude_one_another" in decision.policies


def test_the_auditor_alone_reads_the_logs():
    assert may(staff("auditor"), "ledger.read")
    for by in (OPERATOR, Actor.system("worker"), staff("dept_head"), CITIZEN, CLIENT):
        assert allows(by, "ledger.read", of=NODE).policies == ("logs.nobody_else",)


# Region, line, purpose


def test_staff_act_in_their_division_and_below():
    head = staff("dept_head")
    assert may(head, "catalogue.approve", resource(region=CITY))
    assert may(head, "catalogue.approve", resource(region=DISTRICT))
    assert may(head, "catalogue.approve", resource(region=""))


def test_beyond_their_division_only_for_a_named_purpose():
    """共享条例 25."""
    head, there = staff("dept_head", region=DISTRICT), resource(region=OTHER_DISTRICT)
    assert allows(head, "catalogue.approve", of=there).policies == ("crossing.needs_a_purpose",)
    assert may(head, "catalogue.approve", there, purpose="联合核查")


def test_along_their_own_line_staff_cross_divisions():
    """条: a vertical line reaches beyond the division."""
    head = staff("dept_head", region=DISTRICT, line="tax")
    assert may(head, "catalogue.approve", resource(region=OTHER_DISTRICT, line="tax"))
    assert not may(head, "catalogue.approve", resource(region=OTHER_DISTRICT, line="police"))


def test_a_prefix_that_is_no_division_contains_nothing():
    assert not may(
        staff("dept_head", region="89010"), "catalogue.approve", resource(region=DISTRICT)
    )


# Demo


def test_in_the_demo_profile_the_operator_shares_for_made_up_agencies(settings):
    settings.PROFILE = "demo"
    assert may(OPERATOR, "sharing.grant", resource())
    assert not may(OPERATOR, "catalogue.approve", resource())
    assert not may(OPERATOR, "identity.read_person", resource())
    settings.PROFILE = "node"
    assert not may(OPERATOR, "sharing.grant", resource())


def test_what_no_policy_names_is_denied():
    for by in (OPERATOR, staff("dept_head"), Actor.system("worker")):
        decision = allows(by, "nothing.of_the_kind", of=NODE)
        assert not decision.allowed
        assert decision.policies == ()


@pytest.mark.parametrize(
    "hostile", ['"', "\\", '" || true || "', "\n", "\x00", "\ud800", "𠮷" * 500, 'Actor::"x"']
)
def test_hostile_text_changes_nothing(hostile):
    actor = Actor(
        hostile, hostile, hostile, hostile, hostile, 4, "staff", frozenset({"dept_head", hostile})
    )
    assert not may(actor, "catalogue.approve", resource())
    assert not may(staff("dept_head"), "catalogue.approve", resource(agency=hostile))
    assert not may(staff(hostile), "catalogue.approve", resource())


def test_a_misspelt_attribute_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="aproved_by"):
        resource(aproved_by="account:1")


@pytest.mark.parametrize("role", ["sharing_contact", "sharing_head", "dept_head"])
def test_who_answers_for_data_may_look_why_a_rule_lets_a_row_through(role):
    """个人信息保护法 6: the own agency's data, for a named purpose; never who keeps the machine."""
    assert may(staff(role), "exchange.judge_row", resource(), purpose="rule-check")
    assert not may(staff(role), "exchange.judge_row", resource())
    assert not may(
        staff(role, agency=POLICE), "exchange.judge_row", resource(), purpose="rule-check"
    )
    assert not may(staff("clerk"), "exchange.judge_row", resource(), purpose="rule-check")
    assert not may(OPERATOR, "exchange.judge_row", resource(), purpose="rule-check")
    assert not may(CITIZEN, "exchange.judge_row", resource(), purpose="rule-check")

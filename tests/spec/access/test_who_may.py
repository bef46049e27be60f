"""Who may do what: every policy with its article."""

from dataclasses import replace

import pytest

from yitong.base.access.api import NotAllowed, StepUpNeeded, Thing, allows, require
from yitong.kernel.actor import Actor
from yitong.kernel.law import Basis

CIVIL, POLICE, BUREAU = "11890100DM0000001A", "11890100DM0000002B", "11890100DM0000003C"
CITY, DISTRICT, OTHER_DISTRICT = "8901", "890102", "890103"


def staff(*roles, agency=CIVIL, region=CITY, account="account:1", line=""):
    return Actor(account, "post", agency, region, line, 4, "staff", frozenset(roles))


def resource(agency=CIVIL, region=CITY, **attributes):
    return Thing("resource", "17", agency, region, attributes)


CITIZEN = Actor("account:9", assurance=4, kind="person")
OPERATOR = Actor.operator("root")
CLIENT = Actor("client:abc", agency=POLICE, kind="client")
NODE = Thing("node", "")


def may(by, action, of=NODE, **more):
    return allows(by, action, of=of, **more).allowed


# 政务数据共享条例, catalogue


@pytest.mark.parametrize("action", ["catalogue.draft", "catalogue.submit"])
@pytest.mark.parametrize("role", ["sharing_contact", "sharing_head", "dept_head"])
def test_the_agencys_own_sharing_staff_compile_its_catalogue(action, role):
    """共享条例 11(一)."""
    assert may(staff(role), action, resource())
    assert not may(staff(role, agency=POLICE), action, resource())
    assert not may(staff("clerk"), action, resource())


def test_an_operator_may_file_a_proposal_but_neither_approve_nor_publish():
    """共享条例 13, 16: approval and review are the departments' own."""
    assert may(OPERATOR, "catalogue.draft", resource())
    assert may(OPERATOR, "catalogue.submit", resource())
    assert not may(OPERATOR, "catalogue.approve", resource())
    assert not may(OPERATOR, "catalogue.publish", resource())


@pytest.mark.parametrize("role", ["secrecy", "sharing_contact", "sharing_head"])
def test_assessments_are_the_providers_own(role):
    """共享条例 11(五), 13."""
    assert may(staff(role), "catalogue.assess", resource())
    assert not may(staff(role, agency=POLICE), "catalogue.assess", resource())


def test_only_the_providers_head_approves():
    """共享条例 13: 经部门负责人审核同意."""
    assert may(staff("dept_head"), "catalogue.approve", resource())
    assert not may(staff("dept_head", agency=POLICE), "catalogue.approve", resource())
    assert not may(staff("sharing_head", "data_reviewer"), "catalogue.approve", resource())
    assert not may(staff("dept_head", agency=""), "catalogue.approve", resource(agency=""))


def test_who_may_not_approve_is_told_what_it_takes_and_on_which_basis():
    with pytest.raises(NotAllowed) as refusal:
        require(staff("clerk"), "catalogue.approve", of=resource())
    assert refusal.value.say() == "不能批准目录：须经数据提供部门的部门负责人审核同意。"
    assert refusal.value.basis == Basis("政务数据共享条例", "13")
    assert refusal.value.say_remedy()
    assert refusal.value.kind == "refused"


def test_the_authority_of_the_same_division_reviews():
    """共享条例 16: 同级政务数据共享主管部门审核."""
    reviewer = staff("data_reviewer", agency=BUREAU)
    assert may(reviewer, "catalogue.publish", resource())
    assert not may(reviewer, "catalogue.publish", resource(region=DISTRICT))
    assert not may(staff("dept_head"), "catalogue.publish", resource())


def test_who_approved_does_not_review():
    """共享条例 13, 16: two looks by two persons."""
    both = staff("dept_head", "data_reviewer")
    assert may(both, "catalogue.publish", resource(approved_by="account:2"))
    with pytest.raises(NotAllowed, match="不能是同一个人"):
        require(both, "catalogue.publish", of=resource(approved_by="account:1"))


def test_an_entry_is_retired_by_its_head_or_the_authority():
    """共享条例 17."""
    assert may(staff("dept_head"), "catalogue.retire", resource())
    assert may(staff("data_reviewer", agency=BUREAU), "catalogue.retire", resource())
    assert not may(staff("sharing_contact"), "catalogue.retire", resource())
    assert not may(staff("dept_head", agency=POLICE), "catalogue.retire", resource())


def test_published_entries_are_known_to_all_and_drafts_stay_at_home():
    """共享条例 16: 统一向政府部门通告."""
    assert may(staff(agency=POLICE), "catalogue.read", resource(state="published"))
    assert not may(staff(agency=POLICE), "catalogue.read", resource(state="draft"))
    assert may(staff(), "catalogue.read", resource(state="draft"))
    assert may(staff("data_reviewer", agency=BUREAU), "catalogue.read", resource(state="draft"))


def test_the_authority_names_the_one_source():
    """共享条例 19: 数源部门."""
    assert may(staff("data_reviewer", agency=BUREAU), "standards.decide")
    assert not may(staff("dept_head"), "standards.decide")


def test_an_agencys_sharing_staff_say_what_it_is_the_source_of():
    """共享条例 19: for its own agency only; nobody decides for himself."""
    assert may(staff("sharing_contact"), "standards.claim", resource())
    assert not may(staff("sharing_contact", agency=POLICE), "standards.claim", resource())
    assert not may(OPERATOR, "standards.claim", resource())


def test_the_agencys_sharing_staff_keep_its_sources():
    """共享条例 11."""
    assert may(staff("sharing_contact"), "sources.load", resource())
    assert not may(staff("sharing_contact", agency=POLICE), "sources.load", resource())


def a_system(*scopes, agency=CIVIL):
    roles = frozenset(f"scope:{scope}" for scope in scopes)
    return Actor("client:abc", agency=agency, region=CITY, kind="client", roles=roles)


@pytest.mark.parametrize(
    ("scope", "action"),
    [
        ("catalogue", "catalogue.draft"),
        ("catalogue", "catalogue.submit"),
        ("catalogue", "sources.count"),
        ("claims", "standards.claim"),
        ("sharing", "sharing.request"),
    ],
)
def test_an_agencys_system_does_what_its_scope_says_and_for_its_own_agency_only(scope, action):
    """共享条例 11, 19, 20: it writes and hands in."""
    others = {"exchange", "catalogue", "claims", "sharing"} - {scope}
    assert may(a_system(scope), action, resource())
    assert not may(a_system(scope, agency=POLICE), action, resource())
    assert not may(a_system(*others), action, resource())
    assert not may(a_system(scope, agency=""), action, resource(agency=""))


@pytest.mark.parametrize(
    "action",
    ["catalogue.approve", "catalogue.publish", "catalogue.assess", "standards.decide", "sharing.grant",
     "sharing.approve_request", "sharing.answer", "catalogue.retire"],
)  # fmt: skip
def test_no_system_decides(action):
    """共享条例 13, 16, 19, 20: these are people's acts."""
    assert not may(a_system("exchange", "catalogue", "claims", "sharing"), action, resource())


def test_rows_are_counted_for_those_who_have_them_and_the_authority():
    """共享条例 11, 16."""
    assert may(staff("sharing_contact"), "sources.count", resource())
    assert may(staff("data_reviewer", agency=BUREAU), "sources.count", resource())
    assert may(OPERATOR, "sources.count", resource())
    assert not may(staff("sharing_contact", agency=POLICE), "sources.count", resource())
    assert not may(
        staff("data_reviewer", agency=BUREAU, region=DISTRICT), "sources.count", resource()
    )
    assert not may(staff("clerk"), "sources.count", resource())


# 政务数据共享条例, sharing


def test_the_asking_agencys_sharing_staff_request_and_its_head_agrees():
    """共享条例 11(二), 20."""
    asking = Thing("share_request", "1", POLICE, CITY)
    assert may(staff("sharing_contact", agency=POLICE), "sharing.request", asking)
    assert not may(staff("sharing_contact"), "sharing.request", asking)
    assert may(staff("sharing_head", agency=POLICE), "sharing.approve_request", asking)
    assert not may(staff("sharing_contact", agency=POLICE), "sharing.approve_request", asking)


@pytest.mark.parametrize(
    "action", ["sharing.answer", "sharing.grant", "sharing.suspend", "sharing.revoke"]
)
def test_the_providers_sharing_head_or_the_authority_answers_and_ends(action):
    """共享条例 20, 27, 28."""
    assert may(staff("sharing_head"), action, resource())
    assert may(staff("data_reviewer", agency=BUREAU), action, resource())
    assert not may(staff("sharing_head", agency=POLICE), action, resource())
    assert not may(staff("data_reviewer", agency=BUREAU, region=DISTRICT), action, resource())
    assert not may(staff("dept_head"), action, resource())


def test_the_user_says_when_its_purpose_is_reached():
    """共享条例 27."""
    assert may(staff("sharing_contact", agency=POLICE), "sharing.complete", resource(POLICE))
    assert not may(staff("sharing_contact"), "sharing.complete", resource(POLICE))


@pytest.mark.parametrize("role", ["secrecy", "data_reviewer"])
def test_a_purpose_hidden_from_the_person_needs_these_two(role):
    """个人信息保护法 18, 35."""
    assert may(staff(role), "sharing.approve_purpose")
    assert not may(staff("dept_head"), "sharing.approve_purpose")
    assert not may(OPERATOR, "sharing.approve_purpose")


def test_the_list_of_purposes_is_loaded_by_operators_or_the_authority():
    assert may(OPERATOR, "sharing.load_purposes")
    assert may(staff("data_reviewer"), "sharing.load_purposes")
    assert not may(staff("clerk"), "sharing.load_purposes")


def test_only_the_grantees_own_client_uses():
    """共享条例 25: 不得擅自将获得的政务数据提供给第三方."""
    assert may(CLIENT, "sharing.use", resource(grantee=POLICE))
    assert not may(CLIENT, "sharing.use", resource(grantee=BUREAU))
    assert not may(staff(agency=POLICE), "sharing.use", resource(grantee=POLICE))


def test_provider_user_and_authority_read_the_records_of_use():
    """共享条例 29."""
    grant = resource(grantee=POLICE)
    assert may(staff("sharing_head"), "sharing.read_usage", grant)
    assert may(staff("sharing_contact", agency=POLICE), "sharing.read_usage", grant)
    assert may(staff("data_reviewer", agency=BUREAU), "sharing.read_usage", grant)
    assert not may(staff("sharing_head", agency="11890100DM0000004D"), "sharing.read_usage", grant)
    assert not may(OPERATOR, "sharing.read_usage", grant)


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

"""Who may do what: data and their sharing, every policy with its article."""

import pytest

from tests.factories.policies import (
    BUREAU,
    CITY,
    CIVIL,
    CLIENT,
    DISTRICT,
    OPERATOR,
    POLICE,
    may,
    resource,
    staff,
)
from yitong.base.access.api import NotAllowed, Thing, require
from yitong.kernel.actor import Actor
from yitong.kernel.law import Basis

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

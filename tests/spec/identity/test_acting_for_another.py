"""代办: for a child, a mother, a company. Named matters, an end, and whoever acts is on the record with it."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import connection, transaction

from tests.factories.agencies import OPERATOR, a_post, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from yitong.base.access.api import NotAllowed, StepUpNeeded
from yitong.base.identity.api import actor_for, delegations, persons
from yitong.base.identity.delegation_errors import (
    AgentUnknown,
    DelegationOver,
    DelegationTooLong,
    EvidenceMissing,
    InvalidDelegation,
    NotRepresentative,
    PowerMissing,
    UnknownDelegation,
)
from yitong.base.identity.delegations import Counter, DelegationKind, Power, Wish
from yitong.base.identity.models import Person
from yitong.base.identity.persons import PersonPapers
from yitong.base.identity.rules import comes_of_age
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.codes import credit_code, person_number
from yitong.kernel.declare import About, Event

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

NOON = dt.datetime(2026, 11, 20, 4, 0, tzinfo=dt.UTC)  # 12:00 in Beijing
DAY = dt.timedelta(days=1)
POWERS = frozenset({"view", "apply"})


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def mother():
    return a_person(2, name="林小禾")


@pytest.fixture
def daughter():
    return a_person(3, name="周晓晴")


def wish_for(agent, days=30, powers=POWERS):
    until = clock.today() + days * DAY
    return Wish(agent.number, agent.name, powers, until)


def given(mother, daughter, **more):
    return delegations.give_delegation(
        by=actor_for(mother.account), principal=mother.account, wish=wish_for(daughter, **more)
    )


def entries(event):
    with connection.cursor() as cursor:
        cursor.execute(
            "select facts::text from ledger_entry where event = %s order by id", (event,)
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_a_daughter_acts_for_her_mother(mother, daughter):
    """民法典 161, 165: who, which matters, until when."""
    acting = given(mother, daughter)
    assert acting.kind is DelegationKind.HELPER
    assert (acting.principal, acting.agent) == ("林*禾", "周*晴")
    assert acting.is_in_force
    (fact,) = entries("identity.delegation_given")
    assert "林小禾" not in str(fact)
    assert mother.number not in str(fact)

    found = delegations.acting_for(daughter.account, acting.key)
    delegations.require_power(found, Power.APPLY)
    with pytest.raises(PowerMissing):
        delegations.require_power(found, Power.COLLECT)


def test_for_whom_somebody_acts_stands_in_every_entry(mother, daughter):
    acting = given(mother, daughter)
    by = actor_for(daughter.account)
    with transaction.atomic():
        some = Event("identity.logged_out", "")
        record(some, by=by, about=About("account", "1"))
        record(some, by=replace_principal(by, acting), about=About("account", "1"))
    assert entries("identity.logged_out") == [{}, {"on_behalf_of": f"person:{mother.person.key}"}]


def replace_principal(by, acting):
    return replace(by, on_behalf_of=acting.on_behalf_of)


def test_the_last_day_counts_in_full(mother, daughter):
    """民法典 203."""
    acting = given(mother, daughter, days=1)
    last_moment = dt.datetime(2026, 11, 21, 15, 59, 59, tzinfo=dt.UTC)
    with clock.frozen(last_moment):
        assert delegations.acting_for(daughter.account, acting.key)
    with clock.frozen(last_moment + dt.timedelta(seconds=1)), pytest.raises(DelegationOver):
        delegations.acting_for(daughter.account, acting.key)


def test_ended_a_minute_ago_is_ended_and_the_attempt_is_recorded(mother, daughter):
    """民法典 173(二): taken back by the principal."""
    acting = given(mother, daughter)
    by = actor_for(mother.account)
    delegations.end_delegation(by=by, account=mother.account, key=acting.key)
    with clock.frozen(NOON + dt.timedelta(minutes=1)):
        with pytest.raises(DelegationOver, match="2026-11-20 12:00") as refused:
            delegations.acting_for(daughter.account, acting.key)
        assert refused.value.basis.article == "173"
        with pytest.raises(DelegationOver):
            delegations.end_delegation(by=by, account=mother.account, key=acting.key)
    assert entries("identity.delegation_refused") == [{"reason": "delegation_over"}]


def test_the_agent_may_lay_it_down(mother, daughter):
    acting = given(mother, daughter)
    by = actor_for(daughter.account)
    delegations.end_delegation(by=by, account=daughter.account, key=acting.key)
    assert not delegations.delegations_given(mother.account)[0].is_in_force


def test_nobody_else_sees_or_ends_or_uses_it(mother, daughter):
    acting, other = given(mother, daughter), a_person(4, name="赵一")
    assert delegations.delegations_received(other.account) == []
    with pytest.raises(UnknownDelegation):
        delegations.acting_for(other.account, acting.key)
    with pytest.raises(UnknownDelegation):
        delegations.acting_for(mother.account, acting.key)
    by = actor_for(other.account)
    with pytest.raises(UnknownDelegation):
        delegations.end_delegation(by=by, account=other.account, key=acting.key)
    with pytest.raises(UnknownDelegation):
        delegations.end_delegation(by=by, account=mother.account, key=acting.key)


def test_name_and_number_must_both_be_right_and_which_was_wrong_is_not_told(mother, daughter):
    by = actor_for(mother.account)
    for number, name in ((daughter.number, "周晓明"), (number_of(99), "周晓晴")):
        wish = Wish(number, name, POWERS, clock.today() + DAY)
        with pytest.raises(AgentUnknown) as refused:
            delegations.give_delegation(by=by, principal=mother.account, wish=wish)
        assert name not in refused.value.say()


@pytest.mark.parametrize(
    ("powers", "days"),
    [(frozenset(), 30), (frozenset({"everything"}), 30), (POWERS, -1), (POWERS, -400)],
)
def test_matters_and_a_coming_end_are_named(mother, daughter, powers, days):
    """民法典 165."""
    with pytest.raises(InvalidDelegation):
        given(mother, daughter, powers=powers, days=days)


def test_nobody_acts_for_herself(mother):
    with pytest.raises(InvalidDelegation):
        given(mother, mother)


def test_longer_than_a_year_is_not_given_at_once(mother, daughter):
    with pytest.raises(DelegationTooLong, match="2027-11-20"):
        given(mother, daughter, days=366)
    assert given(mother, daughter, days=365)


def test_giving_takes_the_fourth_level(daughter):
    weak = a_person(5, name="孙二", assurance=3)
    with pytest.raises(StepUpNeeded, match="需要实名等级4级，您这次登录是3级"):
        given(weak, daughter)


def test_an_agent_does_not_hand_the_authority_on(mother, daughter):
    """民法典 169."""
    acting = given(mother, daughter)
    by = replace_principal(actor_for(daughter.account), acting)
    with pytest.raises(NotAllowed, match="代办人不得再授权他人"):
        delegations.give_delegation(by=by, principal=daughter.account, wish=wish_for(mother))


def test_nobody_gives_in_the_name_of_another(mother, daughter):
    with pytest.raises(NotAllowed):
        delegations.give_delegation(
            by=actor_for(daughter.account), principal=mother.account, wish=wish_for(daughter)
        )


# At the counter


def clerk():
    return actor_for(staff(a_post(role="clerk"), holder=True))


def child_papers(born=dt.date(2019, 6, 1)):
    return PersonPapers(person_number("890102", born, 7), "周小满")


def test_a_guardian_acts_for_a_child_who_has_no_log_in(mother):
    """民法典 23, 27: recorded by an officer who stands for it with name and post."""
    by = clerk()
    acting = delegations.record_at_counter(
        by=by,
        kind="guardian",
        wish=wish_for(mother, days=400),
        counter=Counter(child_papers(), "户口簿、出生医学证明"),
    )
    assert acting.officer.startswith("工作人员")
    assert acting.post == by.post
    assert acting.principal == "周*满"
    assert delegations.acting_for(mother.account, acting.key)
    (fact,) = entries("identity.delegation_recorded")
    assert fact["kind"] == "guardian"


def test_guardianship_of_a_minor_ends_with_the_eighteenth_birthday(mother):
    """民法典 17."""
    papers = child_papers(born=dt.date(2009, 1, 10))
    counter = Counter(papers, "户口簿")
    with pytest.raises(DelegationTooLong, match="2027-01-09"):
        delegations.record_at_counter(
            by=clerk(), kind="guardian", wish=wish_for(mother, days=51), counter=counter
        )
    assert delegations.record_at_counter(
        by=clerk(), kind="guardian", wish=wish_for(mother, days=50), counter=counter
    )


def test_a_birthday_on_a_leap_day_is_reached_on_the_first_of_march():
    assert comes_of_age(dt.date(2008, 2, 29)) == dt.date(2026, 3, 1)
    assert comes_of_age(dt.date(2010, 6, 1)) == dt.date(2028, 6, 1)


def test_a_company_s_handler_is_given_no_footprint():
    """An organisation has no personal data that somebody could look after (个人信息保护法 4)."""
    assert Power.FOOTPRINT not in delegations.powers_of(DelegationKind.HANDLER)
    assert Power.FOOTPRINT in delegations.powers_of(DelegationKind.GUARDIAN)


def test_the_officer_writes_down_what_was_seen(mother):
    with pytest.raises(EvidenceMissing):
        delegations.record_at_counter(
            by=clerk(),
            kind="guardian",
            wish=wish_for(mother),
            counter=Counter(child_papers(), "  "),
        )


def test_only_a_counter_records(mother, daughter):
    counter = Counter(child_papers(), "户口簿")
    for by in (OPERATOR, actor_for(daughter.account), actor_for(staff(a_post(role="secadmin")))):
        with pytest.raises(NotAllowed):
            delegations.record_at_counter(
                by=by, kind="guardian", wish=wish_for(mother), counter=counter
            )
    assert Person.objects.count() == 3, "nobody was registered by an attempt"


# 经办人


def company(chief):
    return persons.register_legal_person(
        by=OPERATOR,
        code=credit_code("9", "1", "890100", "MA123456"),
        name="澜宁市石桥食品有限公司",
        kind="enterprise",
        representative=str(chief.person.key),
    )


def appoint(chief, agent, code, **more):
    return delegations.appoint_handler(
        by=actor_for(chief.account),
        representative=chief.account,
        organisation=code,
        wish=wish_for(agent, **more),
    )


def test_a_companys_handler_is_named_by_its_representative_and_has_an_end(daughter):
    chief = a_person(6, name="石法人", assurance=5)
    firm = company(chief)
    acting = appoint(chief, daughter, firm.code, days=10)
    assert acting.principal == firm.name
    assert acting.on_behalf_of == f"legal_person:{firm.code}"
    assert [one.key for one in delegations.delegations_given(chief.account)] == [acting.key]
    with clock.frozen(NOON + 11 * DAY), pytest.raises(DelegationOver):
        delegations.acting_for(daughter.account, acting.key)


def test_only_the_representative_and_only_at_the_fifth_level(mother, daughter):
    chief = a_person(6, name="石法人", assurance=4)
    firm = company(chief)
    with pytest.raises(NotRepresentative):
        appoint(mother, daughter, firm.code)
    with pytest.raises(StepUpNeeded):
        appoint(chief, daughter, firm.code)

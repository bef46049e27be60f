"""三员: 系统管理员, 安全管理员 and 审计管理员 are three persons, whatever accounts they have, and at all times."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR, a_post, an_agency, named, staff
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.access.api import NotAllowed
from yitong.base.identity.api import actor_for, posts
from yitong.base.identity.errors import (
    HandOverMissing,
    HolderUnknown,
    NotOneself,
    ThreeAdministratorsApart,
)
from yitong.kernel import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

THREE = ("sysadmin", "secadmin", "auditor")


def give(role, account, **more):
    post = a_post(role=role)
    posts.appoint(by=OPERATOR, post=post.key, account=account, **more)
    return post


def refusals():
    with connection.cursor() as cursor:
        cursor.execute(
            "select about_key, facts->>'account', facts->>'reason' from ledger_entry"
            " where event = 'identity.post_refused' order by id"
        )
        return cursor.fetchall()


@pytest.mark.parametrize("held", THREE)
@pytest.mark.parametrize("wanted", THREE)
def test_no_two_of_the_three_in_one_hand(held, wanted):
    """GB/T 22239, level 3. Refused, recorded and told in words; nothing is left of the attempt."""
    account = staff(a_post(role=held))
    if held == wanted:
        give(wanted, account)
        assert refusals() == []
        return
    post = a_post(role=wanted)
    with pytest.raises(ThreeAdministratorsApart) as refused:
        posts.appoint(by=OPERATOR, post=post.key, account=account)
    assert "须由三人分任" in refused.value.say()
    assert refused.value.say_remedy()
    assert refusals() == [(post.key, f"account:{account.pk}", "three_administrators_apart")]
    assert posts.seat(post.key).is_vacant


def test_two_accounts_of_one_person_are_one_person():
    one = staff(a_post(role="sysadmin"))
    other = staff()
    other.holder = one.holder
    other.save()
    with pytest.raises(ThreeAdministratorsApart):
        give("auditor", other)


def test_an_account_without_a_known_person_takes_none_of_the_three():
    with pytest.raises(HolderUnknown):
        give("auditor", staff())
    give("clerk", staff())


def test_a_deputy_counts_as_a_holder():
    now = clock.now()
    away = a_post(role="sysadmin")
    staff(away)
    stand_in = staff(a_post(role="auditor"))
    with pytest.raises(ThreeAdministratorsApart):
        posts.record_leave(
            by=OPERATOR,
            post=away.key,
            away_from=now,
            away_until=now + dt.timedelta(days=3),
            deputy=stand_in,
        )
    free = named(staff(), 907)
    posts.record_leave(
        by=OPERATOR,
        post=away.key,
        away_from=now,
        away_until=now + dt.timedelta(days=3),
        deputy=free,
    )
    with pytest.raises(ThreeAdministratorsApart):
        give("secadmin", free)


def test_an_appointment_that_begins_later_is_looked_at_too():
    account = staff(a_post(role="sysadmin"))
    with pytest.raises(ThreeAdministratorsApart):
        give("auditor", account, held_from=clock.now() + dt.timedelta(days=30))


def test_who_leaves_one_role_takes_another_only_after_handing_it_over():
    """Else the audit would begin while the last one who held the machines is still the last one."""
    post = a_post(role="sysadmin")
    account = staff(post)
    posts.end_holding(by=OPERATOR, post=post.key)
    with pytest.raises(HandOverMissing) as refused:
        give("auditor", account)
    assert "还没有人接任" in refused.value.say()

    posts.appoint(by=OPERATOR, post=post.key, account=named(staff(), 908))
    give("auditor", account)
    assert actor_for(account).roles == {"auditor"}


def test_a_hand_over_leaves_no_gap_and_no_overlap():
    post = a_post(role="secadmin")
    before, after = staff(post), named(staff(), 909)
    posts.hand_over(by=OPERATOR, post=post.key, account=after)
    first, second = post.holdings.order_by("held_from")
    assert first.held_until == second.held_from
    assert (first.account, second.account) == (before, after)


def test_a_hand_over_that_fails_changes_nothing():
    post = a_post(role="secadmin")
    before = staff(post)
    with pytest.raises(ThreeAdministratorsApart):
        posts.hand_over(by=OPERATOR, post=post.key, account=staff(a_post(role="auditor")))
    assert posts.seat(post.key).acting == before
    assert [reason for _key, _who, reason in refusals()] == ["three_administrators_apart"]


def test_two_appointments_at_once_give_one_person_one_role():
    """The person's row is locked: the second looks when the first has committed."""
    account = named(staff(), 910)
    seats = [a_post(role=role).key for role in ("sysadmin", "auditor", "secadmin")]
    ready, outcomes = Barrier(len(seats)), []

    def appoint(key):
        try:
            ready.wait()
            posts.appoint(by=OPERATOR, post=key, account=account)
            outcomes.append("given")
        except ThreeAdministratorsApart:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=appoint, args=(key,)) for key in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "refused", "refused"]


def test_nobody_gives_herself_rights():
    agency = an_agency()
    chief = staff(a_post(agency, "secadmin"))
    by = actor_for(chief)
    with pytest.raises(NotAllowed, match="任何人不得给自己"):
        posts.appoint(by=by, post=a_post(agency, "dept_head").key, account=chief)
    second = staff()
    second.holder = chief.holder
    second.save()
    with pytest.raises(NotOneself):
        posts.appoint(by=by, post=a_post(agency, "dept_head").key, account=second)
    assert [reason for _key, _who, reason in refusals()] == ["not_allowed", "not_oneself"]


def test_an_agency_administrator_manages_the_own_agency_only():
    own, other = an_agency(), an_agency()
    by = actor_for(staff(a_post(own, "agency_admin")))
    seat = posts.create_post(by=by, agency=own, role="dept_head")
    posts.appoint(by=by, post=seat.key, account=staff())
    posts.end_holding(by=by, post=seat.key)
    assert posts.seat(seat.key).is_vacant
    with pytest.raises(NotAllowed):
        posts.create_post(by=by, agency=other, role="clerk")
    with pytest.raises(NotAllowed):
        posts.appoint(by=by, post=a_post(other).key, account=staff())


@pytest.mark.parametrize("role", [*THREE, "agency_admin"])
def test_roles_that_give_roles_are_given_by_the_security_administrator(role):
    agency = an_agency()
    seat = a_post(agency, role)
    with pytest.raises(NotAllowed, match="只能由安全管理员任命"):
        posts.appoint(
            by=actor_for(staff(a_post(agency, "agency_admin"))),
            post=seat.key,
            account=named(staff(), 911),
        )
    chief = actor_for(staff(a_post(agency, "secadmin")))
    posts.appoint(by=chief, post=seat.key, account=named(staff(), 912))

"""Whose a duty is: a post, the head above an empty one, a deputy during a leave; by hand, one by one or many."""

import pytest

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.duties import a_duty, at, in_post
from yitong.base.duties import actions, errors
from yitong.base.duties.models import Duty
from yitong.base.duties.owners import hand_over, reseat, reseat_all
from yitong.base.identity.actions import appoint, end_holding
from yitong.base.identity.api import posts, posts_of
from yitong.base.identity.models import Account
from yitong.base.ledger.api import entries_about
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

pytestmark = pytest.mark.furnished("bureau")
TIMER = Actor.system("duties")


@pytest.fixture(autouse=True)
def _in_autumn(bureau):
    with clock.frozen(at("2027-03-02 09:00")):
        yield


def opened(bureau, **more):
    return a_duty(bureau, start=at("2027-03-02 08:30"), **more)


def vacate(actor):
    end_holding(by=OPERATOR, post=actor.post)


def away(actor, *, deputy=None):
    """From 3 to 5 March."""
    account = Account.objects.get(pk=int(deputy.account.partition(":")[2])) if deputy else None
    posts.record_leave(
        by=OPERATOR, post=actor.post, away_from=at("2027-03-03 00:00"),
        away_until=at("2027-03-06 00:00"), deputy=account,
    )  # fmt: skip


def test_a_role_with_one_holder_owns(bureau):
    duty = opened(bureau, post="", role="sharing_contact")
    assert (duty.post, duty.is_unassigned) == (bureau.clerk.post, False)


def test_where_several_could_the_head_says_who(bureau):
    other = in_post(bureau.agency, "sharing_contact")
    duty = opened(bureau, post="", role="sharing_contact")
    assert (duty.post, duty.is_unassigned) == (bureau.head.post, True)
    done = hand_over(duties=[duty.pk], to_post=other.post, reason="分管", by=bureau.head)
    duty.refresh_from_db()
    assert done.moved == (duty.pk,)
    assert (duty.post, duty.home_post, duty.is_unassigned) == (other.post, other.post, False)


def test_an_empty_posts_duty_goes_to_the_head(bureau):
    vacate(bureau.clerk)
    duty = opened(bureau)
    assert (duty.post, duty.home_post, duty.moved_by) == (
        bureau.head.post, bureau.clerk.post, "vacancy",
    )  # fmt: skip


def test_without_a_head_it_goes_to_the_parents(bureau):
    vacate(bureau.clerk)
    vacate(bureau.head)
    assert opened(bureau).post == bureau.mayor.post


def test_with_nobody_at_all_it_waits_at_its_own_seat(bureau):
    lonely = an_agency()
    duty = opened(bureau, agency=lonely.code, post="", role="dept_head")
    assert duty.post == f"{lonely.code}/dept_head/1"
    assert duty.is_unassigned
    head = staff(a_post(lonely, "dept_head"))
    assert head.pk
    assert reseat(post=duty.post, by=TIMER) == 0  # it is there already


def test_a_vacancy_moves_open_duties_up_and_a_successor_gets_them_back(bureau):
    duty = opened(bureau)
    vacate(bureau.clerk)
    assert reseat(post=bureau.clerk.post, by=TIMER) == 1
    assert Duty.objects.get().post == bureau.head.post
    account = staff()
    appoint(by=OPERATOR, post=bureau.clerk.post, account=account)
    assert reseat(post=bureau.clerk.post, by=TIMER) == 1
    duty.refresh_from_db()
    assert (duty.post, duty.moved_by, duty.is_unassigned) == (bureau.clerk.post, "", False)
    told = [e.event for e in entries_about(About("duty", str(duty.pk)))]
    assert told.count("duties.handed_over") == 2


def test_the_round_finds_vacancies_that_came_with_time(bureau):
    opened(bureau)
    end_holding(by=OPERATOR, post=bureau.clerk.post, at=at("2027-03-05 18:00"))
    assert reseat_all(by=TIMER) == 0
    with clock.frozen(at("2027-03-05 18:01")):
        assert reseat_all(by=TIMER) == 1
        assert reseat_all(by=TIMER) == 0


def test_during_a_leave_the_deputy_acts_in_the_post(bureau):
    duty = opened(bureau)
    away(bureau.clerk, deputy=bureau.colleague)
    with clock.frozen(at("2027-03-03 00:01")):
        assert reseat_all(by=TIMER) == 0
        account = Account.objects.get(pk=int(bureau.colleague.account.partition(":")[2]))
        assert bureau.clerk.post in {post.key for post in posts_of(account)}
    duty.refresh_from_db()
    assert duty.post == bureau.clerk.post


def test_a_leave_without_a_deputy_sends_duties_up_and_back(bureau):
    before = opened(bureau)
    away(bureau.clerk)
    with clock.frozen(at("2027-03-03 00:01")):
        assert reseat_all(by=TIMER) == 1
        during = opened(bureau)
        assert {row.post for row in Duty.objects.all()} == {bureau.head.post}
        actions.meet(during.pk, outcome="agreed", by=bureau.head)
    with clock.frozen(at("2027-03-06 00:01")):
        assert reseat_all(by=TIMER) == 1
    before.refresh_from_db()
    assert (before.post, before.moved_by) == (bureau.clerk.post, "")


def test_who_is_back_early_has_the_duties_back(bureau):
    opened(bureau)
    away(bureau.clerk)
    with clock.frozen(at("2027-03-04 09:00")):
        reseat_all(by=TIMER)
        assert Duty.objects.get().post == bureau.head.post
        posts.end_leave(by=OPERATOR, post=bureau.clerk.post)
        assert reseat(post=bureau.clerk.post, by=TIMER) == 1
    assert Duty.objects.get().post == bureau.clerk.post


def test_many_go_over_at_once_and_what_stays_says_why(bureau):
    mine = [opened(bureau) for _ in range(3)]
    actions.meet(mine[0].pk, outcome="agreed", by=bureau.clerk)
    done = hand_over(
        duties=[duty.pk for duty in mine],
        to_post=bureau.colleague.post,
        reason="调整分工",
        by=bureau.clerk,
    )
    assert done.moved == (mine[1].pk, mine[2].pk)
    assert done.stayed == ((mine[0].pk, "已经办结"),)


def test_nobody_gives_away_what_is_not_theirs(bureau):
    duty = opened(bureau)
    stranger = in_post(an_agency(), "dept_head")
    done = hand_over(
        duties=[duty.pk], to_post=bureau.colleague.post, reason="x", by=bureau.colleague
    )
    assert done.moved == ()
    assert done.stayed == ((duty.pk, "不归您转办"),)
    with pytest.raises(errors.PostUnfit):
        hand_over(duties=[duty.pk], to_post=stranger.post, reason="x", by=bureau.head)
    with pytest.raises(errors.PostUnfit):
        hand_over(
            duties=[duty.pk], to_post=f"{bureau.agency.code}/clerk/9", reason="x", by=bureau.head
        )
    with pytest.raises(errors.ReasonMissing):
        hand_over(duties=[duty.pk], to_post=bureau.colleague.post, reason=" ", by=bureau.head)


def test_a_duty_without_an_owner_cannot_exist(bureau):
    with pytest.raises(errors.NobodyAtAll):
        opened(bureau, agency="")

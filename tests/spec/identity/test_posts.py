"""岗位: who acts in a post, who stands in, and to whom work goes when nobody does."""

import datetime as dt

import pytest

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.access.api import Thing, allows
from yitong.base.identity.api import actor_for, posts, posts_of
from yitong.base.identity.errors import InvalidPeriod, LeaveInTheWay, PostNotHeld
from yitong.kernel import clock
from yitong.kernel.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]

DAY = dt.timedelta(days=1)


def away(post, deputy=None, since=0, until=3):
    now = clock.now()
    return posts.record_leave(
        by=OPERATOR,
        post=post.key,
        away_from=now + since * DAY,
        away_until=now + until * DAY,
        deputy=deputy,
    )


def test_a_post_is_held_stood_in_for_or_vacant():
    post = a_post()
    assert posts.seat(post.key).is_vacant
    holder, deputy = staff(post), staff()
    assert posts.seat(post.key).acting == holder
    away(post)
    assert posts.seat(post.key).is_vacant, "away without a deputy"
    posts.end_leave(by=OPERATOR, post=post.key)
    away(post, deputy)
    seat = posts.seat(post.key)
    assert (seat.holder, seat.acting) == (holder, deputy)
    assert [held.key for held in posts_of(deputy)] == [post.key]
    assert actor_for(deputy).roles == {"clerk"}
    with clock.frozen(clock.now() + 4 * DAY):
        assert posts.seat(post.key).acting == holder
        assert posts_of(deputy) == []


def test_whoever_leaves_for_good_ends_the_leave_too():
    post, deputy = a_post(), staff()
    staff(post)
    away(post, deputy)
    posts.end_holding(by=OPERATOR, post=post.key)
    assert posts.seat(post.key).is_vacant
    assert posts_of(deputy) == []


def test_one_leave_at_a_time_with_somebody_else_and_in_the_future():
    post = a_post()
    with pytest.raises(PostNotHeld):
        away(post)
    holder = staff(post)
    away(post)
    with pytest.raises(LeaveInTheWay):
        away(post, since=1, until=5)
    away(post, since=3, until=5)
    with pytest.raises(LeaveInTheWay):
        away(post, holder, since=6, until=7)
    with pytest.raises(InvalidPeriod):
        away(post, since=-9, until=-8)


def test_work_goes_up_to_the_head_then_to_the_government_then_along_the_line():
    line, city = an_agency(), an_agency()
    bureau = an_agency(government=city.code, line=line.code)
    clerk, head = a_post(bureau, "clerk"), a_post(bureau, "dept_head")
    mayor = a_post(city, "dept_head")
    assert posts.superior(clerk.key) is None
    staff(mayor)
    assert posts.superior(clerk.key) == mayor
    staff(head)
    assert posts.superior(clerk.key) == head
    assert posts.superior(head.key) == mayor
    away(head)
    assert posts.superior(clerk.key) == mayor, "the head is away without a deputy"


def test_agencies_above_one_another_end_no_search():
    one = an_agency()
    other = an_agency(government=one.code)
    one.government = other
    one.save()
    assert posts.superior(a_post(one).key) is None


OWN, OTHER = "11890100DM0000001A", "11890100DM0000002B"


def may(actor_role, action, agency=OWN, **attributes):
    by = Actor("account:1", "post", OWN, "8901", "", 4, "staff", frozenset({actor_role}))
    return allows(by, action, of=Thing("agency", agency, agency, "8901", attributes)).allowed


@pytest.mark.parametrize("action", ["identity.manage_posts", "identity.manage_accounts"])
def test_who_may_manage_posts_and_accounts(action):
    assert may("agency_admin", action)
    assert not may("agency_admin", action, OTHER)
    assert may("secadmin", action, OTHER)
    for role in ("sysadmin", "auditor", "dept_head", "clerk"):
        assert not may(role, action)
    for reserved in ("sysadmin", "secadmin", "auditor", "agency_admin"):
        assert not may("agency_admin", action, role=reserved)
        assert may("secadmin", action, role=reserved)
    for role in ("agency_admin", "secadmin"):
        assert not may(role, action, appointee="account:1")


def test_who_may_look_at_posts_and_accounts():
    assert may("auditor", "identity.oversee", OTHER)
    assert may("secadmin", "identity.oversee", OTHER)
    assert may("agency_admin", "identity.oversee")
    assert not may("agency_admin", "identity.oversee", OTHER)
    assert not may("clerk", "identity.oversee")

"""Back-off, the end of trying, and quiet hours."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yitong.base.messages.rules import (
    DUE_STATES,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    TRANSITIONS,
    Choice,
    DeliveryState,
    Reason,
    is_over,
    is_quiet,
    not_before,
    wait_after,
)
from yitong.kernel import clock

MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: dt.time(n // 60, n % 60))
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
INSTANTS = st.integers(0, 2 * 365 * 86400).map(lambda s: START + dt.timedelta(seconds=s))
CHOICES = st.builds(Choice, quiet_from=MINUTES, quiet_until=MINUTES)


def test_waits_grow_fourfold_up_to_four_hours():
    waits = [wait_after(n).total_seconds() / 60 for n in range(1, 8)]
    assert waits == [1, 4, 16, 64, 240, 240, 240]


@given(st.integers(1, 40))
def test_waits_never_shrink_and_have_an_end(attempts):
    assert wait_after(attempts) <= wait_after(attempts + 1) <= LONGEST_WAIT


def test_trying_ends():
    assert not is_over(attempts=1, uncertain=0, reason=Reason.UNREACHABLE)
    assert is_over(attempts=MOST_ATTEMPTS, uncertain=0, reason=Reason.UNREACHABLE)
    assert is_over(attempts=1, uncertain=0, reason=Reason.REFUSED)


def test_who_may_have_it_already_gets_it_once_more_and_never_a_third_time():
    assert not is_over(attempts=1, uncertain=1, reason=Reason.UNCERTAIN)
    assert is_over(attempts=2, uncertain=2, reason=Reason.UNCERTAIN)


@given(CHOICES, INSTANTS)
def test_nothing_leaves_in_quiet_hours_and_nothing_waits_longer_than_they_last(choice, at):
    found = not_before(choice, at, clock.ZONE, urgent=False)
    assert found >= at
    assert found - at < dt.timedelta(days=1)
    assert not is_quiet(choice, clock.local(found))
    if found > at:
        assert is_quiet(choice, clock.local(at))


@given(CHOICES, INSTANTS)
def test_what_is_urgent_does_not_wait(choice, at):
    assert not_before(choice, at, clock.ZONE, urgent=True) == at


@given(MINUTES, INSTANTS)
def test_equal_times_mean_no_quiet_hours(time, at):
    choice = Choice(quiet_from=time, quiet_until=time)
    assert not_before(choice, at, clock.ZONE, urgent=False) == at


def test_the_night_passes_midnight():
    late = dt.datetime(2026, 11, 22, 23, 30, tzinfo=clock.ZONE)
    early = dt.datetime(2026, 11, 23, 6, 0, tzinfo=clock.ZONE)
    morning = dt.datetime(2026, 11, 23, 8, 0, tzinfo=clock.ZONE)
    for at in (late, early):
        assert not_before(Choice(), at, clock.ZONE, urgent=False) == morning
    assert not_before(Choice(), morning, clock.ZONE, urgent=False) == morning


def test_every_state_is_reached_and_only_due_ones_are_sent():
    reached = set().union(*TRANSITIONS.values())
    assert reached == set(DeliveryState)
    assert {
        state for state, ways in TRANSITIONS.items() if DeliveryState.SENDING in ways
    } == DUE_STATES

"""Steps and states, warning points, and how a duty is judged."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.base.duties import errors
from yitong.base.duties.rules import (
    BEFORE_EXPIRY,
    OPEN,
    TRANSITIONS,
    Extending,
    Points,
    Result,
    Span,
    Standing,
    State,
    Step,
    Warned,
    already_past,
    check_extending,
    fallen_due,
    judged,
    local_minute,
    next_state,
    next_wake,
    warnings,
)
from yitong.kernel.clock import ZONE
from yitong.kernel.law import Unit
from yitong.kernel.workdays import Period, due_after, from_chinese_calendar

CALENDAR = from_chinese_calendar(2024, 2026)
NINE = dt.time(9)
POINTS = Points((50, 80), 1, NINE)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def span(start: str, amount: int, unit: Unit = Unit.WORKDAY) -> Span:
    begun = at(start)
    found = due_after(begun, Period(amount, unit), CALENDAR)
    return Span(begun, amount, unit, found.due, found.due_on)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", list(Step))
def test_every_step_leads_where_the_table_says_or_is_refused_in_words(state, step):
    if (state, step) in TRANSITIONS:
        assert next_state(Standing(7, state), step) is TRANSITIONS[state, step]
    else:
        with pytest.raises(errors.StepNotOpen) as refused:
            next_state(Standing(7, state), step)
        assert "第7号" in str(refused.value)


def test_closed_duties_have_no_steps():
    assert {state for state, _ in TRANSITIONS} == set(OPEN)


@pytest.mark.parametrize("step", sorted(BEFORE_EXPIRY))
def test_after_the_end_a_clock_is_not_touched(step):
    with pytest.raises(errors.AlreadyMissed) as refused:
        next_state(Standing(7, State.RUNNING, at("2026-10-16")), step)
    assert "2026-10-15 24:00" in str(refused.value)


def test_ten_workdays_warn_on_the_fifth_the_eighth_and_the_last_but_one():
    found = warnings(span("2026-09-24 16:12", 10), POINTS, CALENDAR)
    assert found == {
        Warned.HALF: at("2026-10-09 09:00"),
        Warned.LATE: at("2026-10-13 09:00"),
        Warned.LAST_DAY: at("2026-10-14 09:00"),
    }


def test_one_workday_warns_on_its_morning():
    found = warnings(span("2026-09-24 16:12", 1), POINTS, CALENDAR)
    assert found[Warned.HALF] == found[Warned.LATE] == at("2026-09-28 09:00")
    assert found[Warned.LAST_DAY] < found[Warned.HALF]


def test_hours_warn_by_the_hour():
    found = warnings(span("2026-09-30 22:00", 24, Unit.HOUR), POINTS, CALENDAR)
    assert found[Warned.HALF] == at("2026-10-01 10:00")
    assert found[Warned.LATE] == at("2026-10-01 17:12")


@given(
    hours=st.integers(0, 17_000),
    amount=st.integers(1, 90),
    unit=st.sampled_from([Unit.WORKDAY, Unit.DAY, Unit.HOUR, Unit.WORKHOUR, Unit.MONTH]),
)
def test_warnings_come_in_order_and_never_after_the_end(hours, amount, unit):
    start = at("2024-01-01 00:30") + dt.timedelta(hours=hours)
    found = due_after(start, Period(amount, unit), CALENDAR)
    points = warnings(Span(start, amount, unit, found.due, found.due_on), POINTS, CALENDAR)
    assert points[Warned.HALF] <= points[Warned.LATE] <= found.due
    assert points[Warned.LAST_DAY] <= found.due


@given(st.integers(0, 40))
def test_each_warning_is_given_once_whenever_the_timer_comes(hours):
    points = warnings(span("2026-09-24 16:12", 10), POINTS, CALENDAR)
    now, said = at("2026-09-24 16:12"), []
    flags = Warned(0)
    while now < at("2026-10-20"):
        now += dt.timedelta(hours=hours + 1)
        said += list(fallen_due(points, flags, now))
        flags |= fallen_due(points, flags, now)
    assert sorted(said) == [Warned.HALF, Warned.LATE, Warned.LAST_DAY]


def test_the_timer_looks_again_at_the_next_warning_and_then_at_the_end():
    whole = span("2026-09-24 16:12", 10)
    points = warnings(whole, POINTS, CALENDAR)
    assert next_wake(points, Warned(0), whole.due_at) == at("2026-10-09 09:00")
    assert next_wake(points, Warned.HALF | Warned.LATE, whole.due_at) == at("2026-10-14 09:00")
    assert next_wake(points, Warned(7), whole.due_at) == whole.due_at
    assert already_past(points, whole.due_at) == Warned(7)


@pytest.mark.parametrize(
    ("met", "extended", "result"),
    [
        ("2026-10-15 23:59", False, Result.ON_TIME),
        ("2026-10-15 23:59", True, Result.EXTENDED),
        ("2026-10-16 00:00", True, Result.MISSED),
    ],
)
def test_in_time_is_what_happens_before_the_due_instant(met, extended, result):
    assert judged(met_at=at(met), due_at=at("2026-10-16"), is_extended=extended) is result


def test_a_stopped_clock_is_never_late():
    assert judged(met_at=at("2030-01-01"), due_at=None, is_extended=False) is Result.ON_TIME


def test_midnight_ends_the_day_before_it():
    assert local_minute(at("2026-10-16 00:00")) == "2026-10-15 24:00"
    assert local_minute(at("2026-10-16 00:01")) == "2026-10-16 00:01"


@pytest.mark.parametrize(
    ("amount", "fault"), [(0, errors.ExtensionTooLong), (11, errors.ExtensionTooLong)]
)
def test_an_extension_is_within_what_the_act_allows(amount, fault):
    with pytest.raises(fault):
        check_extending(Extending(amount, "a", "b"), most=10, approver="x", notify="")


def test_what_an_extension_lacks_is_named():
    with pytest.raises(errors.ExtensionIncomplete) as refused:
        check_extending(Extending(5, " ", "", ""), most=10, approver="主管部门", notify="需求部门")
    assert str(refused.value) == "延长还缺：理由、同意的文号、告知的情况。"
    check_extending(Extending(5, "a", "b"), most=10, approver="x", notify="")

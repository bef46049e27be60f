import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel import clock
from yitong.kernel.law import Basis, Extension, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import (
    ClockState,
    Due,
    OfficeHours,
    Period,
    Segment,
    due_after,
    from_chinese_calendar,
    last_day_before,
)

CALENDAR = from_chinese_calendar(2004, 2026)
DAY = dt.timedelta(days=1)
STARTS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 11, 30))
IN_DAYS = st.sampled_from([Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR])
IN_HOURS = st.sampled_from([Unit.HOUR, Unit.WORKHOUR])
LENGTHS = st.integers(0, 30)
GAPS = st.integers(0, 20)


def due(start, period, **more) -> Due:
    answer = due_after(start, period, CALENDAR, **more)
    assert answer is not None
    return answer


def stop(start, begins, lasts, unit=DAY):
    """A stop that begins so many days (or hours) after the start and lasts so many."""
    begun = start + begins * unit
    return [
        Segment(ClockState.PAUSED, begun, "鉴定"),
        Segment(ClockState.RUNNING, begun + lasts * unit),
    ]


@given(STARTS, IN_DAYS, LENGTHS)
def test_periods_in_days_end_on_workdays_not_before_they_begin(start, unit, amount):
    answer = due(start, Period(amount, unit))

    assert CALENDAR.is_workday(answer.due_on)
    assert answer.due_on >= start
    assert answer.due == CALENDAR.instant(answer.due_on + DAY)


@given(STARTS, IN_DAYS, LENGTHS)
def test_a_longer_period_never_ends_earlier(start, unit, amount):
    assert due(start, Period(amount + 1, unit)).due >= due(start, Period(amount, unit)).due


@given(STARTS, IN_DAYS, LENGTHS, GAPS, GAPS)
def test_stopping_never_shortens(start, unit, amount, begins, lasts):
    period = Period(amount, unit)

    assert due(start, period, segments=stop(start, begins, lasts)).due >= due(start, period).due


@given(STARTS, LENGTHS, GAPS, GAPS)
def test_running_on_gives_back_no_more_workdays_than_the_stop_touched(start, amount, begins, lasts):
    period = Period(amount, Unit.WORKDAY)
    plain, stopped = due(start, period), due(start, period, segments=stop(start, begins, lasts))
    begun = start + begins * DAY
    touched = CALENDAR.workdays_between(begun - DAY, begun + lasts * DAY)

    assert CALENDAR.workdays_between(plain.due_on, stopped.due_on) <= touched


@given(STARTS, st.sampled_from([Unit.DAY, Unit.MONTH]), LENGTHS, GAPS, GAPS)
def test_running_on_gives_back_no_more_days_than_the_stop_took(start, unit, amount, begins, lasts):
    period = Period(amount, unit)
    plain, stopped = due(start, period), due(start, period, segments=stop(start, begins, lasts))

    assert stopped.due_on <= CALENDAR.after(plain.due_on + lasts * DAY, 0)


@given(STARTS, IN_DAYS, LENGTHS, GAPS, GAPS)
def test_nothing_is_due_while_the_clock_stands(start, unit, amount, begins, lasts):
    period = Period(amount, unit)
    plain = due(start, period)
    segments = stop(start, begins, lasts)
    stands = due_after(start, period, CALENDAR, segments=segments[:1])

    if segments[0].since > plain.due_on:
        assert stands == plain
    else:
        assert stands is None
        assert due(start, period, segments=segments).due_on >= segments[1].since


@given(STARTS, IN_DAYS | IN_HOURS, LENGTHS, GAPS)
def test_a_restart_counts_from_its_own_day(start, unit, amount, later):
    again = start + later * DAY
    segments = [*stop(start, 0, later), Segment(ClockState.RESTARTED, again, "补正")]

    assert due(start, Period(amount, unit), segments=segments) == due(again, Period(amount, unit))


@given(STARTS, IN_DAYS | IN_HOURS, LENGTHS, GAPS, GAPS, GAPS)
def test_two_stops_that_touch_are_one(start, unit, amount, begins, first, second):
    whole = stop(start, begins, first + second)
    parts = stop(start, begins, first) + stop(start, begins + first, second)
    period = Period(amount, unit)

    assert due(start, period, segments=parts).due == due(start, period, segments=whole).due


@given(STARTS, IN_DAYS | IN_HOURS, LENGTHS, GAPS)
def test_stopping_twice_or_running_on_twice_changes_nothing(start, unit, amount, lasts):
    begin, end = stop(start, 1, lasts)
    once = due(start, Period(amount, unit), segments=[begin, end])

    assert due(start, Period(amount, unit), segments=[begin, begin, end, end]) == once


@given(STARTS, IN_DAYS, LENGTHS, GAPS, GAPS)
def test_every_day_is_counted_or_excluded_with_a_reason(start, unit, amount, begins, lasts):
    answer = due(start, Period(amount, unit), segments=stop(start, begins, lasts))
    excluded = {day.on for day in answer.excluded}

    assert len(excluded) == len(answer.excluded)
    assert all(
        day.reason in {"weekend", "statutory", "adjusted_off", "stopped"} for day in answer.excluded
    )
    assert all(day.name == "鉴定" for day in answer.excluded if day.reason == "stopped")
    if unit is Unit.WORKDAY:
        counted = {day.on for day in CALENDAR.between(start, answer.due_on)} - excluded
        # With no workday to count, a day off still moves to the first workday after it.
        assert len(counted) == amount or (len(counted), amount) == (1, 0)


@given(STARTS, IN_HOURS, LENGTHS, GAPS, GAPS)
def test_hours_are_given_back_exactly(start, unit, amount, begins, lasts):
    begun = CALENDAR.instant(start, dt.time(10))
    segments = stop(begun, begins, lasts, dt.timedelta(hours=1))
    plain, stopped = (
        due(begun, Period(amount, unit)),
        due(begun, Period(amount, unit), segments=segments),
    )

    assert plain.due <= stopped.due
    if unit is Unit.HOUR:
        assert stopped.due - plain.due == (
            lasts * dt.timedelta(hours=1) if begins < amount else 0 * DAY
        )


@given(STARTS, IN_HOURS, st.integers(1, 30))
def test_no_hour_is_due_while_the_clock_stands(start, unit, amount):
    segments = [Segment(ClockState.PAUSED, start)]

    assert due_after(start, Period(amount, unit), CALENDAR, segments=segments) is None


@given(STARTS, IN_DAYS, LENGTHS)
def test_an_instant_starts_a_period_in_days_on_its_local_day(start, unit, amount):
    late = CALENDAR.instant(start, dt.time(23, 59))

    assert due(late, Period(amount, unit)) == due(start, Period(amount, unit))


def test_a_stop_on_the_last_day_leaves_that_day_to_be_finished():
    start = dt.date(2026, 3, 2)
    thursday = dt.date(2026, 3, 5)
    assert due(start, Period(3, Unit.WORKDAY)).due_on == thursday

    answer = due(start, Period(3, Unit.WORKDAY), segments=stop(thursday, 0, 2))

    assert answer.due_on == dt.date(2026, 3, 9)
    assert [(day.on.day, day.reason) for day in answer.excluded] == [
        (5, "stopped"),
        (6, "stopped"),
        (7, "weekend"),
        (8, "weekend"),
    ]


def test_a_stop_on_the_holiday_behind_the_last_day_still_stops():
    start = dt.date(2026, 3, 2)
    saturday_to_thursday = stop(dt.date(2026, 3, 7), 0, 5)

    assert due(start, Period(5, Unit.DAY)).due_on == dt.date(2026, 3, 9)
    assert due(start, Period(5, Unit.DAY), segments=saturday_to_thursday).due_on == dt.date(
        2026, 3, 12
    )


def test_a_second_stop_counts_from_where_the_first_left_the_end():
    start = dt.date(2026, 3, 2)
    segments = stop(start, 1, 2) + stop(start, 8, 1)

    assert due(start, Period(5, Unit.WORKDAY)).due_on == dt.date(2026, 3, 9)
    assert due(start, Period(5, Unit.WORKDAY), segments=segments[:2]).due_on == dt.date(2026, 3, 11)
    assert due(start, Period(5, Unit.WORKDAY), segments=segments).due_on == dt.date(2026, 3, 12)


def test_history_does_not_go_back():
    start = dt.date(2026, 3, 2)
    with pytest.raises(ValueError, match="before"):
        due_after(start, Period(5, Unit.DAY), CALENDAR, segments=stop(start, -1, 0))


def test_a_period_is_not_negative():
    with pytest.raises(ValueError, match="negative"):
        Period(-1, Unit.DAY)


def test_a_limit_becomes_a_period_with_its_one_extension():
    limit = TimeLimit(
        "PER-42",
        LimitKind.WITHIN,
        20,
        Unit.WORKDAY,
        Basis("行政许可法", "42"),
        Extension(10, Unit.WORKDAY),
    )

    assert Period.of(limit) == Period(20, Unit.WORKDAY)
    assert Period.of(limit, extended_by=10) == Period(30, Unit.WORKDAY)


@given(STARTS, st.sampled_from(Unit), LENGTHS)
def test_what_rests_on_days_not_announced_says_so(start, unit, amount):
    answer = due(start, Period(amount, unit))

    assert answer.provisional is (answer.due_on.year > 2026 and unit is not Unit.HOUR)


@given(STARTS, IN_DAYS, LENGTHS)
def test_the_last_day_before_an_event_leaves_the_whole_period_free(event_on, unit, amount):
    answer = last_day_before(event_on, Period(amount, unit), CALENDAR)

    assert answer.due_on <= event_on
    assert answer.due == CALENDAR.instant(answer.due_on + DAY)
    if unit is Unit.DAY:
        assert event_on - answer.due_on == amount * DAY
    if unit is Unit.WORKDAY and CALENDAR.is_workday(event_on):
        assert CALENDAR.workdays_between(answer.due_on, event_on) == amount


def test_hours_are_counted_back_too():
    noon = CALENDAR.instant(dt.date(2026, 3, 2), dt.time(12))
    day, three = Period(24, Unit.HOUR), Period(3, Unit.WORKHOUR)

    assert last_day_before(noon, day, CALENDAR).due == noon - DAY
    assert last_day_before(noon, three, CALENDAR).due == noon - 3 * DAY / 24
    assert last_day_before(dt.date(2026, 3, 2), three, CALENDAR).due_on == dt.date(2026, 2, 28)


@given(STARTS, LENGTHS)
def test_office_hours_end_the_last_day_at_their_close(start, amount):
    hours = OfficeHours(((dt.time(8, 30), dt.time(17, 0)),))
    answer = due(start, Period(amount, Unit.WORKDAY), hours=hours)

    assert clock.local(answer.due).time() == dt.time(17, 0)
    assert clock.local(answer.due).date() == answer.due_on


def test_the_same_history_in_dates_and_instants_comes_to_the_same():
    start = dt.date(2026, 3, 2)
    dates = stop(start, 2, 3)
    instants = [
        Segment(segment.state, CALENDAR.instant(segment.since, dt.time(15)), segment.reason)
        for segment in dates
    ]

    assert due(start, Period(10, Unit.WORKDAY), segments=dates) == due(
        CALENDAR.instant(start, dt.time(9)), Period(10, Unit.WORKDAY), segments=instants
    )

"""Limits of every kind and unit, their clocks stopped, extended and begun anew."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel import clock
from yitong.kernel.law import Basis, Expiry, Extension, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import (
    CalendarDay,
    ClockState,
    DayKind,
    DayStatus,
    OfficeHours,
    Segment,
    WorkCalendar,
    from_chinese_calendar,
    reckon,
)

CALENDAR = from_chinese_calendar(2004, 2026)
DAY = dt.timedelta(days=1)
STARTS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 10, 30))
INSTANTS = st.builds(
    lambda on, minute: (
        dt.datetime.combine(on, dt.time(), clock.ZONE) + dt.timedelta(minutes=minute)
    ),
    STARTS,
    st.integers(0, 1439),
)
STOPPABLE = st.sampled_from([LimitKind.WITHIN, LimitKind.AT_LEAST])


ANY_KIND = st.sampled_from(LimitKind)


@st.composite
def limits(draw, kinds=ANY_KIND):
    kind = draw(kinds)
    if kind is LimitKind.EACH_YEAR_ON:
        return TimeLimit("X", kind, 1, Unit.YEAR, Basis("某法", "1"), month_day=(3, 31))
    unit = draw(st.sampled_from(Unit))
    extension = draw(st.none() | st.integers(1, 30).map(lambda most: Extension(most, unit)))
    if kind not in {LimitKind.WITHIN, LimitKind.AT_LEAST}:
        extension = None
    return TimeLimit("X", kind, draw(st.integers(0, 40)), unit, Basis("某法", "1"), extension)


@st.composite
def histories(draw, starts=STARTS | INSTANTS):
    """A start, and segments in order: stops that end, and sometimes one that does not."""
    start = moment = draw(starts)
    segments = []
    for _ in range(draw(st.integers(0, 4))):
        state = draw(st.sampled_from([ClockState.PAUSED, ClockState.PAUSED, ClockState.RESTARTED]))
        moment += draw(st.integers(0, 9)) * DAY
        segments.append(Segment(state, moment, "鉴定"))
        moment += draw(st.integers(0, 9)) * DAY
        segments.append(Segment(ClockState.RUNNING, moment))
    if draw(st.booleans()):
        segments = segments[:-1]
    return start, segments


def extended(limit):
    return limit.extension.amount if limit.extension else 0


@given(limits(STOPPABLE), histories())
def test_recomputing_from_the_stored_segments_gives_the_stored_date(limit, history):
    start, segments = history
    stored = reckon(limit, start, CALENDAR, segments=segments, extended_by=extended(limit))
    again = reckon(limit, start, fresh(), segments=list(segments), extended_by=extended(limit))

    if stored is None:
        assert again is None
    else:
        assert (again.due, again.due_on, again.provisional, again.excluded) == (
            stored.due,
            stored.due_on,
            stored.provisional,
            stored.excluded,
        )


def fresh():
    """The same days, nothing laid out yet."""
    return WorkCalendar(CALENDAR.days, CALENDAR.zone)


@given(limits(STOPPABLE), STARTS | INSTANTS, st.integers(0, 30), st.integers(0, 30))
def test_pausing_never_shortens(limit, start, begins, lasts):
    plain = reckon(limit, start, CALENDAR)
    stopped = reckon(limit, start, CALENDAR, segments=stop(start, begins, lasts))

    assert stopped.due >= plain.due


@given(limits(STOPPABLE), STARTS | INSTANTS, st.integers(0, 30), st.integers(0, 30))
def test_resuming_never_lengthens_by_more_than_the_pause(limit, start, begins, lasts):
    """Counted in what the limit counts: workdays, days or hours."""
    plain = reckon(limit, start, CALENDAR)
    segments = stop(start, begins, lasts)
    stopped = reckon(limit, start, CALENDAR, segments=segments)
    begun, ended = (CALENDAR.local_date(segment.since) for segment in segments)

    if limit.unit is Unit.HOUR:
        assert stopped.due - plain.due <= lasts * DAY
    elif limit.unit in {Unit.WORKDAY, Unit.WORKHOUR}:
        longer = CALENDAR.workdays_between(plain.due_on, stopped.due_on)
        assert longer <= CALENDAR.workdays_between(begun - DAY, ended)
    else:
        assert stopped.due_on <= CALENDAR.after(plain.due_on + lasts * DAY, 0)


def stop(start, begins, lasts):
    begun = start + begins * DAY
    return [
        Segment(ClockState.PAUSED, begun, "鉴定"),
        Segment(ClockState.RUNNING, begun + lasts * DAY),
    ]


@given(limits(STOPPABLE), STARTS)
def test_extending_never_shortens(limit, start):
    plain, longer = (reckon(limit, start, CALENDAR, extended_by=by) for by in (0, extended(limit)))

    assert longer.due >= plain.due


@given(limits(STOPPABLE), STARTS, st.integers(1, 50))
def test_more_than_the_law_allows_is_no_extension(limit, start, more):
    with pytest.raises(ValueError, match="no longer"):
        reckon(limit, start, CALENDAR, extended_by=extended(limit) + more)
    with pytest.raises(ValueError, match="no longer"):
        reckon(limit, start, CALENDAR, extended_by=-1)


@given(limits(), STARTS)
def test_each_kind_gives_its_own_date_and_only_that(limit, start):
    found = reckon(limit, start, CALENDAR)
    named = {
        LimitKind.AT_LEAST: found.earliest,
        LimitKind.BEFORE: found.latest,
        LimitKind.KEEP: found.kept_until,
    }

    assert [kind for kind, value in named.items() if value is not None] == (
        [limit.kind] if limit.kind in named else []
    )
    assert found.article == Basis("某法", "1")
    assert clock.local(found.due - dt.timedelta.resolution).date() == found.due_on or (
        limit.unit in {Unit.HOUR, Unit.WORKHOUR}
    )


@given(limits(st.sampled_from([LimitKind.BEFORE, LimitKind.KEEP, LimitKind.EACH_YEAR_ON])), STARTS)
def test_what_has_no_clock_does_not_stop(limit, start):
    with pytest.raises(ValueError, match="does not stop"):
        reckon(limit, start, CALENDAR, segments=stop(start, 1, 1))


@given(limits(STOPPABLE), histories(), st.dates(dt.date(2018, 1, 1), dt.date(2030, 12, 31)))
def test_a_changed_day_that_was_not_looked_at_changes_nothing(limit, history, on):
    """Changing the calendar changes only what crosses the changed days."""
    start, segments = history
    before = reckon(limit, start, CALENDAR, segments=segments)
    if before is None or CALENDAR.local_date(start) <= on <= before.due_on:
        return
    kind = DayKind.STATUTORY if CALENDAR.is_workday(on) else DayKind.WORKDAY
    turned = CALENDAR.with_days([CalendarDay(on, kind, DayStatus.OFFICIAL, "试")])

    assert reckon(limit, start, turned, segments=segments).due == before.due


@given(STARTS, st.integers(1, 60), st.integers(0, 6))
def test_tables_count_as_walking_does(start, amount, gap):
    """An oracle that looks at one day after the other."""
    limit = TimeLimit("X", LimitKind.WITHIN, amount, Unit.WORKDAY, Basis("某法", "1"))
    segments = stop(start, gap, 5)
    found = reckon(limit, start, CALENDAR, segments=segments)
    on, left = start, amount
    while left:
        on += DAY
        stands = segments[0].since < on <= segments[1].since
        left -= CALENDAR.is_workday(on) and not stands
    if segments[0].since >= reckon(limit, start, CALENDAR).due_on:
        return  # the clock stopped on its last day, which is then left to be finished
    assert found.due_on == on


def test_a_zone_with_summer_time_has_its_own_days():
    from zoneinfo import ZoneInfo

    berlin = WorkCalendar(zone=ZoneInfo("Europe/Berlin"))
    limit = TimeLimit("X", LimitKind.WITHIN, 1, Unit.DAY, Basis("某法", "1"))
    late = dt.datetime(2026, 6, 1, 22, 30, tzinfo=dt.UTC)  # half past midnight there

    assert reckon(limit, late, berlin).due_on == dt.date(2026, 6, 3)
    assert reckon(limit, late, berlin).due == dt.datetime(2026, 6, 3, 22, tzinfo=dt.UTC)


def test_a_day_limit_ends_with_the_business_of_an_agency_that_has_set_its_hours():
    hours = OfficeHours(((dt.time(9), dt.time(16, 30)),))
    limit = TimeLimit("X", LimitKind.WITHIN, 1, Unit.WORKDAY, Basis("某法", "1"))
    found = reckon(limit, dt.date(2026, 3, 2), CALENDAR, hours=hours)

    assert clock.local(found.due) == dt.datetime(2026, 3, 3, 16, 30, tzinfo=clock.ZONE)


def test_a_record_kept_in_hours_or_workdays_is_kept_to_their_end():
    for unit, last in ((Unit.HOUR, dt.date(2026, 9, 30)), (Unit.WORKDAY, dt.date(2026, 11, 3))):
        limit = TimeLimit("X", LimitKind.KEEP, 20, unit, Basis("某法", "1"))
        assert reckon(limit, dt.date(2026, 9, 30), CALENDAR).due_on == last


def test_what_lies_beyond_any_law_is_an_overflow():
    far = TimeLimit("X", LimitKind.WITHIN, 200_000, Unit.WORKDAY, Basis("某法", "1"))
    long = TimeLimit("X", LimitKind.WITHIN, 9000, Unit.YEAR, Basis("某法", "1"))
    for limit in (far, long):
        with pytest.raises(OverflowError):
            reckon(limit, dt.date(2026, 1, 1), CALENDAR)
    keep = TimeLimit("X", LimitKind.KEEP, 30, Unit.YEAR, Basis("某法", "1"))
    with pytest.raises(OverflowError):
        reckon(keep, dt.date(9990, 1, 1), CALENDAR)


def test_periods_of_decades_are_counted():
    limit = TimeLimit("X", LimitKind.WITHIN, 20, Unit.YEAR, Basis("行政复议法", "21"))
    long = TimeLimit("X", LimitKind.WITHIN, 20_000, Unit.WORKDAY, Basis("某法", "1"))
    before = TimeLimit("X", LimitKind.BEFORE, 8_000, Unit.WORKDAY, Basis("某法", "1"))

    assert reckon(limit, dt.date(2026, 3, 2), CALENDAR).due_on == dt.date(2046, 3, 2)
    assert reckon(long, dt.date(2026, 3, 2), CALENDAR).due_on.year > 2100
    assert reckon(before, dt.date(2026, 3, 2), CALENDAR).due_on.year < 1998


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": -1},
        {"kind": LimitKind.EACH_YEAR_ON},
        {"month_day": (1, 31)},
        {"outcome": "accepted"},
        {"on_expiry": Expiry.DEEMED},
        {"extension": Extension(5, Unit.DAY)},
    ],
)
def test_a_limit_that_contradicts_itself_cannot_be_made(wrong):
    facts = {
        "kind": LimitKind.WITHIN,
        "amount": 1,
        "unit": Unit.WORKDAY,
        "basis": Basis("某法", "1"),
    }
    with pytest.raises(ValueError, match=r"\w"):
        TimeLimit("X", **(facts | wrong))

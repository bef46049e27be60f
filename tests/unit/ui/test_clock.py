"""The clock bar counts as the pictures of the design do; autumn 2026 with its holidays and make-up day."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yitong.kernel.law import Unit
from yitong.ui.clock import CELLS_AT_MOST, ClockFacts, Kind, clock_counted, clock_of, days
from yitong.ui.states import State

TODAY = dt.date(2026, 10, 13)


def day(month, number):
    return dt.date(2026, month, number)


def autumn():
    off = {day(9, n): "中秋" for n in (25, 26, 27)} | {day(10, n): "国庆" for n in range(1, 8)}
    return off | dict.fromkeys(
        (day(9, 19), day(10, 11), day(10, 17), day(10, 18), day(10, 24), day(10, 25)), ""
    )


def workdays(received_on, due_on, **more):
    return ClockFacts(
        **{"received_on": received_on, "due_on": due_on, "today": TODAY, "off": autumn(), **more}
    )


def kinds(clock):
    return [segment.kind for segment in clock.segments if segment.width]


def test_a_running_clock_counts_from_the_day_after_the_receipt():
    """民法典 201: the day of the event is not counted. Picture 04: fifth day of fifteen."""
    clock = clock_of(
        ClockFacts(received_on=day(10, 8), due_on=day(10, 23), today=TODAY, unit=Unit.DAY)
    )
    assert (clock.used, clock.total, clock.left) == (5, 15, 10)
    assert clock.state is State.RUNNING


def test_holidays_do_not_count_and_a_make_up_day_does():
    clock = clock_of(workdays(day(9, 23), day(10, 14)))
    assert (clock.used, clock.total) == (9, 10)


def test_a_clock_with_two_units_left_is_at_risk():
    assert clock_of(workdays(day(9, 23), day(10, 15))).state is State.AT_RISK
    assert clock_of(workdays(day(9, 23), day(10, 16))).state is State.RUNNING


def test_what_is_late_stands_after_the_post_of_the_legal_end():
    clock = clock_of(workdays(day(9, 28), day(10, 10)))
    assert (clock.state, clock.over, clock.total) == (State.MISSED, 2, 5)
    late = [segment for segment in clock.segments if segment.kind is Kind.OVERDUE]
    assert len(late) == 2
    assert all(segment.x >= clock.posts[0] - 0.001 for segment in late)


def test_a_pause_does_not_count_and_says_so():
    paused = dict.fromkeys(
        (day(9, 30), day(10, 8), day(10, 9), day(10, 10), day(10, 12), TODAY), "停"
    )
    clock = clock_of(workdays(day(9, 21), day(10, 27), paused=paused))
    assert clock.state is State.PAUSED
    assert clock.used == 5
    assert kinds(clock).count(Kind.PAUSED) == 6


def test_an_extension_keeps_the_old_post():
    clock = clock_of(workdays(day(9, 21), day(10, 26), extended_from=day(10, 12)))
    assert len(clock.posts) == 2
    assert clock.posts[0] < clock.posts[1] == pytest.approx(100)
    assert (clock.used, clock.total) == (11, 20)


def test_a_closed_case_has_no_half_day():
    clock = clock_of(workdays(day(9, 23), day(10, 14), closed_on=day(9, 30)))
    assert clock.state is State.DONE
    assert clock.used == 4
    assert clock.today_at is None
    assert Kind.TODAY not in kinds(clock)


def test_a_case_closed_late_stays_late():
    clock = clock_of(workdays(day(9, 28), day(10, 10), closed_on=day(10, 12)))
    assert (clock.state, clock.over) == (State.MISSED, 1)


def test_silence_with_legal_effect_draws_every_cell_alike():
    clock = clock_of(workdays(day(9, 21), day(9, 29), deemed=True, today=day(9, 29)))
    assert clock.state is State.DEEMED
    assert set(kinds(clock)) == {Kind.DEEMED, Kind.OFF}


def test_a_promise_stands_at_the_end_of_its_day():
    facts = ClockFacts(
        received_on=day(10, 8),
        due_on=day(10, 23),
        today=TODAY,
        unit=Unit.DAY,
        promised_on=day(10, 21),
    )
    assert clock_of(facts).promise_at == pytest.approx(13 / 15 * 100)


def test_more_than_thirty_units_make_a_plain_bar():
    clock = clock_of(
        ClockFacts(received_on=day(9, 1), due_on=day(11, 30), today=TODAY, unit=Unit.DAY)
    )
    assert clock.is_plain
    assert kinds(clock) == [Kind.ELAPSED, Kind.TODAY, Kind.LEFT]
    assert (clock.used, clock.total) == (42, 90)


def test_a_row_has_no_room_for_stubs():
    assert Kind.OFF not in kinds(clock_of(workdays(day(9, 23), day(10, 14)), size="row"))


def test_hours_are_counted_without_dates():
    clock = clock_counted(used=9, total=24, unit=Unit.HOUR, state=State.RUNNING)
    assert kinds(clock) == [Kind.ELAPSED] * 8 + [Kind.TODAY] + [Kind.LEFT] * 15
    late = clock_counted(used=26, total=24, unit=Unit.HOUR, state=State.MISSED)
    assert (late.over, late.used) == (2, 24)
    assert late.posts[0] == pytest.approx(24 / 26 * 100)


def test_the_strip_numbers_counted_days_and_gives_reasons_for_the_others():
    strip = days(
        workdays(
            day(9, 24), day(10, 20), paused={day(9, 30): "停", day(10, 8): "停", day(10, 9): "停"}
        )
    )
    numbered = [item.number for item in strip if item.number]
    assert numbered == list(range(1, 11))
    assert [item.reason for item in strip if item.on == day(9, 30)] == ["停"]
    assert [item.number for item in strip if item.on == TODAY] == [5]


@given(
    length=st.integers(1, 120),
    passed=st.integers(0, 200),
    off=st.sets(st.integers(1, 120)),
    paused=st.sets(st.integers(1, 120), max_size=10),
)
@settings(max_examples=60, deadline=None)
def test_stretches_fill_the_bar_and_counts_agree_with_cells(length, passed, off, paused):
    start = day(3, 1)

    def on(number):
        return start + dt.timedelta(days=number)

    facts = ClockFacts(
        received_on=start,
        due_on=on(length),
        today=on(passed),
        off={on(n): "" for n in off},
        paused={on(n): "停" for n in paused},
    )
    clock = clock_of(facts)
    assert (
        sum(segment.width for segment in clock.segments) == pytest.approx(100)
        or not clock.total + clock.over
    )
    assert clock.used + clock.left == clock.total
    counted = [item for item in days(facts) if item.number]
    assert len(counted) == clock.total + clock.over
    assert clock.is_plain == (clock.total + clock.over > CELLS_AT_MOST)
    ends = 0.0
    for segment in clock.segments:
        assert segment.x == pytest.approx(ends)
        ends = segment.x + segment.width

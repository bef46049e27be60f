import datetime as dt
import itertools

import chinese_calendar
import pytest
from chinese_calendar import constants
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel.workdays import (
    CalendarDay,
    DayKind,
    DayStatus,
    WorkCalendar,
    from_chinese_calendar,
)

ANNOUNCED = from_chinese_calendar(2004, 2026)
EMPTY = WorkCalendar()
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))


def test_the_package_agrees_about_every_day_it_names():
    named = sorted(constants.holidays.keys() | constants.workdays.keys())

    assert [
        day for day in named if ANNOUNCED.is_workday(day) is not chinese_calendar.is_workday(day)
    ] == []
    assert ANNOUNCED.day(named[0]).status is ANNOUNCED.day(named[-1]).status is DayStatus.OFFICIAL


@given(st.dates(dt.date(2004, 1, 1), dt.date(2026, 12, 31)))
def test_the_package_agrees_about_any_other_day(on):
    assert ANNOUNCED.is_workday(on) is chinese_calendar.is_workday(on)
    assert not ANNOUNCED.day(on).is_provisional


def test_announced_days_say_what_they_are_and_who_says_so():
    assert ANNOUNCED.day(dt.date(2025, 10, 6)).name == "中秋节"
    assert ANNOUNCED.day(dt.date(2026, 2, 28)).kind is DayKind.ADJUSTED_ON
    assert ANNOUNCED.day(dt.date(2026, 10, 6)).kind is DayKind.ADJUSTED_OFF
    assert ANNOUNCED.day(dt.date(2026, 10, 1)).kind is DayKind.STATUTORY
    assert ANNOUNCED.day(dt.date(2026, 10, 17)).kind is DayKind.WEEKEND
    assert ANNOUNCED.day(dt.date(2026, 10, 16)).kind is DayKind.WORKDAY
    assert ANNOUNCED.day(dt.date(2015, 9, 3)).name.startswith("中国人民抗日战争")
    assert {day.status for day in ANNOUNCED.days.values()} == {DayStatus.OFFICIAL}
    assert {day.source for day in ANNOUNCED.days.values()} == {
        "国务院办公厅关于部分节假日安排的通知"
    }


def test_only_years_asked_for_and_announced_are_taken():
    assert {day.year for day in from_chinese_calendar(2025, 2040).days} == {2025, 2026}
    assert not from_chinese_calendar(2030, 2040).days


@given(st.dates())
def test_asking_for_a_day_never_fails(on):
    day = EMPTY.day(on)

    assert day.on == on
    assert day.is_provisional


@given(DATES, st.integers(1, 60))
def test_counting_forward_lands_on_workdays_and_back_again(on, number):
    due = ANNOUNCED.after(on, number)

    assert ANNOUNCED.is_workday(due)
    assert ANNOUNCED.workdays_between(on, due) == number
    assert ANNOUNCED.before(due, number) == (
        on if ANNOUNCED.is_workday(on) else ANNOUNCED.before(on, 0)
    )


@given(DATES)
def test_counting_none_moves_only_off_a_day_off(on):
    assert (ANNOUNCED.after(on, 0) == on) is ANNOUNCED.is_workday(on)
    assert ANNOUNCED.after(on, 0) >= on >= ANNOUNCED.before(on, 0)


def test_counting_backward_has_its_own_name():
    with pytest.raises(ValueError, match="before"):
        EMPTY.after(dt.date(2026, 1, 1), -1)


@given(DATES, st.integers(0, 40))
def test_a_changed_day_outside_the_count_changes_nothing(on, number):
    due = ANNOUNCED.after(on, number)
    flipped = [
        CalendarDay(
            day,
            DayKind.STATUTORY if ANNOUNCED.is_workday(day) else DayKind.WORKDAY,
            DayStatus.OFFICIAL,
            "试",
        )
        for day in (on - dt.timedelta(days=1), due + dt.timedelta(days=1))
    ]

    assert ANNOUNCED.with_days(flipped).after(on, number) == due


def test_a_calendar_keeps_its_zone_when_days_change():
    assert WorkCalendar.of([], dt.UTC).with_days([]).zone is dt.UTC


@pytest.mark.parametrize("year", range(2000, 2040))
def test_the_standing_rules_give_every_festival_its_days(year):
    days = [EMPTY.day(dt.date(year, 1, 1) + dt.timedelta(days=number)) for number in range(365)]
    weekdays_off = [day for day in days if day.on.weekday() < 5 and not day.is_workday]
    festivals = 6 if year >= 2025 else 5 if year >= 2008 else 7

    assert len(weekdays_off) == festivals
    assert all(name for name in (day.name for day in weekdays_off))


def test_local_days_follow_the_calendar_s_zone():
    instant = dt.datetime(2026, 3, 1, 17, 0, tzinfo=dt.UTC)

    assert EMPTY.local_date(instant) == dt.date(2026, 3, 2)
    assert WorkCalendar.of([], dt.UTC).local_date(instant) == dt.date(2026, 3, 1)
    assert EMPTY.local_date(dt.date(2026, 3, 1)) == dt.date(2026, 3, 1)
    assert EMPTY.instant(dt.date(2026, 3, 2), dt.time(1)) == instant


def test_days_between_leave_out_the_first_and_keep_the_last():
    days = [day.on.day for day in EMPTY.between(dt.date(2026, 3, 1), dt.date(2026, 3, 4))]

    assert days == [2, 3, 4]
    assert all(one < other for one, other in itertools.pairwise(days))

"""The calendar that comes with a release."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.base.statutes import calendars
from yitong.base.statutes.errors import CalendarIncomplete
from yitong.kernel.workdays import CalendarDay, DayKind, DayStatus, WorkCalendar

YEARS = calendars.seeded_years()
CALENDAR = calendars.seeded_calendar()


def test_it_reaches_from_2004_to_2027():
    assert list(YEARS) == list(range(2004, 2028))
    assert {year for year, found in YEARS.items() if found.status is DayStatus.PROVISIONAL} == {
        2027
    }


@given(st.dates(dt.date(2004, 1, 1), dt.date(2026, 12, 31)))
def test_announced_years_are_the_package_s(on):
    assert CALENDAR.is_workday(on) is chinese_calendar.is_workday(on)
    assert not CALENDAR.day(on).is_provisional


def test_2027_has_the_thirteen_festival_days_and_no_arrangement():
    """全国年节及纪念日放假办法 2, 6: 13 days, those on weekends made up on workdays."""
    statutory = [day for day in YEARS[2027].special if day.kind is DayKind.STATUTORY]
    weekends = [day for day in statutory if day.on.weekday() >= 5]
    made_up = [day for day in YEARS[2027].special if day.kind is DayKind.ADJUSTED_OFF]

    assert len(statutory) == 13
    assert len(made_up) == len(weekends)
    assert not [day for day in YEARS[2027].special if day.kind is DayKind.ADJUSTED_ON]
    assert {day.name for day in statutory} == {
        "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节",
    }  # fmt: skip


def test_every_seeded_year_is_complete():
    for year in YEARS.values():
        calendars.check_complete(year)
        assert sum(1 for _ in year.days()) in {365, 366}


def test_a_year_without_national_day_is_not_complete():
    days = [day for day in YEARS[2026].special if day.on.month != 10]

    with pytest.raises(CalendarIncomplete, match="2026-10-01"):
        calendars.check_complete(calendars.year_of(days))


def test_changes_name_exactly_the_days_that_differ():
    official = calendars.year_of(
        [
            CalendarDay(day.on, day.kind, DayStatus.OFFICIAL, "通知", day.name)
            for day in YEARS[2027].special
            if day.on != dt.date(2027, 2, 10)
        ]
    )
    changes = calendars.changes(YEARS[2027], official)

    assert changes.flipped == (dt.date(2027, 2, 10),)
    assert len(changes.days) == 365  # every day is announced now
    assert not calendars.changes(official, official).days


def test_a_year_never_loaded_is_compared_with_the_standing_rules():
    changes = calendars.changes(None, YEARS[2027])
    festivals = {
        day.on for day in YEARS[2027].special if day.name in {"春节", "清明节", "端午节", "中秋节"}
    }

    assert set(changes.flipped) == {on for on in festivals if on.weekday() < 5}


@given(st.sampled_from(sorted(YEARS)))
def test_a_digest_is_the_year_s_own(number):
    assert sum(year.digest == YEARS[number].digest for year in YEARS.values()) == 1


def test_days_beyond_the_last_year_follow_the_standing_rules():
    assert CALENDAR.day(dt.date(2031, 10, 1)) == WorkCalendar().day(dt.date(2031, 10, 1))

"""What the 全国年节及纪念日放假办法 fixes before a year is announced."""

import datetime as dt

from yitong.kernel.workdays import DayKind, WorkCalendar

CALENDAR = WorkCalendar()


def off(year):
    days = (dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(365))
    return [
        day for day in map(CALENDAR.day, days) if day.kind not in {DayKind.WORKDAY, DayKind.WEEKEND}
    ]


def test_new_year_labour_day_and_national_day_are_fixed():
    """全国年节及纪念日放假办法 2 (2024): 1月1日; 5月1日, 2日; 10月1日至3日."""
    statutory = {(day.on.month, day.on.day) for day in off(2030) if day.kind is DayKind.STATUTORY}

    assert statutory == {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def test_festivals_on_a_weekend_are_made_up_on_the_next_workdays():
    """全国年节及纪念日放假办法 6: 适逢周六、周日，应当在工作日补假."""
    made_up = [(str(day.on), day.name) for day in off(2027) if day.kind is DayKind.ADJUSTED_OFF]

    assert made_up == [
        ("2027-05-03", "劳动节"),
        ("2027-05-04", "劳动节"),
        ("2027-10-04", "国庆节"),
        ("2027-10-05", "国庆节"),
    ]


def test_each_version_of_the_rules_governs_its_own_years():
    """全国年节及纪念日放假办法 2 as of 1949, 1999, 2007 and 2024."""
    labour = {
        year: sum(day.name == "劳动节" and day.kind is DayKind.STATUTORY for day in off(year))
        for year in (1990, 2006, 2015, 2025)
    }

    assert labour == {1990: 1, 2006: 3, 2015: 1, 2025: 2}


def test_such_days_are_provisional_and_name_the_rules():
    """全国年节及纪念日放假办法 7: the year's arrangement may move them."""
    day = CALENDAR.day(dt.date(2027, 1, 1))

    assert day.is_provisional
    assert day.source == "全国年节及纪念日放假办法"

"""When a period of the law ends, by the articles that say so."""

import datetime as dt

import pytest

from yitong.kernel import clock
from yitong.kernel.law import Basis, Extension, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import (
    ClockState,
    DayKind,
    Due,
    OfficeHours,
    Period,
    Segment,
    due_after,
    from_chinese_calendar,
    last_day_before,
)

CALENDAR = from_chinese_calendar(2004, 2026)


def day(text):
    return dt.date.fromisoformat(text)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def due(start, amount, unit, **more) -> Due:
    answer = due_after(start, Period(amount, unit), CALENDAR, **more)
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("start", "amount", "last"),
    [
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-09-18", 10, "2026-10-09"),
        ("2026-09-30", 20, "2026-11-03"),
        ("2025-08-01", 10, "2025-08-15"),
        ("2025-09-28", 20, "2025-10-31"),
    ],
)
def test_working_days_pass_over_holidays_and_count_weekends_worked_for_them(start, amount, last):
    """行政许可法 82: periods of the agency are in working days, without 法定节假日; 全国年节及纪念日放假办法 7: 调休."""
    answer = due(day(start), amount, Unit.WORKDAY)

    assert answer.due_on == day(last)
    assert not answer.provisional


def test_the_starting_day_is_not_counted():
    """民法典 201: counted from the next day."""
    assert due(day("2026-03-02"), 1, Unit.DAY).due_on == day("2026-03-03")
    assert due(day("2026-03-02"), 1, Unit.WORKDAY).due_on == day("2026-03-03")


def test_hours_run_from_the_moment_through_holidays():
    """民法典 201: a period in hours begins at the time set."""
    answer = due(at("2026-09-30T16:20"), 24, Unit.HOUR)

    assert answer.due == at("2026-10-01T16:20")
    assert answer.due_on == day("2026-10-01")
    assert answer.excluded == ()


def test_hours_that_end_at_midnight_end_on_the_day_before():
    """民法典 203: a day ends at 24:00."""
    assert due(at("2026-03-02T00:00"), 24, Unit.HOUR).due_on == day("2026-03-02")


def test_months_end_on_the_corresponding_day():
    """民法典 202."""
    assert due(day("2026-03-16"), 3, Unit.MONTH).due_on == day("2026-06-16")
    assert due(day("2025-11-20"), 3, Unit.MONTH).due_on == day("2026-02-24")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        ("2026-01-31", 1, Unit.MONTH, "2026-02-28"),  # a Saturday worked for 春节
        ("2024-01-31", 1, Unit.MONTH, "2024-02-29"),
        ("2024-02-29", 1, Unit.YEAR, "2025-02-28"),
        ("2025-10-31", 1, Unit.MONTH, "2025-12-01"),  # November 30 is a Sunday
    ],
)
def test_where_there_is_no_corresponding_day_the_month_s_last_is_the_end(start, amount, unit, last):
    """民法典 202: 没有对应日的，月末日为期间的最后一日."""
    assert due(day(start), amount, unit).due_on == day(last)


def test_years_end_on_the_corresponding_day():
    """民法典 202."""
    assert due(day("2023-08-01"), 3, Unit.YEAR).due_on == day(
        "2026-08-03"
    )  # the first is a Saturday


def test_an_end_on_a_holiday_moves_to_the_day_after_the_holiday():
    """民法典 203: 以法定休假日结束的次日为期间的最后一日."""
    answer = due(day("2026-09-21"), 10, Unit.DAY)

    assert answer.due_on == day("2026-10-08")
    assert [one.on.day for one in answer.excluded] == [1, 2, 3, 4, 5, 6, 7]
    assert {one.name for one in answer.excluded} == {"国庆节"}


def test_an_end_on_a_weekend_worked_for_a_holiday_stays():
    """民法典 203 and 全国年节及纪念日放假办法 7: what rests is the holiday as it was moved."""
    assert due(day("2026-09-30"), 10, Unit.DAY).due_on == day("2026-10-10")


def test_holidays_inside_a_period_in_days_are_counted():
    """民法典 203: only the last day moves."""
    assert due(day("2026-09-30"), 30, Unit.DAY).due_on == day("2026-10-30")


def test_the_last_day_ends_at_midnight():
    """民法典 203: 截止时间为二十四时."""
    assert due(day("2026-03-02"), 1, Unit.WORKDAY).due == at("2026-03-04T00:00")


def test_where_there_are_business_hours_the_last_day_ends_with_them():
    """民法典 203: 停止业务活动的时间为截止时间."""
    hours = OfficeHours(((dt.time(9), dt.time(12)), (dt.time(14), dt.time(18))))

    assert due(day("2026-03-02"), 1, Unit.WORKDAY, hours=hours).due == at("2026-03-03T18:00")


def test_hours_of_work_count_while_the_office_is_open():
    """Practice (to be verified): 09:00-12:00 and 13:30-17:30 unless an agency sets its own."""
    assert due(at("2026-03-02T11:00"), 2, Unit.WORKHOUR).due == at("2026-03-02T14:30")
    assert due(at("2026-03-02T16:30"), 2, Unit.WORKHOUR).due == at("2026-03-03T10:00")
    assert due(at("2026-03-02T08:00"), 3, Unit.WORKHOUR).due == at("2026-03-02T12:00")


def test_hours_of_work_pass_over_holidays():
    """Practice (to be verified), days off as 全国年节及纪念日放假办法 2 and 7."""
    answer = due(at("2026-09-30T16:30"), 4, Unit.WORKHOUR)

    assert answer.due == at("2026-10-08T12:00")
    assert len(answer.excluded) == 7


def test_an_approved_extension_adds_its_amount_once():
    """行政许可法 42: twenty days, and ten more with the approval of the agency's head."""
    limit = TimeLimit(
        "PER-42",
        LimitKind.WITHIN,
        20,
        Unit.WORKDAY,
        Basis("行政许可法", "42"),
        Extension(10, Unit.WORKDAY),
    )

    plain = due_after(day("2026-03-02"), Period.of(limit), CALENDAR)
    extended = due_after(day("2026-03-02"), Period.of(limit, extended_by=10), CALENDAR)

    assert plain is not None
    assert extended is not None
    assert plain.due_on == day("2026-03-30")
    assert extended.due_on == day("2026-04-14")


def test_the_time_an_expert_review_takes_is_not_counted():
    """行政许可法 45: 听证, 招标, 拍卖, 检验, 检测, 检疫, 鉴定 and 专家评审 stop the clock."""
    review = [
        Segment(ClockState.PAUSED, day("2026-03-05"), "专家评审"),
        Segment(ClockState.RUNNING, day("2026-03-12")),
    ]
    answer = due(day("2026-03-02"), 20, Unit.WORKDAY, segments=review)

    assert answer.due_on == CALENDAR.after(day("2026-03-30"), 5)
    assert sum(one.name == "专家评审" for one in answer.excluded) == 5


def test_nothing_falls_due_while_the_review_goes_on():
    """行政许可法 45."""
    review = [Segment(ClockState.PAUSED, day("2026-03-05"), "专家评审")]

    assert due_after(day("2026-03-02"), Period(20, Unit.WORKDAY), CALENDAR, segments=review) is None


def test_what_is_asked_before_an_end_leaves_the_days_free_in_between():
    """行政许可法 50: thirty days before the permit ends; the end's own day is not counted (民法典 201)."""
    assert last_day_before(day("2026-12-31"), Period(30, Unit.DAY), CALENDAR).due_on == day(
        "2026-12-01"
    )


def test_what_must_be_told_working_days_before_is_told_on_a_working_day():
    """行政许可法 48, 82: seven days before the hearing, in working days."""
    answer = last_day_before(day("2026-10-12"), Period(7, Unit.WORKDAY), CALENDAR)

    assert answer.due_on == day("2026-09-24")
    assert DayKind.STATUTORY in {one.reason for one in answer.excluded}


def test_months_and_years_are_counted_back_to_the_corresponding_day():
    """民法典 202."""
    assert last_day_before(day("2026-12-31"), Period(6, Unit.MONTH), CALENDAR).due_on == day(
        "2026-06-30"
    )
    assert last_day_before(day("2024-02-29"), Period(1, Unit.YEAR), CALENDAR).due_on == day(
        "2023-02-28"
    )


def test_a_year_not_announced_yet_gives_a_provisional_date_and_never_an_error():
    """全国年节及纪念日放假办法 2, 7: fixed festivals are known before the year's arrangement."""
    answer = due(day("2026-12-21"), 20, Unit.WORKDAY)

    assert answer.provisional
    assert answer.due_on == day("2027-01-19")
    assert day("2027-01-01") in {one.on for one in answer.excluded}

"""Dates as visual.md 3 writes them, in both languages."""

import datetime as dt

import pytest

from yitong.ui import dates

TODAY = dt.date(2026, 10, 13)
DUE = dt.date(2026, 10, 23)
NINE = dt.datetime(2026, 10, 13, 9, 12)  # noqa: DTZ001 - a local wall time, as the tag hands it on


@pytest.mark.parametrize(
    ("form", "language", "said"),
    [
        ("day", "zh-hans", "10月23日"),
        ("weekday", "zh-hans", "10月23日（星期五）"),
        ("deadline", "zh-hans", "10月23日（星期五）24:00前"),
        ("full", "zh-hans", "2026年10月23日"),
        ("day", "en", "23 October 2026"),
        ("weekday", "en", "Friday 23 October 2026"),
        ("deadline", "en", "by 24:00 on Friday 23 October 2026"),
    ],
)
def test_a_date_of_this_year(form, language, said):
    assert dates.say(DUE, form=form, language=language, today=TODAY) == said


def test_the_year_is_said_when_it_is_not_this_one():
    last_year = dt.date(2025, 12, 31)
    assert dates.say(last_year, form="day", language="zh-hans", today=TODAY) == "2025年12月31日"
    assert (
        dates.say(last_year, form="deadline", language="zh-hans", today=TODAY)
        == "2025年12月31日（星期三）24:00前"
    )


def test_today_is_said_beside_a_list_only_for_an_instant_of_today():
    assert dates.say(NINE, form="recent", language="zh-hans", today=TODAY) == "今天 09:12"
    assert dates.say(NINE, form="recent", language="en", today=TODAY) == "Today 09:12"
    earlier = NINE - dt.timedelta(days=1)
    assert dates.say(earlier, form="recent", language="zh-hans", today=TODAY) == "10月12日 09:12"
    assert dates.say(earlier, form="recent", language="en", today=TODAY) == "12 October 09:12"


def test_a_deadline_within_a_day_says_its_time():
    at = dt.datetime(2026, 10, 16, 17, 30)  # noqa: DTZ001 - local
    assert (
        dates.say(at, form="deadline", language="zh-hans", today=TODAY)
        == "10月16日（星期五）17:30前"
    )


@pytest.mark.parametrize(
    ("first", "last", "language", "said"),
    [
        (dt.date(2026, 9, 29), dt.date(2026, 10, 8), "zh-hans", "9月29日至10月8日"),
        (dt.date(2025, 12, 29), dt.date(2026, 1, 8), "zh-hans", "2025年12月29日至2026年1月8日"),
        (dt.date(2025, 2, 1), dt.date(2025, 3, 1), "zh-hans", "2025年2月1日至3月1日"),
        (dt.date(2026, 9, 29), dt.date(2026, 10, 8), "en", "29 September to 8 October 2026"),
        (dt.date(2025, 12, 29), dt.date(2026, 1, 8), "en", "29 December 2025 to 8 January 2026"),
    ],
)
def test_a_period(first, last, language, said):
    assert dates.period(first, last, language=language, today=TODAY) == said

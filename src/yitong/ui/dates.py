"""Dates in words, in both languages. Pure: language and today are arguments.

Chinese: 10月23日（星期五）24:00前, with the year where it is not this one. English: 23 October 2026.
"""

import datetime as dt
from typing import Literal

Form = Literal["day", "weekday", "deadline", "full", "minute", "recent"]

_WEEKDAYS = "一二三四五六日"
_WEEKDAYS_EN = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def weekday(on: dt.date, *, language: str) -> str:
    return _WEEKDAYS_EN[on.weekday()] if language == "en" else f"星期{_WEEKDAYS[on.weekday()]}"


def say(value: dt.date, *, form: Form, language: str, today: dt.date) -> str:
    """`value`, a date or a local instant, in words."""
    write = _english if language == "en" else _chinese
    return write(value, form, today)


def period(first: dt.date, last: dt.date, *, language: str, today: dt.date) -> str:
    """From one day until another: 9月29日至10月8日."""
    if language == "en":
        joined = f"{first.day} {_MONTHS_EN[first.month - 1]}"
        if first.year != last.year:
            joined += f" {first.year}"
        return f"{joined} to {_english_day(last, with_year=True)}"
    if first.year == last.year == today.year:
        return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
    return f"{_chinese_day(first, with_year=True)}至{_chinese_day(last, with_year=last.year != first.year)}"


def clock_time(value: dt.date) -> str:
    """The time of an instant; a bare date ends at 24:00 (民法典 203)."""
    return f"{value:%H:%M}" if isinstance(value, dt.datetime) else "24:00"


def _chinese_day(on: dt.date, *, with_year: bool) -> str:
    year = f"{on.year}年" if with_year else ""
    return f"{year}{on.month}月{on.day}日"


def _chinese(value: dt.date, form: Form, today: dt.date) -> str:
    day = _chinese_day(value, with_year=form == "full" or value.year != today.year)
    if form == "weekday":
        return f"{day}（{weekday(value, language='zh-hans')}）"
    if form == "deadline":
        return f"{day}（{weekday(value, language='zh-hans')}）{clock_time(value)}前"
    if form == "recent" and _same_day(value, today):
        return f"今天 {clock_time(value)}"
    if form in ("minute", "recent"):
        return f"{day} {clock_time(value)}"
    return day


def _english_day(on: dt.date, *, with_year: bool) -> str:
    year = f" {on.year}" if with_year else ""
    return f"{on.day} {_MONTHS_EN[on.month - 1]}{year}"


def _english(value: dt.date, form: Form, today: dt.date) -> str:
    if form == "weekday":
        return f"{weekday(value, language='en')} {_english_day(value, with_year=True)}"
    if form == "deadline":
        named = f"{weekday(value, language='en')} {_english_day(value, with_year=True)}"
        return f"by {clock_time(value)} on {named}"
    if form == "recent" and _same_day(value, today):
        return f"Today {clock_time(value)}"
    if form in ("minute", "recent"):
        return f"{_english_day(value, with_year=value.year != today.year)} {clock_time(value)}"
    return _english_day(value, with_year=True)


def _same_day(value: dt.date, today: dt.date) -> bool:
    return isinstance(value, dt.datetime) and value.date() == today

"""Years laid out for counting: the n-th workday after a day is one look-up, not a walk.

A span covers some decades around a day. Within it days are places in lists: how many workdays lie before each, which
day the n-th workday is, how many days up to it are not announced yet, and the instant at which it ends.
"""

import datetime as dt
from collections.abc import Callable
from itertools import accumulate
from typing import Final

from yitong.kernel.workdays.calendar_day import CalendarDay

YEARS_BACK: Final = 10
YEARS_ON: Final = 30
# A due date further away than this is a slip of the pen, and a table of it would fill the memory.
FARTHEST: Final = 400


class Span:
    """The days of some years, counted; `base` is the ordinal of the first, so a day's place is ordinal - base."""

    __slots__ = (
        "base", "before", "days", "ends", "first_year", "is_even", "last_year", "origin", "unsure", "worked", "zone",
    )  # fmt: skip

    def __init__(self, days: list[CalendarDay], zone: dt.tzinfo) -> None:
        self.base = days[0].on.toordinal()
        self.first_year, self.last_year = days[0].on.year, days[-1].on.year
        self.days = [day.on for day in days]
        # How many workdays lie before each place, and how many days not announced yet.
        self.before = [0, *accumulate(day.is_workday for day in days)]
        self.unsure = [0, *accumulate(day.is_provisional for day in days)]
        self.worked = [place for place, day in enumerate(days) if day.is_workday]
        self.ends: list[dt.datetime | None] = [None] * len(days)
        self.zone = zone
        # Where every day has 24 hours (the node's zone has had since 1991), the day of an instant is a division.
        self.origin = dt.datetime.combine(self.days[0], dt.time.min, zone).astimezone(dt.UTC)
        months = (on for on in self.days if on.day in {1, 15})
        noons = (dt.datetime.combine(on, dt.time(12), zone) for on in months)
        self.is_even = len({noon.utcoffset() for noon in noons}) == 1

    def place(self, moment: dt.date | dt.datetime) -> int:
        """The place of a moment's local day."""
        if not isinstance(moment, dt.datetime):
            return moment.toordinal() - self.base
        if self.is_even:
            return (moment - self.origin).days
        return moment.astimezone(self.zone).toordinal() - self.base

    def after(self, place: int, workdays: int) -> int:
        """The place of the n-th workday after a place; with none, its own or the first workday after it."""
        if workdays:
            return self.worked[self.before[place + 1] + workdays - 1]
        return self.worked[self.before[place]]

    def back(self, place: int, workdays: int) -> int:
        """The place of the n-th workday before a place; with none, its own or the last workday before it."""
        number = self.before[place] - workdays if workdays else self.before[place + 1] - 1
        if number < 0:
            raise IndexError("before the span")
        return self.worked[number]


def lay_out(
    first_year: int, last_year: int, day: Callable[[dt.date], CalendarDay], zone: dt.tzinfo
) -> Span:
    """The span of these years; what the calendar of dates cannot hold, or no law can mean, is too far away."""
    if last_year - first_year > FARTHEST:
        raise OverflowError("further away than any period of the law")
    first = dt.date(max(first_year, dt.MINYEAR), 1, 1).toordinal()
    last = dt.date(min(last_year, dt.MAXYEAR), 12, 31).toordinal()
    return Span([day(dt.date.fromordinal(number)) for number in range(first, last + 1)], zone)

"""The working calendar as values: announced years from the package, provisional ones from our table, what changed."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from yitong.base.statutes import seed
from yitong.base.statutes.calendar_files import read_days
from yitong.base.statutes.errors import CalendarIncomplete, CalendarWouldUnsettle
from yitong.kernel.workdays import (
    CalendarDay,
    DayKind,
    DayStatus,
    WorkCalendar,
    from_chinese_calendar,
)

FIRST_YEAR: Final = 2004
SPECIAL: Final = frozenset({DayKind.STATUTORY, DayKind.ADJUSTED_OFF, DayKind.ADJUSTED_ON})


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the calendar: its days that are not what their weekday says."""

    year: int
    status: DayStatus
    source: str
    special: tuple[CalendarDay, ...]

    @property
    def digest(self) -> str:
        lines = [f"{self.year} {self.status}"]
        lines += [f"{day.on} {day.kind} {day.name}" for day in self.special]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def days(self) -> Iterator[CalendarDay]:
        """Every day of the year."""
        special = {day.on: day for day in self.special}
        for on in whole_year(self.year):
            kind = DayKind.WEEKEND if on.weekday() >= 5 else DayKind.WORKDAY
            yield special.get(on) or CalendarDay(on, kind, self.status, self.source)


@dataclass(frozen=True, slots=True)
class Changes:
    """Between two states of a year: days that differ in anything, and those on which work began or ended."""

    days: tuple[dt.date, ...]
    flipped: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """What loading a year does, or would do; nothing where it is there already."""

    year: int
    status: str
    source: str
    changed: tuple[dt.date, ...] = ()
    flipped: tuple[dt.date, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        return not self.changed


def year_of(days: Sequence[CalendarDay]) -> Year:
    """The year that these days belong to; all of one status and source."""
    special = tuple(sorted((day for day in days if day.kind in SPECIAL), key=lambda day: day.on))
    return Year(days[0].on.year, days[0].status, days[0].source, special)


@cache
def seeded_years() -> Mapping[int, Year]:
    """The years that come with this release."""
    announced = from_chinese_calendar(FIRST_YEAR, dt.MAXYEAR)
    by_year: dict[int, list[CalendarDay]] = {}
    for day in announced.days.values():
        by_year.setdefault(day.on.year, []).append(day)
    for number in seed.PROVISIONAL_YEARS:
        name = f"calendar_{number}.csv"
        by_year.setdefault(number, list(read_days(seed.text_of(name), name)))
    return {number: year_of(by_year[number]) for number in sorted(by_year)}


@cache
def seeded_calendar() -> WorkCalendar:
    """The calendar of this release, for who asks without a node."""
    return calendar_of(seeded_years().values(), revision=seed.digest())


def calendar_of(years: Iterable[Year], *, revision: str) -> WorkCalendar:
    return WorkCalendar.of((day for year in years for day in year.days()), revision=revision)


def changes(before: Year | None, after: Year) -> Changes:
    """What loading a year changes; a year that nobody loaded follows the standing rules."""
    old = WorkCalendar.of(before.days()) if before else WorkCalendar()
    differing, flipped = [], []
    for day in after.days():
        was = old.day(day.on)
        if (was.kind, was.name, was.status) != (day.kind, day.name, day.status):
            differing.append(day.on)
        if was.is_workday is not day.is_workday:
            flipped.append(day.on)
    return Changes(tuple(differing), tuple(flipped))


def examined(before: Year | None, after: Year) -> Changes:
    """What loading a year would change; refused where it may not be loaded."""
    if after.status is DayStatus.OFFICIAL:
        check_complete(after)
    elif before is not None and before.status is DayStatus.OFFICIAL:
        raise CalendarWouldUnsettle(year=after.year)
    return changes(before, after)


def check_complete(year: Year) -> None:
    """An announcement has at least the festivals that 全国年节及纪念日放假办法 2 fixes by date."""
    standing = WorkCalendar()
    off = {day.on for day in year.special if day.kind is not DayKind.ADJUSTED_ON}
    missing = [
        on
        for on in whole_year(year.year)
        if standing.day(on).kind is DayKind.STATUTORY and on not in off
    ]
    if missing:
        raise CalendarIncomplete(year=year.year, days="、".join(map(str, missing)))


def whole_year(year: int) -> Iterator[dt.date]:
    first = dt.date(year, 1, 1).toordinal()
    for number in range(first, dt.date(year, 12, 31).toordinal() + 1):
        yield dt.date.fromordinal(number)

"""When a period of the law ends (民法典 200-204), its clock stopped or not.

Pure: what is due depends on the start, the period, the clock's history and the calendar, and on nothing else,
so computing it again from what is stored gives what is stored.
"""

import calendar as months
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from yitong.kernel.law import TimeLimit, Unit
from yitong.kernel.workdays.days import CalendarDay, WorkCalendar
from yitong.kernel.workdays.hours import DEFAULT_HOURS, Elapsing, EveryHour, OfficeHours, OfficeTime
from yitong.kernel.workdays.segments import Course, Moment, Segment, course

_ONE_DAY: Final = dt.timedelta(days=1)
_STOPPED: Final = "stopped"
_IN_HOURS: Final = frozenset({Unit.HOUR, Unit.WORKHOUR})


@dataclass(frozen=True, slots=True)
class Period:
    """An amount in a unit of the law, its one extension counted in."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a period is not negative")

    @classmethod
    def of(cls, limit: TimeLimit, *, extended: bool = False) -> Self:
        """What a limit allows; extended once at most, by as much as the limit says."""
        return cls(limit.amount + (limit.extension if extended else 0), limit.unit)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A day that did not count: a kind of day (weekend, statutory, adjusted_off) or "stopped", and its name or reason."""

    on: dt.date
    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period: in time is what happens before `due`, at the latest on the local day `due_on`.

    `provisional` says that a day it rests on is not announced yet, so it may change.
    """

    due: dt.datetime
    due_on: dt.date
    excluded: tuple[Excluded, ...]
    provisional: bool


def due_after(
    start: Moment,
    period: Period,
    calendar: WorkCalendar,
    *,
    segments: Sequence[Segment] = (),
    hours: OfficeHours | None = None,
) -> Due | None:
    """When a period that begins at `start` ends; None while its clock stands still.

    A period in days ends at 24:00, or at the close of business where `hours` are given (民法典 203). A date that
    starts a period in hours means the beginning of that day.
    """
    if period.unit in _IN_HOURS:
        return _due_in_hours(start, period, calendar, segments, hours or DEFAULT_HOURS)
    return _due_in_days(course(start, segments, calendar.local_date), period, calendar, hours)


def last_day_before(event_on: dt.date, period: Period, calendar: WorkCalendar) -> Due:
    """The last day for what must happen a period before an event, the event's day not counted.

    It never moves to the day after a holiday: that would take from the time the law keeps free.
    """
    if period.unit in _IN_HOURS:
        raise ValueError("a period before a day is not in hours")
    if period.unit is Unit.WORKDAY:
        due_on = calendar.before(event_on, period.amount)
        counted = list(calendar.between(due_on - _ONE_DAY, event_on - _ONE_DAY))
    else:
        due_on, counted = _counted_from(event_on, period, -1), []
    return Due(
        due=calendar.instant(due_on + _ONE_DAY),
        due_on=due_on,
        excluded=_days_off(counted),
        provisional=any(day.is_provisional for day in counted),
    )


def _due_in_days(
    history: Course[dt.date], period: Period, calendar: WorkCalendar, hours: OfficeHours | None
) -> Due | None:
    """Count forward, give back what each stop took, and move an end on a holiday to the day after it.

    A stop takes the days after it began up to the one on which it ended, as a period does (民法典 201). A stop that
    begins on the last day, or on the holidays behind it, leaves that last day to be finished: it ends when the
    stop does. Later stops do not matter.
    """
    given_back = 0
    stopped: dict[dt.date, str] = {}
    last = _last_counted(history.start, period, calendar, given_back)
    for stop in history.stops:
        if stop.since > calendar.after(last, 0):
            break
        if stop.until is None:
            return None
        if stop.since < last:
            taken = _dates(stop.since + _ONE_DAY, stop.until)
            given_back += sum(
                period.unit is not Unit.WORKDAY or calendar.is_workday(on) for on in taken
            )
            last = _last_counted(history.start, period, calendar, given_back)
        else:
            taken = _dates(stop.since, stop.until - _ONE_DAY)
            last = stop.until
        stopped |= dict.fromkeys(taken, stop.reason)
    due_on = calendar.after(last, 0)
    looked_at_from = history.start if period.unit is Unit.WORKDAY else last - _ONE_DAY
    looked_at = list(calendar.between(looked_at_from, due_on))
    return Due(
        due=calendar.instant(due_on, hours.closing)
        if hours
        else calendar.instant(due_on + _ONE_DAY),
        due_on=due_on,
        excluded=_excluded(looked_at, stopped),
        provisional=any(day.is_provisional for day in looked_at),
    )


def _last_counted(
    start: dt.date, period: Period, calendar: WorkCalendar, given_back: int
) -> dt.date:
    """The last day of a period before any holiday is looked at; the starting day is not counted (201)."""
    if period.unit is Unit.WORKDAY:
        return calendar.after(start, period.amount + given_back)
    return _counted_from(start, period, 1) + given_back * _ONE_DAY


def _counted_from(start: dt.date, period: Period, direction: int) -> dt.date:
    """Days one by one; months and years to the corresponding day, or the month's last where there is none (202)."""
    if period.unit is Unit.DAY:
        return start + direction * period.amount * _ONE_DAY
    amount = direction * period.amount * (12 if period.unit is Unit.YEAR else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
    return dt.date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def _dates(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + number * _ONE_DAY for number in range((last - first).days + 1)]


def _days_off(days: Iterable[CalendarDay]) -> tuple[Excluded, ...]:
    return tuple(Excluded(day.on, day.kind, day.name) for day in days if not day.is_workday)


def _excluded(
    looked_at: Iterable[CalendarDay], stopped: Mapping[dt.date, str]
) -> tuple[Excluded, ...]:
    """Days off by their kind, days on which the clock stood by the stop's reason."""
    off = {day.on: day for day in _days_off(looked_at)}
    for on, reason in stopped.items():
        off.setdefault(on, Excluded(on, _STOPPED, reason))
    return tuple(off[on] for on in sorted(off))


def _due_in_hours(
    start: Moment,
    period: Period,
    calendar: WorkCalendar,
    segments: Sequence[Segment],
    hours: OfficeHours,
) -> Due | None:
    """Hours run from the moment, through holidays (201); hours of work only while the office is open."""

    def instant(moment: Moment) -> dt.datetime:
        return (
            moment.astimezone(dt.UTC)
            if isinstance(moment, dt.datetime)
            else calendar.instant(moment)
        )

    history = course(start, segments, instant)
    works = period.unit is Unit.WORKHOUR
    counting: Elapsing = OfficeTime(calendar, hours) if works else EveryHour()
    amount = dt.timedelta(hours=period.amount)
    due = counting.advance(history.start, amount)
    for stop in history.stops:
        if stop.since >= due:
            break
        if stop.until is None:
            return None
        amount += counting.elapsed(stop.since, stop.until)
        due = counting.advance(history.start, amount)
    # An end at midnight is the end of the day before it.
    due_on = calendar.local_date(max(history.start, due - dt.timedelta.resolution))
    first = calendar.local_date(history.start)
    looked_at = list(calendar.between(first - _ONE_DAY, due_on)) if works else []
    return Due(due, due_on, _days_off(looked_at), any(day.is_provisional for day in looked_at))

"""When a period of the law ends (民法典 200-204), its clock stopped or not.

Pure: what is due depends on the start, the period, the clock's history and the calendar, and on nothing else,
so computing it again from what is stored gives what is stored.
"""

import calendar as months
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from yitong.kernel.law import TimeLimit, Unit
from yitong.kernel.workdays.days import WorkCalendar
from yitong.kernel.workdays.due import Due
from yitong.kernel.workdays.hours import DEFAULT_HOURS, Elapsing, EveryHour, OfficeHours, OfficeTime
from yitong.kernel.workdays.segments import Moment, Segment, Stop, course
from yitong.kernel.workdays.spans import Span

_ONE_DAY: Final = dt.timedelta(days=1)
_ONE_HOUR: Final = dt.timedelta(hours=1)
IN_HOURS: Final = frozenset({Unit.HOUR, Unit.WORKHOUR})
# As names of their own: looking a member up in its class is slow.
_WORKDAY, _DAY, _HOUR, _WORKHOUR = Unit.WORKDAY, Unit.DAY, Unit.HOUR, Unit.WORKHOUR


@dataclass(frozen=True, slots=True)
class Period:
    """An amount in a unit of the law, its one extension counted in."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a period is not negative")

    @classmethod
    def of(cls, limit: TimeLimit, *, extended_by: int = 0) -> Self:
        """What a limit allows; extended once at most, by no more than the limit says."""
        check_extension(limit, extended_by)
        return cls(limit.amount + extended_by, limit.unit)


def check_extension(limit: TimeLimit, extended_by: int) -> None:
    if extended_by < 0 or extended_by > (limit.extension.amount if limit.extension else 0):
        raise ValueError("an extension is no longer than its limit allows")


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
    return end_after(start, period.amount, period.unit, calendar, segments, hours)


def last_day_before(event: Moment, period: Period, calendar: WorkCalendar) -> Due:
    """The last moment for what must happen a period before an event, the event's own day not counted.

    It never moves to the day after a holiday: that would take from the time the law keeps free.
    """
    return end_before(event, period, calendar, None)


def end_after(
    start: Moment,
    amount: int,
    unit: Unit,
    calendar: WorkCalendar,
    segments: Sequence[Segment],
    hours: OfficeHours | None,
) -> Due | None:
    """`due_after` without a `Period`: made for hundreds of thousands a second."""
    if unit is _HOUR or unit is _WORKHOUR:
        return _end_in_hours(start, Period(amount, unit), calendar, segments, hours)
    year = start.year
    span = calendar.spans.get(year // 10) or calendar.span(year)
    while True:
        try:
            begun, stops = course(start, segments, span.place)
            last, stopped = _last_day(begun, stops, amount, unit, span)
            if last < 0:
                return None
            end = span.worked[span.before[last]]
            after = begun if unit is _WORKDAY else last - 1
            due_on, unsure, base = span.days[end], span.unsure, span.base
            return Due(
                (span.ends[end] or calendar.end_of(span, end))
                if hours is None
                else calendar.instant(due_on, hours.closing),
                due_on,
                unsure[end + 1] > unsure[after + 1],
                calendar,
                after + base,
                end + base,
                base,
                stopped,
            )
        except IndexError:
            span = calendar.longer(year)


def end_before(
    event: Moment, period: Period, calendar: WorkCalendar, hours: OfficeHours | None
) -> Due:
    if period.unit in IN_HOURS:
        counting = _counting(period.unit, calendar, hours or DEFAULT_HOURS)
        due = counting.retreat(_instant(event, calendar), period.amount * _ONE_HOUR)
        due_on, last = calendar.local_date(due), calendar.local_date(event)
        looks = period.unit is Unit.WORKHOUR
    else:
        event_on = calendar.local_date(event)
        looks = period.unit is Unit.WORKDAY
        due_on = (
            calendar.before(event_on, period.amount)
            if looks
            else corresponding(event_on, -period.amount, period.unit)
        )
        due, last = calendar.instant(due_on + _ONE_DAY), event_on - _ONE_DAY
    after = due_on.toordinal() - 1
    until = last.toordinal() if looks else after
    unsure = looks and any(day.is_provisional for day in calendar.between(due_on - _ONE_DAY, last))
    return Due(due, due_on, unsure, calendar, after, until)


def corresponding(start: dt.date, amount: int, unit: Unit) -> dt.date:
    """Days one by one; months and years to the corresponding day, or the month's last where there is none (202)."""
    if unit is Unit.DAY:
        return dt.date.fromordinal(start.toordinal() + amount)
    count = start.year * 12 + start.month - 1 + amount * (12 if unit is Unit.YEAR else 1)
    year, month = divmod(count, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError("further away than any period of the law")
    return dt.date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def _last_day(
    first: int, stops: Sequence[Stop[int]], amount: int, unit: Unit, span: Span
) -> tuple[int, Sequence[tuple[int, int, str]]]:
    """Count forward and give back what each stop took: the last day's place before any holiday, and the days stopped.

    A stop takes the days after it began up to the one on which it ended, as a period does (民法典 201). A stop that
    begins on the last day, or on the holidays behind it, leaves that last day to be finished: it ends when the
    stop does. Later stops do not matter. While the clock stands there is no last day: -1.
    """
    last = _unstopped(first, amount, unit, span)
    if not stops:
        return last, ()
    before, worked = span.before, span.worked
    stopped: list[tuple[int, int, str]] = []
    for since, until, reason in stops:
        if since > worked[before[last]]:
            break
        if until is None:
            return -1, ()
        if since >= last:
            last = until
            stopped.append((since, until - 1, reason))
            continue
        if unit is _WORKDAY:
            amount += before[until + 1] - before[since + 1]
            last = span.after(first, amount)
        else:
            last += until - since
        stopped.append((since + 1, until, reason))
    return last, tuple(stopped)


def _unstopped(first: int, amount: int, unit: Unit, span: Span) -> int:
    if unit is _WORKDAY:
        return span.after(first, amount)
    if unit is _DAY:
        return first + amount
    return corresponding(span.days[first], amount, unit).toordinal() - span.base


def _end_in_hours(
    start: Moment,
    period: Period,
    calendar: WorkCalendar,
    segments: Sequence[Segment],
    hours: OfficeHours | None,
) -> Due | None:
    """Hours run from the moment, through holidays (201); hours of work only while the office is open."""
    begun, stops = course(start, segments, lambda moment: _instant(moment, calendar))
    counting = _counting(period.unit, calendar, hours or DEFAULT_HOURS)
    amount = period.amount * _ONE_HOUR
    due = counting.advance(begun, amount)
    for since, until, _reason in stops:
        if since >= due:
            break
        if until is None:
            return None
        amount += counting.elapsed(since, until)
        due = counting.advance(begun, amount)
    # An end at midnight is the end of the day before it.
    due_on = calendar.local_date(max(begun, due - dt.timedelta.resolution))
    until_day = due_on.toordinal()
    if period.unit is Unit.HOUR:
        return Due(
            due, due_on, provisional=False, calendar=calendar, after=until_day, until=until_day
        )
    after = calendar.ordinal(begun) - 1
    looked_at = calendar.between(dt.date.fromordinal(after), due_on)
    unsure = any(day.is_provisional for day in looked_at)
    return Due(due, due_on, unsure, calendar, after, until_day)


def _instant(moment: Moment, calendar: WorkCalendar) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment.astimezone(dt.UTC)
    return calendar.instant(moment)


def _counting(unit: Unit, calendar: WorkCalendar, hours: OfficeHours) -> Elapsing:
    return OfficeTime(calendar, hours) if unit is Unit.WORKHOUR else EveryHour()

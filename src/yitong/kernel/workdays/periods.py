"""When a period of the law ends (民法典 200-204), its clock stopped or not.

Pure: what is due depends on the start, the period, the clock's history and the calendar, and on nothing else,
so computing it again from what is stored gives what is stored.
"""

import calendar as months
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from yitong.kernel.law import TimeLimit, Unit
from yitong.kernel.workdays.days import WorkCalendar
from yitong.kernel.workdays.due import Counted, Due
from yitong.kernel.workdays.hours import DEFAULT_HOURS, Elapsing, EveryHour, OfficeHours, OfficeTime
from yitong.kernel.workdays.segments import Course, Moment, Segment, course
from yitong.kernel.workdays.spans import Span

_ONE_DAY: Final = dt.timedelta(days=1)
_ONE_HOUR: Final = dt.timedelta(hours=1)
IN_HOURS: Final = frozenset({Unit.HOUR, Unit.WORKHOUR})


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
        most = limit.extension.amount if limit.extension else 0
        if not 0 <= extended_by <= most:
            raise ValueError("an extension is no longer than its limit allows")
        return cls(limit.amount + extended_by, limit.unit)


class End(NamedTuple):
    """Where a count ends, and what it looked at."""

    due: dt.datetime
    due_on: dt.date
    provisional: bool
    counted: Counted


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
    end = end_after(start, period, calendar, segments, hours)
    return Due(*end) if end else None


def last_day_before(event: Moment, period: Period, calendar: WorkCalendar) -> Due:
    """The last moment for what must happen a period before an event, the event's own day not counted.

    It never moves to the day after a holiday: that would take from the time the law keeps free.
    """
    return Due(*end_before(event, period, calendar, None))


def end_after(
    start: Moment,
    period: Period,
    calendar: WorkCalendar,
    segments: Sequence[Segment],
    hours: OfficeHours | None,
) -> End | None:
    if period.unit in IN_HOURS:
        return _end_in_hours(start, period, calendar, segments, hours or DEFAULT_HOURS)
    history = course(start, segments, calendar.ordinal)
    year = dt.date.fromordinal(history.start).year
    span = calendar.span(year)
    while True:
        try:
            return _end_in_days(history, period, calendar, span, hours)
        except IndexError:
            span = calendar.longer(year)


def end_before(
    event: Moment, period: Period, calendar: WorkCalendar, hours: OfficeHours | None
) -> End:
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
    return End(due, due_on, unsure, Counted(calendar, after, until))


def corresponding(start: dt.date, amount: int, unit: Unit) -> dt.date:
    """Days one by one; months and years to the corresponding day, or the month's last where there is none (202)."""
    if unit is Unit.DAY:
        return dt.date.fromordinal(start.toordinal() + amount)
    count = start.year * 12 + start.month - 1 + amount * (12 if unit is Unit.YEAR else 1)
    year, month = divmod(count, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError("further away than any period of the law")
    return dt.date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def _end_in_days(
    history: Course[int],
    period: Period,
    calendar: WorkCalendar,
    span: Span,
    hours: OfficeHours | None,
) -> End | None:
    """Count forward, give back what each stop took, and move an end on a holiday to the day after it.

    A stop takes the days after it began up to the one on which it ended, as a period does (民法典 201). A stop that
    begins on the last day, or on the holidays behind it, leaves that last day to be finished: it ends when the
    stop does. Later stops do not matter.
    """
    base, before, worked = span.base, span.before, span.worked
    first, amount = history.start - base, period.amount
    works = period.unit is Unit.WORKDAY
    if works:
        last = span.after(first, amount)
    else:
        last = corresponding(span.days[first], amount, period.unit).toordinal() - base
    stopped: list[tuple[int, int, str]] = []
    for since, until, reason in history.stops:
        begun = since - base
        if begun > worked[before[last]]:
            break
        if until is None:
            return None
        if begun >= last:
            last = until - base
            stopped.append((since, until - 1, reason))
            continue
        if works:
            amount += before[until - base + 1] - before[begun + 1]
            last = span.after(first, amount)
        else:
            last += until - since
        stopped.append((since + 1, until, reason))
    end = worked[before[last]]
    looked_at = first if works else last - 1
    due = calendar.instant(span.days[end], hours.closing) if hours else calendar.end_of(span, end)
    return End(
        due,
        span.days[end],
        span.is_unsure(looked_at, end),
        Counted(calendar, looked_at + base, end + base, stopped),
    )


def _end_in_hours(
    start: Moment,
    period: Period,
    calendar: WorkCalendar,
    segments: Sequence[Segment],
    hours: OfficeHours,
) -> End | None:
    """Hours run from the moment, through holidays (201); hours of work only while the office is open."""
    history = course(start, segments, lambda moment: _instant(moment, calendar))
    counting = _counting(period.unit, calendar, hours)
    amount = period.amount * _ONE_HOUR
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
    until = due_on.toordinal()
    if period.unit is Unit.HOUR:
        return End(due, due_on, provisional=False, counted=Counted(calendar, until, until))
    after = calendar.ordinal(history.start) - 1
    looked_at = calendar.between(dt.date.fromordinal(after), due_on)
    unsure = any(day.is_provisional for day in looked_at)
    return End(due, due_on, unsure, Counted(calendar, after, until))


def _instant(moment: Moment, calendar: WorkCalendar) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment.astimezone(dt.UTC)
    return calendar.instant(moment)


def _counting(unit: Unit, calendar: WorkCalendar, hours: OfficeHours) -> Elapsing:
    return OfficeTime(calendar, hours) if unit is Unit.WORKHOUR else EveryHour()

"""What a limit of the register comes to, by its kind: within, at least, before, keep, each year on."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from yitong.kernel.law import LimitKind, TimeLimit, Unit
from yitong.kernel.workdays.days import WorkCalendar
from yitong.kernel.workdays.due import Due, Reckoned
from yitong.kernel.workdays.hours import OfficeHours
from yitong.kernel.workdays.periods import (
    IN_HOURS,
    Period,
    check_extension,
    corresponding,
    end_after,
    end_before,
)
from yitong.kernel.workdays.segments import Moment, Segment

_ONE_DAY: Final = dt.timedelta(days=1)
_WITHIN, _AT_LEAST = LimitKind.WITHIN, LimitKind.AT_LEAST


def reckon(
    limit: TimeLimit,
    start: Moment,
    calendar: WorkCalendar,
    *,
    segments: Sequence[Segment] = (),
    extended_by: int = 0,
    hours: OfficeHours | None = None,
) -> Reckoned | None:
    """When a limit is over; None while its clock stands still.

    `start` is what sets the clock going; for `before` it is the event it leads to. `hours` are the office hours that an
    agency has set: without them a day ends at 24:00, and hours of work are the usual ones.
    """
    kind = limit.kind
    if kind is _WITHIN or kind is _AT_LEAST:
        amount = limit.amount
        if extended_by:
            check_extension(limit, extended_by)
            amount += extended_by
        end = end_after(start, amount, limit.unit, calendar, segments, hours)
        return None if end is None else Reckoned(limit, start, end)
    if segments or extended_by:
        raise ValueError(f"the clock of a limit of the kind {kind} does not stop")
    if kind is LimitKind.BEFORE:
        return Reckoned(limit, start, end_before(start, Period.of(limit), calendar, hours))
    if limit.month_day is None:
        return Reckoned(limit, start, _end_of_keeping(start, limit, calendar))
    return Reckoned(limit, start, _day_of_the_year(start, limit.month_day, calendar))


def _end_of_keeping(start: Moment, limit: TimeLimit, calendar: WorkCalendar) -> Due:
    """The corresponding day, holiday or not: nobody has to act on it, and no record goes before it."""
    if limit.unit in IN_HOURS or limit.unit is Unit.WORKDAY:
        end = end_after(start, limit.amount, limit.unit, calendar, (), None)
        assert end is not None  # noqa: S101 - without segments no clock stands
        return end
    return _whole_day(corresponding(calendar.local_date(start), limit.amount, limit.unit), calendar)


def _day_of_the_year(start: Moment, month_day: tuple[int, int], calendar: WorkCalendar) -> Due:
    """The next such day, the start's own included. A day that the law names is no end of a period: it does not move."""
    start_on = calendar.local_date(start)
    on = dt.date(start_on.year, *month_day)
    return _whole_day(on if on >= start_on else dt.date(start_on.year + 1, *month_day), calendar)


def _whole_day(on: dt.date, calendar: WorkCalendar) -> Due:
    end = calendar.instant(on + _ONE_DAY)
    number = on.toordinal()
    return Due(end, on, provisional=False, calendar=calendar, after=number, until=number)

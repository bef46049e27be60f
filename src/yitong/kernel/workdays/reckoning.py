"""What a limit of the register comes to, by its kind: within, at least, before, keep, each year on."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from yitong.kernel.law import LimitKind, TimeLimit, Unit
from yitong.kernel.workdays.days import WorkCalendar
from yitong.kernel.workdays.due import Counted, Reckoned
from yitong.kernel.workdays.hours import OfficeHours
from yitong.kernel.workdays.periods import (
    IN_HOURS,
    End,
    Period,
    corresponding,
    end_after,
    end_before,
)
from yitong.kernel.workdays.segments import Moment, Segment

_ONE_DAY: Final = dt.timedelta(days=1)


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
    period = Period.of(limit, extended_by=extended_by)
    end: End | None
    if limit.is_stoppable:
        end = end_after(start, period, calendar, segments, hours)
    elif segments or extended_by:
        raise ValueError(f"the clock of a limit of the kind {limit.kind} does not stop")
    elif limit.kind is LimitKind.BEFORE:
        end = end_before(start, period, calendar, hours)
    elif limit.month_day is None:
        end = _end_of_keeping(start, period, calendar)
    else:
        end = _day_of_the_year(start, limit.month_day, calendar)
    return Reckoned(*end, limit, calendar.local_date(start)) if end else None


def _end_of_keeping(start: Moment, period: Period, calendar: WorkCalendar) -> End:
    """The corresponding day, holiday or not: nobody has to act on it, and no record goes before it."""
    if period.unit in IN_HOURS or period.unit is Unit.WORKDAY:
        end = end_after(start, period, calendar, (), None)
        assert end is not None  # noqa: S101 - without segments no clock stands
        return end
    return _whole_day(
        corresponding(calendar.local_date(start), period.amount, period.unit), calendar
    )


def _day_of_the_year(start: Moment, month_day: tuple[int, int], calendar: WorkCalendar) -> End:
    """The next such day, the start's own included. A day that the law names is no end of a period: it does not move."""
    start_on = calendar.local_date(start)
    on = dt.date(start_on.year, *month_day)
    return _whole_day(on if on >= start_on else dt.date(start_on.year + 1, *month_day), calendar)


def _whole_day(on: dt.date, calendar: WorkCalendar) -> End:
    number = on.toordinal()
    counted = Counted(calendar, number, number)
    return End(calendar.instant(on + _ONE_DAY), on, provisional=False, counted=counted)

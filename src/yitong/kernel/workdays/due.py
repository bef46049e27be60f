"""The end of a period, and every day that did not count with its reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from yitong.kernel.law import Basis, LimitKind, TimeLimit
from yitong.kernel.workdays.days import WorkCalendar
from yitong.kernel.workdays.segments import Moment

STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Excluded:
    """A day that did not count: a kind of day (weekend, statutory, adjusted_off) or "stopped", and its name or reason."""

    on: dt.date
    reason: str
    name: str = ""


class Due(NamedTuple):
    """The end of a period: in time is what happens before `due`, at the latest on the local day `due_on`.

    `provisional` says that a day it rests on is not announced yet, so it may change. What was looked at is kept as
    numbers of days (after one, until another, and the stops between), since most askers want the date only; stops count
    from `base`.
    """

    due: dt.datetime
    due_on: dt.date
    provisional: bool
    calendar: WorkCalendar
    after: int
    until: int
    base: int = 0
    stopped: Sequence[tuple[int, int, str]] = ()

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Days off by their kind, days on which the clock stood by the stop's reason."""
        off: dict[int, Excluded] = {}
        for number in range(self.after + 1, self.until + 1):
            day = self.calendar.day(dt.date.fromordinal(number))
            if not day.is_workday:
                off[number] = Excluded(day.on, day.kind, day.name)
        for first, last, reason in self.stopped:
            for number in range(first + self.base, last + self.base + 1):
                off.setdefault(number, Excluded(dt.date.fromordinal(number), STOPPED, reason))
        return tuple(off[number] for number in sorted(off))


class Reckoned(NamedTuple):
    """What a limit of the register comes to from a start: its end, and what that end means by the limit's kind."""

    limit: TimeLimit
    start: Moment
    end: Due

    @property
    def due(self) -> dt.datetime:
        return self.end.due

    @property
    def due_on(self) -> dt.date:
        return self.end.due_on

    @property
    def provisional(self) -> bool:
        return self.end.provisional

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        return self.end.excluded

    @property
    def earliest(self) -> dt.datetime | None:
        """The end of what has to last at least so long."""
        return self.due if self.limit.kind is LimitKind.AT_LEAST else None

    @property
    def latest(self) -> dt.datetime | None:
        """The last moment before the event."""
        return self.due if self.limit.kind is LimitKind.BEFORE else None

    @property
    def kept_until(self) -> dt.datetime | None:
        return self.due if self.limit.kind is LimitKind.KEEP else None

    @property
    def article(self) -> Basis:
        return self.limit.basis

    @property
    def deemed_on(self) -> dt.date | None:
        """The day from which silence counts as the limit's outcome: the first where the law says so, else the last."""
        if not self.limit.outcome:
            return None
        if self.limit.outcome_from_start:
            return self.end.calendar.local_date(self.start)
        return self.due_on

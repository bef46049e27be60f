"""Hours as the law counts them: every hour, or the hours in which an office is open."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from yitong.kernel.workdays.days import WorkCalendar

_ONE_DAY: Final = dt.timedelta(days=1)
_NOTHING: Final = dt.timedelta()


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spans of a workday in which an agency is open, in order."""

    spans: tuple[tuple[dt.time, dt.time], ...]

    def __post_init__(self) -> None:
        moments = [moment for span in self.spans for moment in span]
        if not moments or moments != sorted(set(moments)):
            raise ValueError("office hours are spans in order that do not touch")

    @property
    def closing(self) -> dt.time:
        """停止业务活动的时间 (民法典 203)."""
        return self.spans[-1][1]


# Practice, not law: an agency's own hours replace them.
DEFAULT_HOURS: Final = OfficeHours(
    ((dt.time(9, 0), dt.time(12, 0)), (dt.time(13, 30), dt.time(17, 30)))
)


class Elapsing(Protocol):
    """A way of counting time: how far an amount reaches, and how much has passed."""

    def advance(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime: ...

    def elapsed(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta: ...


class EveryHour:
    """小时: day and night, holidays too (民法典 201)."""

    def advance(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        return start + amount

    def elapsed(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
        return until - since


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """工作时: only while the office is open on a workday."""

    calendar: WorkCalendar
    hours: OfficeHours

    def advance(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        reached, left = start, amount
        on = self.calendar.local_date(start)
        while left:
            for opening, closing in self._spans(on):
                step = min(left, max(_NOTHING, closing - max(opening, start)))
                if step:
                    reached, left = max(opening, start) + step, left - step
            on += _ONE_DAY
        return reached

    def elapsed(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
        first = self.calendar.local_date(since)
        days = (self.calendar.local_date(until) - first).days
        return sum(
            (
                max(_NOTHING, min(closing, until) - max(opening, since))
                for number in range(days + 1)
                for opening, closing in self._spans(first + number * _ONE_DAY)
            ),
            _NOTHING,
        )

    def _spans(self, on: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        if self.calendar.is_workday(on):
            for opening, closing in self.hours.spans:
                yield self.calendar.instant(on, opening), self.calendar.instant(on, closing)

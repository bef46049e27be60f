"""Hours as the law counts them: every hour, or the hours in which an office is open."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final, Protocol

from yitong.kernel.workdays.days import WorkCalendar
from yitong.kernel.workdays.spans import Span

_TICK: Final = dt.timedelta.resolution
_MIDNIGHT: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # any will do


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
    """A way of counting time: how far an amount reaches, forward and back, and how much has passed."""

    def advance(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime: ...

    def retreat(self, end: dt.datetime, amount: dt.timedelta) -> dt.datetime: ...

    def elapsed(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta: ...


class EveryHour:
    """小时: day and night, holidays too (民法典 201)."""

    def advance(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        return start + amount

    def retreat(self, end: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        return end - amount

    def elapsed(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
        return until - since


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """工作时: only while the office is open on a workday. Counted in microseconds since a span of days began."""

    calendar: WorkCalendar
    hours: OfficeHours
    _day: tuple[tuple[int, int, int], ...] = field(init=False, repr=False, compare=False)
    _whole: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        opened, day = 0, []
        for opening, closing in self.hours.spans:
            day.append((_ticks(opening), _ticks(closing), opened))
            opened += _ticks(closing) - _ticks(opening)
        object.__setattr__(self, "_day", tuple(day))
        object.__setattr__(self, "_whole", opened)

    def advance(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """The moment at which the amount is used up: a closing, rather than the next opening."""
        if not amount:
            return start
        year = start.astimezone(self.calendar.zone).year
        span = self.calendar.span(year)
        while True:
            try:
                return self._closing_at(span, self._opened(span, start) + amount // _TICK)
            except IndexError:
                span = self.calendar.longer(year)

    def retreat(self, end: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """The last moment that leaves the amount before the end: an opening, rather than the closing before it."""
        if not amount:
            return end
        year = end.astimezone(self.calendar.zone).year
        span = self.calendar.span(year)
        while (wanted := self._opened(span, end) - amount // _TICK) < 0:
            span = self.calendar.longer(year)
        return self._opening_at(span, wanted)

    def elapsed(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
        year = since.astimezone(self.calendar.zone).year
        span = self.calendar.span(year)
        while True:
            try:
                return (self._opened(span, until) - self._opened(span, since)) * _TICK
            except IndexError:
                span = self.calendar.longer(year)

    def _opened(self, span: Span, instant: dt.datetime) -> int:
        """How long the office was open before an instant."""
        here = instant.astimezone(self.calendar.zone)
        place = here.toordinal() - span.base
        whole_days = span.before[place] * self._whole
        if span.before[place + 1] == span.before[place]:
            return whole_days
        now = _ticks(here.time())
        return whole_days + sum(
            max(0, min(closing, now) - opening) for opening, closing, _ in self._day
        )

    def _closing_at(self, span: Span, opened: int) -> dt.datetime:
        days, rest = divmod(opened - 1, self._whole)
        return self._on(span, days, next(
            opening + rest + 1 - before
            for opening, closing, before in self._day
            if rest < before + closing - opening
        ))  # fmt: skip

    def _opening_at(self, span: Span, opened: int) -> dt.datetime:
        days, rest = divmod(opened, self._whole)
        return self._on(span, days, next(
            opening + rest - before
            for opening, closing, before in self._day
            if rest < before + closing - opening
        ))  # fmt: skip

    def _on(self, span: Span, workday: int, ticks: int) -> dt.datetime:
        on = span.days[span.worked[workday]]
        return self.calendar.instant(on, (_MIDNIGHT + ticks * _TICK).time())


def _ticks(moment: dt.time) -> int:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond

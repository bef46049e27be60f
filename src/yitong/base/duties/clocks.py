"""The clock of a duty: a pure function of its limit, start, segments, extension and the calendar.

The only place of this app that asks `statutes` to count.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from yitong.base.duties.errors import NoClockHere
from yitong.base.duties.models import Duty
from yitong.base.duties.rules import (
    Points,
    Span,
    Warned,
    already_past,
    next_wake,
    warnings,
)
from yitong.base.statutes.api import (
    Tables,
    tables,
)
from yitong.kernel import clock
from yitong.kernel.declare import DutyKind
from yitong.kernel.law import Basis, Confidence, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import (
    DEFAULT_HOURS,
    ClockState,
    Excluded,
    Reckoned,
    Segment,
    WorkCalendar,
    reckon,
)

StoredSegment = tuple[str, str, str, str]  # state, since, reason, basis
PROMISED, STATUTORY, UNVERIFIED = "promised", "statutory", "unverified"
_IN_DAYS = frozenset({Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR})
# Of what must last or be kept nobody can be late.
STOPPABLE = frozenset({LimitKind.WITHIN.value, LimitKind.AT_LEAST.value})
_ENDING = frozenset({LimitKind.WITHIN, LimitKind.BEFORE, LimitKind.EACH_YEAR_ON})


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that decides when a duty is due."""

    limit: TimeLimit
    started_at: dt.datetime
    agency: str
    segments: tuple[StoredSegment, ...] = ()
    extended_by: int = 0
    opened_at: dt.datetime | None = None  # where the start is an event that lies ahead

    def without_unverified_stops(self) -> Self:
        """The same, as if no stop had been made that rests on no article."""
        kept, stands = [], False
        for segment in self.segments:
            if segment[0] == ClockState.PAUSED and not segment[3]:
                stands = True
            elif stands and segment[0] == ClockState.RUNNING:
                stands = False
            else:
                kept.append(segment)
        return replace(self, segments=tuple(kept))


@dataclass(frozen=True, slots=True)
class Timing:
    """What a course comes to: the end, and the instants of its warnings. No end while the clock stands still."""

    due_at: dt.datetime | None
    due_on: dt.date | None
    is_provisional: bool
    points: Mapping[Warned, dt.datetime]

    @property
    def risk_at(self) -> dt.datetime | None:
        """From when a duty is 将到期: eight tenths are used, or the last workday but one has come."""
        shown = [self.points[f] for f in (Warned.LATE, Warned.LAST_DAY) if f in self.points]
        return min(shown, default=None)


STANDS = Timing(None, None, is_provisional=False, points={})


@dataclass(slots=True)
class Counting:
    """One sitting at the calendar: everything is read once, equal courses are counted once. Keep it no longer."""

    tables: Tables = field(default_factory=tables)
    _timings: dict[tuple[Course, str], Timing] = field(default_factory=dict)

    @property
    def days(self) -> WorkCalendar:
        return self.tables.calendar

    def limit(self, row: int) -> TimeLimit:
        """The register's row under which a duty was opened, also when it holds no more."""
        return self.tables.row(row).limit

    def limit_now(self, duty: Duty, key: str) -> TimeLimit:
        """What the register says today for the day of the start."""
        on = clock.local(duty.started_at).date()
        return self.tables.limit_for(key, region=duty.region, on=on)

    def standing(self, limit: TimeLimit) -> str:
        """法定, 承诺 or 待核实, as the register is sure of it."""
        if self.tables.row(limit.id or 0).nature != STATUTORY:
            return PROMISED
        return UNVERIFIED if limit.confidence is not Confidence.HIGH else STATUTORY

    def course(self, duty: Duty) -> Course:
        return Course(
            self.limit(duty.limit_id),
            duty.started_at,
            duty.agency_id,
            tuple((str(a), str(b), str(c), str(d)) for a, b, c, d in duty.segments),
            duty.extended_amount or 0,
            duty.opened_at,
        )

    def reckoned(self, course: Course) -> Reckoned | None:
        on = clock.local(course.started_at).date()
        return reckon(
            course.limit,
            course.started_at,
            self.days,
            segments=read_segments(course.segments),
            extended_by=course.extended_by,
            hours=self.tables.own_hours(course.agency, on),
        )

    def timing(self, course: Course, kind: DutyKind) -> Timing:
        key = (self._plain(course), kind.name)
        found = self._timings.get(key)
        if found is None:
            found = self._timings[key] = self._timing(key[0], kind)
        return found

    def timing_of(self, duty: Duty, kind: DutyKind) -> Timing:
        return self.timing(self.course(duty), kind)

    def _plain(self, course: Course) -> Course:
        """Without what does not matter: the hour of receipt to a limit in days, an agency without own hours."""
        if course.limit.is_stoppable:
            course = replace(course, opened_at=None)
        begun = clock.local(course.started_at)
        if self.tables.own_hours(course.agency, begun.date()) is None:
            course = replace(course, agency="")
        if course.limit.unit in _IN_DAYS:
            midnight = begun.replace(hour=0, minute=0, second=0, microsecond=0)
            course = replace(course, started_at=midnight)
        return course

    def _timing(self, course: Course, kind: DutyKind) -> Timing:
        found = self.reckoned(course)
        if found is None:
            return STANDS
        amount, unit = course.limit.amount + course.extended_by, course.limit.unit
        if not course.limit.is_stoppable:  # what leads to a day is used up from its opening on
            unit = Unit.DAY
        began_at = course.opened_at or course.started_at
        span = Span(began_at, amount, unit, found.due, found.due_on)
        hours = self.tables.own_hours(course.agency, found.due_on) if course.agency else None
        opening = (hours or DEFAULT_HOURS).spans[0][0]
        points = warnings(span, Points(kind.warn_percents, kind.warn_workdays, opening), self.days)
        return Timing(found.due, found.due_on, found.provisional, points)


def write_limit(duty: Duty, limit: TimeLimit, standing: str) -> None:
    duty.limit_key, duty.limit_id = limit.key, limit.id or 0
    duty.basis_act, duty.basis_article = limit.basis.act, limit.basis.article
    duty.unit, duty.amount = limit.unit.value, limit.amount
    duty.limit_kind, duty.standing = limit.kind.value, standing


def read_segments(stored: Sequence[StoredSegment]) -> list[Segment]:
    return [
        Segment(ClockState(state), dt.datetime.fromisoformat(since), reason)
        for state, since, reason, _ in stored
    ]


def stored_segment(
    state: ClockState, since: dt.datetime, reason: str, basis: Basis | None
) -> list[str]:
    return [state.value, since.isoformat(), reason, f"{basis.act} {basis.article}" if basis else ""]


def write_timing(duty: Duty, timing: Timing, *, now: dt.datetime, anew: bool = False) -> None:
    """Put the count on the row. `anew` when a new period begins: its warnings are given again.

    What lies in the past when a period begins is not made up for: the act that began it has said so.
    """
    duty.due_at, duty.due_on = timing.due_at, timing.due_on
    duty.risk_at, duty.is_provisional = timing.risk_at, timing.is_provisional
    if anew:
        duty.warned = int(already_past(timing.points, now))
    given = Warned(duty.warned)
    duty.next_at = (
        next_wake(timing.points, given, timing.due_at) if timing.due_at is not None else None
    )


def check_has_last_day(limit: TimeLimit) -> None:
    if limit.kind not in _ENDING:
        raise NoClockHere(limit=limit.key)


def excluded_of(counting: Counting, course: Course) -> tuple[Excluded, ...]:
    """Every day that did not count, with its reason."""
    found = counting.reckoned(course)
    return found.excluded if found is not None else ()

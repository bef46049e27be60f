"""The clock bar: from the days of a limit to the cells that are drawn and the counts that are said.

Pure. The portal asks the work calendar which days do not count and hands them in; nothing here knows a
holiday, reads the clock or draws a word.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Literal

from yitong.kernel.law import Unit
from yitong.ui.states import State

Size = Literal["page", "row"]

CELLS_AT_MOST = 30  # beyond this a bar is plain: cells could not be seen
STUB = 0.3  # a run of days that do not count, in cells
HALF = 0.5  # a paused day, in cells
BEFORE_AT_MOST = 2.0  # the time before the clock starts, in cells


class Kind(StrEnum):
    """What a stretch of the bar stands for."""

    BEFORE = "before"
    ELAPSED = "elapsed"
    TODAY = "today"
    LEFT = "left"
    OFF = "off"
    PAUSED = "paused"
    OVERDUE = "overdue"
    DEEMED = "deemed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """The days of one limit.

    `received_on` is the day of the event and is not counted itself (民法典 201); `due_on` the last day in
    time. `off` and `paused` are the dates that do not count, each with its reason. `waiting_from` is the
    first day of a stretch before the clock started (waiting for the applicant). `deemed` is set when
    silence took effect (视为).
    """

    received_on: dt.date
    due_on: dt.date
    today: dt.date
    unit: Unit = Unit.WORKDAY
    off: Mapping[dt.date, str] = field(default_factory=dict)
    paused: Mapping[dt.date, str] = field(default_factory=dict)
    waiting_from: dt.date | None = None
    promised_on: dt.date | None = None
    extended_from: dt.date | None = None
    closed_on: dt.date | None = None
    deemed: bool = False
    risk_units: int = 2


@dataclass(frozen=True, slots=True)
class Day:
    """One date after the receipt: counted days are numbered, others say why they are not counted."""

    on: dt.date
    kind: Kind
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One drawn stretch, in hundredths of the bar."""

    kind: Kind
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Clock:
    """What is drawn and said of one limit."""

    state: State
    unit: Unit
    used: int
    total: int
    over: int
    segments: tuple[Segment, ...]
    is_plain: bool = False
    today_at: float | None = None
    promise_at: float | None = None
    posts: tuple[float, ...] = (100.0,)
    facts: ClockFacts | None = None

    @property
    def left(self) -> int:
        return max(self.total - self.used, 0)


def days(facts: ClockFacts) -> list[Day]:
    """Every date from the day after the receipt to the end of the bar."""
    until = facts.closed_on or facts.today
    numbered: list[Day] = []
    count = over = 0
    for on in _dates(facts.received_on + dt.timedelta(days=1), max(facts.due_on, until)):
        kind = _kind(on, facts)
        if kind in (Kind.OFF, Kind.PAUSED):
            reason = facts.paused.get(on) or facts.off.get(on, "")
            numbered.append(Day(on, kind, 0, reason))
        elif kind is Kind.OVERDUE:
            over += 1
            numbered.append(Day(on, kind, over, ""))
        else:
            count += 1
            numbered.append(Day(on, kind, count, ""))
    return numbered


def clock_of(facts: ClockFacts, *, size: Size = "page") -> Clock:
    """The clock of a limit that is counted in days."""
    dated = days(facts)
    counted = [d for d in dated if d.kind not in (Kind.OFF, Kind.PAUSED, Kind.OVERDUE)]
    used = sum(d.kind in (Kind.ELAPSED, Kind.TODAY, Kind.DEEMED) for d in counted)
    over = sum(d.kind is Kind.OVERDUE for d in dated)
    is_plain = len(counted) + over > CELLS_AT_MOST
    places = _layout(dated, facts, size=size, is_plain=is_plain)
    at = {on: segment for on, segment in places if on}
    ends = {on: segment.x + segment.width for on, segment in at.items()}
    return Clock(
        state=_state(facts, left=len(counted) - used, over=over),
        unit=facts.unit,
        used=used,
        total=len(counted),
        over=over,
        segments=_merged([s for _, s in places]) if is_plain else tuple(s for _, s in places),
        is_plain=is_plain,
        today_at=_today_at(at.get(facts.today)),
        promise_at=_end_of(facts.promised_on, ends),
        posts=tuple(
            post
            for on in (facts.extended_from, facts.due_on)
            if (post := _end_of(on, ends)) is not None
        ),
        facts=facts,
    )


def clock_counted(*, used: int, total: int, unit: Unit, state: State) -> Clock:
    """The clock of a limit known by its count only, for example hours. The running unit is the last used."""
    over = max(used - total, 0)
    kinds = [_counted_kind(n, used, total, state) for n in range(1, max(used, total) + 1)]
    is_plain = len(kinds) > CELLS_AT_MOST
    width = 100 / max(len(kinds), 1)
    cells = [Segment(kind, place * width, width) for place, kind in enumerate(kinds)]
    today = next((cell for cell in cells if cell.kind is Kind.TODAY), None)
    return Clock(
        state=state,
        unit=unit,
        used=min(used, total),
        total=total,
        over=over,
        segments=_merged(cells) if is_plain else tuple(cells),
        is_plain=is_plain,
        today_at=today.x + today.width / 2 if today else None,
        posts=(total * width,),
    )


def _dates(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for days_on in range((last - first).days + 1):
        yield first + dt.timedelta(days=days_on)


def _kind(on: dt.date, facts: ClockFacts) -> Kind:
    if on in facts.paused:
        return Kind.PAUSED
    if on in facts.off:
        return Kind.OFF
    if on > facts.due_on:
        return Kind.OVERDUE
    return Kind.DEEMED if facts.deemed else _counted_day(on, facts)


def _counted_day(on: dt.date, facts: ClockFacts) -> Kind:
    """A day in time: a closed case has no half day, its last day is used."""
    if on == facts.today and not facts.closed_on:
        return Kind.TODAY
    return Kind.ELAPSED if on <= (facts.closed_on or facts.today) else Kind.LEFT


def _counted_kind(number: int, used: int, total: int, state: State) -> Kind:
    if state is State.DEEMED:
        return Kind.DEEMED
    if number > total:
        return Kind.OVERDUE
    if number == used and state in (State.RUNNING, State.AT_RISK):
        return Kind.TODAY
    return Kind.ELAPSED if number <= used else Kind.LEFT


def _state(facts: ClockFacts, *, left: int, over: int) -> State:
    if facts.deemed:
        return State.DEEMED
    if over:
        return State.MISSED
    if facts.closed_on:
        return State.DONE
    if facts.today in facts.paused:
        return State.PAUSED
    return State.AT_RISK if left <= facts.risk_units else State.RUNNING


def _layout(
    dated: list[Day], facts: ClockFacts, *, size: Size, is_plain: bool
) -> list[tuple[dt.date | None, Segment]]:
    """Place every stretch; one stub stands for a whole run of days that do not count."""
    stretches: list[tuple[dt.date | None, Kind, float]] = []
    if facts.waiting_from:
        waited = (facts.received_on - facts.waiting_from).days
        stretches.append((None, Kind.BEFORE, min(HALF * waited, BEFORE_AT_MOST)))
    for kind, run in groupby(dated, key=lambda day: day.kind):
        members = list(run)
        if kind is Kind.OFF:
            stub = 0.0 if is_plain or size == "row" else STUB
            stretches.extend((day.on, kind, stub if day is members[0] else 0.0) for day in members)
        else:
            weight = HALF if kind is Kind.PAUSED else 1.0
            stretches.extend((day.on, kind, weight) for day in members)
    whole = sum(weight for *_, weight in stretches) or 1.0
    placed = []
    x = 0.0
    for on, kind, weight in stretches:
        width = weight * 100 / whole
        placed.append((on, Segment(kind, x, width)))
        x += width
    return placed


def _merged(segments: list[Segment]) -> tuple[Segment, ...]:
    """Neighbours of one kind become one stretch of a plain bar."""
    merged = []
    drawn = [segment for segment in segments if segment.width]
    for kind, run in groupby(drawn, key=lambda segment: segment.kind):
        members = list(run)
        merged.append(Segment(kind, members[0].x, sum(segment.width for segment in members)))
    return tuple(merged)


def _today_at(cell: Segment | None) -> float | None:
    """In the middle of a day that runs; beside the stub of a day that does not count."""
    if cell is None or cell.kind not in (Kind.TODAY, Kind.OFF):
        return None
    return cell.x + cell.width / 2


def _end_of(on: dt.date | None, ends: Mapping[dt.date, float]) -> float | None:
    return ends.get(on) if on else None

"""A clock's history: it runs from its start, may be stopped with a reason, run on, or begin anew."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

# What people give: a local day, or an instant.
Moment = dt.date | dt.datetime
# What a count needs: local days for days, months and years; instants for hours.
M = TypeVar("M", dt.date, dt.datetime)


class ClockState(StrEnum):
    """What a clock does from a moment on."""

    RUNNING = "running"
    PAUSED = "paused"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True)
class Segment:
    """From `since` the clock is in `state`, for `reason` (行政许可法 45: the applicant is told in writing)."""

    state: ClockState
    since: Moment
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stop(Generic[M]):
    """A time in which the clock stood still; `until` is None while it still does."""

    since: M
    until: M | None
    reason: str


@dataclass(frozen=True, slots=True)
class Course(Generic[M]):
    """From when a period counts, and its stops since then."""

    start: M
    stops: tuple[Stop[M], ...]


def course(start: Moment, segments: Sequence[Segment], reading: Callable[[Moment], M]) -> Course[M]:
    """Read a history. Pausing a stopped clock and running a running one change nothing."""
    begun = latest = reading(start)
    stops: list[Stop[M]] = []
    for segment in segments:
        since = reading(segment.since)
        if since < latest:
            raise ValueError("a segment may not begin before the one in front of it")
        latest = since
        stands = bool(stops) and stops[-1].until is None
        if segment.state is ClockState.RESTARTED:
            begun, stops = since, []
        elif segment.state is ClockState.PAUSED and not stands:
            stops.append(Stop(since, None, segment.reason))
        elif segment.state is ClockState.RUNNING and stands:
            stops[-1] = Stop(stops[-1].since, since, stops[-1].reason)
    return Course(begun, tuple(stops))

"""A clock's history: it runs from its start, may be stopped with a reason, run on, or begin anew."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

# What people give: a local day, or an instant.
Moment = dt.date | dt.datetime
# What a count needs: numbers of local days for days, months and years; instants for hours.
M = TypeVar("M", int, dt.datetime)


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


class Stop(NamedTuple, Generic[M]):
    """A time in which the clock stood still; `until` is None while it still does."""

    since: M
    until: M | None
    reason: str


class Course(NamedTuple, Generic[M]):
    """From when a period counts, and its stops since then."""

    start: M
    stops: Sequence[Stop[M]]


def course(start: Moment, segments: Sequence[Segment], reading: Callable[[Moment], M]) -> Course[M]:
    """Read a history. Pausing a stopped clock and running a running one change nothing."""
    begun = latest = reading(start)
    stops: list[Stop[M]] = []
    stands: M | None = None
    why = ""
    for segment in segments:
        since = reading(segment.since)
        if since < latest:
            raise ValueError("a segment may not begin before the one in front of it")
        latest, state = since, segment.state
        if state is ClockState.PAUSED:
            if stands is None:
                stands, why = since, segment.reason
        elif state is ClockState.RUNNING:
            if stands is not None:
                stops.append(Stop(stands, since, why))
                stands = None
        else:
            begun, stands = since, None
            stops.clear()
    if stands is not None:
        stops.append(Stop(stands, None, why))
    return Course(begun, stops)

"""A clock's history: it runs from its start, may be stopped with a reason, run on, or begin anew."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

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


# A time in which the clock stood still: from, until (None while it still does), why.
Stop = tuple[M, M | None, str]


# As names of their own: looking a member up in its class takes longer than all that a segment needs.
_PAUSED, _RESTARTED = ClockState.PAUSED, ClockState.RESTARTED


def course(
    start: Moment, segments: Sequence[Segment], reading: Callable[[Moment], M]
) -> tuple[M, list[Stop[M]]]:
    """From when a period counts, and its stops since then.

    Pausing a stopped clock and running a running one change nothing.
    """
    begun = latest = reading(start)
    stops: list[Stop[M]] = []
    stands: M | None = None
    why = ""
    for segment in segments:
        since, state = reading(segment.since), segment.state
        if since < latest:
            raise ValueError("a segment may not begin before the one in front of it")
        latest = since
        if state is _PAUSED:
            if stands is None:
                stands, why = since, segment.reason
        elif state is _RESTARTED:
            begun, stands, stops = since, None, []
        elif stands is not None:
            stops.append((stands, since, why))
            stands = None
    if stands is not None:
        stops.append((stands, None, why))
    return begun, stops

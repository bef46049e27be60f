"""`duedate`: due dates by statute, each with a pause and most with an extension, in one process.

Limit: the look-ups and additions alone, on plain lists of numbers. Rival: chinesecalendar's `find_workday`, which gives the
n-th workday after a day and knows neither pauses nor periods in days.
"""

import datetime as dt
import importlib.metadata
import os
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yitong.cli.bench.result import (
    BenchResult,
    Progress,
    conditions,
    interleaved,
    median,
    seconds,
)
from yitong.kernel.workdays import ClockState, Segment

if TYPE_CHECKING:
    from yitong.kernel.law import TimeLimit
    from yitong.kernel.workdays import Moment, WorkCalendar

CASES = 50_000
RIVAL_CASES = 2_000
CHECKED = 300
ROUNDS = 7
BAR = 200_000
KEYS = ("PER-42", "DSR-21b", "GID-33", "REC-62a", "PET-34", "CMP-7b")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """A limit, from when it runs, one stop, and by how much it was extended."""

    limit: "TimeLimit"
    start: "Moment"
    segments: tuple[Segment, ...]
    extended_by: int


def run(progress: Progress) -> BenchResult:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yitong.config.settings")
    django.setup()
    from yitong.base.statutes.api import reckon
    from yitong.base.statutes.calendars import seeded_calendar

    calendar = seeded_calendar()
    cases = _cases()
    numbers = [_numbers(case, calendar) for case in cases]
    simple = _without_stops(cases)

    def ours() -> None:
        for case in cases:
            reckon(
                case.limit,
                case.start,
                segments=case.segments,
                extended_by=case.extended_by,
                calendar=calendar,
            )

    sides = {
        "yitong": lambda: len(cases) / seconds(ours),
        "look-ups": lambda: len(cases) / seconds(_look_up(numbers, calendar)),
        "chinesecalendar": lambda: len(simple) / seconds(_rival(simple)),
    }
    interleaved(sides, 1, lambda step: None)  # warm up
    found = interleaved(sides, ROUNDS, progress)
    wrong = _wrong(cases[:CHECKED], calendar)
    figure, limit, rival = (median(found[name]) for name in sides)
    return BenchResult(
        name="duedate",
        figure=figure,
        unit="due dates/s",
        bar=f"≥ {BAR:,} due dates/s",
        ok=figure >= BAR and not wrong,
        limit=limit,
        rival=rival,
        ratio_to_limit=figure / limit,
        ratio_to_rival=figure / rival,
        points=[{"side": name, "rounds": values} for name, values in found.items()],
        conditions=conditions(
            due_dates=CASES,
            checked_day_by_day=CHECKED,
            wrong=wrong,
            keys=list(KEYS),
            chinesecalendar=importlib.metadata.version("chinesecalendar"),
        ),
    )


def _cases() -> list[Case]:
    """Half with dates, half with instants; each with a stop, each extended where its law allows it. The same every time."""
    from yitong.base.statutes import rules, seed

    dice = random.Random(42)  # noqa: S311 - made to be the same every time
    today = dt.date(2026, 11, 1)
    limits = [rules.limit_in_force(seed.register(), key, lineage=(), on=today) for key in KEYS]
    cases = []
    for number in range(CASES):
        limit = limits[number % len(limits)]
        start: Moment = dt.date(2020, 1, 2) + dice.randrange(2400) * _DAY
        if number % 2:
            start = dt.datetime.combine(start, dt.time(dice.randrange(24), 17), dt.UTC)
        stop = start + dice.randrange(1, 8) * _DAY
        segments = (
            Segment(ClockState.PAUSED, stop, "鉴定"),
            Segment(ClockState.RUNNING, stop + dice.randrange(1, 12) * _DAY),
        )
        extended_by = limit.extension.amount if limit.extension else 0
        cases.append(Case(limit, start, segments, extended_by))
    return cases


def _numbers(case: Case, calendar: "WorkCalendar") -> tuple[int, int, int, int, bool]:
    """A case as numbers: start, amount, stop and go."""
    moments = (case.start, *(segment.since for segment in case.segments))
    start, stop, go = (calendar.ordinal(moment) for moment in moments)
    return start, case.limit.amount + case.extended_by, stop, go, case.limit.unit == "WD"


def _look_up(
    numbers: Sequence[tuple[int, int, int, int, bool]], calendar: "WorkCalendar"
) -> Callable[[], None]:
    span = calendar.span(2020)
    worked = [place + span.base for place in span.worked]

    def work() -> None:
        for start, amount, stop, go, in_workdays in numbers:
            if in_workdays:
                begun, given = bisect_right(worked, start), 0
                given = bisect_right(worked, go) - bisect_right(worked, stop)
                worked[begun + amount + given - 1]
            else:
                worked[bisect_right(worked, start + amount + go - stop - 1)]

    return work


def _without_stops(cases: Sequence[Case]) -> list[tuple[int, dt.date]]:
    """Amounts and days of the periods in workdays, in years that the rival knows."""
    found = [
        (case.limit.amount, dt.date(case.start.year, case.start.month, case.start.day))
        for case in cases
        if case.limit.unit == "WD" and case.start.year < 2026
    ]
    return found[:RIVAL_CASES]


def _rival(cases: Sequence[tuple[int, dt.date]]) -> Callable[[], None]:
    from chinese_calendar import find_workday

    def work() -> None:
        for amount, start in cases:
            find_workday(amount, start)  # type: ignore[no-untyped-call]  # the package has no types

    return work


def _wrong(cases: Sequence[Case], calendar: "WorkCalendar") -> int:
    """How many due dates differ from counting day by day."""
    from yitong.base.statutes.api import reckon

    found = 0
    for case in cases:
        reckoned = reckon(
            case.limit,
            case.start,
            segments=case.segments,
            extended_by=case.extended_by,
            calendar=calendar,
        )
        found += reckoned is None or reckoned.due_on != _walked(case, calendar)
    return found


def _walked(case: Case, calendar: "WorkCalendar") -> dt.date:
    """The due day by walking: a day inside the stop is not counted."""
    start, amount, stop, go, in_workdays = _numbers(case, calendar)
    on = start
    while amount:
        on += 1
        day = dt.date.fromordinal(on)
        counts = calendar.is_workday(day) if in_workdays else True
        amount -= counts and not stop < on <= go
    while not calendar.is_workday(dt.date.fromordinal(on)):
        on += 1
    return dt.date.fromordinal(on)

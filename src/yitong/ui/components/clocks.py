"""The clock bar in its sizes and the day strip; the words beside a bar are the truth, the bar is hidden from speech."""

from dataclasses import dataclass

from django.template import Library
from django.utils.translation import gettext

from yitong.kernel.law import Basis
from yitong.ui.clock import Clock, ClockFacts, Day, Kind, Segment, days
from yitong.ui.states import ORDINAL_WORDS, State, counted
from yitong.ui.values import Term

register = Library()

Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch with its place as SVG wants it."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What stands beside the bar: where it starts and ends and what it rests on."""

    start: Term | None = None
    promise: Term | None = None
    end: Term | None = None
    standing: str = "statutory"
    sentence: str = ""
    basis: Basis | None = None


def _percent(value: float) -> str:
    return f"{value:.3f}%"


def _cells(segments: tuple[Segment, ...]) -> list[Cell]:
    return [Cell(s.kind.value, _percent(s.x), _percent(s.width)) for s in segments if s.width]


def bar(clock: Clock, *, size: str) -> Context:
    """What the drawing needs."""
    return {
        "clock": clock,
        "size": size,
        "cells": _cells(clock.segments),
        "posts": [_percent(post) for post in clock.posts],
        "today_at": _percent(clock.today_at) if clock.today_at is not None else "",
        "promise_at": _percent(clock.promise_at) if clock.promise_at is not None else "",
    }


def count_words(clock: Clock, count: int) -> str:
    """A count in the clock's unit: 5个工作日."""
    return counted(clock.unit, count)


def clock_words(clock: Clock) -> str:
    """The clock as a sentence: what a person reads instead of the bar."""
    if clock.over:
        return gettext("逾期{count}").format(count=count_words(clock, clock.over))
    if clock.state is State.PAUSED:
        return gettext("已用{count}，停着").format(count=count_words(clock, clock.used))
    if clock.state is State.DONE:
        places = {
            "count": count_words(clock, clock.used),
            "limit": count_words(clock, clock.total),
        }
        return gettext("用了{count}，期限{limit}").format(**places)
    if clock.state is State.DEEMED:
        return gettext("{count}内没有答复").format(count=count_words(clock, clock.total))
    return gettext(ORDINAL_WORDS[clock.unit]).format(n=clock.used, total=clock.total)


def left_words(clock: Clock) -> str:
    """Beside a date, never instead of it: 还剩5个工作日."""
    return gettext("还剩{count}").format(count=count_words(clock, clock.left))


@register.inclusion_tag("ui/clock.html")
def clock_bar(
    clock: Clock,
    limit: Limit | None = None,
    *,
    words: str = "",
    state_word: str = "",
    legend: bool = False,
) -> Context:
    """The clock of a page: words, state, bar, its ends in dates, and the article."""
    kinds = {segment.kind for segment in clock.segments}
    return {
        **bar(clock, size="page"),
        "words": words or clock_words(clock),
        "state_word": state_word,
        "limit": limit,
        "legend": [kind.value for kind in Kind if kind in kinds] if legend else [],
    }


@register.inclusion_tag("ui/clock_mini.html")
def mini_clock(clock: Clock, *, words: str = "") -> Context:
    """The clock of a row. Its words are there for speech; the row shows the due date beside it."""
    return {**bar(clock, size="row"), "words": words or clock_words(clock)}


@register.simple_tag
def time_left(clock: Clock) -> str:
    return left_words(clock) if not clock.over else clock_words(clock)


@dataclass(frozen=True, slots=True)
class StripDay:
    """A day of the strip with the date below it."""

    day: Day
    below: str
    is_due: bool


@dataclass(slots=True)
class StripRun:
    """What stands under one word: a day, or days off in a row, which stay together when a line is full."""

    above: str
    days: list[StripDay]

    @property
    def is_off(self) -> bool:
        return self.days[0].day.kind is Kind.OFF


@register.inclusion_tag("ui/day_strip.html")
def day_strip(facts: ClockFacts) -> Context:
    """One labelled box per date; counted days are numbered, others say why they do not count."""
    runs: list[StripRun] = []
    previous = ""
    for day in days(facts):
        reason = day.reason if day.reason != previous else ""
        previous = day.reason
        is_due = day.on == facts.due_on
        above = gettext("今天") if day.on == facts.today else reason
        above = gettext("到期") if is_due else above
        below = f"{day.on.month}/{day.on.day}" if day.on.day == 1 else str(day.on.day)
        one = StripRun(above, [StripDay(day, below, is_due)])
        if runs and not above and one.is_off and runs[-1].is_off:
            runs[-1].days += one.days
        else:
            runs.append(one)
    return {"facts": facts, "runs": runs}

"""How a duty looks: the state of its clock, the cells of its bar, and every day that did not count with its reason."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from yitong.base.duties.declared import kind_or_plain
from yitong.base.duties.models import Duty
from yitong.base.duties.rules import State as Stands
from yitong.kernel import clock
from yitong.kernel.declare import DutyKind
from yitong.kernel.errors import N_
from yitong.kernel.law import Unit
from yitong.kernel.workdays import ClockState, Period, Segment, WorkCalendar, due_after
from yitong.ui.clock import Clock, ClockFacts, clock_counted, clock_of
from yitong.ui.states import STATE_WORDS, State

_OFF_NAMES: Mapping[str, str] = {
    "weekend": N_("周末"),
    "statutory": N_("法定节日"),
    "adjusted_off": N_("调休"),
}
_STOPPED = N_("停")
LONGEST_STRIP = 45  # days; beyond that a strip of boxes is no picture


@dataclass(frozen=True, slots=True)
class Face:
    """A duty as rows and pages show it."""

    duty: Duty
    kind: DutyKind
    state: State
    clock: Clock
    facts: ClockFacts | None  # where it is counted in days
    owner: str = ""  # the title of the post that has it

    @property
    def title(self) -> str:
        return gettext(self.kind.title)

    @property
    def state_words(self) -> str:
        return gettext(STATE_WORDS[self.state])

    @property
    def is_late(self) -> bool:
        return self.state is State.MISSED

    @property
    def is_today(self) -> bool:
        return self.duty.due_on == clock.today() and not self.is_late


def face_of(duty: Duty, days: WorkCalendar, now: dt.datetime, *, owner: str = "") -> Face:
    unit = Unit(duty.unit)
    state = state_of(duty, now)
    if unit in {Unit.HOUR, Unit.WORKHOUR}:
        return Face(duty, kind_or_plain(duty.kind), state, _in_hours(duty, now, state), None, owner)
    facts = _facts(duty, days, now)
    bar = replace(clock_of(facts, size="row"), state=state)
    return Face(duty, kind_or_plain(duty.kind), state, bar, facts, owner)


def state_of(duty: Duty, now: dt.datetime) -> State:
    """What the row says; the miss of a duty that was met late stays to be seen."""
    if duty.state == Stands.DEEMED:
        return State.DEEMED
    if duty.closed_at is not None:
        return State.MISSED if duty.missed_at else State.DONE
    if duty.due_at is None:
        return State.PAUSED
    if duty.due_at <= now:
        return State.MISSED
    return State.AT_RISK if duty.risk_at is not None and duty.risk_at <= now else State.RUNNING


def _in_hours(duty: Duty, now: dt.datetime, state: State) -> Clock:
    total = duty.amount + (duty.extended_amount or 0)
    end = duty.due_at or now
    left = (end - (duty.closed_at or now)).total_seconds() / 3600
    used = min(max(int(total - left) + 1, 1), total) if left > 0 else total + int(-left) + 1
    return clock_counted(used=used, total=total, unit=Unit(duty.unit), state=state)


def _facts(duty: Duty, days: WorkCalendar, now: dt.datetime) -> ClockFacts:
    today = clock.local(now).date()
    began = _begun(duty)
    received_on = clock.local(began).date()
    due_on = duty.due_on or _end_if_resumed(duty, days, now)
    closed_on = clock.local(duty.closed_at).date() if duty.closed_at else None
    last = max(due_on, closed_on or today)
    off = _off(days, received_on, last) if duty.unit == Unit.WORKDAY else {}
    stood = _paused(duty, received_on, today)
    return ClockFacts(
        received_on=received_on,
        due_on=due_on,
        today=today,
        unit=Unit(duty.unit),
        off=off,
        # A holiday would not have counted anyway.
        paused={on: reason for on, reason in stood.items() if on not in off},
        extended_from=_before_extension(duty, days),
        closed_on=closed_on,
        deemed=duty.state == Stands.DEEMED,
    )


def _begun(duty: Duty) -> dt.datetime:
    """The start, or the last beginning anew."""
    for state, since, _, _ in reversed(duty.segments):
        if state == ClockState.RESTARTED:
            return dt.datetime.fromisoformat(since)
    return duty.started_at


def _segments(duty: Duty) -> list[Segment]:
    return [
        Segment(ClockState(state), dt.datetime.fromisoformat(since), reason)
        for state, since, reason, _ in duty.segments
    ]


def _end_if_resumed(duty: Duty, days: WorkCalendar, now: dt.datetime) -> dt.date:
    """Where a stopped clock would end if it ran on from now."""
    running = [*_segments(duty), Segment(ClockState.RUNNING, max(now, duty.started_at))]
    period = Period(duty.amount + (duty.extended_amount or 0), Unit(duty.unit))
    found = due_after(duty.started_at, period, days, segments=running)
    return found.due_on if found else clock.local(now).date()


def _before_extension(duty: Duty, days: WorkCalendar) -> dt.date | None:
    if not duty.extended_amount or duty.due_on is None:
        return None
    period = Period(duty.amount, Unit(duty.unit))
    found = due_after(duty.started_at, period, days, segments=_segments(duty))
    return found.due_on if found else None


def _off(days: WorkCalendar, after: dt.date, until: dt.date) -> dict[dt.date, str]:
    return {
        day.on: day.name or gettext(_OFF_NAMES.get(day.kind, ""))
        for day in days.between(after, until)
        if not day.is_workday
    }


def _paused(duty: Duty, received_on: dt.date, today: dt.date) -> dict[dt.date, str]:
    """The dates on which the clock stood: after the day it stopped, up to the one it ran on (民法典 201)."""
    found: dict[dt.date, str] = {}
    since: dt.date | None = None
    for state, at, _, _ in duty.segments:
        on = clock.local(dt.datetime.fromisoformat(at)).date()
        if state == ClockState.PAUSED and since is None:
            since = on
        elif state == ClockState.RESTARTED:
            found, since = {}, None
        elif state == ClockState.RUNNING and since is not None:
            found |= _dates(since, on)
            since = None
    if since is not None:
        found |= _dates(since, max(today, since + dt.timedelta(days=1)))
    return {on: reason for on, reason in found.items() if received_on < on}


def _dates(after: dt.date, until: dt.date) -> dict[dt.date, str]:
    word = gettext(_STOPPED)
    return {
        after + dt.timedelta(days=number): word for number in range(1, (until - after).days + 1)
    }

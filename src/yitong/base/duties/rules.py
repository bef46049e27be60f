"""What a duty may do in each state, when to warn, and how it was judged. Pure: facts and dates in, decisions out."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntFlag, StrEnum

from yitong.base.duties import errors
from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.kernel.law import Unit
from yitong.kernel.workdays import WorkCalendar


class State(StrEnum):
    """Where a duty stands. A missed duty is still owed: `missed_at` is beside the state, not one of them."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    WAIVED = "waived"
    DEEMED = "deemed"


STATE_NAMES: Mapping[State, str] = {
    State.RUNNING: N_("计时中"),
    State.PAUSED: N_("暂停"),
    State.MET: N_("已办结"),
    State.WAIVED: N_("已免除"),
    State.DEEMED: N_("视为已作出决定"),
}
OPEN = frozenset({State.RUNNING, State.PAUSED})


class Step(StrEnum):
    """What can be done with an open duty."""

    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    EXTEND = "extend"
    MEET = "meet"
    WAIVE = "waive"
    DEEM = "deem"


STEP_NAMES: Mapping[Step, str] = {
    Step.PAUSE: N_("暂停"),
    Step.RESUME: N_("继续计时"),
    Step.RESTART: N_("重新计时"),
    Step.EXTEND: N_("延长"),
    Step.MEET: N_("办结"),
    Step.WAIVE: N_("免除"),
    Step.DEEM: N_("视为作出决定"),
}
TRANSITIONS: Mapping[tuple[State, Step], State] = {
    (State.RUNNING, Step.PAUSE): State.PAUSED,
    (State.RUNNING, Step.RESTART): State.RUNNING,
    (State.RUNNING, Step.EXTEND): State.RUNNING,
    (State.RUNNING, Step.MEET): State.MET,
    (State.RUNNING, Step.WAIVE): State.WAIVED,
    (State.RUNNING, Step.DEEM): State.DEEMED,
    (State.PAUSED, Step.RESUME): State.RUNNING,
    (State.PAUSED, Step.RESTART): State.RUNNING,
    (State.PAUSED, Step.MEET): State.MET,
    (State.PAUSED, Step.WAIVE): State.WAIVED,
}
# A clock that has run out is not stopped, begun anew or made longer: that would undo the miss.
BEFORE_EXPIRY = frozenset({Step.PAUSE, Step.RESUME, Step.RESTART, Step.EXTEND})


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether a step is open: the state, and the instant at which the duty was missed."""

    duty: int
    state: State
    missed_at: dt.datetime | None = None


def next_state(standing: Standing, step: Step) -> State:
    if standing.missed_at is not None and step in BEFORE_EXPIRY:
        raise errors.AlreadyMissed(
            duty=standing.duty, at=local_minute(standing.missed_at), step=STEP_NAMES[step]
        )
    after = TRANSITIONS.get((standing.state, step))
    if after is None:
        raise errors.StepNotOpen(
            duty=standing.duty, state=STATE_NAMES[standing.state], step=STEP_NAMES[step]
        )
    return after


def local_minute(instant: dt.datetime) -> str:
    """A local minute; midnight ends the day before it, as the law says it (民法典 203)."""
    local = clock.local(instant)
    if local.time() == dt.time.min:
        return f"{local - dt.timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


class Result(StrEnum):
    """How a duty was judged, once: what the 履责台账 counts."""

    ON_TIME = "on_time"
    EXTENDED = "extended"  # in time, by the one extension
    MISSED = "missed"
    DEEMED = "deemed"
    WAIVED = "waived"


RESULT_NAMES: Mapping[Result, str] = {
    Result.ON_TIME: N_("按期"),
    Result.EXTENDED: N_("经同意延长"),
    Result.MISSED: N_("逾期"),
    Result.DEEMED: N_("视为"),
    Result.WAIVED: N_("免除"),
}


class Warned(IntFlag):
    """Which warnings were given for the present due date; each once."""

    HALF = 1
    LATE = 2
    LAST_DAY = 4


WARNING_NAMES: Mapping[Warned, str] = {
    Warned.HALF: N_("时限已用一半"),
    Warned.LATE: N_("时限已用八成"),
    Warned.LAST_DAY: N_("还有1个工作日到期"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A clock as it stands: when it began, how many units it has, when it ends."""

    began_at: dt.datetime
    amount: int
    unit: Unit
    due_at: dt.datetime
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Points:
    """When to warn: percents of the limit used, and workdays before its last day; and at which local time."""

    percents: tuple[int, int]
    workdays: int
    opening: dt.time


def warnings(span: Span, points: Points, calendar: WorkCalendar) -> dict[Warned, dt.datetime]:
    """The instant of each warning, counted back from the last day, so that a pause behind us moves them all alike.

    A day's warning comes at the opening of the office. A warning that would come before the clock began is the
    opening's own message.
    """
    half, late = (
        _used(span, percent, calendar, points.opening) for percent in sorted(points.percents)
    )
    last = calendar.instant(calendar.before(span.due_on, points.workdays), points.opening)
    return {Warned.HALF: half, Warned.LATE: late, Warned.LAST_DAY: min(last, span.due_at)}


def _used(span: Span, percent: int, calendar: WorkCalendar, opening: dt.time) -> dt.datetime:
    """When `percent` of the limit is used up, the rest running without a stop."""
    left = span.amount * (100 - percent)
    if span.unit is Unit.WORKDAY:
        on = calendar.before(span.due_on, left // 100) if left >= 100 else span.due_on
        return min(calendar.instant(on, opening), span.due_at)
    if span.unit is Unit.HOUR:
        return span.due_at - dt.timedelta(hours=left) / 100
    whole = span.due_at - span.began_at
    if span.unit is Unit.WORKHOUR:
        return span.due_at - whole * (100 - percent) / 100
    days = whole.days * (100 - percent) // 100
    on = calendar.before(span.due_on - dt.timedelta(days=days), 0)
    return min(calendar.instant(on, opening), span.due_at)


def already_past(points: Mapping[Warned, dt.datetime], at: dt.datetime) -> Warned:
    """The warnings whose instant is over: what the message at opening says already."""
    return _joined(flag for flag, instant in points.items() if instant <= at)


def fallen_due(points: Mapping[Warned, dt.datetime], given: Warned, now: dt.datetime) -> Warned:
    """The warnings to give now: due, and not given."""
    return already_past(points, now) & ~given


def next_wake(
    points: Mapping[Warned, dt.datetime], given: Warned, due_at: dt.datetime
) -> dt.datetime:
    """When the timer must look again: the next warning, or the end."""
    return min((i for f, i in points.items() if not f & given and i < due_at), default=due_at)


def _joined(flags: Iterator[Warned]) -> Warned:
    joined = Warned(0)
    for flag in flags:
        joined |= flag
    return joined


def judged(*, met_at: dt.datetime, due_at: dt.datetime | None, is_extended: bool) -> Result:
    """In time is what happens before the due instant; a stopped clock is never late."""
    if due_at is not None and met_at >= due_at:
        return Result.MISSED
    return Result.EXTENDED if is_extended else Result.ON_TIME


@dataclass(frozen=True, slots=True)
class Extending:
    """What an extension states: how much, why, whose consent (its number), and how the other side was told."""

    amount: int
    reason: str
    consent: str
    notice: str = ""


def check_extending(given: Extending, *, most: int, approver: str, notify: str) -> None:
    if not 1 <= given.amount <= most:
        raise errors.ExtensionTooLong(most=most, amount=given.amount)
    wanted = {
        N_("理由"): given.reason,
        N_("同意的文号"): given.consent,
        N_("告知的情况"): given.notice if notify else "-",
    }
    missing = [name for name, words in wanted.items() if not words.strip()]
    if missing:
        raise errors.ExtensionIncomplete(missing="、".join(missing), approver=approver)


def check_reason(reason: str, step: str) -> None:
    if not reason.strip():
        raise errors.ReasonMissing(step=step)


class AdmonitionForm(StrEnum):
    """What a superior may say about a miss; the system proposes, a named person signs."""

    URGE = "urge"
    NOTICE = "notice"


ADMONITION_NAMES: Mapping[AdmonitionForm, str] = {
    AdmonitionForm.URGE: N_("督办"),
    AdmonitionForm.NOTICE: N_("通报"),
}


class AdmonitionState(StrEnum):
    """A proposal is signed or declined, once."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    DECLINED = "declined"


ADMONITION_STATE_NAMES: Mapping[AdmonitionState, str] = {
    AdmonitionState.PROPOSED: N_("待签发"),
    AdmonitionState.SIGNED: N_("已签发"),
    AdmonitionState.DECLINED: N_("不签发"),
}


class ApproverKind(StrEnum):
    """Who an act names to allow more time, as the policies know them."""

    HEAD = "head"  # 本机关、单位负责人
    AUTHORITY = "authority"  # 同级政务数据共享主管部门
    GOVERNMENT = "government"  # 本级人民政府负责人


def approver_kind(words: str) -> ApproverKind:
    """From the act's own words."""
    if "共享主管部门" in words:
        return ApproverKind.AUTHORITY
    return (
        ApproverKind.GOVERNMENT if "人民政府" in words or "本级政府" in words else ApproverKind.HEAD
    )

"""The life of a duty: opened, paused, resumed, begun anew, extended once, met or waived.

The app whose duty it is has asked whether the actor may do what it calls these for; `extend` and `waive` ask here,
since the act names who allows them.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yitong.base.access.api import Thing, require
from yitong.base.duties import errors, events, rows, rules
from yitong.base.duties.clocks import (
    STANDS,
    STOPPABLE,
    Counting,
    check_has_last_day,
    stored_segment,
    write_limit,
    write_timing,
)
from yitong.base.duties.declared import kind_named, kind_or_plain
from yitong.base.duties.ends import settle
from yitong.base.duties.models import Duty
from yitong.base.duties.notices import tell_settled
from yitong.base.duties.rules import Extending, Standing, State, Step
from yitong.base.duties.seats import HEAD, Seat, seat_for
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, DutyKind, Event, Value
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis, TimeLimit
from yitong.kernel.workdays import ClockState


@dataclass(frozen=True, slots=True)
class Matter:
    """What is owed in which thing: unique while open."""

    kind: str
    about: About
    step: str = ""


Which = int | Matter


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A duty to open. `post` or `role` says which seat of the agency; `start` is a date or an instant.

    `subject` and `detail` say in which thing, without a person's data; `waits` is who waits, masked where it is a
    person. `origin` ("reaction/index") makes a repetition find the first.
    """

    matter: Matter
    agency: str
    start: dt.date | dt.datetime
    post: str = ""
    role: str = HEAD
    limit: str = ""
    subject: str = ""
    detail: str = ""
    waits: str = ""
    origin: str = ""


@transaction.atomic
def open_duty(new: NewDuty, *, by: Actor) -> Duty:
    """Begin a clock. Who owns it is settled now; nobody can refuse to."""
    kind = kind_named(new.matter.kind)
    if not new.agency:
        raise errors.NobodyAtAll
    seat = seat_for(new.agency, post=new.post, role=new.role)
    counting = Counting()
    duty = _drafted(new, kind, seat, by)
    limit = _limit(new, kind, counting, duty)
    write_limit(duty, limit, counting.standing(limit))
    write_timing(duty, counting.timing_of(duty, kind), now=duty.opened_at, anew=True)
    if not rows.insert(duty):
        return _standing_instead(new, kind)
    facts: dict[str, Value] = {
        "kind": kind.name,
        "about": f"{new.matter.about.type}/{new.matter.about.key}",
        "step": new.matter.step,
        "post": duty.post,
        "agency": duty.agency_id,
        "limit": duty.limit_key,
        "start": duty.started_at.isoformat(),
        "due_on": str(duty.due_on),
    }
    _record(events.OPENED, duty, by, facts)
    return duty


def _drafted(new: NewDuty, kind: DutyKind, seat: Seat, by: Actor) -> Duty:
    return Duty(
        kind=kind.name,
        about_type=new.matter.about.type,
        about_key=new.matter.about.key,
        step=new.matter.step,
        family=kind.family,
        subject=new.subject,
        detail=new.detail,
        waits=new.waits,
        region=seat.region,
        agency_id=new.agency,
        home_post=seat.home,
        post=seat.post,
        moved_by=seat.moved_by,
        is_unassigned=seat.is_unassigned,
        started_at=_instant(new.start),
        opened_at=clock.now(),
        opened_by=by.account,
        origin=new.origin or None,
    )


def _instant(start: dt.date | dt.datetime) -> dt.datetime:
    if isinstance(start, dt.datetime):
        return start
    return dt.datetime.combine(start, dt.time.min, clock.ZONE).astimezone(dt.UTC)


def _limit(new: NewDuty, kind: DutyKind, counting: Counting, duty: Duty) -> TimeLimit:
    key = new.limit or kind.limits[0]
    if key not in kind.limits:
        raise errors.LimitNotOfKind(kind=kind.name, limit=key, known="、".join(kind.limits))
    limit = counting.limit_now(duty, key)
    check_has_last_day(limit)
    return limit


def _standing_instead(new: NewDuty, kind: DutyKind) -> Duty:
    """What was there first: the same duty of a repeated reaction, else a refusal that names it."""
    if new.origin and (same := Duty.objects.filter(origin=new.origin).first()):
        return same
    matter = new.matter
    other = rows.locked_by_matter(matter.kind, matter.about, matter.step)
    raise errors.DutyOpen(
        about=_told(matter), kind=kind.name, duty=other.pk if other else new.origin
    )


def has_open(matter: Matter) -> bool:
    """Whether something is owed in this matter now; ours until the commit if so."""
    return rows.locked_by_matter(matter.kind, matter.about, matter.step) is not None


def _told(matter: Matter) -> str:
    return f"{matter.about.type} {matter.about.key}"


def locked(which: Which) -> Duty:
    """The duty, ours until the commit, with what its clock came to in the meantime written down."""
    duty = _found(which)
    _check_open(duty)
    now = clock.now()
    if duty.due_at is not None and duty.missed_at is None and duty.due_at <= now:
        timer = Actor.system("duties")
        tell_settled(settle([duty], now=now, by=timer), by=timer)
        _check_open(duty)
    return duty


def _found(which: Which) -> Duty:
    if isinstance(which, Matter):
        duty = rows.locked_by_matter(which.kind, which.about, which.step)
        if duty is None:
            raise errors.NothingOpen(about=_told(which), kind=which.kind)
        return duty
    duty = rows.locked_by_number(which)
    if duty is None:
        raise errors.UnknownDuty(duty=which)
    return duty


def _check_open(duty: Duty) -> None:
    if duty.closed_at is not None:
        state = rules.STATE_NAMES[State(duty.state)]
        raise errors.DutyClosed(duty=duty.pk, at=rules.local_minute(duty.closed_at), state=state)


def _step(duty: Duty, step: Step) -> None:
    standing = Standing(duty.pk, State(duty.state), duty.missed_at)
    duty.state = rules.next_state(standing, step).value


def _since(duty: Duty) -> dt.datetime:
    """Now; never before what has happened already, should the machine's clock have been set back."""
    last = duty.segments[-1][1] if duty.segments else duty.started_at.isoformat()
    return max(clock.now(), dt.datetime.fromisoformat(last), duty.started_at)


def _check_stoppable(duty: Duty, step: Step) -> None:
    if duty.limit_kind not in STOPPABLE:
        raise errors.StepNotOpen(
            duty=duty.pk, state=N_("按固定的日期计算"), step=rules.STEP_NAMES[step]
        )


@dataclass(frozen=True, slots=True)
class _Turn:
    """A segment to add."""

    state: ClockState
    reason: str
    basis: Basis | None = None


def _turn(duty: Duty, step: Step, turn: _Turn) -> dt.datetime:
    """Change the state, add the segment, count again; since when."""
    rules.check_reason(turn.reason, rules.STEP_NAMES[step])
    _step(duty, step)
    _check_stoppable(duty, step)
    since = _since(duty)
    duty.segments = [
        *duty.segments,
        stored_segment(turn.state, since, turn.reason, turn.basis),
    ]
    # A clock that stands has no end, so nobody has to be asked for one.
    is_paused = turn.state is ClockState.PAUSED
    timing = STANDS if is_paused else Counting().timing_of(duty, kind_or_plain(duty.kind))
    write_timing(duty, timing, now=clock.now(), anew=step is Step.RESTART)
    rows.change(duty, _CLOCK)
    return since


@transaction.atomic
def pause(which: Which, *, reason: str, by: Actor, basis: Basis | None = None) -> Duty:
    """Stop the clock. Without an article the stop is 待核实 and its page also shows the date without it."""
    duty = locked(which)
    since = _turn(duty, Step.PAUSE, _Turn(ClockState.PAUSED, reason, basis))
    _record(
        events.PAUSED,
        duty,
        by,
        {"since": since.isoformat(), "reason": reason, "basis": str(basis or "")},
    )
    return duty


@transaction.atomic
def resume(which: Which, *, reason: str, by: Actor) -> Duty:
    """Let the clock run on."""
    duty = locked(which)
    since = _turn(duty, Step.RESUME, _Turn(ClockState.RUNNING, reason))
    facts: dict[str, Value] = {
        "since": since.isoformat(),
        "reason": reason,
        "due_on": str(duty.due_on),
    }
    _record(events.RESUMED, duty, by, facts)
    return duty


@transaction.atomic
def restart(which: Which, *, reason: str, by: Actor, basis: Basis | None = None) -> Duty:
    """Begin the whole period anew, as where a supplement restarts the reply's clock (信息公开条例 30)."""
    duty = locked(which)
    since = _turn(duty, Step.RESTART, _Turn(ClockState.RESTARTED, reason, basis))
    facts: dict[str, Value] = {
        "since": since.isoformat(),
        "reason": reason,
        "basis": str(basis or ""),
        "due_on": str(duty.due_on),
    }
    _record(events.RESTARTED, duty, by, facts)
    return duty


@transaction.atomic
def extend(which: Which, *, given: Extending, by: Actor) -> Duty:
    """The one extension, by whom the act names, with reason, consent and notice, before the time is over."""
    duty = locked(which)
    counting = Counting()
    limit = counting.limit(duty.limit_id)
    if limit.extension is None:
        raise errors.NotExtendable(limit=limit.key, due_on=duty.due_on)
    if duty.extended_at is not None:
        raise errors.ExtendedOnce(duty=duty.pk, due_on=duty.due_on)
    approver = rules.approver_kind(limit.extension.approver)
    require(by, "duties.extend", of=_thing(duty, state=approver.value))
    _step(duty, Step.EXTEND)
    rules.check_extending(
        given,
        most=limit.extension.amount,
        approver=limit.extension.approver,
        notify=limit.extension.notify,
    )
    before = duty.due_on
    _write_extension(duty, given, by)
    timing = counting.timing_of(duty, kind_or_plain(duty.kind))
    write_timing(duty, timing, now=clock.now(), anew=True)
    rows.save([duty])
    facts: dict[str, Value] = {
        "amount": f"{given.amount}{limit.unit.value}",
        "approver": limit.extension.approver,
        "reason": given.reason,
        "consent": given.consent,
        "notice": given.notice,
        "old_due_on": str(before),
        "due_on": str(duty.due_on),
    }
    _record(events.EXTENDED, duty, by, facts)
    return duty


def _write_extension(duty: Duty, given: Extending, by: Actor) -> None:
    duty.extended_amount, duty.extended_at = given.amount, clock.now()
    duty.extended_by, duty.extended_post = by.account, by.post
    duty.extension_reason, duty.extension_consent = given.reason, given.consent
    duty.extension_notice = given.notice


@transaction.atomic
def meet(which: Which, *, outcome: str, by: Actor) -> Duty:
    """It is done. Whether in time is judged once, at the due instant or now."""
    duty = locked(which)
    kind = kind_or_plain(duty.kind)
    if outcome not in kind.outcomes:
        raise errors.OutcomeUnknown(kind=kind.name, outcome=outcome, known="、".join(kind.outcomes))
    _step(duty, Step.MEET)
    now = clock.now()
    if not duty.result:
        is_extended = duty.extended_at is not None
        judged = rules.judged(met_at=now, due_at=duty.due_at, is_extended=is_extended)
        duty.result, duty.judged_at = judged.value, now
    duty.outcome = outcome
    _close(duty, by, now)
    facts: dict[str, Value] = {
        "kind": duty.kind,
        "agency": duty.agency_id,
        "limit": duty.limit_key,
        "outcome": outcome,
        "result": duty.result,
        "due_on": str(duty.due_on or ""),
    }
    _record(events.MET, duty, by, facts)
    return duty


@transaction.atomic
def waive(which: Which, *, basis: Basis, reason: str, by: Actor) -> Duty:
    """Free the agency of the duty, on an article and for a reason; a miss that happened stays a miss."""
    duty = locked(which)
    require(by, "duties.waive", of=_thing(duty))
    if not basis.act.strip() or not basis.article.strip():
        raise errors.BasisMissing
    rules.check_reason(reason, rules.STEP_NAMES[Step.WAIVE])
    _step(duty, Step.WAIVE)
    now = clock.now()
    if not duty.result:
        duty.result, duty.judged_at = rules.Result.WAIVED.value, now
    duty.closing_reason = f"{basis} {reason}"
    _close(duty, by, now)
    _record(events.WAIVED, duty, by, {"basis": str(basis), "reason": reason})
    return duty


_CLOCK = ("state", "segments", "due_at", "due_on", "risk_at", "is_provisional", "next_at", "warned")
_CLOSING = (
    "state", "outcome", "closed_at", "closed_by", "closed_post", "closing_reason", "result", "judged_at",
    "next_at",
)  # fmt: skip


def _close(duty: Duty, by: Actor, now: dt.datetime) -> None:
    duty.closed_at, duty.closed_by, duty.closed_post = now, by.account, by.post
    duty.next_at = None
    rows.change(duty, _CLOSING)


def _thing(duty: Duty, **attributes: str) -> Thing:
    return Thing(
        "duty", str(duty.pk), agency=duty.agency_id, region=duty.region, attributes=attributes
    )


def _record(event: Event, duty: Duty, by: Actor, facts: dict[str, Value]) -> None:
    known: dict[str, Value] = {"duty": duty.pk}
    record(event, by=by, about=rows.about_duty(duty.pk), facts=known | facts, region=duty.region)

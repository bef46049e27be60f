"""What happens when a clock runs out: the miss, or what the law says silence means; whom it is told to.

Set once, at the due instant, however late the node writes it down: `noted_at` and the ledger's own time stand beside.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from yitong.base.duties import events
from yitong.base.duties.clocks import Counting
from yitong.base.duties.declared import kind_or_plain
from yitong.base.duties.models import Admonition, Duty, Escalation, Miss
from yitong.base.duties.oversight import Told, breached, rungs_of, superior_of
from yitong.base.duties.rows import entry_for, save, write
from yitong.base.duties.rules import (
    ADMONITION_NAMES,
    WARNING_NAMES,
    AdmonitionForm,
    Result,
    State,
    Warned,
    fallen_due,
    local_minute,
    next_wake,
)
from yitong.base.duties.seats import seat_for
from yitong.base.duties.seed import Rung
from yitong.base.ledger.api import SealedEntry, prepare
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event
from yitong.kernel.law import Expiry
from yitong.kernel.workdays import DEFAULT_HOURS

LAW = "law"  # who closes what is deemed


@dataclass(slots=True)
class Gathered:
    """What one batch comes to, written together at its end."""

    now: dt.datetime
    by: Actor
    counting: Counting = field(default_factory=Counting)
    entries: list[SealedEntry] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    proposals: list[Admonition] = field(default_factory=list)
    warned: list[tuple[Duty, Warned]] = field(default_factory=list)
    deemed: list[Duty] = field(default_factory=list)

    def record(self, duty: Duty, event: Event, **facts: object) -> None:
        known = {"duty": duty.pk, **facts}
        self.entries.append(entry_for(duty, event, known, by=self.by))  # type: ignore[arg-type]


def settle(duties: Sequence[Duty], *, now: dt.datetime, by: Actor) -> Gathered:
    """Give the warnings, misses, deemed outcomes and tellings whose instant is over. The rows are locked."""
    found = Gathered(now, by)
    for duty in duties:
        settle_one(duty, found)
    save(duties)
    Miss.objects.bulk_create(found.misses)
    Escalation.objects.bulk_create(found.escalations)
    for proposal in Admonition.objects.bulk_create(found.proposals):
        found.entries.append(_proposal_entry(proposal, by))
    write(found.entries)
    return found


def settle_one(duty: Duty, found: Gathered) -> None:
    if not duty.is_open or duty.due_at is None:
        duty.next_at = None
        return
    if duty.missed_at is None:
        _warn(duty, found)
        if duty.due_at <= found.now:
            _end(duty, found)
    if duty.missed_at is not None:
        _tell(duty, found)


def _warn(duty: Duty, found: Gathered) -> None:
    points = found.counting.timing_of(duty, kind_or_plain(duty.kind)).points
    given = Warned(duty.warned)
    for flag in fallen_due(points, given, found.now):
        given |= flag
        found.record(
            duty,
            events.WARNED,
            point=WARNING_NAMES[flag],
            at=local_minute(points[flag]),
            due_on=str(duty.due_on),
        )
        found.warned.append((duty, flag))
    duty.warned = int(given)
    if duty.due_at is not None:
        duty.next_at = next_wake(points, given, duty.due_at)


def _end(duty: Duty, found: Gathered) -> None:
    limit = found.counting.limit(duty.limit_id)
    duty.judged_at = duty.due_at
    known = {"kind": duty.kind, "agency": duty.agency_id, "limit": duty.limit_key}
    due = local_minute(duty.due_at) if duty.due_at else ""
    if limit.on_expiry is Expiry.DEEMED:
        duty.state, duty.result = State.DEEMED.value, Result.DEEMED.value
        duty.outcome, duty.closed_by = limit.outcome, LAW
        duty.closed_at, duty.next_at = duty.due_at, None
        found.deemed.append(duty)
        found.record(duty, events.DEEMED, **known, due=due, outcome=limit.outcome)
        return
    duty.missed_at, duty.result = duty.due_at, Result.MISSED.value
    article = breached(duty)
    found.misses.append(
        Miss(
            duty=duty,
            at=duty.due_at or found.now,
            noted_at=found.now,
            agency_id=duty.agency_id,
            post=duty.post,
            article_act=article.act,
            article=article.article,
        )
    )
    found.record(
        duty,
        events.MISSED,
        **known,
        post=duty.post,
        due=due,
        article=f"{article.act} {article.article}",
    )


def _tell(duty: Duty, found: Gathered) -> None:
    """Tell the superiors whose turn has come, in the order of the family's ladder."""
    ladder = rungs_of(duty.family)
    for rung in ladder[duty.rungs :]:
        if _turn_of(rung, duty, found.counting) > found.now:
            break
        duty.rungs += 1
        told = superior_of(duty.agency, rung)
        if told is not None:
            _tell_one(duty, rung, told, found)
    left = ladder[duty.rungs :]
    duty.next_at = _turn_of(left[0], duty, found.counting) if left else None


def _turn_of(rung: Rung, duty: Duty, counting: Counting) -> dt.datetime:
    if not rung.after_workdays or duty.due_on is None or duty.due_at is None:
        return duty.due_at or duty.opened_at
    on = counting.days.after(duty.due_on, rung.after_workdays)
    return counting.days.instant(on, DEFAULT_HOURS.spans[0][0])


def _tell_one(duty: Duty, rung: Rung, told: Told, found: Gathered) -> None:
    seat = seat_for(told.agency.code, role=_desk_of(told))
    found.escalations.append(
        Escalation(
            duty=duty,
            rung=rung.number,
            agency=told.agency,
            post=seat.post,
            basis_act=told.basis.act if told.basis else "",
            basis_article=told.basis.article if told.basis else "",
            at=found.now,
        )
    )
    found.record(
        duty,
        events.ESCALATED,
        rung=rung.number,
        told=told.agency.code,
        basis=str(told.basis or ""),
    )
    if rung.number == 1:
        found.proposals.append(_urging(duty, told, found))


def _desk_of(told: Told) -> str:
    """Who reads it there: at a data authority the reviewer, elsewhere the head."""
    return "data_reviewer" if told.agency.is_data_authority else "dept_head"


def _urging(duty: Duty, told: Told, found: Gathered) -> Admonition:
    article = breached(duty)
    return Admonition(
        form=AdmonitionForm.URGE.value,
        agency_id=duty.agency_id,
        issuer=told.agency,
        region=duty.region,
        duties=[duty.pk],
        ground=f"{duty.kind} #{duty.pk} {duty.due_on} 《{article.act}》{article.article}",
        proposed_by=found.by.account,
        proposed_at=found.now,
    )


def _proposal_entry(proposal: Admonition, by: Actor) -> SealedEntry:
    return prepare(
        events.PROPOSED,
        by=by,
        about=About("admonition", str(proposal.pk)),
        facts={
            "admonition": proposal.pk,
            "form": ADMONITION_NAMES[AdmonitionForm(proposal.form)],
            "agency": proposal.agency_id,
            "issuer": proposal.issuer_id,
            "duties": list(proposal.duties),
            "ground": proposal.ground,
        },
        region=proposal.region,
    )

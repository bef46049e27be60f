"""The procedure that a filed content goes through: assessed, submitted, approved, published, sent back, given up, retired.

Publishing and retiring are announced on the channel on which loaded grants listen, in the same transaction:
what stands here decides what may leave there.
"""

from dataclasses import dataclass

from django.db import transaction

from yitong.base.access.api import require
from yitong.data.catalogue import duties, events, notices, rules
from yitong.data.catalogue.models import Assessment, Resource
from yitong.data.catalogue.renewal import drop_rows, switch_rows, waiting_rows
from yitong.data.catalogue.rows import (
    announce,
    apply,
    check_name,
    decide,
    locked,
    note,
    step,
    thing,
    write_fields,
)
from yitong.data.catalogue.rules import AssessmentKind, Outcome, State, Step
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Finding:
    """What an assessment found: `kind` "secrecy" or "personal", `outcome` "passed", "failed" or "not_concerned"
    (no personal information at all); `reference` is the number of the report.
    """

    kind: str
    outcome: str
    conclusion: str
    reference: str = ""


@transaction.atomic
def record_assessment(*, code: str, finding: Finding, by: Actor) -> Assessment:
    """Note what an assessment of the present version found (art. 13, PIPL 55 and 56)."""
    row = locked(code)
    require(by, "catalogue.assess", of=thing(row.owner, row.code, state=row.state))
    kind, outcome = AssessmentKind(finding.kind), Outcome(finding.outcome)
    rules.check_reason(finding.conclusion, rules.ASSESSMENT_NAMES[kind])
    rules.check_assessment(kind, outcome, row.versions.get(number=row.version).entry)
    assessment = Assessment.objects.create(
        resource=row,
        version=row.version,
        kind=kind.value,
        outcome=outcome.value,
        conclusion=finding.conclusion,
        reference=finding.reference,
        account=by.account,
        post=by.post,
    )
    facts: dict[str, Value] = {
        "kind": rules.ASSESSMENT_NAMES[kind],
        "outcome": rules.OUTCOME_NAMES[outcome],
    }
    note(events.ASSESSED, row, by, facts)
    return assessment


@transaction.atomic
def submit(*, code: str, by: Actor) -> Resource:
    """Hand the entry to the head of the department: all nine entries of art. 13 must be there."""
    row = locked(code)
    require(by, "catalogue.submit", of=thing(row.owner, row.code, state=row.state))
    if row.state == State.RETURNED:
        step(row, Step.REOPEN)
    step(row, Step.SUBMIT)
    version = row.versions.get(number=row.version)
    rules.check_ready(version.entry)
    row.save()
    notices.tell_concerned(row, by=by)
    note(events.SUBMITTED, row, by, {"digest": version.digest})
    return row


@transaction.atomic
def approve(*, code: str, by: Actor) -> Resource:
    """The head of the department agrees (art. 13), after both assessments of this very version."""
    row = locked(code)
    require(by, "catalogue.approve", of=thing(row.owner, row.code, state=row.state))
    step(row, Step.APPROVE)
    rules.check_assessed(_outcomes(row), row.version)
    notices.check_told(row)
    row.approved_by, row.published_by = by.account, ""
    row.save()
    decide(row, Step.APPROVE, by)
    duties.open_review(row, by=by)
    note(events.APPROVED, row, by, {"digest": row.versions.get(number=row.version).digest})
    return row


@transaction.atomic
def send_back(*, code: str, reason: str, by: Actor) -> Resource:
    """Whoever is to decide returns the entry with what must be mended."""
    row = locked(code)
    is_reviewed = row.state == State.REVIEW
    power = "catalogue.publish" if is_reviewed else "catalogue.approve"
    require(by, power, of=thing(row.owner, row.code, state=row.state))
    before = row.state_name
    step(row, Step.SEND_BACK)
    rules.check_reason(reason, N_("退回"))
    row.save()
    decide(row, Step.SEND_BACK, by, reason)
    if is_reviewed:
        duties.meet_review(row, duties.RETURNED, by=by)
    note(events.SENT_BACK, row, by, {"state": before, "reason": reason})
    return row


@transaction.atomic
def publish(*, code: str, by: Actor) -> Resource:
    """The data authority has reviewed the entry and announces it (art. 16); from now on it is in force."""
    row = locked(code)
    matter = thing(row.owner, row.code, state=row.state, approved_by=row.approved_by)
    require(by, "catalogue.publish", of=matter)
    step(row, Step.PUBLISH)
    rules.check_assessed(_outcomes(row), row.version)
    rules.check_two_officers(row.approved_by, by.account)
    notices.check_told(row)
    version = row.versions.get(number=row.version)
    check_name(row, version.entry.name)
    before, rows = row.version_in_force, row.row_count
    apply(row, version.entry)
    superseded = switch_rows(row, version, rows)
    row.version_in_force = row.version
    row.published_at, row.published_by = clock.now(), by.account
    row.save()
    write_fields(row, version.entry)
    decide(row, Step.PUBLISH, by)
    duties.meet_review(row, duties.PUBLISHED, by=by)
    facts: dict[str, Value] = {
        "digest": version.digest,
        "share_type": row.share_type_name,
        "grade": row.grade_name,
    }
    note(events.PUBLISHED, row, by, facts)
    if before is not None:
        notices.tell_made(row, since=before, by=by)
    drop_rows(superseded)
    announce(row)
    return row


@transaction.atomic
def abandon(*, code: str, by: Actor) -> Resource:
    """Drop a revision: its versions stay on record, what is in force goes on unchanged."""
    row = locked(code)
    require(by, "catalogue.draft", of=thing(row.owner, row.code, state=row.state))
    step(row, Step.ABANDON)
    decide(row, Step.ABANDON, by)
    note(events.ABANDONED, row, by, {"in_force": row.version_in_force})
    notices.tell_dropped(row, by=by)
    drop_rows(waiting_rows(row))
    row.version = row.version_in_force or row.version
    row.save()
    return row


@transaction.atomic
def retire(*, code: str, reason: str, by: Actor) -> Resource:
    """Take the entry out of force; no grant outlives it."""
    row = locked(code)
    require(by, "catalogue.retire", of=thing(row.owner, row.code, state=row.state))
    step(row, Step.RETIRE)
    rules.check_reason(reason, N_("停用"))
    row.retired_at = clock.now()
    row.save()
    decide(row, Step.RETIRE, by, reason)
    note(events.RETIRED, row, by, {"reason": reason})
    announce(row)
    return row


def _outcomes(row: Resource) -> dict[AssessmentKind, Outcome]:
    """The latest outcome of each kind for the present version."""
    found = row.assessments.filter(version=row.version).order_by("at", "pk")
    return {AssessmentKind(a.kind): Outcome(a.outcome) for a in found}

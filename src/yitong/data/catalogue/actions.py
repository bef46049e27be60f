"""Filing, assessing, approving, publishing, revising and retiring entries. Each step is a ledger entry.

Publishing and retiring are announced on the channel on which loaded grants listen, in the same transaction:
what stands here decides what may leave there.
"""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.files.api import refuse_marks
from yitong.base.identity.api import Agency, agency_named
from yitong.base.ledger.api import record
from yitong.data.catalogue import duties, errors, events, rules
from yitong.data.catalogue.models import (
    Assessment,
    CodeSeries,
    Decision,
    Field,
    Resource,
    ResourceVersion,
)
from yitong.data.catalogue.proposal import Proposal, diff
from yitong.data.catalogue.queries import about
from yitong.data.catalogue.rules import AssessmentKind, Outcome, State, Step
from yitong.data.catalogue.search import search_terms
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import resource_code
from yitong.kernel.declare import Event, Value
from yitong.kernel.errors import N_

GRANTS_CHANNEL = "grants"
_CODES_LOCK = 0x636F6465  # advisory lock: two first filings never take one 目
_OWN_COLUMNS = (
    "name", "abstract", "duty", "category", "kind", "data_format", "update_cycle", "share_type",
    "share_scope", "use_purposes", "use_condition", "basis_level", "basis_citation",
    "withhold_reason", "open_type", "grade", "grade_reason", "key_field", "key_kind", "key_unique",
    "subject_link", "source", "row_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What an assessment found: `kind` "secrecy" or "personal", `outcome` "passed", "failed" or "not_concerned"
    (no personal information at all); `reference` is the number of the report.
    """

    kind: str
    outcome: str
    conclusion: str
    reference: str = ""


def thing(owner: Agency, code: str = "", **attributes: str) -> Thing:
    """An entry as the policies see it."""
    return Thing("resource", code, agency=owner.code, region=owner.region, attributes=attributes)


@transaction.atomic
def draft(*, proposal: Proposal, by: Actor, table_key: str = "") -> Resource:
    """File a proposal as a draft: an unknown owner and withholding without law are refused here already."""
    owner = agency_named(proposal.owner)
    require(by, "catalogue.draft", of=thing(owner))
    _check_words(proposal, by)
    rules.check_content(proposal)
    row = Resource(code=_next_code(proposal.category, owner), owner=owner, table_key=table_key)
    _apply(row, proposal)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise _name_taken(owner, proposal.name) from fault
    if not table_key:  # a name for the copy that is still to be made
        row.table_key = f"r{row.pk}"
        row.save(update_fields=["table_key"])
    _write_fields(row, proposal)
    version = _add_version(row, proposal, by, reason="")
    facts: dict[str, Value] = {
        "digest": version.digest,
        "fields": len(proposal.fields),
        "share_type": rules.SHARE_TYPE_NAMES[rules.ShareType(row.share_type)],
        "grade": row.grade_name,
    }
    _record(events.DRAFTED, row, by, facts)
    return row


@transaction.atomic
def amend(*, code: str, proposal: Proposal, reason: str, by: Actor) -> Resource:
    """Change a draft, or begin or go on with a revision; what is in force stays until the new version is published."""
    row = _locked(code)
    require(by, "catalogue.draft", of=thing(row.owner, row.code, state=row.state))
    _step(row, Step.AMEND)
    rules.check_reason(reason, N_("改动"))
    _check_words(proposal, by)
    rules.check_content(proposal)
    current = row.versions.get(number=row.version).entry
    changes = diff(current, proposal)
    if not changes:
        raise errors.NothingChanged(version=row.version)
    row.version = row.versions.count() + 1
    if row.version_in_force is None:
        _check_name(row, proposal.name)
        _apply(row, proposal)
        row.save()
        _write_fields(row, proposal)
    else:
        row.save()
    version = _add_version(row, proposal, by, reason=reason)
    facts: dict[str, Value] = {
        "digest": version.digest,
        "changes": len(changes),
        "reason": reason,
    }
    _record(events.AMENDED, row, by, facts)
    return row


@transaction.atomic
def abandon(*, code: str, by: Actor) -> Resource:
    """Drop a revision: its versions stay on record, what is in force goes on unchanged."""
    row = _locked(code)
    require(by, "catalogue.draft", of=thing(row.owner, row.code, state=row.state))
    _step(row, Step.ABANDON)
    _decide(row, Step.ABANDON, by)
    _record(events.ABANDONED, row, by, {"in_force": row.version_in_force})
    row.version = row.version_in_force or row.version
    row.save()
    return row


@transaction.atomic
def record_assessment(*, code: str, finding: Finding, by: Actor) -> Assessment:
    """Note what an assessment of the present version found (art. 13, PIPL 55 and 56)."""
    row = _locked(code)
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
    _record(events.ASSESSED, row, by, facts)
    return assessment


@transaction.atomic
def submit(*, code: str, by: Actor) -> Resource:
    """Hand the entry to the head of the department: all nine entries of art. 13 must be there."""
    row = _locked(code)
    require(by, "catalogue.submit", of=thing(row.owner, row.code, state=row.state))
    if row.state == State.RETURNED:
        _step(row, Step.REOPEN)
    _step(row, Step.SUBMIT)
    version = row.versions.get(number=row.version)
    rules.check_ready(version.entry)
    row.save()
    _record(events.SUBMITTED, row, by, {"digest": version.digest})
    return row


@transaction.atomic
def approve(*, code: str, by: Actor) -> Resource:
    """The head of the department agrees (art. 13), after both assessments of this very version."""
    row = _locked(code)
    require(by, "catalogue.approve", of=thing(row.owner, row.code, state=row.state))
    _step(row, Step.APPROVE)
    rules.check_assessed(_outcomes(row), row.version)
    row.approved_by, row.published_by = by.account, ""
    row.save()
    _decide(row, Step.APPROVE, by)
    duties.open_review(row, by=by)
    _record(events.APPROVED, row, by, {"digest": row.versions.get(number=row.version).digest})
    return row


@transaction.atomic
def send_back(*, code: str, reason: str, by: Actor) -> Resource:
    """Whoever is to decide returns the entry with what must be mended."""
    row = _locked(code)
    is_reviewed = row.state == State.REVIEW
    power = "catalogue.publish" if is_reviewed else "catalogue.approve"
    require(by, power, of=thing(row.owner, row.code, state=row.state))
    before = row.state_name
    _step(row, Step.SEND_BACK)
    rules.check_reason(reason, N_("退回"))
    row.save()
    _decide(row, Step.SEND_BACK, by, reason)
    if is_reviewed:
        duties.meet_review(row, duties.RETURNED, by=by)
    _record(events.SENT_BACK, row, by, {"state": before, "reason": reason})
    return row


@transaction.atomic
def publish(*, code: str, by: Actor) -> Resource:
    """The data authority has reviewed the entry and announces it (art. 16); from now on it is in force."""
    row = _locked(code)
    matter = thing(row.owner, row.code, state=row.state, approved_by=row.approved_by)
    require(by, "catalogue.publish", of=matter)
    _step(row, Step.PUBLISH)
    rules.check_assessed(_outcomes(row), row.version)
    rules.check_two_officers(row.approved_by, by.account)
    version = row.versions.get(number=row.version)
    _check_name(row, version.entry.name)
    _apply(row, version.entry)
    row.version_in_force = row.version
    row.published_at, row.published_by = clock.now(), by.account
    row.save()
    _write_fields(row, version.entry)
    _decide(row, Step.PUBLISH, by)
    duties.meet_review(row, duties.PUBLISHED, by=by)
    facts: dict[str, Value] = {
        "digest": version.digest,
        "share_type": row.share_type_name,
        "grade": row.grade_name,
    }
    _record(events.PUBLISHED, row, by, facts)
    _announce(row)
    return row


@transaction.atomic
def retire(*, code: str, reason: str, by: Actor) -> Resource:
    """Take the entry out of force; no grant outlives it."""
    row = _locked(code)
    require(by, "catalogue.retire", of=thing(row.owner, row.code, state=row.state))
    _step(row, Step.RETIRE)
    rules.check_reason(reason, N_("停用"))
    row.retired_at = clock.now()
    row.save()
    _decide(row, Step.RETIRE, by, reason)
    _record(events.RETIRED, row, by, {"reason": reason})
    _announce(row)
    return row


def _locked(code: str) -> Resource:
    row = Resource.objects.select_for_update(of=("self",)).select_related("owner").filter(code=code)
    if (found := row.first()) is None:
        raise errors.ResourceUnknown(asked=code, nearest="")
    return found


def _step(row: Resource, step: Step) -> None:
    in_force = row.version_in_force is not None
    row.state = rules.next_state(State(row.state), step, in_force=in_force, name=row.name).value


def _check_words(proposal: Proposal, by: Actor) -> None:
    """Art. 3: 国家秘密 and 工作秘密 are no 政务数据; a mark of secrecy in any words is refused."""
    headers = (f.header for f in proposal.fields)
    refuse_marks("\n".join([proposal.name, proposal.abstract, proposal.duty, *headers]), by=by)


def _check_name(row: Resource, name: str) -> None:
    others = Resource.objects.filter(owner=row.owner, name=name).exclude(pk=row.pk)
    if others.exclude(state=State.RETIRED).exists():
        raise _name_taken(row.owner, name)


def _name_taken(owner: Agency, name: str) -> errors.NameTaken:
    other = Resource.objects.filter(owner=owner, name=name).exclude(state=State.RETIRED).first()
    return errors.NameTaken(owner=owner.name, name=name, resource=other.code if other else "")


def _next_code(category: str, owner: Agency) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_CODES_LOCK])
    heading = CodeSeries.objects.filter(category=category).count() + 1
    series, _ = CodeSeries.objects.get_or_create(
        category=category, agency=owner, defaults={"heading": heading}
    )
    series.last += 1
    series.save(update_fields=["last"])
    return resource_code(rules.code_front(category, series.heading), series.last)


def _apply(row: Resource, entry: Proposal) -> None:
    """Let the entry be what is in force (or the draft)."""
    for column in _OWN_COLUMNS:
        setattr(row, column, getattr(entry, column))
    row.share_methods = list(entry.share_methods)
    row.unverified = list(entry.unverified)
    headers = (f.header for f in entry.fields)
    row.terms = search_terms(entry.name, entry.abstract, row.owner.name, *headers)


def _write_fields(row: Resource, entry: Proposal) -> None:
    row.fields.all().delete()
    Field.objects.bulk_create(
        Field(resource=row, **{k: v for k, v in asdict(f).items() if k != "reasons"})
        for f in entry.fields
    )


def _add_version(row: Resource, entry: Proposal, by: Actor, *, reason: str) -> ResourceVersion:
    return ResourceVersion.objects.create(
        resource=row,
        number=row.version,
        snapshot=entry.as_facts(),
        digest=entry.digest,
        account=by.account,
        post=by.post,
        reason=reason,
    )


def _outcomes(row: Resource) -> dict[AssessmentKind, Outcome]:
    """The latest outcome of each kind for the present version."""
    found = row.assessments.filter(version=row.version).order_by("at", "pk")
    return {AssessmentKind(a.kind): Outcome(a.outcome) for a in found}


def _decide(row: Resource, step: Step, by: Actor, reason: str = "") -> None:
    Decision.objects.create(
        resource=row,
        version=row.version,
        step=step.value,
        account=by.account,
        post=by.post,
        agency=by.agency,
        reason=reason,
    )


def _record(event: Event, row: Resource, by: Actor, facts: dict[str, Value]) -> None:
    known: dict[str, Value] = {"resource": row.code, "version": row.version}
    record(event, by=by, about=about(row), facts={**known, **facts}, region=row.owner.region)


def _announce(row: Resource) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [GRANTS_CHANNEL, f"resource:{row.pk}"])

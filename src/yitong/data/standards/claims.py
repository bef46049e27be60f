"""一数一源: saying which resource is the source of an element, deciding between two, and taking it back.

All claims on one element are made under one lock on its row, since divisions of several levels may overlap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.db import transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity.api import agency as agency_by_code
from yitong.base.ledger import api as ledger
from yitong.data.standards import claiming, duties, errors, events
from yitong.data.standards.claim_book import (
    STATES,
    SUBJECTS,
    ClaimFilter,
    against,
    claim,
    course,
    every,
    is_contested,
    listed,
)
from yitong.data.standards.claiming import LIVE, ClaimState
from yitong.data.standards.models import DataElement, SourceClaim
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Event, Value
from yitong.kernel.errors import N_

__all__ = [
    "STATES",
    "SUBJECTS",
    "ClaimFilter",
    "NewClaim",
    "against",
    "claim",
    "claim_source",
    "course",
    "decide_source",
    "every",
    "is_contested",
    "listed",
    "refer_conflict",
    "withdraw_claim",
]


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Which resource (the catalogue's code) of which agency is the source of which element, and by what provision.

    `region` is the division whose rows it holds, in prefix form; the agency's own unless said.
    """

    element: str
    subject: str
    resource: str
    agency: str
    basis: str
    region: str | None = None


@transaction.atomic
def claim_source(*, claim: NewClaim, by: Actor) -> SourceClaim:
    """The first claim holds at once; one beside another is contested, and the data authority has to decide (19)."""
    agency = agency_by_code(claim.agency)
    require(by, "standards.claim", of=Thing("source_claim", "", agency.code, agency.region))
    claiming.check_subject(claim.subject)
    basis = claiming.check_said(claim.basis, N_("依据"))
    element = _locked_element(claim.element)
    if element.retired:
        raise errors.ElementRetired(name=element.name, element=element.code)
    region = agency.region if claim.region is None else claim.region
    others = _live(element, claim.subject)
    for same in others:
        if (same.resource, same.region) == (claim.resource, region):
            raise errors.ClaimedAlready(
                resource=same.resource, name=element.name, state=same.state_name
            )
    row = SourceClaim.objects.create(
        element=element,
        subject=claim.subject,
        region=region,
        resource=claim.resource,
        agency=agency,
        basis=basis,
        state=claiming.state_beside(region, others).value,
        claimed_by=by.account,
        claimed_post=by.post,
    )
    if row.state == ClaimState.CONTESTED:
        duties.open_conflict(row, by=by)
    _record(events.SOURCE_CLAIMED, row, by, basis=basis, state=row.state_name)
    return row


@transaction.atomic
def decide_source(*, claim_id: int, reason: str, by: Actor) -> SourceClaim:
    """The authority names this one the source; whatever stands against it is declined (19)."""
    row = _locked_claim(claim_id)
    require(by, "standards.decide", of=_thing(row))
    claiming.check_live(row)
    said = claiming.check_said(reason, N_("理由"))
    against = [
        other
        for other in _live(row.element, row.subject)
        if other.pk != row.pk and claiming.overlap(row.region, other.region)
    ]
    if not against:
        raise errors.NothingContested(name=row.element.name)
    for other in against:
        _end(other, ClaimState.DECLINED, said, by)
        duties.meet_conflict(other, duties.DECIDED, by=by)
    row.state, row.decided_by, row.reason = ClaimState.IN_FORCE.value, by.account, said
    row.save(update_fields=["state", "decided_by", "reason"])
    duties.meet_conflict(row, duties.DECIDED, by=by)
    declined: list[Value] = [other.resource for other in against]
    _record(events.SOURCE_DECIDED, row, by, reason=said, declined=declined)
    _settle(row, by)
    return row


@transaction.atomic
def refer_conflict(*, claim_id: int, reason: str, by: Actor) -> SourceClaim:
    """The quarrel is over the function itself: it goes to 机构编制部门, and the decision follows its answer."""
    row = _locked_claim(claim_id)
    require(by, "standards.decide", of=_thing(row))
    if row.state != ClaimState.CONTESTED:
        raise errors.NothingContested(name=row.element.name)
    said = claiming.check_said(reason, N_("理由"))
    duties.refer_conflict(row, reason=said, by=by)
    facts: dict[str, Value] = {
        "element": row.element.code,
        "subject": row.subject_name,
        "resource": row.resource,
        "reason": said,
    }
    ledger.record(events.CONFLICT_REFERRED, by=by, about=duties.about_claim(row), facts=facts)
    return row


@transaction.atomic
def withdraw_claim(*, claim_id: int, reason: str, by: Actor) -> SourceClaim:
    """Taken back by the agency itself; what it stood against may now be the source."""
    row = _locked_claim(claim_id)
    require(by, "standards.claim", of=_thing(row))
    claiming.check_live(row)
    said = claiming.check_said(reason, N_("理由"))
    _end(row, ClaimState.WITHDRAWN, said, by)
    duties.meet_conflict(row, duties.SETTLED, by=by)
    _record(events.CLAIM_WITHDRAWN, row, by, reason=said)
    _settle(row, by)
    return row


def _settle(row: SourceClaim, by: Actor) -> None:
    """Claims that nothing stands against any more are in force."""
    live = _live(row.element, row.subject)
    for free in cast("Iterable[SourceClaim]", claiming.settled(live)):
        free.state = ClaimState.IN_FORCE.value
        free.save(update_fields=["state"])
        duties.meet_conflict(free, duties.SETTLED, by=by)
        _record(events.CLAIM_SETTLED, free, by)


def _end(row: SourceClaim, state: ClaimState, reason: str, by: Actor) -> None:
    row.state, row.reason, row.ended_at = state.value, reason, clock.now()
    row.decided_by = by.account
    row.save(update_fields=["state", "reason", "ended_at", "decided_by"])


def _locked_element(code: str) -> DataElement:
    found = DataElement.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise errors.UnknownElement(element=code)
    return found


def _locked_claim(claim_id: int) -> SourceClaim:
    """The lock is the element's, taken before the claim is read."""
    element = DataElement.objects.select_for_update().filter(claims__pk=claim_id).first()
    if element is None:
        raise errors.ClaimUnknown(claim=claim_id)
    return SourceClaim.objects.select_related("element", "agency").get(pk=claim_id)


def _live(element: DataElement, subject: str) -> list[SourceClaim]:
    return list(
        SourceClaim.objects.select_related("element", "agency").filter(
            element=element, subject=subject, state__in=[state.value for state in LIVE]
        )
    )


def _thing(row: SourceClaim) -> Thing:
    return Thing("source_claim", str(row.pk), row.agency.code, row.agency.region)


def _record(event: Event, row: SourceClaim, by: Actor, **more: Value) -> None:
    facts: dict[str, Value] = {
        "element": row.element.code,
        "subject": row.subject_name,
        "region": row.region,
        "resource": row.resource,
        "agency": row.agency.name,
        **more,
    }
    ledger.record(event, by=by, about=duties.about_claim(row), facts=facts)

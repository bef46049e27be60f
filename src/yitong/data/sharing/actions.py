"""Asking, agreeing, granting, suspending and ending. Each step is a ledger entry.

Every change of a grant is announced on the channel on which loaded grants listen, in the same transaction.
"""

from collections.abc import Iterator, Mapping

from django.db import IntegrityError, connection, transaction

from yitong.base.access.api import require
from yitong.base.identity.api import agency as agency_by_code
from yitong.base.identity.api import clients
from yitong.data.catalogue.api import resource as catalogue_resource
from yitong.data.sharing import application, duties, errors, events, row_rules, rules
from yitong.data.sharing.application import (
    NOTHING_MORE,
    Agreed,
    Answer,
    RequestState,
    RequestStep,
    Statement,
)
from yitong.data.sharing.endings import (
    locked_request,
    provider_thing,
    record_grant,
    record_request,
    requester_thing,
    step_request,
    thing,
)
from yitong.data.sharing.models import Grant, ShareRequest
from yitong.data.sharing.queries import grantee_of, purpose, purpose_facts, subject_of
from yitong.data.sharing.register import decided_grants
from yitong.data.sharing.row_rules import EVERY_ROW, RowRule
from yitong.data.sharing.rules import Order
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Value
from yitong.kernel.predicates import PredicateRefusal


@transaction.atomic
def request_share(*, order: Order, by: Actor) -> ShareRequest:
    """Write down what is needed (art. 20); it reaches the provider once the own sharing body's head agrees."""
    resource = catalogue_resource(order.resource, viewer=by)
    agency = agency_by_code(clients.client_actor(order.client).agency)
    require(by, "sharing.request", of=thing("share_request", "", agency))
    chosen = purpose(order.purpose)
    subject = subject_of(resource)
    rules.check_shareable(subject, grantee_of(agency))
    fields = rules.resolve_fields(order.fields, subject)
    masks = rules.named_masks(order.masks, fields, subject)
    rules.check_terms(order, purpose_facts(chosen), clock.today())
    rule = row_rules.accepted(order.row_rule, resource)
    headers = "、".join(item.header for item in subject.items if item.name in fields)
    statement = Statement(
        basis=order.basis or str(chosen.basis),
        scene=order.scene or chosen.sentence,
        scope="；".join(_scope(headers, order.row_region, rule.words)),
        method=order.method,
        until=order.until.isoformat(),
    )
    application.check_statement(statement)
    request = ShareRequest.objects.create(
        resource=resource,
        requester=agency,
        client_id=order.client,
        purpose=chosen,
        basis=statement.basis,
        scene=statement.scene,
        scope=statement.scope,
        method=statement.method,
        until=order.until,
        fields=list(fields),
        masks_asked=masks,
        row_region=order.row_region,
        row_rule=rule.text,
        row_rule_digest=rule.digest,
        rate_per_minute=order.rate_per_minute,
        state=RequestState.INTERNAL.value,
        made_by=by.account,
        made_post=by.post,
    )
    facts: dict[str, Value] = {
        "requester": agency.name,
        "fields": headers,
        "purpose": chosen.sentence,
        "until": statement.until,
        "row_rule": rule.canonical,
    }
    record_request(events.REQUESTED, request, by, facts)
    return request


def _scope(headers: str, region: str, rule: str) -> Iterator[str]:
    """使用范围 in words: items, then rows."""
    yield headers
    if region:
        yield f"区划{region}"
    if rule:
        yield f"只给符合规则的行：{rule}"


@transaction.atomic
def approve_request(*, request_id: int, by: Actor) -> ShareRequest:
    """The head of the requester's sharing body agrees (art. 20); the provider's clock starts."""
    request = locked_request(request_id)
    require(by, "sharing.approve_request", of=requester_thing(request))
    step_request(request, RequestStep.APPROVE)
    request.approved_by, request.approved_post = by.account, by.post
    request.submitted_at = clock.now()
    request.save()
    duties.open_answer(request, by=by)
    facts: dict[str, Value] = {
        "requester": request.requester.name,
        "provider": request.resource.owner.name,
    }
    record_request(events.REQUEST_APPROVED, request, by, facts)
    return request


@transaction.atomic
def ask_supplement(*, request_id: int, items: str, by: Actor) -> ShareRequest:
    """Tell the requester at one time all that is missing (art. 21); there is no second time."""
    request = locked_request(request_id)
    require(by, "sharing.answer", of=provider_thing(request))
    step_request(request, RequestStep.ASK_SUPPLEMENT)
    rules.check_reason(items, application.STEP_NAMES[RequestStep.ASK_SUPPLEMENT])
    if request.supplement_asked_at is not None:
        raise errors.SupplementAskedOnce(on=clock.local(request.supplement_asked_at).date())
    request.supplement_items, request.supplement_asked_at = items, clock.now()
    request.save()
    duties.stop_answer(request, by=by)
    record_request(events.SUPPLEMENT_ASKED, request, by, {"items": items})
    return request


@transaction.atomic
def supplement(*, request_id: int, stated: Mapping[str, str], by: Actor) -> ShareRequest:
    """Complete 使用依据 (`basis`) or 使用场景 (`scene`) of the same request."""
    request = locked_request(request_id)
    require(by, "sharing.request", of=requester_thing(request))
    step_request(request, RequestStep.SUPPLEMENT)
    request.basis = stated.get("basis", request.basis)
    request.scene = stated.get("scene", request.scene)
    request.supplemented_at = clock.now()
    request.save()
    duties.resume_answer(request, by=by)
    record_request(events.SUPPLEMENTED, request, by, {})
    return request


@transaction.atomic
def answer(
    *,
    request_id: int,
    is_agreed: bool,
    by: Actor,
    ground: str = "",
    reason: str = "",
    agreed: Agreed = NOTHING_MORE,
) -> ShareRequest:
    """The head of the provider's sharing body answers (arts. 20, 21).

    Not to agree needs a ground of the list and a reason; to agree may name masks looser than the default, and a rule
    that narrows the rows.
    """
    request = locked_request(request_id)
    require(by, "sharing.answer", of=provider_thing(request))
    given = Answer(is_agreed, "" if is_agreed else ground, reason, agreed)
    step_request(request, given.step)
    application.check_answer(given)
    request.answered_by, request.answered_post = by.account, by.post
    request.answered_at = clock.now()
    request.ground, request.answer_reason = given.ground, given.reason
    subject = subject_of(request.resource)
    request.masks_agreed = rules.named_masks(agreed.masks, request.fields, subject)
    rule = _rule_of(request, agreed.row_rule) if is_agreed else EVERY_ROW
    request.row_rule_agreed = agreed.row_rule.strip() if is_agreed else ""
    request.save()
    duties.meet_answer(request, is_agreed=is_agreed, by=by)
    facts: dict[str, Value] = {
        "answer": application.STEP_NAMES[given.step],
        "ground": given.ground,
        "reason": given.reason,
        "row_rule": rule.canonical,
    }
    record_request(events.ANSWERED, request, by, facts)
    return request


@transaction.atomic
def deliver(*, request_id: int, by: Actor) -> Grant:
    """Share what was agreed (art. 22): the grant is decided by the policies and holds within a second."""
    request = locked_request(request_id)
    require(by, "sharing.grant", of=provider_thing(request))
    step_request(request, RequestStep.DELIVER)
    rule = _rule_of(request, request.row_rule_agreed)
    grant = _granted(request, rule, by)
    request.delivered_at = clock.now()
    request.save()
    duties.meet_delivery(request, by=by)
    grant.policies = _policies(grant)
    grant.save(update_fields=["policies"])
    facts: dict[str, Value] = {
        "resource": request.resource.code,
        "request": request.pk,
        "agency": grant.agency.name,
        "client": grant.client_id,
        "fields": list(grant.fields),
        "masks": [f"{name}:{mask}" for name, mask in grant.masks.items()],
        "purpose": grant.purpose.sentence,
        "until": grant.until.isoformat(),
        "row_region": grant.row_region,
        "row_rule": rule.canonical,
        "row_rule_digest": rule.digest,
        "row_rule_version": rule.version,
        "rate_per_minute": grant.rate_per_minute,
        "policies": list(grant.policies),
    }
    record_grant(events.GRANTED, grant, by, facts)
    return grant


def _rule_of(request: ShareRequest, agreed: str) -> RowRule:
    """What was asked and agreed of the rows, read against the entry as it is now."""
    try:
        asked = row_rules.accepted(request.row_rule, request.resource)
    except PredicateRefusal:
        asked = EVERY_ROW
    if asked.digest != request.row_rule_digest:
        version = request.resource.version_in_force
        raise errors.RowRuleStale(rule=request.row_rule, version=version)
    return row_rules.both(asked, agreed, request.resource)


def _granted(request: ShareRequest, rule: RowRule, by: Actor) -> Grant:
    """The grant row; everything is checked again, since days may lie between request and delivery."""
    if clients.client_actor(request.client_id).agency != request.requester.code:
        raise errors.ClientUnfit(client=request.client_id, agency=request.requester.name)
    subject = subject_of(request.resource)
    rules.check_shareable(subject, grantee_of(request.requester))
    fields = rules.resolve_fields(request.fields, subject)
    masks = rules.resolve_masks(request.masks_asked, fields, subject, agreed=request.masks_agreed)
    rules.check_terms(_order(request), purpose_facts(request.purpose), clock.today())
    grant = Grant(
        resource=request.resource,
        request=request,
        client_id=request.client_id,
        agency=request.requester,
        fields=list(fields),
        masks=dict(masks.applied),
        masks_decided=dict(masks.decided_over),
        purpose=request.purpose,
        basis=request.basis,
        row_region=request.row_region,
        row_rule=rule.text,
        row_rule_digest=rule.digest,
        row_rule_version=rule.version,
        rate_per_minute=request.rate_per_minute,
        until=request.until,
        granted_by=by.account,
        granted_post=by.post,
    )
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as fault:
        raise _grant_stands(grant) from fault
    return grant


@transaction.atomic
def grant(
    *, order: Order, by: Actor, requester: Actor | None = None, provider: Actor | None = None
) -> Grant:
    """Request, approval, answer and grant at one stroke, each signed by whoever may sign it.

    On a node's own machine one officer may hold what it takes, or two officers sign: `requester` is the head of
    the asking agency's sharing body, `provider` that of the giving one. Nobody's right is presumed: each step
    asks the policies.
    """
    asking, giving = requester or by, provider or by
    request = request_share(order=order, by=asking)
    approve_request(request_id=request.pk, by=asking)
    agreed = Agreed(masks=request.masks_asked)
    answer(request_id=request.pk, is_agreed=True, agreed=agreed, by=giving)
    return deliver(request_id=request.pk, by=giving)


def _policies(grant: Grant) -> list[str]:
    """Which policies permit the grant, decided on the very row that the gateway will load."""
    with connection.cursor() as cursor:
        (decision,) = [d for _, d in decided_grants(cursor, clock.today(), grant.pk)]
    if not decision.allowed:
        raise errors.PolicyForbids(reason=decision.reason)
    return list(decision.policies)


def _order(request: ShareRequest) -> Order:
    return Order(
        resource=request.resource.code,
        client=request.client_id,
        fields=tuple(request.fields),
        purpose=request.purpose.code,
        until=request.until,
        row_region=request.row_region,
        rate_per_minute=request.rate_per_minute,
    )


def _grant_stands(grant: Grant) -> errors.GrantStands:
    other = Grant.objects.filter(
        client_id=grant.client_id,
        resource=grant.resource,
        purpose=grant.purpose,
        row_region=grant.row_region,
        ended_at__isnull=True,
    ).first()
    return errors.GrantStands(
        client=grant.client_id,
        name=grant.resource.name,
        purpose=grant.purpose.code,
        grant=other.pk if other else "",
    )

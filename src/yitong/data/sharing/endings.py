"""How a grant is suspended, resumed and ended (art. 27), and what every step of sharing writes down.

Every change of a grant is announced on the channel on which loaded grants listen, in the same transaction.
"""

from django.db import connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity.api import Agency
from yitong.base.ledger.api import record
from yitong.data.sharing import application, errors, events, rules
from yitong.data.sharing.application import RequestState, RequestStep
from yitong.data.sharing.models import Grant, ShareRequest
from yitong.data.sharing.queries import about_grant, about_request
from yitong.data.sharing.rules import Cause, Ending, GrantState, GrantStep
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Event, Value

GRANTS_CHANNEL = "grants"


@transaction.atomic
def suspend(*, grant_id: int, reason: str, by: Actor) -> Grant:
    """Art. 27: the data authority or the provider stops a use that went beyond its scope or purpose."""
    grant = _locked_grant(grant_id)
    require(by, "sharing.suspend", of=provider_thing(grant))
    _step_grant(grant, GrantStep.SUSPEND, reason)
    _move_request(grant, RequestStep.SUSPEND)
    record_grant(events.SUSPENDED, grant, by, _known(grant, reason=reason))
    return grant


@transaction.atomic
def resume(*, grant_id: int, reason: str, by: Actor) -> Grant:
    """After rectification (art. 27)."""
    grant = _locked_grant(grant_id)
    require(by, "sharing.suspend", of=provider_thing(grant))
    _step_grant(grant, GrantStep.RESUME, reason)
    _move_request(grant, RequestStep.RECTIFY)
    record_grant(events.RESUMED, grant, by, _known(grant, reason=reason))
    return grant


@transaction.atomic
def revoke(
    *, grant_id: int, cause: str, reason: str, by: Actor, consultation: str = "", filing: str = ""
) -> Grant:
    """End a grant for good (art. 27). A requester may always say that its purpose is done.

    A provider's change needs `consultation` (when and how both talked) and `filing` (its number at the data
    authority); the other causes do not.
    """
    grant = _locked_grant(grant_id)
    ending = Ending(Cause(cause), reason, consultation, filing)
    is_own = ending.cause is Cause.PURPOSE_DONE and by.agency == grant.agency.code
    if is_own:
        require(by, "sharing.complete", of=thing("grant", str(grant.pk), grant.agency))
    else:
        require(by, "sharing.revoke", of=provider_thing(grant))
    rules.check_ending(ending, GrantState(grant.state), grant=grant.pk)
    _end(grant, ending, by)
    return grant


@transaction.atomic
def end_with_resource(*, resource_code: str, by: Actor) -> int:
    """Write down that the grants of a retired entry have ended; they were out of force from that instant."""
    live = Grant.objects.select_for_update(of=("self",)).filter(
        resource__code=resource_code,
        resource__state="retired",
        state__in=[GrantState.ACTIVE.value, GrantState.SUSPENDED.value],
    )
    grants = list(live.select_related("resource__owner", "agency", "request"))
    for grant in grants:
        _end(grant, Ending(Cause.RETIRED, rules.CAUSE_NAMES[Cause.RETIRED]), by)
    return len(grants)


@transaction.atomic
def expire_grants(*, by: Actor) -> int:
    """Write down which grants have run out; they were out of force from the end of their last day."""
    run_out = Grant.objects.select_for_update(of=("self",)).filter(
        until__lt=clock.today(), state__in=[GrantState.ACTIVE.value, GrantState.SUSPENDED.value]
    )
    grants = list(run_out.select_related("resource__owner", "agency", "request"))
    for grant in grants:
        grant.ended_at = clock.now()
        _step_grant(grant, GrantStep.EXPIRE, rules.GRANT_STEP_NAMES[GrantStep.EXPIRE])
        _move_request(grant, RequestStep.COMPLETE)
        facts: dict[str, Value] = {
            "resource": grant.resource.code,
            "agency": grant.agency.name,
            "until": grant.until.isoformat(),
        }
        record_grant(events.EXPIRED, grant, by, facts)
    return len(grants)


def _end(grant: Grant, ending: Ending, by: Actor) -> None:
    grant.cause = ending.cause.value
    grant.ended_at = clock.now()
    _step_grant(grant, GrantStep.END, ending.reason)
    done = ending.cause is Cause.PURPOSE_DONE
    _move_request(grant, RequestStep.COMPLETE if done else RequestStep.TERMINATE)
    facts: dict[str, Value] = {
        **_known(grant, reason=ending.reason),
        "cause": rules.CAUSE_NAMES[ending.cause],
        "consultation": ending.consultation,
        "filing": ending.filing,
    }
    record_grant(events.ENDED, grant, by, facts)


def _locked_grant(grant_id: int) -> Grant:
    rows = Grant.objects.select_for_update(of=("self",))
    grant = rows.select_related("resource__owner", "agency", "request").filter(pk=grant_id).first()
    if grant is None:
        raise errors.GrantUnknown(grant=grant_id)
    return grant


def locked_request(request_id: int) -> ShareRequest:
    """The request with its entry, both locked: nothing is granted while the entry is being retired."""
    rows = ShareRequest.objects.select_for_update(of=("self", "resource"))
    rows = rows.select_related("resource__owner", "requester", "purpose")
    request = rows.filter(pk=request_id).first()
    if request is None:
        raise errors.RequestUnknown(request=request_id)
    return request


def _step_grant(grant: Grant, step: GrantStep, reason: str) -> None:
    rules.check_reason(reason, rules.GRANT_STEP_NAMES[step])
    grant.state = rules.next_grant_state(GrantState(grant.state), step, grant=grant.pk).value
    grant.state_reason = reason
    grant.save()


def step_request(request: ShareRequest, step: RequestStep) -> None:
    state = RequestState(request.state)
    request.state = application.next_request_state(state, step, request=request.pk).value


def _move_request(grant: Grant, step: RequestStep) -> None:
    """The request follows its grant."""
    request = grant.request
    step_request(request, step)
    request.save(update_fields=["state"])


def thing(kind: str, key: str, agency: Agency) -> Thing:
    """A request or grant as the policies see it, from the side of `agency`."""
    return Thing(kind, key, agency=agency.code, region=agency.region)


def requester_thing(request: ShareRequest) -> Thing:
    return thing("share_request", str(request.pk), request.requester)


def provider_thing(paper: ShareRequest | Grant) -> Thing:
    kind = "grant" if isinstance(paper, Grant) else "share_request"
    return thing(kind, str(paper.pk), paper.resource.owner)


def _known(grant: Grant, *, reason: str) -> dict[str, Value]:
    return {"resource": grant.resource.code, "agency": grant.agency.name, "reason": reason}


def record_request(event: Event, request: ShareRequest, by: Actor, facts: dict[str, Value]) -> None:
    record(
        event,
        by=by,
        about=about_request(request),
        facts={"resource": request.resource.code, **facts},
        region=request.resource.owner.region,
    )


def record_grant(event: Event, grant: Grant, by: Actor, facts: dict[str, Value]) -> None:
    """Write the entry and tell every process that holds the grant."""
    region = grant.resource.owner.region
    record(event, by=by, about=about_grant(grant), facts=facts, region=region)
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [GRANTS_CHANNEL, str(grant.pk)])

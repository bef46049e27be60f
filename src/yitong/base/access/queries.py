"""May they? One question for staff, operators and citizens, one for a machine's grant."""

from django.conf import settings

from yitong.base.access.cedar import GRANT_ACTION, Request, policy_book
from yitong.base.access.errors import NotAllowed, StepUpNeeded
from yitong.base.access.levels import needed_level
from yitong.base.access.rules import ATTRIBUTES, Decision, GrantFacts, Thing, regions_of
from yitong.kernel.actor import Actor


def allows(by: Actor, action: str, *, of: Thing, purpose: str = "") -> Decision:
    """What the policies say to this actor, action and thing; `purpose` is what a crossing is for."""
    return policy_book().decide(
        Request(
            action,
            ("Actor", by.account, _actor(by)),
            ("Thing", f"{of.type}/{of.key}", _thing(of)),
            {"purpose": purpose, "demo": settings.PROFILE == "demo"},
        )
    )


def require(by: Actor, action: str, *, of: Thing, purpose: str = "") -> None:
    """Go on only if the policies allow it; NotAllowed says what it takes and on which basis.

    A person who may, but is not known surely enough in this log-in, is told which level it takes (StepUpNeeded).
    """
    decision = allows(by, action, of=of, purpose=purpose)
    if not decision.allowed:
        raise NotAllowed(
            action, reason=decision.reason, basis=decision.basis, policies=decision.policies
        )
    if by.kind == "person" and by.assurance < (needed := needed_level(action)):
        raise StepUpNeeded(action, needed=needed, held=by.assurance)


def decide_grant(facts: GrantFacts) -> Decision:
    """What the policies say to a governed read. For each call `rules.fast_decision` says the same."""
    grant = {
        "client": facts.granted_client,
        "agency": facts.granted_agency,
        "resource": facts.resource,
        "provider": facts.provider_agency,
        "share_type": facts.share_type,
        "in_force": facts.in_force,
        "state": facts.state,
        "purposes": sorted(facts.granted_purposes),
        "fields": sorted(facts.granted_fields),
        "region": facts.granted_region,
        "since": facts.since.toordinal(),
        "until": facts.until.toordinal(),
        "ruled": facts.ruled,
    }
    return policy_book().decide(
        Request(
            GRANT_ACTION,
            ("Client", facts.client, {"key": facts.client, "agency": facts.client_agency}),
            ("Grant", facts.resource, grant),
            {
                "purpose": facts.purpose,
                "on": facts.on.toordinal(),
                "fields": sorted(facts.requested_fields),
                "row_regions": sorted(regions_of(facts.row_region)),
                "rule_met": facts.rule_met,
            },
        )
    )


def _actor(by: Actor) -> dict[str, str | int | list[str]]:
    return {
        "account": by.account,
        "kind": by.kind,
        "agency": by.agency,
        "region": by.region,
        "line": by.line,
        "post": by.post,
        "assurance": by.assurance,
        "roles": sorted(by.roles),
        "on_behalf_of": by.on_behalf_of,
    }


def _thing(of: Thing) -> dict[str, str | list[str]]:
    known: dict[str, str | list[str]] = {name: of.attributes.get(name, "") for name in ATTRIBUTES}
    return known | {
        "type": of.type,
        "agency": of.agency,
        "region": of.region,
        "regions": sorted(regions_of(of.region)),
    }

"""代办 as those whom it concerns see it: who may act for whom now, and by which delegation somebody acts."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from yitong.base.identity import events, queries
from yitong.base.identity.apart import record_apart
from yitong.base.identity.delegation_errors import DelegationOver, PowerMissing, UnknownDelegation
from yitong.base.identity.errors import NotAPerson
from yitong.base.identity.models import Delegation, LegalPerson, Person
from yitong.base.identity.rules import POWER_WORDS, DelegationKind, Power, is_in_force
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.masking import mask_name


@dataclass(frozen=True, slots=True)
class Acting:
    """A delegation as the one who acts, or the one for whom, sees it. Names are masked but for an organisation's."""

    key: str
    kind: DelegationKind
    principal: str
    agent: str
    powers: tuple[Power, ...]
    since: dt.datetime
    until: dt.datetime
    ended_at: dt.datetime | None
    officer: str
    post: str
    evidence: str
    on_behalf_of: str

    @property
    def is_in_force(self) -> bool:
        return is_in_force(
            since=self.since, until=self.until, ended_at=self.ended_at, at=clock.now()
        )

    @property
    def over_at(self) -> dt.datetime:
        return min(self.until, self.ended_at or self.until)


def all_concerning(account: AbstractBaseUser) -> QuerySet[Delegation]:
    """Every delegation that this person gave or received, also for an organisation, with what its view shows."""
    person = queries.person_behind(account)
    found = Delegation.objects.select_related(
        "principal", "organisation", "agent", "recorded_by__holder"
    )
    return (
        found.filter(principal=person)
        | found.filter(agent=person)
        | found.filter(organisation__representative=person)
    )


def delegations_given(account: AbstractBaseUser) -> list[Acting]:
    """Who may act for this person and for the organisations she represents, the newest first."""
    person = queries.person_behind(account)
    return _all_seen(all_concerning(account).exclude(agent=person).order_by("-since", "-pk"))


def delegations_received(account: AbstractBaseUser) -> list[Acting]:
    """For whom this person may act, or might until it ended, the newest first."""
    person = queries.person_behind(account)
    return _all_seen(all_concerning(account).filter(agent=person).order_by("-since", "-pk"))


def organisations_of(account: AbstractBaseUser) -> list[LegalPerson]:
    """The organisations whose legal representative this person is."""
    return list(
        LegalPerson.objects.filter(representative=queries.person_behind(account)).order_by("name")
    )


def concerning(account: AbstractBaseUser, key: str) -> Acting:
    """One delegation that this person gave or received."""
    row = all_concerning(account).filter(key=key_of(key)).first()
    if row is None:
        raise UnknownDelegation
    return seen(row)


def concerned_among(keys: Collection[str], viewer: Actor) -> set[str]:
    """Which of these delegations the viewer gave or received. Nothing is opened."""
    asked = {key for key in keys if _is_uuid(key)}
    if viewer.kind != "person" or not asked:
        return set()
    own = int(viewer.account.removeprefix("account:"))
    theirs = (
        Q(principal__account_id=own)
        | Q(agent__account_id=own)
        | Q(organisation__representative__account_id=own)
    )
    found = Delegation.objects.filter(theirs, key__in=asked)
    return {str(key) for key in found.values_list("key", flat=True)}


def shown_by_key(keys: Collection[str]) -> dict[str, Acting]:
    """Delegations by their keys, names masked: for those who were shown a record that names the key."""
    asked = {key for key in keys if _is_uuid(key)}
    if not asked:
        return {}
    rows = Delegation.objects.select_related(
        "principal", "organisation", "agent", "recorded_by__holder"
    )
    return {str(row.key): seen(row) for row in rows.filter(key__in=asked)}


def principal_subjects(acting: Acting) -> list[bytes]:
    """The pseudonyms, newest first, of the person for whom somebody acts; an organisation is none."""
    kind, _, key = acting.on_behalf_of.partition(":")
    person = Person.objects.filter(key=key).first() if kind == "person" else None
    if person is None:
        raise NotAPerson
    return queries.subjects_of(person)


def acting_for(account: AbstractBaseUser, key: str) -> Acting:
    """The delegation by which this person acts now. One that is over is refused, and recorded."""
    row = (
        all_concerning(account)
        .filter(agent=queries.person_behind(account), key=key_of(key))
        .first()
    )
    if row is None:
        raise UnknownDelegation
    acting = seen(row)
    if not acting.is_in_force:
        record_apart(
            events.DELEGATION_REFUSED,
            by=queries.actor_for(account),
            about=About("delegation", acting.key),
            facts={"reason": DelegationOver.code},
        )
        raise DelegationOver(until=told(acting.over_at))
    return acting


def key_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise UnknownDelegation from error


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def require_power(acting: Acting, power: Power) -> None:
    """Go on only if the delegation names this matter (民法典 171)."""
    if power not in acting.powers:
        raise PowerMissing(power=gettext(POWER_WORDS[power]))


def on_behalf_of(row: Delegation) -> str:
    """How the ledger names the principal: by the random key, or by the public code."""
    if row.organisation is not None:
        return f"legal_person:{row.organisation.code}"
    return f"person:{row.principal.key}" if row.principal else ""


def _all_seen(rows: Iterable[Delegation]) -> list[Acting]:
    return [seen(row) for row in rows]


def seen(row: Delegation) -> Acting:
    if row.organisation is not None:
        principal = row.organisation.name
    else:
        principal = mask_name(queries.opened(row.principal).name) if row.principal else ""
    return Acting(
        key=str(row.key),
        kind=DelegationKind(row.kind),
        principal=principal,
        agent=mask_name(queries.opened(row.agent).name),
        powers=tuple(Power(power) for power in row.powers.split(",")),
        since=row.since,
        until=row.until,
        ended_at=row.ended_at,
        officer=queries.officer_name(row.recorded_by) if row.recorded_by else "",
        post=row.recorded_post,
        evidence=row.evidence,
        on_behalf_of=on_behalf_of(row),
    )


def told(instant: dt.datetime) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M}"

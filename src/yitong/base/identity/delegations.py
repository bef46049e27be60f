"""代办: who may act for whom, in which matters, until when. Given by the principal, or recorded at a counter."""

import csv
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from yitong.base.access.api import Thing, require
from yitong.base.identity import events, queries
from yitong.base.identity.apart import record_apart
from yitong.base.identity.delegation_errors import (
    AgentUnknown,
    DelegationOver,
    DelegationTooLong,
    EvidenceMissing,
    InvalidDelegation,
    NotRepresentative,
    PowerMissing,
    UnknownDelegation,
)
from yitong.base.identity.models import Account, Delegation, LegalPerson, Person
from yitong.base.identity.persons import PersonPapers, person_named, register_unbound
from yitong.base.identity.rules import (
    KIND_WORDS,
    POWER_WORDS,
    DelegationKind,
    Power,
    comes_of_age,
    is_in_force,
)
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import parse_person_number
from yitong.kernel.declare import About, Event
from yitong.kernel.masking import mask_name

__all__ = [
    "KIND_WORDS",
    "POWER_WORDS",
    "Acting",
    "Counter",
    "DelegationKind",
    "Power",
    "Wish",
    "acting_for",
    "appoint_handler",
    "concerning",
    "delegations_given",
    "delegations_received",
    "end_delegation",
    "give_delegation",
    "organisations_of",
    "record_at_counter",
    "require_giving",
    "require_power",
]

TERMS = Path(__file__).with_name("terms.csv")


@dataclass(frozen=True, slots=True)
class Wish:
    """Who shall act, in which matters, until the end of which day. Its repr shows nobody."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    powers: frozenset[str]
    until: dt.date


@dataclass(frozen=True, slots=True)
class Counter:
    """What the officer saw at the counter: the principal's papers, and which documents prove the authority."""

    principal: PersonPapers
    evidence: str


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


@cache
def longest_months() -> Mapping[str, int]:
    """The longest period a kind, from a table with sources: no law names one."""
    with TERMS.open(encoding="utf-8", newline="") as lines:
        return {row["kind"]: int(row["months"]) for row in csv.DictReader(lines)}


def require_giving(*, by: Actor, principal: AbstractBaseUser) -> None:
    """Whether somebody may give at all, asked before they fill in a form."""
    require(by, "identity.delegate", of=_owned(principal))


@transaction.atomic
def give_delegation(*, by: Actor, principal: AbstractBaseUser, wish: Wish) -> Acting:
    """亲友代办: the principal names somebody who is known here by name and number."""
    person = _person_behind(principal)
    require(by, "identity.delegate", of=_owned(principal))
    agent = person_named(number=wish.number, name=wish.name)
    if agent is None:
        raise AgentUnknown
    row = Delegation(kind=DelegationKind.HELPER, principal=person, agent=agent)
    return _given(events.DELEGATION_GIVEN, by, row, wish)


@transaction.atomic
def appoint_handler(
    *, by: Actor, representative: AbstractBaseUser, organisation: str, wish: Wish
) -> Acting:
    """经办人 of an organisation, named by its legal representative, always with an end."""
    person = _person_behind(representative)
    legal = LegalPerson.objects.filter(code=organisation).first()
    if legal is None or legal.representative_id != person.pk:
        raise NotRepresentative(name=legal.name if legal else organisation)
    require(by, "identity.appoint_handler", of=_owned(representative))
    agent = person_named(number=wish.number, name=wish.name)
    if agent is None:
        raise AgentUnknown
    row = Delegation(kind=DelegationKind.HANDLER, organisation=legal, agent=agent)
    return _given(events.DELEGATION_GIVEN, by, row, wish)


@transaction.atomic
def record_at_counter(*, by: Actor, kind: str, wish: Wish, counter: Counter) -> Acting:
    """Both came to the counter, or a guardian with the papers; the officer stands for what was seen.

    Who is not known yet is registered from the papers: a child has no log-in.
    """
    require(by, "identity.record_delegation", of=Thing("delegation", "", region=by.region))
    if kind not in {DelegationKind.HELPER, DelegationKind.GUARDIAN}:
        raise InvalidDelegation
    if not counter.evidence.strip():
        raise EvidenceMissing
    papers = counter.principal
    principal = _from_papers(by, papers.number, papers.name)
    row = Delegation(
        kind=kind,
        principal=principal,
        agent=_from_papers(by, wish.number, wish.name),
        evidence=counter.evidence.strip()[:200],
        recorded_by=Account.objects.get(pk=int(by.account.partition(":")[2])),
        recorded_post=by.post,
    )
    return _given(events.DELEGATION_RECORDED, by, row, wish)


def _from_papers(by: Actor, number: str, name: str) -> Person:
    return person_named(number=number, name=name) or register_unbound(
        by=by, number=number, name=name
    )


def _given(event: Event, by: Actor, row: Delegation, wish: Wish) -> Acting:
    now = clock.now()
    known = {power.value for power in Power}
    row.since, row.until = now, _end_of(wish.until)
    if (
        not wish.powers
        or not wish.powers <= known
        or row.until <= now
        or row.principal_id == row.agent_id
    ):
        raise InvalidDelegation
    latest = _latest(row)
    if wish.until > latest:
        raise DelegationTooLong(kind=gettext(KIND_WORDS[DelegationKind(row.kind)]), latest=latest)
    row.powers = ",".join(sorted(wish.powers))
    row.save(force_insert=True)
    record(
        event,
        by=by,
        about=About("delegation", str(row.key)),
        facts={
            "kind": str(row.kind),
            "principal": on_behalf_of(row),
            "agent": f"person:{row.agent.key}",
            "powers": row.powers,
            "until": wish.until.isoformat(),
        },
    )
    return _seen(row)


def _end_of(day: dt.date) -> dt.datetime:
    """The last day counts in full (民法典 203)."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock.ZONE)


def _latest(row: Delegation) -> dt.date:
    """The last day that this kind allows; guardianship of a minor ends with the eighteenth birthday (民法典 17)."""
    today = clock.today()
    if row.kind == DelegationKind.GUARDIAN and row.principal is not None:
        born = parse_person_number(queries.opened(row.principal).number).birth_on
        of_age = comes_of_age(born)
        if today < of_age:
            return of_age - dt.timedelta(days=1)
    return _months_later(today, longest_months()[row.kind])


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last))


@transaction.atomic
def end_delegation(*, by: Actor, account: AbstractBaseUser, key: str) -> None:
    """Either side ends it at once: the principal takes it back, or the agent lays it down (民法典 173)."""
    row = _concerning(account).select_for_update(of=("self",)).filter(key=_uuid(key)).first()
    if row is None or by.account != queries.account_key(account):
        raise UnknownDelegation
    if not _seen(row).is_in_force:
        raise DelegationOver(until=_told(_seen(row).over_at))
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    record(
        events.DELEGATION_ENDED,
        by=by,
        about=About("delegation", str(row.key)),
        facts={
            "kind": row.kind,
            "principal": on_behalf_of(row),
            "agent": f"person:{row.agent.key}",
        },
    )


def _concerning(account: AbstractBaseUser) -> QuerySet[Delegation]:
    found = Delegation.objects.select_related(
        "principal", "organisation", "agent", "recorded_by__holder"
    )
    person = _person_behind(account)
    return (
        found.filter(principal=person)
        | found.filter(agent=person)
        | found.filter(organisation__representative=person)
    )


def delegations_given(account: AbstractBaseUser) -> list[Acting]:
    """Who may act for this person and for the organisations she represents, the newest first."""
    person = _person_behind(account)
    return _all_seen(_concerning(account).exclude(agent=person).order_by("-since", "-pk"))


def delegations_received(account: AbstractBaseUser) -> list[Acting]:
    """For whom this person may act, or might until it ended, the newest first."""
    person = _person_behind(account)
    return _all_seen(_concerning(account).filter(agent=person).order_by("-since", "-pk"))


def organisations_of(account: AbstractBaseUser) -> list[LegalPerson]:
    """The organisations whose legal representative this person is."""
    return list(LegalPerson.objects.filter(representative=_person_behind(account)).order_by("name"))


def concerning(account: AbstractBaseUser, key: str) -> Acting:
    """One delegation that this person gave or received."""
    row = _concerning(account).filter(key=_uuid(key)).first()
    if row is None:
        raise UnknownDelegation
    return _seen(row)


def acting_for(account: AbstractBaseUser, key: str) -> Acting:
    """The delegation by which this person acts now. One that is over is refused, and recorded."""
    row = _concerning(account).filter(agent=_person_behind(account), key=_uuid(key)).first()
    if row is None:
        raise UnknownDelegation
    seen = _seen(row)
    if not seen.is_in_force:
        record_apart(
            events.DELEGATION_REFUSED,
            by=queries.actor_for(account),
            about=About("delegation", seen.key),
            facts={"reason": DelegationOver.code},
        )
        raise DelegationOver(until=_told(seen.over_at))
    return seen


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise UnknownDelegation from error


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
    return [_seen(row) for row in rows]


def _seen(row: Delegation) -> Acting:
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


def _person_behind(account: AbstractBaseUser) -> Person:
    return queries.person_behind(account)


def _owned(account: AbstractBaseUser) -> Thing:
    return Thing("person", "", attributes={"owner": queries.account_key(account)})


def _told(instant: dt.datetime) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M}"

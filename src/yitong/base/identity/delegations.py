"""代办: who may act for whom, in which matters, until when. Given by the principal, or recorded at a counter."""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from yitong.base.access.api import Thing, require
from yitong.base.identity import events, queries
from yitong.base.identity.acting import (
    Acting,
    acting_for,
    all_concerning,
    concerned_among,
    concerning,
    delegations_given,
    delegations_received,
    key_of,
    on_behalf_of,
    organisations_of,
    principal_subjects,
    require_power,
    seen,
    shown_by_key,
    told,
)
from yitong.base.identity.delegation_errors import (
    AgentUnknown,
    DelegationOver,
    DelegationTooLong,
    EvidenceMissing,
    InvalidDelegation,
    NotRepresentative,
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
    powers_of,
)
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import parse_person_number
from yitong.kernel.declare import About, Event

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
    "concerned_among",
    "concerning",
    "delegations_given",
    "delegations_received",
    "end_delegation",
    "give_delegation",
    "organisations_of",
    "powers_of",
    "principal_subjects",
    "record_at_counter",
    "require_giving",
    "require_power",
    "shown_by_key",
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
    person = queries.person_behind(principal)
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
    person = queries.person_behind(representative)
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
    known = {power.value for power in powers_of(DelegationKind(row.kind))}
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
    return seen(row)


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
    row = all_concerning(account).select_for_update(of=("self",)).filter(key=key_of(key)).first()
    if row is None or by.account != queries.account_key(account):
        raise UnknownDelegation
    if not seen(row).is_in_force:
        raise DelegationOver(until=told(seen(row).over_at))
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


def _owned(account: AbstractBaseUser) -> Thing:
    return Thing("person", "", attributes={"owner": queries.account_key(account)})

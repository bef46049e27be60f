"""Natural and legal persons: registered once a number, with everything personal sealed."""

import uuid
from dataclasses import dataclass, field

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from yitong.base.access.api import Thing, require
from yitong.base.identity import events, queries
from yitong.base.identity.errors import (
    AccountHasPerson,
    InvalidPerson,
    LegalPersonExists,
    PersonExists,
    UnknownLegalKind,
)
from yitong.base.identity.models import Account, LegalPerson, Person
from yitong.base.identity.rules import (
    AccountKind,
    LegalKind,
    Sought,
    names_pinyin,
    normalise_name,
    normalise_phone,
    normalise_title,
)
from yitong.base.keys.api import blind, pseudonym, seal
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import parse_credit_code, parse_person_number
from yitong.kernel.declare import About

__all__ = ["PersonPapers", "register_legal_person", "register_person", "rekey_persons"]

REKEYED_AT_ONCE = 1000
FROM_PAPERS = 3  # name and number of papers that were shown; the person was not there


@transaction.atomic
def register_person(
    *,
    by: Actor,
    number: str,
    name: str,
    phone: str = "",
    assurance: int,
    account: AbstractBaseUser | None = None,
) -> Person:
    """Register a natural person, with the account they log in with if they have one."""
    require(by, "identity.manage", of=Thing("person", ""))
    facts = PersonPapers(number, name, phone)
    return register_known(by=by, papers=facts, assurance=assurance, account=account)


@dataclass(frozen=True, slots=True)
class PersonPapers:
    """What stands in somebody's papers, or in a verified assertion. Its repr shows none of it."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(default="", repr=False)


@transaction.atomic
def register_unbound(*, by: Actor, number: str, name: str) -> Person:
    """A person without a log-in, known from papers that somebody looked at; the caller has asked whether he may."""
    return register_known(by=by, papers=PersonPapers(number, name), assurance=FROM_PAPERS)


def register_known(
    *,
    by: Actor,
    papers: PersonPapers,
    assurance: int,
    account: AbstractBaseUser | None = None,
) -> Person:
    """One row a number, everything personal sealed. Within the transaction and the permission of the caller."""
    number18 = parse_person_number(papers.number, on=clock.today()).number18
    plain, digits = normalise_name(papers.name), normalise_phone(papers.phone)
    if not plain or not 1 <= assurance <= 5 or (papers.phone and digits is None):
        raise InvalidPerson
    index = blind(queries.PERSONS, Sought.NUMBER.value, number18)
    if Person.objects.filter(number_index=index).exists():
        raise PersonExists
    key = uuid.uuid4()
    person = Person(
        key=key,
        subject=pseudonym("person", number18),
        sealed=seal(
            queries.PERSONS,
            {"name": " ".join(papers.name.split()), "number": number18, "phone": digits},
            context=queries.sealing_context(str(key)),
        ),
        name_index=blind(queries.PERSONS, Sought.NAME.value, plain),
        pinyin_index=blind(queries.PERSONS, Sought.PINYIN.value, names_pinyin(plain)),
        number_index=index,
        phone_index=blind(queries.PERSONS, Sought.PHONE.value, digits) if digits else None,
        assurance=assurance,
        account=_free_account(account),
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:  # another transaction was first
        raise PersonExists from error
    record(
        events.PERSON_REGISTERED,
        by=by,
        about=About("person", str(key)),
        facts={
            "assurance": assurance,
            "account": queries.account_key(account) if account else "",
        },
    )
    return person


def person_numbered(number: str) -> Person | None:
    """The person with this 公民身份号码, under whichever writing."""
    number18 = parse_person_number(number, on=clock.today()).number18
    index = blind(queries.PERSONS, Sought.NUMBER.value, number18)
    return Person.objects.filter(number_index=index).first()


def person_named(*, number: str, name: str) -> Person | None:
    """The person whose number and name are exactly these: who knows only one of the two learns nothing."""
    person = person_numbered(number)
    return person if person is not None and is_named(person, name) else None


def is_named(person: Person, name: str) -> bool:
    wanted = blind(queries.PERSONS, Sought.NAME.value, normalise_name(name))
    return constant_time_compare(bytes(person.name_index), wanted)


def _free_account(account: AbstractBaseUser | None) -> Account | None:
    if account is None:
        return None
    known = Account.objects.select_for_update().get(pk=account.pk)
    if known.kind != AccountKind.PERSON or Person.objects.filter(account=known).exists():
        raise AccountHasPerson
    return known


@transaction.atomic
def rekey_persons(*, by: Actor) -> int:
    """Move persons filed under an older pseudonym key to the newest; a bounded number a call. How many."""
    moved = 0
    # The version is the first byte, so the oldest pseudonyms sort first.
    oldest = Person.objects.select_for_update().order_by("subject")[:REKEYED_AT_ONCE]
    for person in oldest:
        newest = pseudonym("person", queries.opened(person).number)
        if bytes(person.subject) >= newest[:1]:
            break
        person.subject = newest
        person.save(update_fields=["subject"])
        moved += 1
    if moved:
        record(
            events.PERSONS_REKEYED,
            by=by,
            about=About("keys", "pseudonyms"),
            facts={"persons": moved},
        )
    return moved


@transaction.atomic
def register_legal_person(
    *, by: Actor, code: str, name: str, kind: str, region: str = "", representative: str = ""
) -> LegalPerson:
    """Register a legal person or another organisation; `representative` is a person's key."""
    require(by, "identity.manage", of=Thing("legal_person", code, region=region))
    if kind not in set(LegalKind):
        raise UnknownLegalKind(kind=kind, known=queries.known_values(LegalKind))
    parsed = parse_credit_code(code).code
    legal = LegalPerson(
        code=parsed,
        name=normalise_title(name),
        kind=kind,
        region=region,
        representative=Person.objects.get(key=representative) if representative else None,
    )
    try:
        with transaction.atomic():
            legal.save(force_insert=True)
    except IntegrityError as error:
        raise LegalPersonExists(key=parsed) from error
    record(
        events.LEGAL_PERSON_REGISTERED,
        by=by,
        about=About("legal_person", parsed),
        facts={"kind": kind},
        region=region,
    )
    return legal

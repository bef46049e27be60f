"""Natural and legal persons: registered once a number, with everything personal sealed."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

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

REKEYED_AT_ONCE = 1000


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
    number18 = parse_person_number(number, on=clock.today()).number18
    plain, digits = normalise_name(name), normalise_phone(phone)
    if not plain or not 1 <= assurance <= 5 or (phone and digits is None):
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
            {"name": " ".join(name.split()), "number": number18, "phone": digits},
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

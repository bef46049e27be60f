"""统一身份认证: citizens are known by what a sign-on service says of them, and by nothing that it does not sign.

The node is a relying party (国务院关于在线政务服务的若干规定 5: 一次认证、全网通办). Services differ and are often not OIDC, so each
has an adapter: it makes the address to which the browser goes, and reads what comes back. Everything after that is
the same for all and stands here: for this node, for this browser, in time, once. No picture of a face is ever asked.
"""

import csv
import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from yitong.base.identity import events, queries
from yitong.base.identity.apart import record_apart
from yitong.base.identity.log_in_errors import (
    AssertionExpired,
    AssertionForeign,
    AssertionRefused,
    AssertionReplayed,
    AssertionTooWeak,
    NoSignOn,
    PersonMismatch,
)
from yitong.base.identity.models import Account, Person, SpentAssertion
from yitong.base.identity.persons import PersonPapers, is_named, person_numbered, register_known
from yitong.base.identity.rules import LEVEL_WORDS, AccountKind
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.law import Confidence

__all__ = [
    "LEVEL_WORDS",
    "Asked",
    "Assertion",
    "IdentityAdapter",
    "adapter",
    "ask",
    "assurance_levels",
    "is_offered",
    "log_in_by",
]

SIGN_ON = Actor.system("sign-on")
LEVELS = Path(__file__).with_name("levels.csv")
NONCE_BYTES = 24
# Clocks of two machines differ; an assertion from further ahead is not from now.
SKEW = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Level:
    """实名等级: one row of the table, with how sure we are of it and where it comes from."""

    region: str
    level: int
    meaning: str
    confidence: Confidence
    source: str


@cache
def assurance_levels() -> tuple[Level, ...]:
    with LEVELS.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Level(
                row["region"],
                int(row["level"]),
                row["meaning"],
                Confidence(row["confidence"]),
                row["source"],
            )
            for row in csv.DictReader(lines)
        )


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a service says, once its signature has been found to hold."""

    issuer: str
    key: str  # the service's own number of this assertion
    audience: str
    nonce: str
    issued_at: dt.datetime
    expires_at: dt.datetime
    level: int
    papers: PersonPapers


@dataclass(frozen=True, slots=True)
class Asked:
    """What this browser asked the service for; kept in its session until the answer comes."""

    nonce: str
    level: int
    next: str


class IdentityAdapter(Protocol):
    """One sign-on service. `read` raises AssertionForged for whatever is not sealed and signed as it must be."""

    @property
    def issuer(self) -> str: ...
    @property
    def audience(self) -> str: ...
    def address(self, *, back: str, nonce: str, level: int) -> str: ...
    def read(self, answer: Mapping[str, str]) -> Assertion: ...


def is_offered() -> bool:
    return bool(settings.SIGN_ON)


def adapter() -> IdentityAdapter:
    """The node's sign-on service as its settings name it."""
    if not settings.SIGN_ON:
        raise NoSignOn
    options = dict(settings.SIGN_ON)
    made: IdentityAdapter = import_string(options.pop("adapter"))(**options)
    return made


def ask(*, level: int, next_page: str) -> Asked:
    """A question that only this browser may have answered."""
    return Asked(secrets.token_urlsafe(NONCE_BYTES), level, next_page)


def log_in_by(
    *, service: IdentityAdapter, answer: Mapping[str, str], asked: Asked | None
) -> tuple[Account, int]:
    """The account of the person whom the service vouches for, and at which level. Refusals are recorded."""
    try:
        with transaction.atomic():
            return _accepted(service.read(answer), service, asked)
    except AssertionRefused as refusal:
        record_apart(
            events.ASSERTION_REFUSED,
            by=SIGN_ON,
            about=About("sign_on", service.issuer),
            facts={"issuer": service.issuer, "reason": refusal.code},
        )
        raise


def _accepted(
    said: Assertion, service: IdentityAdapter, asked: Asked | None
) -> tuple[Account, int]:
    _spend(said)  # first, so that a replay is called by its name
    now = clock.now()
    if said.issuer != service.issuer or said.audience != service.audience:
        raise AssertionForeign
    if not said.issued_at - SKEW <= now < said.expires_at:
        raise AssertionExpired
    if asked is None or not constant_time_compare(said.nonce, asked.nonce):
        raise AssertionForeign
    if said.level < asked.level:
        raise AssertionTooWeak(held=said.level, needed=asked.level)
    person = _person(said)
    account = person.account or _opened_for(person)
    record(
        events.ASSERTION_ACCEPTED,
        by=SIGN_ON,
        about=About("person", str(person.key)),
        facts={
            "issuer": said.issuer,
            "level": said.level,
            "account": queries.account_key(account),
        },
    )
    return account, said.level


def _spend(said: Assertion) -> None:
    digest = hashlib.sha256(f"{said.issuer}\0{said.key}".encode()).digest()
    try:
        with transaction.atomic():
            SpentAssertion.objects.create(
                digest=digest, issuer=said.issuer, expires_at=said.expires_at
            )
    except IntegrityError as error:
        raise AssertionReplayed from error


def _person(said: Assertion) -> Person:
    person = person_numbered(said.papers.number)
    if person is None:
        return register_known(by=SIGN_ON, papers=said.papers, assurance=said.level)
    if not is_named(person, said.papers.name):
        raise PersonMismatch
    if person.assurance < said.level:
        person.assurance = said.level
        person.save(update_fields=["assurance"])
    return person


def _opened_for(person: Person) -> Account:
    """A log-in without a password: only the sign-on service opens it."""
    account = Account(username=f"p-{secrets.token_hex(8)}", kind=AccountKind.PERSON)
    account.set_unusable_password()
    account.save(force_insert=True)
    record(
        events.ACCOUNT_CREATED,
        by=SIGN_ON,
        about=About("account", str(account.pk)),
        facts={"kind": account.kind},
    )
    person.account = account
    person.save(update_fields=["account"])
    return account

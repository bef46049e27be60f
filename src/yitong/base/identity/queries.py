"""Agencies and posts, who acts, and persons.

Agencies and posts are public. What is sealed about a person is opened for that person alone (`person_of`);
staff find persons as rows of pseudonyms (`persons_found`), and see data through grants only.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet

from yitong.base.access.api import Thing, allows, require
from yitong.base.identity.errors import (
    ClientIsRevoked,
    NotAPerson,
    PostNotHeld,
    UnknownAccount,
    UnknownAgency,
    UnknownAgencyCode,
    UnknownClient,
    UnknownPost,
)
from yitong.base.identity.models import Account, Agency, Client, Holding, Leave, Person, Post
from yitong.base.identity.rules import (
    STAFF_ASSURANCE,
    AccountKind,
    ClientState,
    Sought,
    normalise_title,
    sought,
)
from yitong.base.identity.seats import posts_of
from yitong.base.keys.api import Scope, blind, pseudonyms, unseal
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import normalise_person_number

PERSONS = Scope("app", "identity")
NEAREST = 3


def agency(code: str) -> Agency:
    """The agency with this 统一社会信用代码."""
    found = Agency.objects.filter(code=code.strip().upper()).first()
    if found is None:
        raise UnknownAgencyCode(key=code)
    return found


def agency_named(name: str) -> Agency:
    """By full name, else by a short name that only one agency has; the refusal names the nearest."""
    wanted = normalise_title(name)
    found = Agency.objects.filter(name=wanted).first()
    if found is not None:
        return found
    short = list(Agency.objects.filter(short_name=wanted)[:2])
    if wanted and len(short) == 1:
        return short[0]
    raise UnknownAgency(name=wanted, nearest=_nearest_names(wanted))


def _nearest_names(wanted: str) -> str:
    names = Agency.objects.values_list("name", flat=True)
    nearest = difflib.get_close_matches(wanted, names, n=NEAREST, cutoff=0.4)
    return "、".join(nearest) or "无"


def agencies(*, region: str = "", kind: str = "") -> QuerySet[Agency]:
    """Agencies of a region and all below it, by region and code."""
    found = Agency.objects.filter(region__startswith=region) if region else Agency.objects.all()
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("region", "code")


def post(key: str) -> Post:
    found = Post.objects.select_related("agency__line").filter(key=key).first()
    if found is None:
        raise UnknownPost(key=key)
    return found


def current_holdings() -> QuerySet[Holding]:
    now = clock.now()
    return Holding.objects.filter(held_from__lte=now).filter(
        Q(held_until__isnull=True) | Q(held_until__gt=now)
    )


def current_leaves() -> QuerySet[Leave]:
    """Leaves that run now, of those who hold their post now."""
    now = clock.now()
    return Leave.objects.filter(
        away_from__lte=now, away_until__gt=now, holding__in=current_holdings()
    )


def agencies_overseen(viewer: Actor) -> QuerySet[Agency]:
    """The agencies whose posts and accounts the viewer may look at: all, the own, or NotAllowed."""
    if allows(viewer, "identity.oversee", of=Thing("agency", "", region=viewer.region)).allowed:
        return Agency.objects.all()
    own = Thing("agency", viewer.agency, agency=viewer.agency, region=viewer.region)
    require(viewer, "identity.oversee", of=own)
    return Agency.objects.filter(code=viewer.agency)


def of_agencies(chosen: QuerySet[Agency]) -> Q:
    """Accounts that belong to one of these agencies, or hold a post in one now."""
    holders = current_holdings().filter(post__agency__in=chosen).values("account")
    return Q(agency__in=chosen) | Q(pk__in=holders)


def officer_name(account: Account) -> str:
    """A member of staff by the name that stands with her account, else by the user name.

    In office a name is no secret: whoever is served may know by whom.
    """
    return opened(account.holder).name if account.holder else account.get_username()


def account_named(username: str) -> Account:
    found = Account.objects.filter(username=username.strip().lower()).first()
    if found is None:
        raise UnknownAccount
    return found


def actor_for(account: AbstractBaseUser, post: str | None = None) -> Actor:
    """The account as an actor now: in `post`, or in its only post; with several and none chosen, in none.

    An account that holds no post, or was closed, has no role and no agency.
    """
    known = Account.objects.select_related("person").get(pk=account.pk)
    if known.kind == AccountKind.PERSON:
        bound = getattr(known, "person", None)
        return Actor(account_key(known), assurance=bound.assurance if bound else 0, kind="person")
    chosen = _chosen_post(posts_of(known) if known.is_active else [], post)
    if chosen is None:
        return Actor(account_key(known), assurance=STAFF_ASSURANCE)
    return Actor(
        account_key(known),
        post=chosen.key,
        agency=chosen.agency.code,
        region=chosen.agency.region,
        line=line_of(chosen.agency),
        assurance=STAFF_ASSURANCE,
        roles=frozenset({chosen.role}),
    )


def _chosen_post(held: Sequence[Post], key: str | None) -> Post | None:
    if key is None:
        return held[0] if len(held) == 1 else None
    chosen = next((post for post in held if post.key == key), None)
    if chosen is None:
        raise PostNotHeld(key=key)
    return chosen


def account_key(account: AbstractBaseUser) -> str:
    """How the ledger names an account; never by its user name."""
    return f"account:{account.pk}"


def line_of(agency: Agency) -> str:
    return agency.line.code if agency.line else ""


def client_actor(client_id: str) -> Actor:
    """An active machine client as an actor of its agency."""
    client = Client.objects.select_related("agency__line").filter(client_id=client_id).first()
    if client is None:
        raise UnknownClient(key=client_id)
    if client.state == ClientState.REVOKED:
        raise ClientIsRevoked(key=client_id)
    return Actor(
        f"client:{client_id}",
        agency=client.agency.code,
        region=client.agency.region,
        line=line_of(client.agency),
        assurance=STAFF_ASSURANCE,
        kind="client",
    )


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A natural person's own facts, opened for that person. Its repr shows none of them: logs see reprs."""

    key: str
    subject: bytes
    assurance: int
    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)


def person_of(account: AbstractBaseUser) -> PersonFacts:
    """The person who logs in with this account, with their own facts."""
    return opened(person_behind(account))


def person_behind(account: AbstractBaseUser) -> Person:
    """The natural person who logs in with this account; a staff account is not the person's own."""
    person = Person.objects.filter(account_id=account.pk).first()
    if person is None:
        raise NotAPerson
    return person


def opened(person: Person) -> PersonFacts:
    columns = unseal(bytes(person.sealed), context=sealing_context(str(person.key)))
    return PersonFacts(
        str(person.key),
        bytes(person.subject),
        person.assurance,
        str(columns["name"]),
        str(columns["number"]),
        str(columns["phone"] or ""),
    )


def sealing_context(key: str) -> bytes:
    """Ties a sealed value to its row: moved to another person it does not open."""
    return f"identity.person/{key}".encode()


def person_subjects(account: AbstractBaseUser) -> list[bytes]:
    """The person's pseudonyms under every version that may still stand somewhere, newest first."""
    return subjects_of(person_behind(account))


def subjects_of(person: Person) -> list[bytes]:
    facts = opened(person)
    live = pseudonyms("person", facts.number)
    return live if facts.subject in live else [*live, facts.subject]


def persons_found(text: str, *, viewer: Actor) -> list[Person]:
    """Persons whose name, pinyin, number or phone is exactly this. Rows of pseudonyms, nothing opened."""
    require(viewer, "identity.find_person", of=Thing("person", ""))
    kind, form = sought(text)
    if kind is Sought.NUMBER:
        form = normalise_person_number(form)
    index = blind(PERSONS, kind.value, form)
    return list(Person.objects.filter(**{f"{kind.value}_index": index}).order_by("pk"))


def known_values(values: Iterable[str]) -> str:
    """The values a refusal offers instead of an unknown one."""
    return "、".join(values)

"""Who calls: a client by its token and its scopes, a member of staff by the session, or anyone.

Deny unless: a door names what it needs, and access decides again about the thing itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from allauth.account.adapter import get_adapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.http import HttpRequest
from ninja.utils import check_csrf

from yitong.base.identity.api import actor_for, clients
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.node.programs.problems import (
    CallerUnknown,
    FormTokenMissing,
    NotForPersons,
    ScopeMissing,
)

ANYONE = Actor("visitor", kind="person")
CHOSEN_POST = "bureau_post"  # the session's key: one choice of a post for every working door
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Scope(StrEnum):
    """What a client may be given beside the governed read."""

    CATALOGUE = "catalogue"
    SHARING = "sharing"
    CLAIMS = "claims"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `scopes` are a token's, and `is_session` says that a browser sent the log-in by itself."""

    actor: Actor
    scopes: frozenset[str] = frozenset()
    is_session: bool = False

    @property
    def is_known(self) -> bool:
        return self.actor is not ANYONE

    def has(self, scope: Scope) -> bool:
        """Staff have what their post has; a client what its token carries."""
        return self.actor.kind != "client" or scope in self.scopes


def caller(request: HttpRequest) -> Caller:
    """Looked up once a request."""
    held: Caller | None = getattr(request, "yitong_caller", None)
    if held is None:
        held = _by_token(request) or _by_session(request) or Caller(ANYONE)
        request.yitong_caller = held  # type: ignore[attr-defined]
    return held


def viewer(request: HttpRequest) -> Actor:
    """Who reads what anyone may read in part."""
    return caller(request).actor


def known(request: HttpRequest) -> Actor:
    """A client with any good token, or staff who are logged in."""
    found = caller(request)
    if not found.is_known:
        raise CallerUnknown
    if found.actor.kind == "person":
        raise NotForPersons
    if found.is_session and request.method not in _SAFE and check_csrf(request) is not None:
        raise FormTokenMissing
    return found.actor


def with_scope(request: HttpRequest, scope: Scope) -> Actor:
    """The same, and a client's token carries this scope."""
    by = known(request)
    if not caller(request).has(scope):
        raise ScopeMissing(scope=scope.value)
    return by


def counted_as(request: HttpRequest) -> str:
    """Whose calls of a minute these are: the client's, the account's, else those of the address."""
    found = caller(request)
    return found.actor.account if found.is_known else f"address:{_address(request)}"


def _address(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def _by_token(request: HttpRequest) -> Caller | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    with connection.cursor() as cursor:
        facts = clients.token_facts(cursor, token)  # type: ignore[arg-type]
    return Caller(facts.actor(), frozenset(facts.scopes)) if facts else Caller(ANYONE)


def _by_session(request: HttpRequest) -> Caller | None:
    """In the post chosen in this session, in the only one, else in none."""
    if not isinstance(request.user, AbstractBaseUser):
        return None
    chosen = request.session.get(CHOSEN_POST)
    try:
        return Caller(actor_for(request.user, chosen), is_session=True)
    except Refusal:  # the chosen post was left or taken away since
        return Caller(actor_for(request.user), is_session=True)

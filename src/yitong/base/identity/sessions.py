"""What a web session says of whoever is logged in: how surely they are known, and for whom they act just now."""

from dataclasses import replace
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from yitong.base.identity import delegations, queries
from yitong.base.identity.delegation_errors import DelegationOver, UnknownDelegation
from yitong.base.identity.delegations import Acting
from yitong.base.identity.models import Account
from yitong.base.identity.rules import LOCAL_LEVEL, AccountKind
from yitong.kernel.actor import Actor

__all__ = [
    "account_of",
    "act_for",
    "acting_in",
    "acting_now",
    "actor_of",
    "count_as_second",
    "level_of",
    "method_of",
    "needs_second_factor",
    "proved_at",
    "set_level",
]

LEVEL, ACTING = "yitong_level", "yitong_acting"
ADDED = "added"  # a second factor that was made in this very session
# Where allauth keeps how the session was opened.
RECORDS = AUTHENTICATION_METHODS_SESSION_KEY


def account_of(request: HttpRequest) -> AbstractBaseUser | None:
    """The account behind the request, None if nobody is logged in."""
    user = getattr(request, "user", None)
    return user if isinstance(user, AbstractBaseUser) else None


def _records(request: HttpRequest, account: AbstractBaseUser | None) -> list[dict[str, Any]]:
    """By what this account proved itself in this session; what another one did in it says nothing."""
    found: list[dict[str, Any]] = get_authentication_records(request, account)
    return found


def method_of(request: HttpRequest, account: AbstractBaseUser | None = None) -> str:
    """How the session was opened: "passkey", "password", "password+totp", "sign_on"."""
    records = _records(request, account or account_of(request))
    if any(one.get("passwordless") for one in records):
        return "passkey"
    if any(one.get("method") == "sign_on" for one in records):
        return "sign_on"
    names = [
        str(one.get("type") or one.get("method"))
        for one in records
        if not one.get("reauthenticated") and one.get("type") != ADDED
    ]
    return "+".join(dict.fromkeys(names)) or "password"


def proved_at(request: HttpRequest) -> float:
    """When the account last proved itself in this session, in seconds; 0 where nobody knows."""
    records = _records(request, account_of(request))
    return max((float(one["at"]) for one in records if "at" in one), default=0.0)


def set_level(request: HttpRequest, account: AbstractBaseUser, level: int) -> None:
    """Keep what the sign-on service said of this account; of another one it says nothing."""
    request.session[LEVEL] = [account.pk, level]


def level_of(request: HttpRequest, registered: int) -> int:
    """How surely the person is known in this session: what the service said, else what a local log-in can prove.

    A second factor does not lift it: it was added by whoever had the password.
    """
    account = account_of(request)
    whose, said = request.session.get(LEVEL) or (None, 0)
    if account is not None and whose == account.pk:
        return int(said)
    return min(registered, LOCAL_LEVEL)


def actor_of(request: HttpRequest, post: str | None = None) -> Actor:
    """Who acts in this session, and for whom. A delegation that is over is put down, refused and recorded."""
    account = account_of(request)
    if account is None:
        raise TypeError("nobody is logged in")
    by = queries.actor_for(account, post)
    if by.kind != "person":
        return by
    by = replace(by, assurance=level_of(request, by.assurance))
    acting = acting_now(request)
    return replace(by, on_behalf_of=acting.on_behalf_of) if acting else by


def acting_now(request: HttpRequest) -> Acting | None:
    """The delegation by which this session acts, None for oneself. One that is over is put down, refused and recorded."""
    account, key = account_of(request), request.session.get(ACTING)
    if account is None or not key:
        return None
    try:
        return delegations.acting_for(account, key)
    except (DelegationOver, UnknownDelegation):
        del request.session[ACTING]
        raise


def act_for(request: HttpRequest, key: str) -> Acting | None:
    """From now on act by this delegation; "" for oneself."""
    account = account_of(request)
    if account is None:
        raise TypeError("nobody is logged in")
    acting = delegations.acting_for(account, key) if key else None
    if acting:
        request.session[ACTING] = acting.key
    else:
        request.session.pop(ACTING, None)
    return acting


def acting_in(request: HttpRequest) -> Acting | None:
    """For whom this session acts, as the frame shows it; None for oneself or where it is over."""
    account, key = account_of(request), request.session.get(ACTING)
    if account is None or not key:
        return None
    received = delegations.delegations_received(account)
    return next((one for one in received if one.key == key and one.is_in_force), None)


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether a member of staff is in by password alone, where that is not enough."""
    if settings.SECOND_FACTOR != "required" or RECORDS not in request.session:
        return False
    account = account_of(request)
    methods = {one.get("method") for one in _records(request, account)}
    if "password" not in methods or "mfa" in methods:
        return False
    return isinstance(account, Account) and account.kind == AccountKind.STAFF


def count_as_second(request: HttpRequest) -> None:
    """What was just added has just been used: the session goes on as one with two factors."""
    record_authentication(request, account_of(request), "mfa", type=ADDED)

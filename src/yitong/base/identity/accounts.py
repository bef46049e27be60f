"""Accounts, their passwords, and what is recorded of log-ins.

The ledger names an account by its number. A failed log-in of an unknown user name is recorded without the
name: people type their identity number, their phone or even their password into that field.
"""

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from yitong.base.access.api import Thing, allows, require
from yitong.base.identity import events, queries
from yitong.base.identity.administrators import refuse_oneself
from yitong.base.identity.apart import attempt
from yitong.base.identity.belongings import drop_factors, drop_sessions, forget_failures
from yitong.base.identity.errors import (
    AccountAlready,
    HasHolder,
    InvalidUsername,
    UnknownAccount,
    UnknownAccountKind,
    UsernameTaken,
    WeakPassword,
)
from yitong.base.identity.models import Account, Agency
from yitong.base.identity.persons import person_named, register_unbound
from yitong.base.identity.queries import account_named, officer_name
from yitong.base.identity.rules import RESERVED_ROLES, AccountKind, is_username
from yitong.base.identity.seats import posts_of
from yitong.base.ledger.api import record
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

LOGIN = Actor.system("login")

__all__ = [
    "Account",
    "AccountKind",
    "account_named",
    "account_numbered",
    "accounts_found",
    "create_account",
    "lock_account",
    "name_holder",
    "officer_name",
    "reset_account",
    "set_password",
    "unlock_account",
]


@transaction.atomic
def create_account(
    *,
    by: Actor,
    username: str,
    kind: str,
    password: str | None = None,
    agency: Agency | None = None,
) -> Account:
    """Open an account; without a password nobody can log in with it until one is set.

    `agency` is the one that a staff account belongs to: its administrators manage it.
    """
    require(by, "identity.manage_accounts", of=_thing_of(agency))
    name = username.strip().lower()
    if kind not in set(AccountKind):
        raise UnknownAccountKind(kind=kind, known=queries.known_values(AccountKind))
    if by.kind == "staff" and kind != AccountKind.STAFF:
        require(by, "identity.manage", of=Thing("account", ""))  # staff open accounts of staff
    if not is_username(name):
        raise InvalidUsername
    account = Account(username=name, kind=kind, agency=agency)
    _choose_password(account, password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise UsernameTaken from error
    record(events.ACCOUNT_CREATED, by=by, about=about(account), facts={"kind": kind})
    return account


@transaction.atomic
def set_password(*, by: Actor, account: AbstractBaseUser, password: str | None) -> None:
    """Set another password, or none; every session of the account ends, since its hash is part of them."""
    known = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if by.account != queries.account_key(account):
        require(by, "identity.manage_accounts", of=thing(known))
    _choose_password(known, password)
    known.save(update_fields=["password"])
    record(events.PASSWORD_SET, by=by, about=about(known))


@transaction.atomic
def name_holder(*, by: Actor, account: AbstractBaseUser, number: str, name: str) -> Account:
    """Say once which natural person uses a staff account; registered here if nobody knew her yet.

    By this two accounts of one person are known as such (三员分立), and an officer has a name.
    """
    known = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    require(by, "identity.manage_accounts", of=thing(known))
    refuse_oneself(by, known)
    if known.kind != AccountKind.STAFF or known.holder_id is not None:
        raise HasHolder
    person = person_named(number=number, name=name) or register_unbound(
        by=by, number=number, name=name
    )
    known.holder = person
    known.save(update_fields=["holder"])
    record(events.HOLDER_NAMED, by=by, about=about(known), facts={"person": str(person.key)})
    return known


@contextmanager
def _managed(by: Actor, account: AbstractBaseUser) -> Iterator[Account]:
    """The account, locked, for somebody who may manage it and is not the person behind it."""
    with attempt(events.ACCOUNT_REFUSED, by=by, about=about(account)):
        known = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        roles = {post.role for post in posts_of(known)}
        # Whoever may reset an account may act as it: the strongest of its roles decides who that is.
        strongest = min(roles & RESERVED_ROLES, default="")
        require(by, "identity.manage_accounts", of=thing(known, role=strongest))
        refuse_oneself(by, known)
        yield known


def lock_account(*, by: Actor, account: AbstractBaseUser, reason: str) -> None:
    """Close an account at once: nobody logs in with it, and whoever is logged in is out."""
    with _managed(by, account) as known:
        if not known.is_active:
            raise AccountAlready(state=gettext("停用中"))
        known.is_active = False
        known.save(update_fields=["is_active"])
        drop_sessions(known)
        record(events.ACCOUNT_LOCKED, by=by, about=about(known), facts={"reason": reason})


def unlock_account(*, by: Actor, account: AbstractBaseUser) -> None:
    """Open a closed account again, and forget the failures that paused it."""
    with _managed(by, account) as known:
        paused = forget_failures(known)
        if known.is_active and not paused:
            raise AccountAlready(state=gettext("正常"))
        known.is_active = True
        known.save(update_fields=["is_active"])
        record(events.ACCOUNT_UNLOCKED, by=by, about=about(known))


def reset_account(*, by: Actor, account: AbstractBaseUser) -> str:
    """A new password, shown once; every passkey, authenticator and session of the account is gone."""
    with _managed(by, account) as known:
        password = secrets.token_urlsafe(12)
        known.set_password(password)
        known.save(update_fields=["password"])
        factors = drop_factors(known)
        drop_sessions(known)
        record(events.ACCOUNT_RESET, by=by, about=about(known), facts={"factors": factors})
    return password


def accounts_found(
    *, viewer: Actor, text: str = "", agency: str = "", kind: str = "", state: str = ""
) -> QuerySet[Account]:
    """Accounts that the viewer may oversee, by user name. Of citizens only operators and the security administrator."""
    overseen = queries.agencies_overseen(viewer)
    found = Account.objects.select_related("agency").order_by("username")
    if not allows(viewer, "identity.oversee", of=Thing("agency", "", region=viewer.region)).allowed:
        found = found.filter(queries.of_agencies(overseen))
    if agency:
        found = found.filter(queries.of_agencies(overseen.filter(code=agency)))
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(is_active=state == "active")
    if text:
        found = found.filter(username__icontains=text.strip().lower())
    return found.distinct()


def _choose_password(account: Account, password: str | None) -> None:
    if password is None:
        account.set_unusable_password()
        return
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise WeakPassword(faults="".join(error.messages)) from error
    account.set_password(password)


@transaction.atomic
def record_login(*, account: AbstractBaseUser, method: str) -> None:
    by = queries.actor_for(account)
    record(events.LOGGED_IN, by=by, about=about(account), facts={"method": method})


@transaction.atomic
def record_logout(*, account: AbstractBaseUser) -> None:
    record(events.LOGGED_OUT, by=queries.actor_for(account), about=about(account))


@transaction.atomic
def record_failed_login(*, username: str) -> None:
    record(events.LOGIN_FAILED, by=LOGIN, about=_about_username(username))


@transaction.atomic
def record_lockout(*, username: str, scope: str, until: dt.datetime) -> None:
    """`scope` is "account" when one user name was tried too often, "address" when one place tried too many."""
    record(
        events.LOGIN_LOCKED,
        by=LOGIN,
        about=_about_username(username) if scope == "account" else About("account", ""),
        facts={"scope": scope, "until": until.isoformat(timespec="seconds")},
    )


def account_numbered(number: int, *, viewer: Actor) -> Account:
    """One account that the viewer may oversee."""
    found = accounts_found(viewer=viewer).filter(pk=number).first()
    if found is None:
        raise UnknownAccount
    return found


def thing(account: Account, role: str = "") -> Thing:
    """The account as policies see it: of its own agency, else of the first agency in which it holds a post."""
    agency = account.agency or next((post.agency for post in posts_of(account)), None)
    return _thing_of(agency, role=role, appointee=queries.account_key(account))


def _thing_of(agency: Agency | None, **attributes: str) -> Thing:
    if agency is None:
        return Thing("account", "", attributes=attributes)
    return Thing("account", "", agency=agency.code, region=agency.region, attributes=attributes)


def about(account: AbstractBaseUser) -> About:
    return About("account", str(account.pk))


def _about_username(username: str) -> About:
    key = Account.objects.filter(username=username).values_list("pk", flat=True).first()
    return About("account", "" if key is None else str(key))

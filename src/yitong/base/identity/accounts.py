"""Accounts, their passwords, and what is recorded of log-ins.

The ledger names an account by its number. A failed log-in of an unknown user name is recorded without the
name: people type their identity number, their phone or even their password into that field.
"""

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity import events, queries
from yitong.base.identity.errors import (
    InvalidUsername,
    UnknownAccountKind,
    UsernameTaken,
    WeakPassword,
)
from yitong.base.identity.models import Account
from yitong.base.identity.rules import AccountKind, is_username
from yitong.base.ledger.api import record
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

LOGIN = Actor.system("login")


@transaction.atomic
def create_account(*, by: Actor, username: str, kind: str, password: str | None = None) -> Account:
    """Open an account; without a password nobody can log in with it until one is set."""
    require(by, "identity.manage", of=Thing("account", ""))
    name = username.strip().lower()
    if kind not in set(AccountKind):
        raise UnknownAccountKind(kind=kind, known=queries.known_values(AccountKind))
    if not is_username(name):
        raise InvalidUsername
    account = Account(username=name, kind=kind)
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
    if by.account != queries.account_key(account):
        require(by, "identity.manage", of=Thing("account", str(account.pk)))
    known = Account.objects.select_for_update().get(pk=account.pk)
    _choose_password(known, password)
    known.save(update_fields=["password"])
    record(events.PASSWORD_SET, by=by, about=about(known))


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


def about(account: AbstractBaseUser) -> About:
    return About("account", str(account.pk))


def _about_username(username: str) -> About:
    key = Account.objects.filter(username=username).values_list("pk", flat=True).first()
    return About("account", "" if key is None else str(key))

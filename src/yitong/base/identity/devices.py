"""登录与设备: a person's own passkeys, authenticators, recovery codes and running sessions.

allauth checks and keeps them; here stands what each change means: recorded, and with an end to what hung on it.
"""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from yitong.base.identity import events, queries
from yitong.base.identity.belongings import drop_sessions, factors_of, sessions_of
from yitong.base.identity.log_in_errors import LastFactor, UnknownFactor, UnknownSession
from yitong.base.identity.models import Account
from yitong.base.identity.rules import AccountKind
from yitong.base.ledger.api import record
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

__all__ = [
    "add_authenticator",
    "add_passkey",
    "end_other_sessions",
    "end_session",
    "factors_of",
    "new_recovery_codes",
    "remove_factor",
    "sessions_of",
]

PASSKEY, TOTP, RECOVERY = "webauthn", "totp", "recovery_codes"
LONGEST_NAME = 40


@transaction.atomic
def add_passkey(
    *, by: Actor, account: AbstractBaseUser, name: str, credential: dict[str, object]
) -> bool:
    """Keep a passkey whose registration has been checked; True if recovery codes were made with it."""
    from allauth.mfa.webauthn.internal.auth import WebAuthn

    known = _own(by, account)
    WebAuthn.add(known, " ".join(name.split())[:LONGEST_NAME], credential)
    _record_added(by, known, PASSKEY)
    return _first_codes(by, known)


@transaction.atomic
def add_authenticator(*, by: Actor, account: AbstractBaseUser, secret: str, code: str) -> bool:
    """Keep a TOTP secret whose first code was right; that code is spent. True if recovery codes were made."""
    from allauth.mfa.totp.internal import auth

    known = _own(by, account)
    auth.TOTP.activate(known, secret).validate_code(code)
    _record_added(by, known, TOTP)
    return _first_codes(by, known)


def _first_codes(by: Actor, account: Account) -> bool:
    if factors_of(account).filter(type=RECOVERY).exists():
        return False
    _make_codes(by, account)
    return True


def _make_codes(by: Actor, account: Account) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(account)
    _record_added(by, account, RECOVERY)


@transaction.atomic
def new_recovery_codes(*, by: Actor, account: AbstractBaseUser) -> None:
    """Other codes; those of before, used or not, are worth nothing."""
    known = _own(by, account)
    if not factors_of(known).exclude(type=RECOVERY).exists():
        raise UnknownFactor
    factors_of(known).filter(type=RECOVERY).delete()
    _make_codes(by, known)


@transaction.atomic
def remove_factor(*, by: Actor, account: AbstractBaseUser, number: int, session: str) -> None:
    """Take a passkey or the authenticator away; whoever may have used it elsewhere is logged out.

    `session` is the key of the session that asks: it goes on.
    """
    known = _own(by, account)
    factor = factors_of(known).exclude(type=RECOVERY).filter(pk=number).first()
    if factor is None:
        raise UnknownFactor
    others = factors_of(known).exclude(type=RECOVERY).exclude(pk=factor.pk).exists()
    if not others and known.kind == AccountKind.STAFF and settings.SECOND_FACTOR == "required":
        raise LastFactor
    kind = str(factor.type)
    factor.delete()
    if not others:  # codes that stand for a factor that is gone
        factors_of(known).filter(type=RECOVERY).delete()
    drop_sessions(known, but=session)
    record(events.FACTOR_REMOVED, by=by, about=_about(known), facts={"kind": kind})


@transaction.atomic
def end_session(*, by: Actor, account: AbstractBaseUser, number: int) -> None:
    """Log out one of the own sessions, here or elsewhere."""
    known = _own(by, account)
    chosen = next((one for one in sessions_of(known) if one.pk == number), None)
    if chosen is None:
        raise UnknownSession
    chosen.end()
    record(events.SESSION_ENDED, by=by, about=_about(known), facts={"sessions": 1})


@transaction.atomic
def end_other_sessions(*, by: Actor, account: AbstractBaseUser, session: str) -> int:
    """Log out everywhere but here. How many."""
    known = _own(by, account)
    ended = drop_sessions(known, but=session)
    if ended:
        record(events.SESSION_ENDED, by=by, about=_about(known), facts={"sessions": ended})
    return ended


def _own(by: Actor, account: AbstractBaseUser) -> Account:
    """The account, locked; these things are everybody's own and nobody else's."""
    if by.account != queries.account_key(account):
        raise UnknownFactor
    return Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _record_added(by: Actor, account: Account, kind: str) -> None:
    record(events.FACTOR_ADDED, by=by, about=_about(account), facts={"kind": kind})


def _about(account: Account) -> About:
    return About("account", str(account.pk))

"""What hangs on an account and goes with it: sessions, second factors, counts of failures. Nothing is decided here."""

from typing import TYPE_CHECKING

from allauth.core.internal import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from yitong.base.identity.models import Account

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from allauth.usersessions.models import UserSession
    from django.db.models import QuerySet

# The count of failed log-ins, as allauth keeps it.
APP, ACTION = "allauth.account", "login_failed"


def factors_of(account: AbstractBaseUser) -> "QuerySet[Authenticator]":
    from allauth.mfa.models import Authenticator

    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=account.pk)
    return found.order_by("created_at", "pk")


def sessions_of(account: AbstractBaseUser) -> "list[UserSession]":
    """Those that still hold, the newest first."""
    from allauth.usersessions.models import UserSession

    alive: list[UserSession] = UserSession.objects.purge_and_list(account)
    return sorted(alive, key=lambda one: one.created_at, reverse=True)


def drop_sessions(account: Account, *, but: str = "") -> int:
    """End every session of the account, except the one with this key. How many.

    Not by `sessions_of`: that one forgets those that a closed account cannot use, and opening it would revive them.
    """
    from allauth.usersessions.models import UserSession

    ended = list(UserSession.objects.filter(user_id=account.pk).exclude(session_key=but))
    for one in ended:
        one.end()
    return len(ended)


def drop_factors(account: Account) -> int:
    """Every passkey, authenticator and the recovery codes. How many."""
    removed, _tables = factors_of(account).delete()
    return removed


def attempt_key(username: str) -> str:
    """Our own: that of allauth holds the host, which the caller chooses, and a bare digest of what was typed."""
    return salted_hmac("yitong.identity.login", username, algorithm="sha256").hexdigest()


def forget_failures(account: Account) -> bool:
    """Let a paused account try again; whether there was anything to forget."""
    forgotten = False
    keys = (
        attempt_key(account.username),
        f"mfa-auth-user-{account.pk}",
    )  # the second is that of allauth
    for rate in ratelimit.get_rates(app=APP, action=ACTION):
        for key in keys if rate.per == "key" else ():
            place = ratelimit.get_cache_key(
                HttpRequest(), app=APP, action=ACTION, rate=rate, key=key
            )
            forgotten = cache.delete(place) or forgotten
    return forgotten

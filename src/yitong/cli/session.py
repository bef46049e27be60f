"""A staff member's log-in at the command line: the same accounts, the same pauses after failures, the same records.

What is kept is a session of the node, named in a file of mode 0600 of this system user. It ends after eight hours,
with the account, or with a change of its password, as a browser's does.
"""

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yitong.cli.errors import (
    AccountClosed,
    LogInFailed,
    LogInOver,
    LogInPaused,
    NotLoggedIn,
    PasskeyOnly,
    SecondFactorFailed,
    SecondFactorMissing,
)
from yitong.cli.place import Place
from yitong.kernel.actor import Actor

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class LogIn:
    """What somebody gives to log in. `second` asks for a code, only where the account has an authenticator."""

    username: str
    password: str = field(repr=False)
    post: str | None
    second: Callable[[], str]


def log_in(place: Place, given: LogIn) -> Actor:
    """Check password and second factor as the log-in pages do, and keep the session."""
    from allauth.account.adapter import get_adapter
    from allauth.account.internal.flows.login import record_authentication
    from allauth.core import context
    from allauth.usersessions.models import UserSession

    from yitong.base.identity.api import actor_for

    request = _request()
    with context.request_context(request):
        adapter = get_adapter(request)
        account = _proved(request, given)
        request.user = account  # type: ignore[assignment]  # whatever model the accounts are
        actor = actor_for(account, given.post)
        record_authentication(request, account, "password")
        _prove_again(request, account, given)
        adapter.login(request, account)
        request.session.save()
        UserSession.objects.create_from_request(request)
    _keep(place, {"session": request.session.session_key, "post": given.post})
    return actor


def _proved(request: "HttpRequest", given: LogIn) -> "AbstractBaseUser":
    from allauth.account.adapter import get_adapter
    from django.core.exceptions import ValidationError

    try:
        account = get_adapter(request).authenticate(
            request, username=given.username, password=given.password
        )
    except ValidationError as error:
        raise LogInPaused(sentence="".join(error.messages)) from error
    if account is None:
        raise LogInFailed
    if not account.is_active:
        raise AccountClosed
    return account


def _prove_again(request: "HttpRequest", account: "AbstractBaseUser", given: LogIn) -> None:
    """The code of the authenticator, or a recovery code; an account with passkeys alone logs in by browser."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from yitong.base.identity.api import devices

    kinds = set(devices.factors_of(account).values_list("type", flat=True))
    if not kinds:
        _refuse_password_alone(request)
        return
    if kinds <= {"webauthn"}:
        raise PasskeyOnly
    form_class = import_string(settings.MFA_FORMS["authenticate"])
    form = form_class(user=account, data={"code": given.second()})
    if not form.is_valid():
        raise SecondFactorFailed(sentence="".join(form.errors.get("code", [])))
    form.save()


def _refuse_password_alone(request: "HttpRequest") -> None:
    from yitong.base.identity.api import sessions

    if sessions.needs_second_factor(request):
        raise SecondFactorMissing


def logged_in(place: Place) -> Actor | None:
    """Who is logged in here; None: nobody. LogInOver where a session is kept and does not hold any more."""
    from yitong.base.identity.api import actor_for

    kept = _kept(place)
    if kept is None:
        return None
    account = _account_of(_request(kept["session"]))
    if account is None or not account.is_active:
        raise LogInOver
    return actor_for(account, kept["post"])


def log_out(place: Place) -> None:
    """End the session on the node too."""
    from allauth.account.adapter import get_adapter
    from allauth.core import context

    kept = _kept(place)
    if kept is None:
        raise NotLoggedIn
    _file_of(place).unlink(missing_ok=True)
    request = _request(kept["session"])
    account = _account_of(request)
    if account is not None:
        request.user = account  # type: ignore[assignment]  # whatever model the accounts are
        with context.request_context(request):
            get_adapter(request).logout(request)


def _request(session: str | None = None) -> "HttpRequest":
    """What the log-in machinery wants to see: a request from this very machine."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    request = HttpRequest()
    request.META = {
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "0",
        "HTTP_USER_AGENT": "yitong",
    }
    request.session = SessionStore(session)
    return request


def _account_of(request: "HttpRequest") -> "AbstractBaseUser | None":
    from django.contrib.auth import get_user
    from django.contrib.auth.base_user import AbstractBaseUser

    account = get_user(request)
    return account if isinstance(account, AbstractBaseUser) else None


def _file_of(place: Place) -> Path:
    """Of this system user, for this node: two users of one machine never share a log-in."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    node = hashlib.sha256(f"{place.directory} {place.database_url}".encode()).hexdigest()[:16]
    return Path(home) / "yitong" / f"session-{node}"


def _keep(place: Place, session: dict[str, Any]) -> None:
    path = _file_of(place)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(half, flags, 0o600), "w") as file:
        json.dump(session, file)
    half.replace(path)


def _kept(place: Place) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        kept = json.loads(_file_of(place).read_text())
        return {"session": str(kept["session"]), "post": kept.get("post")}
    return None

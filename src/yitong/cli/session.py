"""A staff member's log-in at the command line: the same accounts, the same pauses after failures, the same records.

What is kept is a session of the node, named in a file of mode 0600 of this system user. It ends after eight hours,
with the account, or with a change of its password, as a browser's does.
"""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yitong.cli.errors import (
    AccountClosed,
    LogInFailed,
    LogInOver,
    LogInPaused,
    NotLoggedIn,
)
from yitong.cli.place import Place
from yitong.kernel.actor import Actor

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest


def log_in(place: Place, *, username: str, password: str, post: str | None) -> Actor:
    """Check the password as the log-in page does, and keep the session."""
    from allauth.account.adapter import get_adapter
    from allauth.core import context
    from django.core.exceptions import ValidationError

    from yitong.base.identity.api import actor_for

    request = _request()
    with context.request_context(request):
        adapter = get_adapter(request)
        try:
            account = adapter.authenticate(request, username=username, password=password)
        except ValidationError as error:
            raise LogInPaused(sentence="".join(error.messages)) from error
        if account is None:
            raise LogInFailed
        if not account.is_active:
            raise AccountClosed
        actor = actor_for(account, post)
        adapter.login(request, account)
    request.session.save()
    _keep(place, {"session": request.session.session_key, "post": post})
    return actor


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
    request.META = {"REMOTE_ADDR": "127.0.0.1", "SERVER_NAME": "localhost", "SERVER_PORT": "0"}
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

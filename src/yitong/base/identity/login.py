"""How allauth logs people in here: by user name, no sign-up, a pause after failures, everything recorded.

The hooks of the adapter are used and not Django's signals, so that a log-in that cannot be recorded does not
happen. Only what settles whether a log-in is allowed stands here; pages are the portals' matter.
"""

import datetime as dt
from collections.abc import Iterator

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yitong.base.identity.accounts import (
    record_failed_login,
    record_lockout,
    record_login,
    record_logout,
)
from yitong.base.identity.belongings import ACTION, APP, attempt_key
from yitong.base.identity.sessions import method_of
from yitong.kernel import clock


class AccountAdapter(DefaultAccountAdapter):
    """Named by ACCOUNT_ADAPTER."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "用户名或密码不对。请核对后再试；多次输错会暂停登录。"
        ),
        "too_many_login_attempts": gettext_lazy(
            "连续多次没有通过，已暂停验证，15分钟以后可以再试。验证器丢失的，请联系本单位管理员重置。"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        key = attempt_key(_username(credentials))
        self._login_failed_rl_usage = ratelimit.consume(request, app=APP, action=ACTION, key=key)
        if not self._login_failed_rl_usage:
            until = max((until for _, until in _locks(request, key)), default=clock.now())
            raise _locked(until)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        username = _username(credentials)
        record_failed_login(username=username)
        for scope, until in _locks(request, attempt_key(username)):
            record_lockout(username=username, scope=scope, until=until)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        method = method_of(request, user)  # another account's session is emptied by the log-in
        with transaction.atomic():
            super().login(request, user)
            record_login(account=user, method=method)

    def logout(self, request: HttpRequest) -> None:
        with transaction.atomic():
            if isinstance(request.user, AbstractBaseUser):
                record_logout(account=request.user)
            super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Reached with the right password only, so it tells nobody else that the account exists."""
        messages.error(request, _("此账号已停用。需要恢复的，请联系本单位管理员。"))
        return HttpResponseRedirect(reverse("account_login"))


def _username(credentials: dict[str, str]) -> str:
    return credentials.get("username", "").strip().lower()


def _locks(request: HttpRequest, key: str) -> Iterator[tuple[str, dt.datetime]]:
    """Which limits are used up, and until when: the oldest attempt that counts makes room first."""
    now = clock.epoch()
    for rate in ratelimit.get_rates(app=APP, action=ACTION):
        found = cache.get(
            ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key), []
        )
        counted = [instant for instant in found if instant > now - rate.duration]
        if len(counted) >= rate.amount:
            until = dt.datetime.fromtimestamp(counted[rate.amount - 1] + rate.duration, dt.UTC)
            yield ("account" if rate.per == "key" else "address"), until


def _locked(until: dt.datetime) -> ValidationError:
    local = clock.local(until)
    when = f"{local:%H:%M:%S}" if local.date() == clock.today() else f"{local:%Y-%m-%d %H:%M:%S}"
    sentence = _(
        "登录失败次数过多，已暂停登录，{until} 以后可以再试。忘记密码的，请联系本单位管理员重置。"
    )
    return ValidationError(sentence.format(until=when), code="too_many_login_attempts")

"""统一身份认证: off to the service, and back with what it says. Also for a higher level in the middle of a matter."""

from dataclasses import asdict

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yitong.base.identity.api import sessions, sign_on
from yitong.kernel.errors import Refusal
from yitong.ui.refusals import refusal_page

ASKED = "yitong_sign_on"  # the session's key
LEAST = 3


@require_safe
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Ask this browser's own question and send it to the service."""
    service = sign_on.adapter()
    asked = sign_on.ask(level=_level(request), next_page=_next(request))
    request.session[ASKED] = asdict(asked)
    back = request.build_absolute_uri(reverse("sign_on_back"))
    return redirect(service.address(back=back, nonce=asked.nonce, level=asked.level))


def _level(request: HttpRequest) -> int:
    text = request.GET.get("level", "")
    return int(text) if text in {"3", "4", "5"} else LEAST


def _next(request: HttpRequest) -> str:
    """The page that was asked for, only if it is on this node."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("node:home")


@require_safe
@never_cache
def come_back(request: HttpRequest) -> HttpResponseBase:
    """What the service says is used up here: a question is asked once, and answered once."""
    kept = request.session.pop(ASKED, None)
    asked = sign_on.Asked(**kept) if kept else None
    try:
        account, level = sign_on.log_in_by(
            service=sign_on.adapter(), answer=request.GET.dict(), asked=asked
        )
    except Refusal as refusal:
        return refusal_page(request, refusal)
    current = sessions.account_of(request)
    if current is not None and current.pk != account.pk:
        get_adapter(request).logout(
            request
        )  # another person's session ends with all that was in it
    request.session.cycle_key()  # a higher level is a new log-in, also for who was in already
    record_authentication(request, account, "sign_on")
    sessions.set_level(request, account, level)
    answer: HttpResponseBase = perform_login(
        request, Login(user=account, redirect_url=asked.next if asked else "/")
    )
    return answer

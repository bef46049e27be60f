"""登录与设备: how one gets in and where one is in. Everything here is the visitor's own."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yitong.base.identity.api import devices, sessions
from yitong.kernel import clock
from yitong.portals.node.agents import device_words
from yitong.ui.values import Link

FRESH_S = 600
SHOW_CODES = "yitong_show_codes"

Places = ParamSpec("Places")
OwnView = Callable[Concatenate[HttpRequest, AbstractBaseUser, Places], HttpResponse]
View = Callable[Concatenate[HttpRequest, Places], HttpResponse]


def own(view: OwnView[Places]) -> View[Places]:
    """For whoever is logged in; kept by no browser and no proxy."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponse:
        account = sessions.account_of(request)
        if account is None:
            raise TypeError("this page is for visitors who have logged in")
        return view(request, account, *args, **kwargs)

    return guarded


def freshly(view: OwnView[Places]) -> OwnView[Places]:
    """Only shortly after the visitor proved who they are: a screen left open is not enough."""

    @wraps(view)
    def asked(
        request: HttpRequest,
        account: AbstractBaseUser,
        /,
        *args: Places.args,
        **kwargs: Places.kwargs,
    ) -> HttpResponse:
        if clock.epoch() - sessions.proved_at(request) < FRESH_S:
            return view(request, account, *args, **kwargs)
        known = get_reauthentication_flows(account)
        place = reverse("account_reauthenticate" if known else "sign_on")
        return redirect(f"{place}?{urlencode({'next': request.get_full_path()})}")

    return asked


def _trail() -> list[Link]:
    return [Link(gettext("登录与设备"), reverse("mfa_index"))]


@require_safe
@own
def index(request: HttpRequest, account: AbstractBaseUser) -> HttpResponse:
    found = list(devices.factors_of(account))
    context = {
        "passkeys": [WebAuthn(one) for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "totp": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "codes_left": _codes_left(found),
        "sessions": [
            {
                "number": one.pk,
                "device": device_words(one.user_agent),
                "ip": one.ip,
                "at": one.created_at,
                "is_here": one.session_key == request.session.session_key,
            }
            for one in devices.sessions_of(account)
        ],
        "is_wanting": sessions.needs_second_factor(request),
        "has_password": account.has_usable_password(),
    }
    return render(request, "account/devices.html", context)


def _codes_left(found: list[Authenticator]) -> int | None:
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return None if codes is None else len(RecoveryCodes(codes).get_unused_codes())


@require_http_methods(["GET", "HEAD", "POST"])
@own
@freshly
def add_passkey(request: HttpRequest, account: AbstractBaseUser) -> HttpResponse:
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["passwordless"] = "on"  # a key that logs in by itself checks the finger, face or PIN
    form = AddWebAuthnForm(user=account, data=data)
    if form.is_valid():
        has_codes = devices.add_passkey(
            by=sessions.actor_of(request),
            account=account,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
        )
        return _added(request, gettext("通行密钥已添加"), has_codes=has_codes)
    options = json.loads(
        json.dumps({"creation_options": webauthn.begin_registration(account, True)}, default=dict)  # noqa: FBT003
    )
    context = {"form": form, "options": options, "trail": _trail()}
    return render(request, "account/passkey.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@own
@freshly
def add_authenticator(request: HttpRequest, account: AbstractBaseUser) -> HttpResponse:
    if devices.factors_of(account).filter(type=Authenticator.Type.TOTP).exists():
        return redirect("mfa_index")
    form = ActivateTOTPForm(user=account, data=request.POST or None)
    if form.is_valid():
        has_codes = devices.add_authenticator(
            by=sessions.actor_of(request),
            account=account,
            secret=form.secret,
            code=form.cleaned_data["code"],
        )
        request.session.pop("mfa.totp.secret", None)
        return _added(request, gettext("动态口令验证器已添加"), has_codes=has_codes)
    adapter = get_adapter()
    context = {
        "form": form,
        "secret": " ".join(form.secret[at : at + 4] for at in range(0, len(form.secret), 4)),
        "picture": _data_address(
            adapter.build_totp_svg(adapter.build_totp_url(account, form.secret))
        ),
        "trail": _trail(),
    }
    return render(
        request, "account/authenticator.html", context, status=422 if form.errors else 200
    )


def _data_address(svg: str) -> str:
    """A picture in the address itself: the secret goes through no other request."""
    from base64 import b64encode

    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def _added(request: HttpRequest, words: str, *, has_codes: bool) -> HttpResponse:
    sessions.count_as_second(request)
    messages.success(request, words)
    if not has_codes:
        return redirect("mfa_index")
    request.session[SHOW_CODES] = True
    return redirect("mfa_view_recovery_codes")


@require_http_methods(["GET", "HEAD", "POST"])
@own
@freshly
def recovery_codes(request: HttpRequest, account: AbstractBaseUser) -> HttpResponse:
    """Shown once, when they are made; whoever lost them makes others."""
    if request.method == "POST":
        devices.new_recovery_codes(by=sessions.actor_of(request), account=account)
        request.session[SHOW_CODES] = True
        return redirect("mfa_view_recovery_codes")
    found = devices.factors_of(account).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    is_shown = request.session.pop(SHOW_CODES, False)
    codes = RecoveryCodes(found).get_unused_codes() if found and is_shown else []
    context = {"codes": codes, "exists": found is not None, "trail": _trail()}
    return render(request, "account/recovery_codes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own
@freshly
def remove(request: HttpRequest, account: AbstractBaseUser, number: int) -> HttpResponse:
    """Asks first what will follow."""
    if request.method == "POST":
        devices.remove_factor(
            by=sessions.actor_of(request),
            account=account,
            number=number,
            session=request.session.session_key or "",
        )
        messages.success(request, gettext("已移除，其他地方的登录也已结束"))
        return redirect("mfa_index")
    found = devices.factors_of(account).filter(pk=number).first()
    name = str(found.data.get("name", "")) if found else ""
    context = {"name": name or gettext("动态口令验证器"), "trail": _trail()}
    return render(request, "account/remove.html", context)


@require_POST
@own
def end_session(request: HttpRequest, account: AbstractBaseUser, number: int) -> HttpResponse:
    devices.end_session(by=sessions.actor_of(request), account=account, number=number)
    messages.success(request, gettext("那次登录已结束"))
    return redirect("mfa_index")


@require_POST
@own
def end_others(request: HttpRequest, account: AbstractBaseUser) -> HttpResponse:
    ended = devices.end_other_sessions(
        by=sessions.actor_of(request), account=account, session=request.session.session_key or ""
    )
    messages.success(request, gettext("已结束其他{count}次登录").format(count=ended))
    return redirect("mfa_index")

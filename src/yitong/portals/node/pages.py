"""The node's own pages: home, help, accessibility, complaints, and the switches for how pages are drawn."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from yitong.portals.node.doors import DOORS, OPEN_DOORS, Door, OpenDoor
from yitong.ui.preferences import CONTRAST_COOKIE, MODE_COOKIE

A_YEAR = 365 * 24 * 3600

# name -> (cookie, values, the default that clears the cookie)
SWITCHES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "language": (settings.LANGUAGE_COOKIE_NAME, ("zh-hans", "en"), ""),
    "mode": (MODE_COOKIE, ("standard", "elder"), "standard"),
    "contrast": (CONTRAST_COOKIE, ("normal", "high"), "normal"),
}


def _address(name: str) -> str:
    """Where a door hangs on this node, or nothing where it was not built in."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    doors: list[tuple[Door, str]] = [(d, a) for d in DOORS if (a := _address(d.address))]
    open_doors: list[tuple[OpenDoor, str]] = [(d, d.path) for d in OPEN_DOORS]
    return render(request, "node/home.html", {"doors": doors, "open_doors": open_doors})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "node/help.html")


@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    return render(request, "node/complaints.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "node/accessibility.html")


def _back(request: HttpRequest) -> str:
    """The page one came from, only if it is on this node."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("node:home")


@require_safe
def switch(request: HttpRequest, name: str, value: str) -> HttpResponse:
    """Set one of the three switches and return to the same page. It changes nothing but one's own cookie."""
    if name not in SWITCHES or value not in SWITCHES[name][1]:
        raise Http404
    cookie, _, default = SWITCHES[name]
    response = redirect(_back(request))
    if value == default:
        response.delete_cookie(cookie, samesite="Lax")
    else:
        response.set_cookie(
            cookie,
            value,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    response.headers["Cache-Control"] = "no-store"
    return response

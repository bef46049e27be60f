"""Error pages: what failed, what happens to the user's thing, one action; no code alone."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PROGRAMS = ("/api/", "/ledger/tile/", "/ledger/proof/")  # whoever asks here reads no pages


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        from yitong.portals.node.interface import no_such_address

        return no_such_address(request)
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page asks nobody who is logged in: the database may be what broke."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return render(request, "500.html", status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """While the database is away, or cannot write: its disk is full, for one."""
    response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "60"
    return response

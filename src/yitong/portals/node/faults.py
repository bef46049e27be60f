"""Error pages: what failed, what happens to the user's thing, one action; no code alone."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yitong.portals.node.programs import problems

PROGRAMS = ("/api/", "/ledger/tile/", "/ledger/proof/")  # whoever asks here reads no pages


def is_program(request: HttpRequest) -> bool:
    return request.path.startswith(PROGRAMS)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_program(request):
        return problems.broken(request, 400)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_program(request):
        return problems.no_such_address(request)
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page asks nobody who is logged in: the database may be what broke."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    if is_program(request):
        return problems.broken(request, 500)
    return render(request, "500.html", status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """While the database is away, or cannot write: its disk is full, for one."""
    if is_program(request):
        return problems.broken(request, 503)
    response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "60"
    return response

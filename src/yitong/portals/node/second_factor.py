"""Staff who are in by a password alone can do one thing: add what is missing."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from yitong.base.identity.api import sessions
from yitong.portals.node.faults import is_program
from yitong.portals.node.programs import problems

# What has to work meanwhile: the pages for adding one, log-out, help, switches of language and size.
OPEN = ("/account/", "/settings/", "/help/", "/accessibility/", "/static/", "/healthz", "/ledger/")


class SecondFactor:
    """Middleware, after the one that knows who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(OPEN) and sessions.needs_second_factor(request):
            if is_program(request):
                return problems.refused(request, problems.SecondFactorWanting())
            return redirect(reverse("mfa_index"))
        return self.get_response(request)

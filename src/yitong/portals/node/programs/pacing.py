"""How often one caller may call: a share of a minute, said with every answer."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yitong.base.access.api import pace
from yitong.portals.node.programs.bodies import NUL
from yitong.portals.node.programs.callers import counted_as
from yitong.portals.node.programs.problems import (
    TooManyCalls,
    no_such_address,
    refused,
    unreadable_query,
)

Run = Callable[..., HttpResponse]


def paced(run: Run) -> Run:
    """Around every operation: 429 with Retry-After above the bound, `RateLimit` on each answer."""

    @wraps(run)
    def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        limit: int = settings.API_PER_MINUTE
        turn = pace.take(counted_as(request), limit)
        if turn.is_over:
            response = refused(request, TooManyCalls(limit=limit, seconds=turn.seconds))
        elif NUL in request.path:
            response = no_such_address(request)
        elif "%00" in request.META.get("QUERY_STRING", ""):
            response = unreadable_query(request)
        else:
            response = run(request, *args, **kwargs)
        response.headers["RateLimit-Policy"] = f'"minute";q={limit};w=60'
        response.headers["RateLimit"] = f'"minute";r={turn.left};t={turn.seconds}'
        return response

    return counted

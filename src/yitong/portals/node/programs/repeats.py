"""A POST that changes something has one effect, however often it comes: its key and answer are stored with it."""

from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Schema

from yitong.base.access.api import once
from yitong.kernel.actor import Actor
from yitong.portals.node.programs.problems import OnceKeyMissing

HEADER = "Idempotency-Key"
REPEATED = "Idempotency-Replayed"


def once_only(
    request: HttpRequest,
    by: Actor,
    effect: Callable[[], Schema],
    *,
    status: int = 201,
    said: bytes | None = None,
) -> HttpResponse:
    """Run `effect`, or give its first answer again. `said` stands for the body where that was read as a stream."""
    key = request.headers.get(HEADER, "")
    if not key:
        raise OnceKeyMissing
    asked = b"\x00".join(
        (str(request.method).encode(), request.path.encode(), _said(request, said))
    )
    with once(key=key, by=by, request=asked) as turn:
        if turn.answer is None:
            answer: dict[str, Any] = effect().model_dump(mode="json")
            turn.answer = answer
    # A stored answer comes back with its keys in another order; sorted, both are the same to the last byte.
    body = orjson.dumps(turn.answer, option=orjson.OPT_SORT_KEYS)
    response = HttpResponse(body, "application/json", status)
    response.headers[REPEATED] = "true" if turn.repeated else "false"
    response.headers["Cache-Control"] = "no-store"
    return response


def _said(request: HttpRequest, said: bytes | None) -> bytes:
    return bytes(request.body) if said is None else said

"""The machines' door: a bare WSGI function, so that a governed read never enters Django's request path.

`POST /gateway/v1/resources/<code>/read` with a bearer token and `{"key", "purpose", "fields"?}`. Each answer is
one durable record; a read is never stored for replay, so it takes no Idempotency-Key.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg
from django.db import Error as DatabaseError
from django.db import connections
from psycopg_pool import PoolTimeout

from yitong.data.exchange import api as exchange
from yitong.kernel.errors import Refusal
from yitong.portals.gateway.problems import (
    PROBLEM_JSON,
    NoSuchPath,
    PostOnly,
    Problem,
    problem_of,
)
from yitong.portals.gateway.tokens import actor_of

PREFIX = "/gateway/v1/resources/"
READ = "/read"
LONGEST_BODY = 65_536

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Environ = dict[str, Any]

_log = logging.getLogger(__name__)


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """WSGI: answers or a problem document (RFC 9457), never a stack trace."""
    try:
        return _answered(environ, start_response)
    except Refusal as refusal:
        problem = problem_of(refusal, _language(environ))
    except (psycopg.Error, DatabaseError, PoolTimeout):
        _log.exception("the gateway's database did not answer")
        problem = Problem(503, "database_unavailable", "数据库没有应答，所以没有给出数据。")
    # A refusal looks a key up by Django's connection; an answer does not, and gateway threads keep none open.
    connections["default"].close()
    start_response(problem.status_line, [("Content-Type", PROBLEM_JSON), *problem.headers])
    return [problem.body(str(environ.get("PATH_INFO", "")))]


def _language(environ: Environ) -> str:
    """Chinese unless the caller prefers English."""
    first = str(environ.get("HTTP_ACCEPT_LANGUAGE", "")).split(",")[0]
    return "en" if first.strip().lower().startswith("en") else "zh-hans"


def _answered(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    code = _resource_code(environ)
    by = actor_of(environ)
    answer = exchange.read(_call(environ, code), by=by)
    try:
        body = _body(answer)
        headers = [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
            ("Yitong-Entry", str(answer.entry_id)),
        ]
        start_response("200 OK", headers)
    except Exception:
        exchange.answer_not_sent(answer.entry_id, "the answer could not be made")
        raise
    return [body]


def _resource_code(environ: Environ) -> str:
    path = str(environ.get("PATH_INFO", ""))
    if not (path.startswith(PREFIX) and path.endswith(READ) and len(path) > len(PREFIX + READ)):
        raise NoSuchPath
    if environ.get("REQUEST_METHOD") != "POST":
        raise PostOnly
    return path[len(PREFIX) : -len(READ)]


def _call(environ: Environ, code: str) -> exchange.ReadCall:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if not 0 < length <= LONGEST_BODY:
        raise exchange.CallMalformed(detail="要有 JSON 正文，不超过64 KiB")
    try:
        asked = orjson.loads(environ["wsgi.input"].read(length))
    except orjson.JSONDecodeError as error:
        raise exchange.CallMalformed(detail="正文不是 JSON") from error
    if not isinstance(asked, dict):
        raise exchange.CallMalformed(detail="正文要是一个 JSON 对象")
    key, purpose, fields = asked.get("key"), asked.get("purpose"), asked.get("fields", [])
    if not (
        isinstance(key, str)
        and isinstance(purpose, str)
        and isinstance(fields, list)
        and all(isinstance(field, str) for field in fields)
    ):
        raise exchange.CallMalformed(detail="key 和 purpose 是文字，fields 是文字的列表")
    if unknown := sorted(set(asked) - {"key", "purpose", "fields"}):
        raise exchange.CallMalformed(detail=f"不认识 {unknown[0][:40]}")
    return exchange.ReadCall(code, key, purpose, tuple(dict.fromkeys(fields)))


def _body(answer: exchange.ReadAnswer) -> bytes:
    return orjson.dumps(
        {
            "resource": answer.resource,
            "grant": answer.grant,
            "purpose": answer.purpose,
            "rows": answer.rows,
            "entry": answer.entry_id,
        }
    )

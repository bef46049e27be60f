"""The limit of `gateway`: a bare WSGI handler that reads the same row and answers the same JSON.

A pool, no token, no grant, no check, no seal, no record. Served by the same server with as many threads.
"""

import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

import orjson
from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


# Made at import, so once: the server's threads all begin at the same moment.
_POOL: ConnectionPool[Connection[tuple[Any, ...]]] = ConnectionPool(
    os.environ.get("DATABASE_URL", ""),
    min_size=1,
    max_size=16,
    kwargs={"autocommit": True},
    open=False,
)
_opening = Lock()


def _pool() -> ConnectionPool[Connection[tuple[Any, ...]]]:
    """Opened by the first call, in the process that serves."""
    with _opening:
        if _POOL.closed:
            _POOL.open()
    return _POOL


@lru_cache(maxsize=1)
def _statement() -> str:
    table = sql.Identifier("shared_rows", f"rows_{os.environ['BENCH_TABLE']}")
    statement = sql.SQL("select key, region, sealed from {} where key = any(%s)").format(table)
    return statement.as_string(None)


@lru_cache(maxsize=1)
def _body() -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(os.environ["BENCH_BODY"])
    return body


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Reads the row whose key stands in the body's hex, answers the JSON of the governed read."""
    key = bytes.fromhex(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())
    with _pool().connection() as connection:
        connection.execute(_statement(), ([key],), prepare=True).fetchall()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [orjson.dumps(_body())]

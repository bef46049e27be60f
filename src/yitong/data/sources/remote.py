"""Rows read by key from somebody's database: pooled connections, time-outs, and a breaker that lets it rest.

A source that fails five times in a row is left alone for thirty seconds; then one call tries again.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool, PoolTimeout

from yitong.data.sources.errors import SourceResting, SourceTooSlow, SourceUnreachable
from yitong.data.sources.locations import ServerLocation
from yitong.data.sources.plans import CopyPlan, tidy_key
from yitong.data.sources.postgresql import CONNECT_SECONDS, Connection, configure, refused_clearly
from yitong.kernel import clock

CALL_SECONDS: Final = 3
FAILURES: Final = 5
REST_SECONDS: Final = 30
POOL_SIZE: Final = 8
POOLS: Final = 32
PAGE: Final = 100


class Breaker:
    """Counts failures in a row; open for a while after too many."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def guarding(self, name: str) -> Iterator[None]:
        self._admit(name)
        try:
            yield
        except (SourceUnreachable, SourceTooSlow):
            self._fail()
            raise
        self._failures = 0

    def _admit(self, name: str) -> None:
        with self._lock:
            left = self._open_until - clock.epoch()
            if left > 0:
                raise SourceResting(name=name, seconds=int(left) + 1)
            if self._failures >= FAILURES:
                # One call tries; the others wait for its outcome.
                self._open_until = clock.epoch() + CALL_SECONDS

    def _fail(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._open_until = clock.epoch() + REST_SECONDS


class RemoteDatabase:
    """One account on one database."""

    def __init__(self, location: ServerLocation) -> None:
        self._name = location.name
        self.breaker = Breaker()
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            kwargs={
                **location.connection,
                "autocommit": True,
                "application_name": "yitong",
                "connect_timeout": CONNECT_SECONDS,
                "tcp_user_timeout": CALL_SECONDS * 1000,
            },
            min_size=0,
            max_size=POOL_SIZE,
            timeout=CALL_SECONDS,
            max_idle=300,
            reconnect_timeout=CALL_SECONDS,
            configure=_impatient,
            open=True,
        )

    def fetch(self, query: sql.Composed, parameters: Sequence[str]) -> list[tuple[object, ...]]:
        with (
            self.breaker.guarding(self._name),
            self._refused_clearly(),
            self._pool.connection() as connection,
        ):
            return connection.execute(query, parameters).fetchall()

    def close(self) -> None:
        self._pool.close(timeout=CALL_SECONDS)

    @contextmanager
    def _refused_clearly(self) -> Iterator[None]:
        try:
            with refused_clearly(self._name, seconds=CALL_SECONDS):
                yield
        except PoolTimeout as error:
            raise SourceUnreachable(name=self._name, reason="没有空闲的连接") from error


_databases: OrderedDict[tuple[tuple[str, str], ...], RemoteDatabase] = OrderedDict()
_lock = threading.Lock()


def remote_database(location: ServerLocation) -> RemoteDatabase:
    """The pool of this account; the one least used goes when there are too many."""
    identity = tuple(sorted(location.connection.items()))
    with _lock:
        database = _databases.get(identity)
        if database is None:
            database = _databases[identity] = RemoteDatabase(location)
        _databases.move_to_end(identity)
        spare = _databases.popitem(last=False)[1] if len(_databases) > POOLS else None
    if spare:
        spare.close()
    return database


def close_remote_databases() -> None:
    """At the end of a process, and between tests."""
    with _lock:
        closing = list(_databases.values())
        _databases.clear()
    for database in closing:
        database.close()


def fetch_by_key(
    location: ServerLocation, plan: CopyPlan, columns: Sequence[str], value: str
) -> list[dict[str, str | None]]:
    forms = _written_forms(plan, value)
    query = sql.SQL("select {} from {} where {} in ({}) limit {}").format(
        sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in columns),
        sql.Identifier(location.schema, location.table),
        sql.Identifier(plan.key_column),
        sql.SQL(", ").join([sql.Placeholder()] * len(forms)),
        sql.Literal(PAGE),
    )
    rows = remote_database(location).fetch(query, forms)
    return [
        {name: None if cell is None else str(cell) for name, cell in zip(columns, row, strict=True)}
        for row in rows
    ]


def _written_forms(plan: CopyPlan, value: str) -> list[str]:
    """How the source may have written the key: a person's number ends in X or x, or is the old one of 15."""
    tidy = tidy_key(plan.key_kind, value)
    forms = {value.strip(): None, tidy: None, tidy.lower(): None}
    if plan.key_kind == "person" and tidy[6:8] == "19":
        forms[tidy[:6] + tidy[8:17]] = None
    return list(forms)


def _impatient(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    configure(connection)
    connection.execute(f"set statement_timeout = '{CALL_SECONDS}s'")

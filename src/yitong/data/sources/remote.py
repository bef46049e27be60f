"""Rows read by key from somebody's database: pooled connections, time-outs, and a breaker that lets it rest."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

from psycopg import sql
from psycopg_pool import ConnectionPool, PoolTimeout

from yitong.data.sources.answers import within_bounds
from yitong.data.sources.breaker import CALL_SECONDS, Breaker
from yitong.data.sources.errors import SourceUnreachable
from yitong.data.sources.locations import ServerLocation
from yitong.data.sources.plans import CopyPlan, tidy_key
from yitong.data.sources.postgresql import (
    CONNECT_SECONDS,
    GRACE_SECONDS,
    Connection,
    cell_text,
    configure,
    refused_clearly,
    streamed,
    too_long,
)

POOL_SIZE: Final = 8
POOLS: Final = 32
PAGE: Final = 100


class RemoteDatabase(Protocol):
    """One account on one database."""

    def rows_by_key(
        self, location: ServerLocation, columns: Sequence[str], key: str, forms: Sequence[str]
    ) -> list[tuple[object, ...]]:
        """At most a page of rows whose key is written in one of these forms; values as text."""

    def close(self) -> None: ...


class RemotePostgres:
    """One account on one PostgreSQL database."""

    def __init__(self, location: ServerLocation) -> None:
        self._name = location.name
        self.breaker = Breaker()
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            connection_class=Connection,
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
            streamed(connection, query, parameters) as rows,
        ):
            return list(within_bounds(self._name, rows))

    def rows_by_key(
        self, location: ServerLocation, columns: Sequence[str], key: str, forms: Sequence[str]
    ) -> list[tuple[object, ...]]:
        query = sql.SQL("select {}, {} from {} where {} in ({}) limit {}").format(
            too_long(columns),
            sql.SQL(", ").join(map(cell_text, columns)),
            sql.Identifier(location.schema, location.table),
            sql.Identifier(key),
            sql.SQL(", ").join([sql.Placeholder()] * len(forms)),
            sql.Literal(PAGE),
        )
        return self.fetch(query, forms)

    def close(self) -> None:
        self._pool.close(timeout=CALL_SECONDS)

    @contextmanager
    def _refused_clearly(self) -> Iterator[None]:
        try:
            with refused_clearly(self._name, seconds=CALL_SECONDS):
                yield
        except PoolTimeout as error:
            raise SourceUnreachable(name=self._name, reason="没有空闲的连接") from error


_databases: OrderedDict[tuple[object, ...], RemoteDatabase] = OrderedDict()
_lock = threading.Lock()


def remote_database(location: ServerLocation) -> RemoteDatabase:
    """The pool of this account; the one least used goes when there are too many."""
    identity = (location.driver, *sorted(location.connection.items()))
    with _lock:
        database = _databases.get(identity)
        if database is None:
            database = _databases[identity] = _made(location)
        _databases.move_to_end(identity)
        spare = _databases.popitem(last=False)[1] if len(_databases) > POOLS else None
    if spare:
        spare.close()
    return database


def _made(location: ServerLocation) -> RemoteDatabase:
    if location.driver == "mysql":
        from yitong.data.sources.remote_mysql import RemoteMySql

        return RemoteMySql(location)
    return RemotePostgres(location)


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
    rows = remote_database(location).rows_by_key(location, columns, plan.key_column, forms)
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


def _impatient(connection: Connection) -> None:
    connection.patience = CALL_SECONDS + GRACE_SECONDS
    configure(connection)
    connection.execute(f"set statement_timeout = '{CALL_SECONDS}s'")

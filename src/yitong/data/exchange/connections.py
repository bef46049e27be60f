"""The gateway's own connections: its calls never enter Django's per-thread ones."""

import threading
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connections
from psycopg import Connection, pq
from psycopg.conninfo import make_conninfo
from psycopg.errors import error_from_result
from psycopg_pool import ConnectionPool

MOST = 16
WAIT_S = 5.0

Rows = Connection[tuple[Any, ...]]
Part = TypeVar("Part")


def conninfo(application: str) -> str:
    """How to reach the node's database, from Django's settings."""
    found = connections["default"].settings_dict
    parts = {
        "dbname": found["NAME"],
        "user": found["USER"],
        "password": found["PASSWORD"],
        "host": found["HOST"],
        "port": found["PORT"],
        "application_name": application,
    }
    return make_conninfo("", **{name: value for name, value in parts.items() if value})


def connect(info: str) -> Rows:
    """A connection of its own, each statement its own transaction."""
    return Connection.connect(info, autocommit=True)


class PerDatabase(Generic[Part]):
    """One part of the process per database it serves, made at first use (so after any fork).

    `make` gets the connection string under which the part is known to the server.
    """

    made: ClassVar[list["PerDatabase[Any]"]] = []

    def __init__(
        self, application: str, make: Callable[[str], Part], stop: Callable[[Part], object]
    ) -> None:
        self._application = application
        self._make = make
        self._stop = stop
        self._parts: dict[tuple[str, str, str], Part] = {}
        self._lock = threading.Lock()
        self.made.append(self)

    def here(self) -> Part:
        """The part for the database that Django's settings name now."""
        found = connections.settings["default"]
        place = (found["NAME"], found["HOST"], found["PORT"])
        if (part := self._parts.get(place)) is None:
            with self._lock:
                part = self._parts.get(place)
                if part is None:
                    part = self._parts[place] = self._make(conninfo(self._application))
        return part

    def stop_all(self) -> None:
        with self._lock:
            parts, self._parts = list(self._parts.values()), {}
        for part in parts:
            self._stop(part)


def shut_down() -> None:
    """Stop the process's threads and close its connections; the next call makes them anew."""
    for parts in PerDatabase.made:
        parts.stop_all()


class RowReader:
    """Reads rows by prepared statements straight over libpq, one connection a thread.

    A governed read is one trip; a cursor and a pool around it would cost more than the read.
    """

    def __init__(self, info: str) -> None:
        self._info = info
        self._local = threading.local()
        self._all: list[Rows] = []
        self._lock = threading.Lock()

    def rows(self, statement: str, key: bytes) -> list[list[bytes | None]]:
        """The rows of one statement with `$1`, every value as it stands in its binary form.

        Raises psycopg errors; the connection of a failed call is not used again.
        """
        connection, names = self._connected()
        pgconn = connection.pgconn
        name = names.get(statement)
        if name is None:
            name = b"row_%d" % len(names)
            _checked(pgconn.prepare(name, statement.encode()), pgconn, pq.ExecStatus.COMMAND_OK)
            names[statement] = name
        result = pgconn.exec_prepared(name, [key], [1], 1)
        if result.status != pq.ExecStatus.TUPLES_OK:
            self._drop()
            raise error_from_result(result)
        columns = range(result.nfields)
        return [[result.get_value(row, c) for c in columns] for row in range(result.ntuples)]

    def _connected(self) -> tuple[Rows, dict[str, bytes]]:
        held: tuple[Rows, dict[str, bytes]] | None = getattr(self._local, "held", None)
        if held is None or held[0].closed or held[0].broken:
            connection = connect(self._info)
            held = self._local.held = (connection, {})
            with self._lock:
                self._all = [other for other in self._all if not other.closed] + [connection]
        return held

    def _drop(self) -> None:
        self._local.held[0].close()

    def close(self) -> None:
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()


def _checked(result: pq.abc.PGresult, pgconn: pq.abc.PGconn, wanted: pq.ExecStatus) -> None:
    if result.status != wanted:
        pgconn.finish()
        raise error_from_result(result)


def row_reader() -> RowReader:
    """The process's reader for the node's database."""
    return _readers.here()


_readers = PerDatabase("yitong-rows", RowReader, RowReader.close)


def reading_pool() -> ConnectionPool[Rows]:
    """The process's pool for reading rows and tokens; grows with use up to MOST."""
    return _pools.here()


def _pool(info: str) -> ConnectionPool[Rows]:
    return ConnectionPool(
        info, min_size=1, max_size=MOST, timeout=WAIT_S, kwargs={"autocommit": True}, open=True
    )


_pools: PerDatabase[ConnectionPool[Rows]] = PerDatabase(
    "yitong-gateway", _pool, lambda pool: pool.close()
)

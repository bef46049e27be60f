"""The gateway's own connections: its calls never enter Django's per-thread ones."""

import re
import threading
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connections
from psycopg import Connection, pq
from psycopg.conninfo import make_conninfo
from psycopg.errors import error_from_result
from psycopg_pool import ConnectionPool

MOST = 16
WAIT_S = 5.0
_PLACE = re.compile("%s")

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
    # The last made leans on those before it: the reader hands its records to the committer.
    for parts in reversed(PerDatabase.made):
        parts.stop_all()


class Link:
    """A connection of one thread whose statements are prepared and run in one blocking call of libpq each.

    Who waits for the server gives Python's lock up, and may wait for that longer than for the server: a cursor in a
    pipeline does so nine times in one commit, this once. Each statement is its own transaction.
    """

    def __init__(self, info: str) -> None:
        self._connection = connect(info)
        self._names: dict[str, bytes] = {}
        self._result: pq.abc.PGresult | None = None

    def execute(
        self, statement: str, parameters: Sequence[object], *, binary: bool = False
    ) -> None:
        """Run a statement with `%s`; parameters go as text. Raises psycopg errors, after which the link is closed."""
        pgconn = self._connection.pgconn
        name = self._names.get(statement)
        if name is None:
            name = b"statement_%d" % len(self._names)
            places = (f"${number}" for number in count(1))
            numbered = _PLACE.sub(lambda _: next(places), statement)
            self._checked(pgconn.prepare(name, numbered.encode()))
            self._names[statement] = name
        values = [str(value).encode() for value in parameters]
        self._result = self._checked(pgconn.exec_prepared(name, values, result_format=int(binary)))

    def fetchall(self) -> list[tuple[bytes | None, ...]]:
        """What the last statement found, each value as the bytes of its text or binary form."""
        result = self._result
        if result is None:
            return []
        columns = range(result.nfields)
        return [
            tuple(result.get_value(row, column) for column in columns)
            for row in range(result.ntuples)
        ]

    def _checked(self, result: pq.abc.PGresult) -> pq.abc.PGresult:
        if result.status not in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
            error = error_from_result(result)
            self.close()
            raise error
        return result

    def close(self) -> None:
        self._connection.close()


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

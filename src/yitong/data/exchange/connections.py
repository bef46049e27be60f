"""The gateway's own connections: its calls never enter Django's per-thread ones."""

import threading
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connections
from psycopg import Connection
from psycopg.conninfo import make_conninfo
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
    """One part of the process per database it serves, made at first use (so after any fork)."""

    made: ClassVar[list["PerDatabase[Any]"]] = []

    def __init__(self, make: Callable[[str], Part], stop: Callable[[Part], object]) -> None:
        self._make = make
        self._stop = stop
        self._parts: dict[str, Part] = {}
        self._lock = threading.Lock()
        self.made.append(self)

    def one(self, info: str) -> Part:
        if (part := self._parts.get(info)) is None:
            with self._lock:
                part = self._parts.get(info)
                if part is None:
                    part = self._parts[info] = self._make(info)
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


def reading_pool() -> ConnectionPool[Rows]:
    """The process's pool for reading rows and tokens; grows with use up to MOST."""
    return _pools.one(conninfo("yitong-gateway"))


def _pool(info: str) -> ConnectionPool[Rows]:
    return ConnectionPool(
        info, min_size=1, max_size=MOST, timeout=WAIT_S, kwargs={"autocommit": True}, open=True
    )


_pools: PerDatabase[ConnectionPool[Rows]] = PerDatabase(_pool, lambda pool: pool.close())

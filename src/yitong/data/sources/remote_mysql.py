"""Rows read by key from somebody's MySQL or MariaDB: a few connections kept open, each call bounded in time."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, cast

import pymysql
from pymysql.cursors import SSCursor

from yitong.data.sources.answers import within_bounds
from yitong.data.sources.breaker import CALL_SECONDS, Breaker
from yitong.data.sources.errors import SourceUnreachable
from yitong.data.sources.locations import ServerLocation
from yitong.data.sources.mysql import (
    Connection,
    abandon,
    cell_text,
    open_connection,
    quoted,
    refused_clearly,
    text_of,
    too_long,
)
from yitong.kernel.errors import N_

POOL_SIZE: Final = 8
PAGE: Final = 100


class RemoteMySql:
    """One account on one database."""

    def __init__(self, location: ServerLocation) -> None:
        self._location = location
        self._idle: list[Connection] = []
        self._slots = threading.BoundedSemaphore(POOL_SIZE)
        self.breaker = Breaker()

    def rows_by_key(
        self, location: ServerLocation, columns: Sequence[str], key: str, forms: Sequence[str]
    ) -> list[tuple[object, ...]]:
        """Twice compared: by the key's index, and by its exact signs, since a collation may take x for X."""
        marks = ", ".join(["%s"] * len(forms))
        cells = ", ".join([too_long(columns), *map(cell_text, columns)])
        table = f"{quoted(location.schema)}.{quoted(location.table)}"
        cells, table, plain, exact = (
            part.replace("%", "%%") for part in (cells, table, quoted(key), text_of(key))
        )
        query = (
            f"select {cells} from {table} where {plain} in ({marks})"  # noqa: S608 - quoted names only
            f" and {exact} collate utf8mb4_bin in ({marks}) limit {PAGE}"
        )
        return self.fetch(query, [*forms, *forms])

    def fetch(self, query: str, parameters: Sequence[str]) -> list[tuple[object, ...]]:
        name = self._location.name
        with (
            self.breaker.guarding(name),
            refused_clearly(name, seconds=CALL_SECONDS),
            self._slot(),
        ):
            if self._idle:
                try:
                    return self._asked(self._idle.pop(), query, parameters)
                except (pymysql.OperationalError, pymysql.InterfaceError) as error:
                    # A connection that the server closed meanwhile says so at once; a slow one is not asked again.
                    if "timed out" in str(error):
                        raise
            return self._asked(self._opened(), query, parameters)

    def close(self) -> None:
        while self._idle:
            abandon(self._idle.pop())

    def _opened(self) -> Connection:
        return open_connection(self._location, seconds=CALL_SECONDS)

    def _asked(
        self, connection: Connection, query: str, parameters: Sequence[str]
    ) -> list[tuple[object, ...]]:
        try:
            with connection.cursor(SSCursor) as cursor:
                cursor.execute(query, tuple(parameters))
                found = cast("Iterator[tuple[object, ...]]", iter(cursor))
                rows = list(within_bounds(self._location.name, found))
        except BaseException:
            abandon(connection)
            raise
        self._idle.append(connection)
        return rows

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=CALL_SECONDS):
            raise SourceUnreachable(name=self._location.name, reason=N_("没有空闲的连接"))
        try:
            yield
        finally:
            self._slots.release()

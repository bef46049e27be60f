"""Reads the rows of all calls that wait with one trip a table, and makes their records, on one thread.

Thirty threads that each ask the server and each take the interpreter for it cost more than twice what one costs that
works for all of them. While it makes the records of some calls, the committer writes those before.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connections

from yitong.base.ledger.api import SealedEntry
from yitong.data.exchange.committer import WAIT_S, Waiting, committer
from yitong.data.exchange.connections import Link, PerDatabase
from yitong.data.exchange.errors import RecordNotDurable
from yitong.data.exchange.register import register

MOST_AT_ONCE = 64  # more would keep the first of them waiting for the records of the last

StoredRow = tuple[Any, ...]
Record = tuple[SealedEntry, Sequence[bytes]]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Reading:
    """A call that waits for the rows of its keys; `made` turns them into its record, or refuses."""

    statement: str
    keys: Callable[[], Sequence[bytes]]
    made: Callable[[Sequence[bytes], Sequence[StoredRow]], Record]
    waiting: Waiting = field(default_factory=Waiting)
    found: Sequence[bytes] = ()


class Reader:
    """The thread that reads; started by the first call of its process, so after any fork."""

    def __init__(self, info: str) -> None:
        self._info = info
        self._queue: queue.SimpleQueue[_Reading | None] = queue.SimpleQueue()
        self._link: Link | None = None
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def use(
        self,
        statement: str,
        keys: Callable[[], Sequence[bytes]],
        made: Callable[[Sequence[bytes], Sequence[StoredRow]], Record],
    ) -> int:
        """The ledger row id of the durable record that `made` makes of the keys and their rows.

        Both run on this thread. Raises what they refuse, and RecordNotDurable where rows were not read or the record
        was not written.
        """
        reading = _Reading(statement, keys, made)
        self._queue.put(reading)
        return committer().outcome(reading.waiting)

    def stop(self) -> None:
        """Serve what waits, then end."""
        self._queue.put(None)
        self._thread.join(WAIT_S)

    def _run(self) -> None:
        try:
            while (first := self._queue.get()) is not None:
                self._serve([first, *self._more()])
        finally:
            self._drop_connection()
            connections.close_all()

    def _more(self) -> Iterator[_Reading]:
        """What else waits by now, up to the bound."""
        for _ in range(MOST_AT_ONCE - 1):
            try:
                reading = self._queue.get_nowait()
            except queue.Empty:
                return
            if reading is None:
                self._queue.put(None)
                return
            yield reading

    def _serve(self, batch: Sequence[_Reading]) -> None:
        together: dict[str, list[_Reading]] = {}
        for reading in batch:
            with _told(reading):
                reading.found = reading.keys()
                together.setdefault(reading.statement, []).append(reading)
        for statement, readings in together.items():
            try:
                rows = self._rows(statement, [key for r in readings for key in r.found])
            except (psycopg.Error, OSError) as error:
                self._fail(readings, error)
                continue
            for reading in readings:
                _pass_on(reading, [row for key in reading.found for row in rows.get(key, ())])

    def _rows(self, statement: str, keys: Sequence[bytes]) -> dict[bytes, list[StoredRow]]:
        """Key, division, seal and clear columns of these keys: the key and the seal as bytes, the others as text."""
        found: dict[bytes, list[StoredRow]] = {}
        if keys:
            link = self._connected()
            wanted = ",".join(f'"\\\\x{key.hex()}"' for key in set(keys))
            link.execute(statement, ("{" + wanted + "}",), binary=True)
            for key, region, sealed, *clear in link.fetchall():
                texts = [None if value is None else value.decode() for value in (region, *clear)]
                found.setdefault(key or b"", []).append((key, texts[0], sealed, *texts[1:]))
        return found

    def _fail(self, readings: Sequence[_Reading], error: Exception) -> None:
        if isinstance(error, psycopg.errors.UndefinedColumn | psycopg.errors.UndefinedTable):
            register().reload()
        else:
            _log.exception("rows were not read; their calls answer 503")
        self._drop_connection()
        for reading in readings:
            reading.waiting.error = RecordNotDurable()
            reading.waiting.let_go()

    def _connected(self) -> Link:
        if self._link is None:
            self._link = Link(self._info)
        return self._link

    def _drop_connection(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


def _pass_on(reading: _Reading, rows: Sequence[StoredRow]) -> None:
    """To the committer with its record; back to its call with what speaks against it."""
    if reading.waiting.given_up:
        return
    with _told(reading):
        entry, subjects = reading.made(reading.found, rows)
        committer().put(reading.waiting, entry, subjects)


@contextmanager
def _told(reading: _Reading) -> Iterator[None]:
    """What goes wrong within is raised again in the thread of the call."""
    try:
        yield
    except Exception as error:  # noqa: BLE001
        reading.waiting.error = error
        reading.waiting.let_go()


def reader() -> Reader:
    """The process's reader for the node's database."""
    return _readers.here()


_readers = PerDatabase("yitong-rows", Reader, Reader.stop)

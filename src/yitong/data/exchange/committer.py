"""Makes usage records durable before their answers leave: one trip and one commit for all that wait.

A committer per process gathers what waits, writes it, then lets the answers go. If the commit fails,
every waiting call is told so and no data leaves.
"""

import logging
import queue
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import orjson
import psycopg
from django.db import Error as DatabaseError

from yitong.base.ledger import api as ledger
from yitong.base.ledger.api import SealedEntry
from yitong.data.exchange.connections import PerDatabase, Rows
from yitong.data.exchange.errors import RecordNotDurable
from yitong.data.exchange.events import USE_UNANSWERED
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import Refusal

MOST_AT_ONCE = 512
WAIT_S = 10.0
RETRY_S = 0.5  # how often a committer with nothing else to do tries to note what it owes
# One thread writes for all that wait: at Python's 5 ms it would wait that long behind them at each of its trips.
SWITCH_S = 0.000_2

_log = logging.getLogger(__name__)
_BY = Actor.system("committer")


@dataclass(slots=True)
class _Waiting:
    """One record and the call that waits for it."""

    entry: SealedEntry
    subjects: Sequence[bytes]
    done: threading.Event = field(default_factory=threading.Event)
    entry_id: int = 0
    failed: bool = False
    given_up: bool = False


class Committer:
    """The thread that writes; started by the first record of its process, so after any fork."""

    def __init__(self, info: str) -> None:
        sys.setswitchinterval(SWITCH_S)
        self._info = info
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._connection: Rows | None = None
        self._doubtful: list[int] = []  # commits whose answer was lost
        self._owed: list[
            int
        ] = []  # uses whose call had ended, to be followed by an entry that says so
        self._judging = threading.Lock()
        self._spare: list[int] = []
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    def write(self, entry: SealedEntry, subjects: Sequence[bytes]) -> int:
        """Wait until the record is durable; its ledger row id. RecordNotDurable if it is not."""
        waiting = _Waiting(entry, subjects)
        self._queue.put(waiting)
        if not waiting.done.wait(WAIT_S):
            with self._judging:
                # Either the call has ended or its record is done: not both, else a use would lack its end.
                waiting.given_up = not waiting.done.is_set()
        if waiting.failed or waiting.given_up:
            raise RecordNotDurable
        return waiting.entry_id

    def stop(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        self._thread.join(WAIT_S)

    def _run(self) -> None:
        while (first := self._next()) is not None:
            self._commit([first, *self._more()])
            if self._owed:
                self._settle()
        if self._owed or self._doubtful:
            self._settle()
        self._drop_connection()

    def _next(self) -> _Waiting | None:
        """What waits next; meanwhile debts are settled as soon as the server answers again."""
        while self._owed or self._doubtful:
            try:
                return self._queue.get(timeout=RETRY_S)
            except queue.Empty:
                self._settle()
        return self._queue.get()

    def _more(self) -> Iterator[_Waiting]:
        """What else waits by now, up to the bound."""
        for _ in range(MOST_AT_ONCE - 1):
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return
            if waiting is None:
                self._queue.put(None)
                return
            yield waiting

    def _commit(self, batch: list[_Waiting]) -> None:
        ids: list[int] = []
        try:
            connection = self._connected()
            # One trip for begin, both writes and commit: while it waits, no other thread waits for it.
            with connection.pipeline(), connection.transaction(), connection.cursor() as cursor:
                ids = ledger.write_entries(cursor, [w.entry for w in batch], self._spare)
                _write_usage(cursor, batch, ids)
        except (psycopg.Error, OSError) as error:
            self._drop_connection()
            if isinstance(error, psycopg.DataError | psycopg.IntegrityError) and len(batch) > 1:
                # What the tables refuse of one call must not fail those who wait beside it.
                for waiting in batch:
                    self._commit([waiting])
                return
            _log.exception("usage records were not committed; their calls answer 503")
            self._doubtful += ids
            for waiting in batch:
                waiting.failed = True
        else:
            for waiting, entry_id in zip(batch, ids, strict=True):
                waiting.entry_id = entry_id
        self._let_go(batch)

    def _let_go(self, batch: Sequence[_Waiting]) -> None:
        with self._judging:
            for waiting in batch:
                waiting.done.set()
            self._owed += [w.entry_id for w in batch if w.given_up and not w.failed]

    def _connected(self) -> Rows:
        if self._connection is None:
            connection = psycopg.connect(self._info, autocommit=True)
            connection.execute("set synchronous_commit = on")
            self._connection = connection
        return self._connection

    def _drop_connection(self) -> None:
        # A server that crashed may hand out again the ids of a transaction that it forgot.
        self._spare.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _settle(self) -> None:
        """Follow every use whose answer did not leave by an entry that says so.

        A commit whose answer was lost may have held after all: those that did are among them.
        """
        try:
            with self._connected().transaction(), self._connected().cursor() as cursor:
                cursor.execute("select id from ledger_entry where id = any(%s)", (self._doubtful,))
                uses = [*self._owed, *(row[0] for row in cursor.fetchall())]
                ended = [unanswered(entry_id, "the call had ended") for entry_id in uses]
                ledger.write_entries(cursor, ended)
        except (psycopg.Error, DatabaseError, OSError, Refusal):
            _log.warning("uses whose answers did not leave are noted later", exc_info=True)
            self._drop_connection()
        else:
            self._doubtful.clear()
            self._owed.clear()


_USAGE = """
insert into exchange_usage (subject, at, entry_id)
select decode(subject, 'hex'), at, entry_id
from json_to_recordset(%s::json) as given (subject text, at timestamptz, entry_id bigint)
"""


def _write_usage(
    cursor: psycopg.Cursor[tuple[object, ...]], batch: Sequence[_Waiting], ids: Sequence[int]
) -> None:
    rows = [
        {"subject": subject.hex(), "at": waiting.entry.body.at, "entry_id": entry_id}
        for waiting, entry_id in zip(batch, ids, strict=True)
        for subject in waiting.subjects
    ]
    if rows:
        cursor.execute(_USAGE, (orjson.dumps(rows).decode(),))


def unanswered(entry_id: int, reason: str) -> SealedEntry:
    """What follows a use whose answer could not be sent."""
    return ledger.prepare(
        USE_UNANSWERED,
        by=_BY,
        about=About("ledger_entry", str(entry_id)),
        facts={"entry": entry_id, "reason": reason},
    )


def committer() -> Committer:
    """The process's committer for the node's database."""
    return _committers.here()


_committers = PerDatabase("yitong-committer", Committer, Committer.stop)

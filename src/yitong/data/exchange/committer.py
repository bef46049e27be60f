"""Makes usage records durable before their answers leave: one trip and one commit for all that wait.

A committer per process gathers what waits, writes it, then lets the answers go. If the commit fails,
every waiting call is told so and no data leaves.
"""

import logging
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import psycopg
from django.db import Error as DatabaseError

from yitong.base.ledger import api as ledger
from yitong.base.ledger.api import SealedEntry
from yitong.data.exchange.connections import Link, PerDatabase
from yitong.data.exchange.errors import RecordNotDurable
from yitong.data.exchange.events import USE_UNANSWERED
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import Refusal

MOST_AT_ONCE = 512
WAIT_S = 10.0
RETRY_S = 0.5  # how often a committer with nothing else to do tries to note what it owes

_log = logging.getLogger(__name__)
_BY = Actor.system("committer")


def _shut_gate() -> threading.Lock:
    """A lock that is held: cheaper than an event by half, and a call waits for one thing once."""
    gate = threading.Lock()
    gate.acquire()
    return gate


@dataclass(slots=True)
class Waiting:
    """One record, once it is made, and the call that waits until it is durable or has an error."""

    entry: SealedEntry = field(init=False)
    subjects: Sequence[bytes] = ()
    entry_id: int = 0
    error: Exception | None = None
    is_done: bool = False
    given_up: bool = False
    gate: threading.Lock = field(default_factory=_shut_gate)

    def let_go(self) -> None:
        self.is_done = True
        self.gate.release()


class Committer:
    """The thread that writes; started by the first record of its process, so after any fork."""

    def __init__(self, info: str) -> None:
        self._info = info
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._link: Link | None = None
        self._doubtful: list[int] = []  # commits whose answer was lost
        # Uses whose call had ended, to be followed by an entry that says so.
        self._owed: list[int] = []
        self._judging = threading.Lock()
        self._writer = ledger.EntryWriter()
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    def write(self, entry: SealedEntry, subjects: Sequence[bytes]) -> int:
        """Wait until the record is durable; its ledger row id. RecordNotDurable if it is not."""
        waiting = Waiting()
        self.put(waiting, entry, subjects)
        return self.outcome(waiting)

    def put(self, waiting: Waiting, entry: SealedEntry, subjects: Sequence[bytes]) -> None:
        """Write this record with the next that are written; its call may wait already."""
        waiting.entry, waiting.subjects = entry, subjects
        self._queue.put(waiting)

    def outcome(self, waiting: Waiting) -> int:
        """Wait for a record that was put, or will be: its ledger row id. RecordNotDurable, or what came before it."""
        if not waiting.gate.acquire(timeout=WAIT_S):
            with self._judging:
                # Either the call has ended or its record is done: not both, else a use would lack its end.
                waiting.given_up = not waiting.is_done
        if waiting.error is not None:
            raise waiting.error
        if waiting.given_up:
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

    def _next(self) -> Waiting | None:
        """What waits next; meanwhile debts are settled as soon as the server answers again."""
        while self._owed or self._doubtful:
            try:
                return self._queue.get(timeout=RETRY_S)
            except queue.Empty:
                self._settle()
        return self._queue.get()

    def _more(self) -> Iterator[Waiting]:
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

    def _commit(self, batch: list[Waiting]) -> None:
        writer = self._writer
        writer.drawn = []  # not those of the batch before, if there is no connection
        try:
            ids = writer.write(
                self._connected(),
                [waiting.entry for waiting in batch],
                also=_USAGE,
                beside=[[subject.hex() for subject in w.subjects] for w in batch],
            )
        except (psycopg.Error, OSError) as error:
            self._drop_connection()
            if isinstance(error, psycopg.DataError | psycopg.IntegrityError) and len(batch) > 1:
                # What the tables refuse of one call must not fail those who wait beside it.
                for waiting in batch:
                    self._commit([waiting])
                return
            _log.exception("usage records were not committed; their calls answer 503")
            self._doubtful += writer.drawn
            for waiting in batch:
                waiting.error = RecordNotDurable()
        else:
            for waiting, entry_id in zip(batch, ids, strict=True):
                waiting.entry_id = entry_id
        self._let_go(batch)

    def _let_go(self, batch: Sequence[Waiting]) -> None:
        with self._judging:
            for waiting in batch:
                waiting.let_go()
            self._owed += [w.entry_id for w in batch if w.given_up and w.error is None]

    def _connected(self) -> Link:
        if self._link is None:
            self._link = Link(self._info)
            self._link.execute("set synchronous_commit = on", ())
        return self._link

    def _drop_connection(self) -> None:
        # A server that crashed may hand out again the ids of a transaction that it forgot.
        self._writer.forget_reserve()
        if self._link is not None:
            self._link.close()
            self._link = None

    def _settle(self) -> None:
        """Follow every use whose answer did not leave by an entry that says so.

        A commit whose answer was lost may have held after all: those that did are among them.
        """
        try:
            link = self._connected()
            doubtful = "{" + ",".join(map(str, self._doubtful)) + "}"
            link.execute("select id from ledger_entry where id = any(%s)", (doubtful,))
            uses = [*self._owed, *(int(row[0] or 0) for row in link.fetchall())]
            self._writer.write(link, [unanswered(use, "the call had ended") for use in uses])
        except (psycopg.Error, DatabaseError, OSError, Refusal):
            _log.warning("uses whose answers did not leave are noted later", exc_info=True)
            self._drop_connection()
        else:
            self._doubtful.clear()
            self._owed.clear()


_USAGE = """
insert into exchange_usage (subject, at, entry_id)
select decode(subject, 'hex'), at, id from given, json_array_elements_text(beside) as subject
"""


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

"""A load under way: while one batch is made into rows, the one before it is stored and counted into the digest.

The server and the hash work outside the interpreter's lock, so a thread waits for them while rows are made.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Final

from django.db import connections

from yitong.base.keys import api as keys
from yitong.data.sources import shelf
from yitong.data.sources.hands import Hands, hands_here
from yitong.data.sources.plans import CopyPlan
from yitong.data.sources.profiles import Progress
from yitong.data.sources.row_worker import Made, Task, made
from yitong.data.sources.stored import RowMaker, StoredRows
from yitong.data.sources.tables import FaultList, Reader, Turned, Uncut
from yitong.data.sources.taken_keys import TakenKeys

LISTED_FAULTS: Final = 100_000
# Fewer are made before another process has begun.
ROWS_WORTH_HANDS: Final = 100_000


@contextmanager
def under_way(plan: CopyPlan, reader: Reader) -> Iterator["Load"]:
    """A load whose staging table stands; what it took is stored at the end of the block."""
    with ThreadPoolExecutor(1, "load") as writer:
        try:
            load = Load(plan, reader, writer)
            with closing(load):
                yield load
                load.end()
        finally:
            writer.submit(connections.close_all)


class Load:
    """One load under way."""

    def __init__(self, plan: CopyPlan, reader: Reader, writer: Executor) -> None:
        self.plan = plan
        self.reader = reader
        self.faults = FaultList(kept_at_most=LISTED_FAULTS)
        self.rows = 0
        self.digest = shelf.RowDigest()
        self._seen = 0
        sealing = keys.Scope("resource", plan.table_key) if plan.sealed else None
        # Made before the first row: the key of a new resource is an entry of its own.
        self._task = Task(plan, reader.columns, keys.row_keys(sealing))
        self._maker = RowMaker(*self._task)
        self._hands: Hands | None = None
        self._writer = writer
        self._writing: Future[None] | None = None
        self._taken: TakenKeys | None = None

    def take(self, batch: Turned | Uncut) -> None:
        """Store the rows of a batch that can be stored: at once, or when the hand that has it is needed again."""
        if self._hands is not None:
            self._put(self._hands.give(batch))
            return
        self._put([(batch, made(self._maker, batch))])
        if self._expected() >= ROWS_WORTH_HANDS and (count := hands_here()):
            self._hands = Hands(self._task, count)

    def end(self) -> None:
        """Wait until all is stored."""
        if self._hands is not None:
            self._put(self._hands.rest())
        self._written()

    def close(self) -> None:
        if self._hands is not None:
            self._hands.end()
        if self._taken is not None:
            self._taken.close()

    def _put(self, finished: Iterable[tuple[Turned | Uncut, Made | None]]) -> None:
        for batch, found in finished:
            if found is not None:
                self._store(found)
            elif not isinstance(batch, Turned):
                self._put((each, made(self._maker, each)) for each in self.reader.cut_by_row(batch))

    def _store(self, found: Made) -> None:
        rows, seen, faults = found
        for fault in faults:
            self.faults.add(fault.line, fault.column, fault.code)
        self._seen += seen
        if self.plan.one_row_per_key:
            rows = self._without_duplicates(rows)
        self._written()
        if rows.rows:
            self._writing = self._writer.submit(shelf.add_rows, self.plan, rows.rows)
            self.digest.add(rows.rows)
            self.rows += len(rows.lines)

    def _written(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def progress(self) -> Progress:
        return Progress(self._seen, self.reader.bytes_done, self.reader.bytes_total or None)

    def _without_duplicates(self, rows: StoredRows) -> StoredRows:
        """The first row of each key stays; the others are faults, since one key must give one answer."""
        if self._taken is None:
            self._taken = TakenKeys(self.plan.key_kind, self._expected())
        firsts = self._taken.take(rows.keys)
        if all(firsts):
            return rows
        for line, is_first in zip(rows.lines, firsts, strict=True):
            if not is_first:
                self.faults.add(line, self.plan.key_column, "key_duplicate")
        return rows.only(firsts)

    def _expected(self) -> int:
        """How many rows there may be, judged by the first batch."""
        done, total = self.reader.bytes_done, self.reader.bytes_total
        return self._seen * total // done if done else (self.reader.row_total() or 0)

"""A load under way: while one batch is made into rows, the one before it is stored and counted into the digest.

The server and the hash work outside the interpreter's lock, so a thread waits for them while rows are made.
"""

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections

from yitong.data.sources import shelf
from yitong.data.sources.plans import CopyPlan
from yitong.data.sources.profiles import Progress
from yitong.data.sources.stored import RowMaker, StoredRows
from yitong.data.sources.tables import FaultList, Reader, Turned
from yitong.data.sources.taken_keys import TakenKeys

LISTED_FAULTS = 100_000


@contextmanager
def under_way(plan: CopyPlan, reader: Reader) -> Iterator["Load"]:
    """A load whose staging table stands; what it took is stored at the end of the block."""
    with ThreadPoolExecutor(1, "load") as writer:
        try:
            load = Load(plan, reader, writer)
            with load:
                yield load
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
        self._maker = RowMaker(plan, reader.columns)
        self._writer = writer
        self._writing: Future[None] | None = None
        self._taken: TakenKeys | None = None

    def take(self, batch: Turned) -> None:
        """Store the rows of a batch that can be stored."""
        made = self._maker.rows(batch, self.faults)
        self._seen += len(batch.lines)
        if self.plan.one_row_per_key:
            made = self._without_duplicates(made)
        self._written()
        if made.texts:
            lines = b"".join(made.texts)
            self._writing = self._writer.submit(shelf.add_rows, self.plan, lines)
            self.digest.add(lines)
            self.rows += len(made.texts)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait until all is stored."""
        if self._taken is not None:
            self._taken.close()
        if kind is None:
            self._written()

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

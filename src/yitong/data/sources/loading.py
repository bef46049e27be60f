"""A load under way: while one batch is made into rows, the one before it is stored and counted into the digest.

The server and the hash work outside the interpreter's lock, so a thread waits for them while rows are made.
"""

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections
from rbloom import Bloom

from yitong.data.sources import shelf
from yitong.data.sources.plans import CopyPlan
from yitong.data.sources.profiles import Progress
from yitong.data.sources.stored import RowMaker
from yitong.data.sources.tables import Batch, FaultList, Reader

LISTED_FAULTS = 100_000
# Keys in the filter: 15 bits each at this rate of mistakes, so at most 120 MB.
_MISTAKEN = 0.001
_FEW, _MANY = 1 << 16, 1 << 26


@contextmanager
def under_way(plan: CopyPlan, reader: Reader) -> Iterator["Load"]:
    """A load whose staging table stands; what it took is stored at the end of the block."""
    with ThreadPoolExecutor(1, "load") as writer:
        try:
            load = Load(plan, reader, writer)
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
        self._maker = RowMaker(plan, reader.columns)
        self._writer = writer
        self._writing: Future[None] | None = None
        # Which keys are staged: never wrong when it says no, and a few bits a key.
        self._staged: Bloom | None = None

    def take(self, batch: Batch) -> None:
        """Store the rows of a batch that can be stored."""
        made = self._maker.rows(batch, self.faults)
        self._seen += len(batch.rows)
        if self.plan.one_row_per_key:
            made = self._without_duplicates(made)
        self._written()
        self._writing = self._writer.submit(self._write, "".join(row.text for row in made).encode())
        self.rows += len(made)

    def end(self) -> None:
        """Wait until all is stored."""
        self._written()

    def _written(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _write(self, lines: bytes) -> None:
        shelf.add_rows(self.plan, lines)
        self.digest.add(lines)

    def progress(self) -> Progress:
        return Progress(self._seen, self.reader.bytes_done, self.reader.bytes_total or None)

    def _without_duplicates(self, rows: list[shelf.StoredRow]) -> list[shelf.StoredRow]:
        """The first row of each key stays; the others are faults, since one key must give one answer."""
        if self._staged is None:
            self._staged = Bloom(self._expected(), _MISTAKEN)
        maybe = [row.key for row in rows if row.key in self._staged]
        seen = set()
        if maybe:
            self._written()
            seen = shelf.keys_present(self.plan, maybe)
        kept = []
        for row in rows:
            if row.key in seen:
                self.faults.add(row.line, self.plan.key_column, "key_duplicate")
            else:
                seen.add(row.key)
                kept.append(row)
        self._staged.update(row.key for row in kept)
        return kept

    def _expected(self) -> int:
        """How many rows there may be, from the first batch; too few only means that the table is asked more often."""
        done, total = self.reader.bytes_done, self.reader.bytes_total
        rows = self._seen * total // done if done else (self.reader.row_total() or 0)
        return min(max(2 * rows, _FEW), _MANY)

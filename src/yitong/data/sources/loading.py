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
from yitong.data.sources.stored import RowMaker, StoredRows
from yitong.data.sources.tables import FaultList, Reader, Turned

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

    def take(self, batch: Turned) -> None:
        """Store the rows of a batch that can be stored."""
        made = self._maker.rows(batch, self.faults)
        self._seen += len(batch.lines)
        if self.plan.one_row_per_key:
            made = self._without_duplicates(made)
        self._written()
        if made.texts:
            lines = b"\n".join(made.texts) + b"\n"
            self._writing = self._writer.submit(shelf.add_rows, self.plan, lines)
            self.digest.add(lines)
            self.rows += len(made.texts)

    def end(self) -> None:
        """Wait until all is stored."""
        self._written()

    def _written(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def progress(self) -> Progress:
        return Progress(self._seen, self.reader.bytes_done, self.reader.bytes_total or None)

    def _without_duplicates(self, rows: StoredRows) -> StoredRows:
        """The first row of each key stays; the others are faults, since one key must give one answer."""
        if self._staged is None:
            self._staged = Bloom(self._expected(), _MISTAKEN)
        staged = self._staged
        maybe = [key for key in rows.keys if key in staged]
        seen = set()
        if maybe:
            self._written()
            seen = shelf.keys_present(self.plan, maybe)
        if seen or len(set(rows.keys)) < len(rows.keys):
            rows = rows.only(
                [self._is_first(key, line, seen) for key, line, _ in zip(*rows, strict=True)]
            )
        staged.update(rows.keys)
        return rows

    def _is_first(self, key: bytes, line: int, seen: set[bytes]) -> bool:
        if key in seen:
            self.faults.add(line, self.plan.key_column, "key_duplicate")
            return False
        seen.add(key)
        return True

    def _expected(self) -> int:
        """How many rows there may be, from the first batch; too few only means that the table is asked more often."""
        done, total = self.reader.bytes_done, self.reader.bytes_total
        rows = self._seen * total // done if done else (self.reader.row_total() or 0)
        return min(max(2 * rows, _FEW), _MANY)

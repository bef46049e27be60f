"""A process that makes stored rows for a load, and nothing else: no database, no settings, no file.

It is told its plan and keys over the pipe that it was started with, answers each batch in turn, and ends when the
pipe does: with the load, or with the process that began it.
"""

import resource
import signal
from multiprocessing.connection import Connection
from typing import NamedTuple

from yitong.data.sources.plans import CopyPlan
from yitong.data.sources.stored import RowKeys, RowMaker, StoredRows
from yitong.data.sources.tables import Column, FaultList, RowFault, Turned, Uncut


class Task(NamedTuple):
    """What a worker has to know before the first batch."""

    plan: CopyPlan
    columns: tuple[Column, ...]
    row_keys: RowKeys


class Made(NamedTuple):
    """What became of a batch: its rows, how many there were, and what is wrong with the others."""

    rows: StoredRows
    seen: int
    faults: list[RowFault]


def made(maker: RowMaker, batch: Turned | Uncut) -> Made | None:
    """None where the rows cannot be cut as a whole."""
    turned = batch if isinstance(batch, Turned) else batch.turned()
    if turned is None:
        return None
    faults = FaultList(kept_at_most=len(turned.lines))
    rows = maker.rows(turned, faults)
    return Made(rows, len(turned.lines), faults.kept)


def main(reads: int, writes: int) -> None:
    # Ctrl-C reaches every process of the terminal; the one that reads decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Keys must not end in a core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Connection(reads, writable=False) as load, Connection(writes, readable=False) as answers:
        try:
            task: Task = load.recv()
            maker = RowMaker(*task)
            while True:
                answers.send(made(maker, load.recv()))
        except (EOFError, OSError):
            return

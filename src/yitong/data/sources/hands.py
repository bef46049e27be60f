"""Processes that make rows beside us, one batch each at a time; the batches come back in their order.

Each is a new interpreter without settings or database (never a fork: threads may hold locks). Its keys go through a
socket that nobody else has; they are neither argument nor environment nor file.
"""

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from yitong.data.sources.errors import WorkerGone
from yitong.data.sources.row_worker import Made, Task
from yitong.data.sources.tables import Turned, Uncut

Given = Turned | Uncut

_PROGRAM: Final = (
    "import sys; from yitong.data.sources.row_worker import main; main(int(sys.argv[1]))"
)
_INHERITED: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
_MOST: Final = 4
_PATIENCE: Final = 5


def hands_here() -> int:
    """How many there should be on this machine: none on one core, where they would only be in the way."""
    cores = len(os.sched_getaffinity(0))
    return min(cores, _MOST) if cores > 1 else 0


class Hand:
    """One process, and the batch that it has."""

    def __init__(self, task: Task) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno())],
                env={name: os.environ[name] for name in _INHERITED if name in os.environ},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._link = Connection(ours.detach())
        self._given: deque[Given] = deque(maxlen=1)
        self._send(task)

    def give(self, batch: Given) -> None:
        self._given.append(batch)
        self._send(batch)

    def result(self) -> tuple[Given, Made | None]:
        """What became of the batch that it was given, once it is ready."""
        try:
            return self._given.pop(), self._link.recv()
        except (EOFError, OSError) as error:
            raise WorkerGone(status=self._status()) from error

    def let_go(self) -> None:
        """It ends by itself, as soon as it has nobody to answer."""
        self._link.close()

    def end(self) -> None:
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, what: object) -> None:
        try:
            self._link.send(what)
        except OSError as error:
            raise WorkerGone(status=self._status()) from error

    def _status(self) -> int:
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_PATIENCE)
        return 0


class Hands:
    """All processes of one load; each has at most one batch, so that none waits for another to be read."""

    def __init__(self, task: Task, count: int) -> None:
        self._idle: deque[Hand] = deque()
        self._busy: deque[Hand] = deque()
        try:
            for _ in range(count):
                self._idle.append(Hand(task))
        except BaseException:
            self.end()
            raise

    def give(self, batch: Given) -> list[tuple[Given, Made | None]]:
        """Hand over a batch; the result of an earlier one, if its hand was needed."""
        finished = []
        if not self._idle:
            self._idle.append(self._busy.popleft())
            finished.append(self._idle[0].result())
        self._busy.append(self._idle.popleft())
        self._busy[-1].give(batch)
        return finished

    def rest(self) -> Iterator[tuple[Given, Made | None]]:
        while self._busy:
            self._idle.append(self._busy.popleft())
            yield self._idle[-1].result()

    def end(self) -> None:
        """Whatever they are at: the load is over."""
        every = (*self._idle, *self._busy)
        for hand in every:
            hand.let_go()
        for hand in every:
            hand.end()

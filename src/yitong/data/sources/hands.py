"""Processes that make rows beside us, in turn; the batches come back in their order.

Each is a new interpreter without settings or database (never a fork: threads may hold locks). Its keys go through a
pipe that nobody else has; they are neither argument nor environment nor file.
"""

import fcntl
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Final

from yitong.data.sources.errors import WorkerGone
from yitong.data.sources.row_worker import Made, Task
from yitong.data.sources.tables import Turned, Uncut

Given = Turned | Uncut

_PROGRAM: Final = (
    "import sys; from yitong.data.sources.row_worker import main; main(*map(int, sys.argv[1:]))"
)
_INHERITED: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
_MOST: Final = 4
_PATIENCE: Final = 5
# One is made while the next lies in the pipe, so that a hand does not wait until we have time for it.
_BATCHES: Final = 2
# As much as anybody may ask for; its frames and half-filled pages need a little of it.
_PIPE_BYTES: Final = 1 << 20
_PIPE_SPARE: Final = 1 << 16


def hands_here() -> int:
    """How many there should be on this machine: none on one core, where they would only be in the way."""
    cores = len(os.sched_getaffinity(0))
    return min(cores, _MOST) if cores > 1 else 0


class Hand:
    """One process, and the batches that it has, oldest first."""

    def __init__(self, task: Task) -> None:
        with ExitStack() as passed:
            reads, inward = os.pipe()
            passed.callback(os.close, reads)
            self._inward = Connection(inward, readable=False)
            outward, writes = os.pipe()
            passed.callback(os.close, writes)
            self._outward = Connection(outward, writable=False)
            self._room = min(map(_widened, (inward, outward))) - _PIPE_SPARE
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(reads), str(writes)],
                env={name: os.environ[name] for name in _INHERITED if name in os.environ},
                stdin=subprocess.DEVNULL,
                pass_fds=[reads, writes],
            )
        self._given: deque[tuple[Given, int]] = deque()
        self._send(packed(task))

    def takes(self, size: int) -> bool:
        """Whether so many bytes more can be given without waiting for it: else each might wait for the other."""
        known = [each for _, each in self._given]
        return not known or (len(known) < _BATCHES and sum(known) + size <= self._room)

    def give(self, batch: Given, content: memoryview) -> None:
        self._given.append((batch, len(content)))
        self._send(content)

    def result(self) -> tuple[Given, Made | None]:
        """What became of the oldest batch that it has, once it is ready."""
        try:
            return self._given.popleft()[0], self._outward.recv()
        except (EOFError, OSError) as error:
            raise WorkerGone(status=self._status()) from error

    def let_go(self) -> None:
        """It ends by itself, as soon as it has nobody to answer."""
        self._inward.close()
        self._outward.close()

    def end(self) -> None:
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, content: memoryview) -> None:
        try:
            self._inward.send_bytes(content)
        except OSError as error:
            raise WorkerGone(status=self._status()) from error

    def _status(self) -> int:
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_PATIENCE)
        return 0


def packed(what: object) -> memoryview:
    """As `Connection.send` would send it, so that its size is known before."""
    return memoryview(ForkingPickler.dumps(what))


def _widened(pipe: int) -> int:
    """How much fits into a pipe that was made as wide as it may be."""
    with suppress(OSError):  # the system's or the user's bound
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return int(fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ))


class Hands:
    """All processes of one load, which take turns."""

    def __init__(self, task: Task, count: int) -> None:
        self._hands: deque[Hand] = deque()
        # Whose is the next result, oldest first: one entry for each batch that is not back.
        self._order: deque[Hand] = deque()
        try:
            for _ in range(count):
                self._hands.append(Hand(task))
        except BaseException:
            self.end()
            raise

    def give(self, batch: Given) -> list[tuple[Given, Made | None]]:
        """Hand over a batch; the results of earlier ones that had to be taken back for that."""
        content = packed(batch)
        hand = self._hands[0]
        self._hands.rotate(-1)
        finished = []
        while not hand.takes(len(content)):
            finished.append(self._order.popleft().result())
        self._order.append(hand)
        hand.give(batch, content)
        return finished

    def rest(self) -> Iterator[tuple[Given, Made | None]]:
        while self._order:
            yield self._order.popleft().result()

    def end(self) -> None:
        """Whatever they are at: the load is over."""
        for hand in self._hands:
            hand.let_go()
        for hand in self._hands:
            hand.end()

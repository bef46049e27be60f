"""Who owns a node's directory: a lock file with pid and start time, and a second one for guests.

Two signs tell a live owner from a stale file. The kernel's lock on the open file vanishes with its
holder, whatever killed it; pid and start time name the holder to people, and tell the truth on file
systems whose locks do not reach every process. A pid alone would lie: pids are used again.
"""

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from yitong.hosting.errors import DirectoryTaken

# Start times are boot time plus ticks; the boot time moves a little when the clock is corrected.
_SAME_START = 2.0


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, told apart from a later one with the same pid by its start time."""

    pid: int
    started: float

    @property
    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            return bool(
                abs(process.create_time() - self.started) < _SAME_START
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.NoSuchProcess:
            return False

    @property
    def since(self) -> str:
        return (
            dt.datetime.fromtimestamp(self.started, dt.UTC).astimezone().isoformat(" ", "seconds")
        )


def this_process() -> Owner:
    return Owner(os.getpid(), psutil.Process().create_time())


def owner_of(path: Path) -> Owner | None:
    """Whoever wrote the lock file last, alive or not."""
    try:
        written = json.loads(path.read_text())
        return Owner(int(written["pid"]), float(written["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def live_owner(path: Path) -> Owner | None:
    """The live owner of the lock, if there is one."""
    owner = owner_of(path)
    return owner if owner and owner.is_alive else None


class DirectoryLock:
    """The ownership of one data directory, held until `release` or death."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def claim(self) -> None:
        """Take the lock; refuse when a live process holds it, replace what a dead one left."""
        descriptor = os.open(
            self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise self._taken() from None
        if (owner := live_owner(self.path)) and owner != this_process():
            os.close(descriptor)
            raise self._taken()
        mine = this_process()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": mine.pid, "started": mine.started}).encode(), 0)
        self._file = descriptor

    def release(self) -> None:
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def _taken(self) -> DirectoryTaken:
        owner = owner_of(self.path)
        return DirectoryTaken(
            path=self.path.parent,
            pid=owner.pid if owner else "?",
            since=owner.since if owner else "?",
        )


class Guests:
    """Counts who uses a running server, so that the last to leave stops it and nobody sooner."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def enter(self) -> None:
        self._file = os.open(
            self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def leaving(self) -> Iterator[bool]:
        """Leave; within the block True says that nobody else is inside, and none can enter."""
        if self._file is None:
            yield False
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False
        try:
            yield alone
        finally:
            self.leave()

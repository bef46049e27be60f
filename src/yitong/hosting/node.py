"""A node: PostgreSQL, web and worker under one supervisor, which ends only with all of them."""

import logging
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from yitong.hosting import rules
from yitong.hosting.cluster import ServerSettings, start_server, stop_server, url_of
from yitong.hosting.database import check_url
from yitong.hosting.errors import ChildKeepsDying, HostingRefusal
from yitong.hosting.folder import NodeFolder
from yitong.hosting.lock import DirectoryLock, Guests
from yitong.hosting.processes import Child, ChildSpec, child_environment, end_left_over
from yitong.hosting.server import Server

log = logging.getLogger(__name__)

_STOP_PATIENCE = 15.0


def _say_nothing(sentence: str) -> None:
    """For callers that show no progress."""


def _prepare_nothing(url: str) -> None:
    """For callers whose database is ready as it is."""


def _look_on_nothing() -> None:
    """For callers who do not watch the node."""


@dataclass(frozen=True, slots=True)
class NodePlan:
    """What `run_node` runs. `prepare` gets the database's URL before any child starts (migrations).

    `database_url` names the operator's own server; without it the node has one of its own.
    """

    data_dir: Path
    children: Sequence[ChildSpec]
    database_url: str = ""
    settings: ServerSettings = field(default_factory=ServerSettings.from_environment)
    prepare: Callable[[str], None] = _prepare_nothing
    say: Callable[[str], None] = _say_nothing
    # Called several times a second while the node runs, in the supervisor's one thread: it must be brief.
    look_on: Callable[[], None] = _look_on_nothing


class Watched(Protocol):
    """Something that is started, may die, and is then started again."""

    name: str

    def start(self) -> None: ...

    def death(self) -> str: ...


class WatchedServer:
    """Our own PostgreSQL, watched like any child."""

    name = "postgres"

    def __init__(self, server: Server) -> None:
        self._server = server
        self._tidied = time.monotonic()

    def start(self) -> None:
        self._server.start()

    def death(self) -> str:
        self._tidy()
        return self._server.death()

    def _tidy(self) -> None:
        """Once a minute: a server that runs for months rotates its log many times."""
        if time.monotonic() - self._tidied > rules.MINUTE:
            self._tidied = time.monotonic()
            self._server.drop_old_logs()


class Watch:
    """Starts again what died, with a growing wait; three deaths within a minute are too many."""

    def __init__(self, watched: Watched, say: Callable[[str], None]) -> None:
        self.watched = watched
        self._say = say
        self._deaths: list[float] = []
        self._due: float | None = None

    def look(self, now: float) -> None:
        if self._due is not None:
            if now >= self._due:
                self._due = None
                self._start_again(now)
            return
        if reason := self.watched.death():
            self._died(reason, now)

    def _start_again(self, now: float) -> None:
        try:
            self.watched.start()
        except (HostingRefusal, OSError) as error:
            self._died(str(error), now)

    def _died(self, reason: str, now: float) -> None:
        self._deaths.append(now)
        delay = rules.restart_delay(self._deaths)
        if delay is None:
            raise ChildKeepsDying(
                name=self.watched.name, times=rules.DEATHS_A_MINUTE, reason=reason
            )
        log.warning("%s died (%s); starting it again in %.1f s", self.watched.name, reason, delay)
        self._say(f"{self.watched.name} 退出（{reason}），{delay:.1f} 秒后重新启动")
        self._due = now + delay


class _StopAsked(BaseException):
    """SIGTERM or Ctrl-C while the node was still starting: leave through every clean-up."""


class Signals:
    """SIGTERM, SIGINT and SIGHUP ask to stop; SIGCHLD wakes the watch."""

    def __init__(self) -> None:
        self.stop_asked = False
        # While starting nobody looks at the flag, so the request interrupts what runs.
        self._interrupts = True
        self._reader, self._writer = socket.socketpair()

    @contextmanager
    def listening(self) -> Iterator["Signals"]:
        self._writer.settimeout(0)
        self._reader.settimeout(0)
        before_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        asks = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        before = {number: signal.signal(number, self._ask) for number in asks}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _only_wake)
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before_fd)
            self._reader.close()
            self._writer.close()

    def only_note(self) -> None:
        """From here on a request sets the flag and interrupts nothing."""
        self._interrupts = False

    def wait(self, seconds: float) -> None:
        if select.select([self._reader], [], [], seconds)[0]:
            self._reader.recv(4096)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.stop_asked = True
        if self._interrupts:
            self._interrupts = False
            raise _StopAsked


def _only_wake(number: int, frame: FrameType | None) -> None:
    """The wake-up descriptor has been written; that is all."""


def run_node(plan: NodePlan) -> None:
    """Run a node until it is asked to stop, or until one of its processes keeps dying.

    SIGTERM, SIGINT and SIGHUP stop children first, then PostgreSQL, then release the directory. After
    SIGKILL the children end by themselves, and the next start takes PostgreSQL over.
    """
    folder = NodeFolder(plan.data_dir.absolute())
    folder.prepare()
    lock = DirectoryLock(folder.lock)
    lock.claim()
    try:
        with Signals().listening() as signals:
            _run(plan, folder, signals)
    except _StopAsked:
        pass
    finally:
        lock.release()


def _run(plan: NodePlan, folder: NodeFolder, signals: Signals) -> None:
    if left := end_left_over(folder.path):
        log.warning("ended what a killed supervisor had left: %s", left)
    with ExitStack() as stack:
        # From the first clean-up on, a second request must not cut it short.
        stack.callback(signals.only_note)
        watches = []
        if plan.database_url:
            check_url(plan.database_url)
            url = plan.database_url
        else:
            server = _guest_server(stack, folder, plan)
            url = url_of(server)
            watches.append(Watch(WatchedServer(server), plan.say))
        plan.prepare(url)
        environment = child_environment(folder.path, url)
        children = [Child(spec, environment) for spec in plan.children]
        stack.callback(_stop_children, children, signals)
        for child in children:
            child.start()
            watches.append(Watch(child, plan.say))
        signals.only_note()
        _watch(watches, signals, plan.look_on)


def _guest_server(stack: ExitStack, folder: NodeFolder, plan: NodePlan) -> Server:
    """The node's own server, stopped when the stack unwinds; we count as its guest like any other."""
    guests = Guests(folder.guests)
    guests.enter()
    stack.callback(guests.leave)
    plan.say("正在启动 PostgreSQL")
    server = start_server(folder, plan.settings)
    stack.callback(stop_server, server)
    return server


def _watch(watches: Sequence[Watch], signals: Signals, look_on: Callable[[], None]) -> None:
    while not signals.stop_asked:
        now = time.monotonic()
        for watch in watches:
            watch.look(now)
        look_on()
        signals.wait(0.2)


def _stop_children(children: Sequence[Child], signals: Signals) -> None:
    signals.only_note()
    for child in reversed(children):
        child.ask_to_stop()
    until = time.monotonic() + _STOP_PATIENCE
    for child in reversed(children):
        child.wait_until_stopped(until)

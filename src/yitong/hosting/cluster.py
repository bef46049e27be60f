"""A node's database server for as long as somebody needs it: attached to, or started and stopped."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import quote, urlencode

from yitong.hosting import database, rules
from yitong.hosting.errors import DirectoryTaken
from yitong.hosting.folder import Connection, NodeFolder
from yitong.hosting.lock import DirectoryLock, Guests, owner_of
from yitong.hosting.programs import find_programs, forget_old_copies, server_user
from yitong.hosting.server import Server, postmaster_of, stop_process

_ATTACH_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What differs between servers: programs, the user root lends them, durability, further settings."""

    bin_dir: Path | None = None
    user: str = ""
    durable: bool = True
    programs_dir: Path | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> "ServerSettings":
        """`YITONG_PG_BIN` names a folder of programs, `YITONG_PG_USER` the user whom root lends the server."""
        bin_dir = os.environ.get("YITONG_PG_BIN")
        return cls(
            bin_dir=Path(bin_dir) if bin_dir else None, user=os.environ.get("YITONG_PG_USER", "")
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; `server` is there only for whoever started it."""

    url: str
    data_dir: Path
    started_here: bool
    server: Server | None = None


@contextmanager
def open_cluster(data_dir: Path, *, settings: ServerSettings | None = None) -> Iterator[Cluster]:
    """The server over `data_dir`: that of a live owner, else one started here.

    The last who leaves stops it. SIGTERM within the block leaves it in order, as Ctrl-C does.
    """
    folder = NodeFolder(data_dir.absolute())
    folder.prepare()
    guests, lock = Guests(folder.guests), DirectoryLock(folder.lock)
    with sigterm_leaves():
        guests.enter()
        server = None
        try:
            if (found := _found_or_claimed(folder, lock)) is not None:
                yield Cluster(found.url, folder.path, started_here=False)
            else:
                server = start_server(folder, settings or ServerSettings.from_environment())
                url = url_of(server)
                yield Cluster(url, folder.path, started_here=True, server=server)
        finally:
            _leave(folder, guests, lock, server)


def start_server(folder: NodeFolder, settings: ServerSettings) -> Server:
    """Start and furnish the server of a directory which the caller has locked, and announce it."""
    folder.announce(None)
    user = server_user(folder.data, settings.user)
    folder.admit(user)
    copies = settings.programs_dir or folder.programs
    programs = find_programs(user, bin_dir=settings.bin_dir, copies=copies)
    server = Server(
        folder=folder, programs=programs, user=user, socket_dir=folder.socket_dir(user),
        durable=settings.durable, options=dict(settings.options),
    )  # fmt: skip
    server.start()
    try:
        database.furnish(server)
    except BaseException:
        server.stop()
        raise
    if settings.programs_dir is None:
        forget_old_copies(copies)
    folder.announce(
        Connection(url_of(server), programs.version, str(server.socket_dir), os.getpid())
    )
    return server


def stop_server(server: Server) -> None:
    """Stop a server and take its announcement back."""
    server.folder.announce(None)
    server.stop()
    server.folder.drop_short_socket_dir()


def url_of(server: Server, *, name: str = database.DATABASE, role: str = database.ROLE) -> str:
    """The address of a database of this server, for libpq, psycopg and Django alike."""
    query = urlencode({"host": str(server.socket_dir), "port": rules.SOCKET_PORT})
    return f"postgresql://{role}:{quote(server.folder.passwords()[role])}@/{name}?{query}"


def _found_or_claimed(folder: NodeFolder, lock: DirectoryLock) -> Connection | None:
    """The server that a live owner announces; None: the directory is now ours.

    The owner may just be starting, recovering or leaving, so both are tried until one holds. An
    announcement counts only with the owner who made it: a killed one's stays behind.
    """
    until = time.monotonic() + _ATTACH_PATIENCE
    while True:
        try:
            lock.claim()
        except DirectoryTaken:
            owner, found = owner_of(folder.lock), folder.connection()
            if found is not None and owner is not None and found.owner == owner.pid:
                return found
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return None


def _leave(folder: NodeFolder, guests: Guests, lock: DirectoryLock, server: Server | None) -> None:
    """Stop the server if nobody else is inside; else leave it to the last of them.

    A guest who leaves last, after the starter went, finds the lock free and stops what runs.
    """
    with guests.leaving() as alone:
        if server is not None:
            if alone:
                stop_server(server)
            else:
                server.leave_to_others()
        elif alone:
            with suppress(DirectoryTaken):
                lock.claim()
                _stop_left_over(folder)
        lock.release()


def _stop_left_over(folder: NodeFolder) -> None:
    folder.announce(None)
    if (running := postmaster_of(folder.data)) is not None:
        stop_process(running)
    folder.drop_short_socket_dir()


@contextmanager
def sigterm_leaves() -> Iterator[None]:
    """Turn SIGTERM into SystemExit, so that blocks are left in order; only where nobody listens to it."""
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    if not ours:
        yield
        return
    signal.signal(signal.SIGTERM, _leave_now)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _leave_now(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)

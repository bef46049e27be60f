"""A node whose processes a test may kill: PostgreSQL, a web server and a worker over one data directory.

There is no supervisor between: the test itself starts again what it killed, so that it can kill more often than
`yitong run` would bear. Clients call the gateway meanwhile and keep every answer.
"""

import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import psutil
from django.db import connections
from django.test.utils import override_settings

from tests.database import _copy_seed, _home, _settings
from tests.factories.agencies import OPERATOR
from tests.factories.ledger import ask, check_consistency, in_order
from tests.factories.persons import number_of
from tests.factories.shared_people import PURPOSE, SharedPeople
from yitong.base.keys import api as keys
from yitong.base.ledger import api as ledger
from yitong.config.database import database_from_url
from yitong.data.exchange import api as exchange
from yitong.data.exchange.rules import digest
from yitong.hosting.api import Cluster, ServerSettings, open_cluster, web_child
from yitong.hosting.folder import NodeFolder
from yitong.hosting.processes import child_environment
from yitong.hosting.server import postmaster_of

ROOT = Path(__file__).resolve().parents[2]
# In a process of its own: this one's models may be bound to another database.
FURNISH = (
    "import django; django.setup(); "
    "from tests.factories.statutes import furnish_register; furnish_register()"
)
PATIENCE_S = 60.0
PEOPLE = 20


def copy_furnished(here: Path) -> None:
    """A data directory with migrated tables, from the suite's own seed."""

    def migrate(url: str) -> None:
        for command in (("migrate", "-v0", "--no-input"), ("createcachetable", "-v0")):
            django_in_a_process(url, "-m", "django", *command)
        django_in_a_process(url, "-c", FURNISH)

    _copy_seed(_home(), here, migrate)


def django_in_a_process(url: str, *command: str) -> None:
    subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )


def durable() -> ServerSettings:
    """Like an operator's server: fsync on, a crash loses nothing that was acknowledged."""
    quick = _settings(_home())
    return ServerSettings(
        bin_dir=quick.bin_dir, user=quick.user, durable=True, programs_dir=quick.programs_dir
    )


@contextmanager
def django_at(url: str) -> Iterator[None]:
    """Point this process's Django at another database for a while."""
    kept = dict(connections.settings["default"])
    connections.close_all()
    connections.settings["default"].update(database_from_url(url))
    try:
        yield
    finally:
        connections.close_all()
        connections.settings["default"].update(kept)


def wait_for(condition: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> object:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


def a_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class FaultNode:
    """The processes of one data directory; `kill` and `start` by name: web, worker, postgres."""

    cluster: Cluster
    port: int = field(default_factory=a_port)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def folder(self) -> NodeFolder:
        return NodeFolder(self.cluster.data_dir)

    @property
    def logs(self) -> list[Path]:
        """Everything that the processes wrote."""
        return [*self.cluster.data_dir.glob("*.out"), *self.folder.log.iterdir()]

    def said(self, name: str) -> str:
        """The last words of a process."""
        return (self.cluster.data_dir / f"{name}.out").read_text(errors="replace")[-2000:]

    def start(self, name: str) -> None:
        if name == "postgres":
            assert self.cluster.server is not None
            self.cluster.server.start()
            return
        argv = {
            "web": list(web_child(port=self.port, threads=8).argv),
            "worker": [sys.executable, "-m", "yitong.cli", "run", "worker"],
        }[name]
        self.start_as(name, argv)

    def start_as(self, name: str, argv: list[str]) -> None:
        """Another process of this node, under a name of its own."""
        with (self.cluster.data_dir / f"{name}.out").open("ab") as output:
            self.running[name] = subprocess.Popen(
                argv,
                env=child_environment(self.cluster.data_dir, self.cluster.url),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL: the whole process with all that it started, or the postmaster alone."""
        if name == "postgres":
            found = postmaster_of(self.folder.data)
            assert found is not None
            found.kill()
            self.cluster.server.stop()
        elif name == "backend":
            self._backend().kill()
        else:
            process = self.running.pop(name)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _backend(self) -> psutil.Process:
        """One that serves somebody: the postmaster then ends all others and recovers by itself."""
        names = ("yitong yitong", "yitong [local]")
        postmaster = postmaster_of(self.folder.data)
        assert postmaster is not None

        def serving() -> list[psutil.Process]:
            found = []
            for child in postmaster.children():
                with suppress(psutil.Error):
                    if any(name in " ".join(child.cmdline()) for name in names):
                        found.append(child)
            return found

        return random.choice(wait_for(serving, "a backend"))  # type: ignore[arg-type]

    def kill_and_start(self, victim: str, pause: float) -> None:
        self.kill(victim)
        time.sleep(pause)
        if victim == "backend":
            return
        self.start(victim)

    def answers(self) -> bool:
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as caller,
        ):
            caller.request("GET", "/gateway/v1/")
            return caller.getresponse().status == 404
        return False

    def stop(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()


@contextmanager
def a_place() -> Iterator[Path]:
    """A folder in /var/tmp: root's own temporary folders are closed to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="yitong-node-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened_node(folder: Path) -> Iterator[FaultNode]:
    """PostgreSQL runs; this process's Django is pointed at it; web and worker are started by the tests."""
    copy_furnished(folder)
    with (
        open_cluster(folder, settings=durable()) as cluster,
        django_at(cluster.url),
        override_settings(YITONG_KEYS=folder / "keys"),
    ):
        keys.initialise(by=OPERATOR)
        found = FaultNode(cluster)
        try:
            yield found
        finally:
            found.stop()
            exchange.shut_down()


@dataclass(frozen=True)
class Answer:
    """What a client received: the number of the record, and the data's digest."""

    entry: int
    digest: str


@dataclass
class Clients:
    """Several clients that call the gateway in a loop and keep what they get."""

    port: int
    shared: SharedPeople
    answered: list[Answer] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Clients":
        self._threads = [threading.Thread(target=self._call_on, args=(n,)) for n in range(6)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _call_on(self, number: int) -> None:
        turn = number
        while not self._stop.is_set():
            with (
                suppress(OSError, http.client.HTTPException),
                closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as caller,
            ):
                while not self._stop.is_set():
                    turn += 1
                    self._call(caller, number_of(2 + turn % PEOPLE))
            self._stop.wait(0.02)

    def _call(self, caller: http.client.HTTPConnection, person: str) -> None:
        caller.request(
            "POST",
            f"/gateway/v1/resources/{self.shared.resource.code}/read",
            orjson.dumps({"key": person, "purpose": PURPOSE}),
            {"Authorization": f"Bearer {self.shared.token}", "Content-Type": "application/json"},
        )
        response = caller.getresponse()
        body = response.read()
        self.statuses[response.status] = self.statuses.get(response.status, 0) + 1
        if response.status == 200:
            found = orjson.loads(body)
            self.answered.append(Answer(found["entry"], digest(found["rows"])))
        elif response.status != 503 or b'"rows"' in body:
            self.strange.append(f"{response.status} {body[:300]!r}")
        if response.status != 200:
            self._stop.wait(0.02)

    def wait_for_more(self, count: int = 10) -> None:
        """Until the service answers (again)."""
        wanted = len(self.answered) + count
        wait_for(lambda: len(self.answered) >= wanted, f"answers; so far {self.statuses}")


def check_answers(answered: list[Answer]) -> None:
    """Every answer has its record, once, with its usage; no record of them was called unanswered."""
    ids = [answer.entry for answer in answered]
    assert len(ids) == len(set(ids)), "two answers with one record"
    used = dict(ask("select id, facts->>'digest' from ledger_entry where event = 'data.used'"))
    assert [a for a in answered if used.get(a.entry) != a.digest] == [], (
        "no answer without its record"
    )
    usage = ask("select entry_id, count(*) from exchange_usage group by entry_id")
    assert {count for _, count in usage} == {1}
    assert {entry for entry, _ in usage} == set(used), "record and usage live or die together"
    ended = {
        int(key)
        for (key,) in ask("select about_key from ledger_entry where event = 'data.use_unanswered'")
    }
    assert not ended & set(ids), "an answer that left is not said to have stayed"
    assert ended <= set(used)


def unexplained(before: set[int], answered: list[Answer]) -> set[int]:
    """Uses since `before` that no client received and that no entry says were not answered."""
    received = {answer.entry for answer in answered}
    ended = ask("select about_key from ledger_entry where event = 'data.use_unanswered'")
    return used() - before - received - {int(key) for (key,) in ended}


def used() -> set[int]:
    return {id_ for (id_,) in ask("select id from ledger_entry where event = 'data.used'")}


def check_ledger() -> None:
    """All is indexed by the worker that runs, without a gap, and verifies."""
    connections.close_all()
    wait_for(lambda: ledger.health().waiting == 0, "the sequencer")
    wait_for(lambda: (h := ledger.health()).signed_size == h.size, "the last checkpoint")
    found = in_order()
    assert len(found) == len(set(found))
    assert check_consistency() >= 1
    verified = ledger.verify()
    assert (verified.faults, verified.size, verified.pending) == ([], len(found), 0)

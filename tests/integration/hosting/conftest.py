"""Data directories which the server's user can enter, and nodes in processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from yitong.hosting.api import ServerSettings, open_cluster
from yitong.hosting.folder import NodeFolder
from yitong.hosting.processes import end_left_over
from yitong.hosting.server import postmaster_of, stop_process

# Children of a test's node; `python -c` so that a test says what it runs.
SLEEP = "import time\nwhile True: time.sleep(0.1)"

RUN = """
import sys
from pathlib import Path
from yitong.hosting.api import ChildSpec, HostingRefusal, NodePlan, ServerSettings, run_node
directory, url, *children = sys.argv[1:]
plan = NodePlan(
    Path(directory),
    [ChildSpec(f"child{n}", [sys.executable, "-c", code]) for n, code in enumerate(children)],
    database_url=url,
    settings=ServerSettings(durable=False, bin_dir=ServerSettings.from_environment().bin_dir),
    prepare=lambda url: print("ready", url, flush=True),
    say=lambda sentence: print(sentence, flush=True),
)
try:
    run_node(plan)
except HostingRefusal as refusal:
    print("refused", refusal.code, refusal, flush=True)
    sys.exit(1)
print("stopped", flush=True)
"""


@pytest.fixture(scope="session")
def settings() -> ServerSettings:
    return ServerSettings(durable=False, bin_dir=ServerSettings.from_environment().bin_dir)


@pytest.fixture(scope="session")
def place():
    """A folder in /var/tmp: root's own temporary folders are closed to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="yitong-hosting-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def furnished(place, settings) -> Path:
    """A stopped, furnished data directory: copying it is quicker than initdb."""
    with open_cluster(place / "furnished", settings=settings):
        pass
    return place / "furnished"


@pytest.fixture
def node_dir(place, furnished):
    """A data directory of this test's own, already furnished."""
    folder = Path(tempfile.mkdtemp(prefix="n", dir=place))
    folder.rmdir()
    subprocess.run(["cp", "-a", "--reflink=auto", furnished, folder], check=True)
    yield folder
    _clear(folder)


@pytest.fixture
def new_dir(place):
    """The path of a directory that is not there yet."""
    folder = Path(tempfile.mkdtemp(prefix="n", dir=place))
    folder.rmdir()
    yield folder
    _clear(folder)


def _clear(folder: Path) -> None:
    end_left_over(folder)
    if (left := postmaster_of(NodeFolder(folder).data)) is not None:
        stop_process(left, patience=2.0)
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Node:
    """A node in a process of its own, with what it printed."""

    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)

    def until(self, word: str) -> str:
        """Read on until a line has `word`."""
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if word in line:
                return line.strip()
        raise AssertionError(f"{word!r} never came: {self.lines}")

    @property
    def url(self) -> str:
        return next(line for line in self.lines if line.startswith("ready ")).split()[1]

    def children(self) -> list[psutil.Process]:
        """The Python children; the server is in a family of its own."""
        found = psutil.Process(self.process.pid).children()
        return [one for one in found if "postgres" not in one.name()]

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        rest, _ = self.process.communicate(timeout=60)
        self.lines += rest.splitlines()
        return self.process.returncode


@pytest.fixture
def start_node():
    """Start nodes; whatever a test leaves running is ended."""
    nodes = []

    def start(directory: Path, *children: str, url: str = "") -> Node:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, directory, url, *children],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "DATABASE_URL": ""},
        )  # fmt: skip
        nodes.append(Node(process))
        return nodes[-1]

    yield start
    for node in nodes:
        with suppress(ProcessLookupError):
            node.process.kill()
        node.process.communicate()


def wait_for(condition, seconds: float = 20.0):
    """The first true answer of `condition`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError("waited in vain")

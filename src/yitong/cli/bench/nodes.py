"""A whole node as an operator starts it, on a data directory of its own: for `start` and `memory`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 120.0
LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class RunningNode:
    """The supervisor's process id, and how long the first page took from the command."""

    pid: int
    port: int
    first_page_s: float


@contextmanager
def node_folder() -> Iterator[Path]:
    """A data directory below /var/tmp, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="yitong-bench-", dir="/var/tmp"))
    folder.chmod(0o755)  # the server may run as another user and must be able to enter
    try:
        yield folder / "node"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(data_dir: Path) -> Iterator[RunningNode]:
    """`yitong run` until its first page answers; stopped in order at the end."""
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "YITONG_DATA"}}
    log = (data_dir.parent / "run.log").open("ab")
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "yitong.cli", "run", "--data", str(data_dir), "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _await_page(port, process)
        yield RunningNode(process.pid, port, time.perf_counter() - started)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def _await_page(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the node ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                answer.read()
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(LOOK_EVERY_S)
    raise RuntimeError("the node showed no page")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

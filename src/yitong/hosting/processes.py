"""The node's child processes: started so that none outlives the supervisor, ended with all they started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

# Names the directory whose supervisor started a process, so that the next one finds what was left.
MARK = "YITONG_SUPERVISED_IN"

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
_THREADS = 16


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A process that belongs to a node: a name for people, its command, and what its environment adds."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


def web_child(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    threads: int = _THREADS,
    static: Path | None = None,
) -> ChildSpec:
    """The web server: one process per core less one, which PostgreSQL needs, and threads for waiting.

    `static` is the folder of the pages' style sheets and scripts, served by the web server itself.

    No access log: addresses of pages can name persons and cases. A worker of its that dies ends the whole
    web server, so that the supervisor sees it.
    """
    cores = len(os.sched_getaffinity(0))
    argv = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(max(1, cores - 1)), "--blocking-threads", str(threads),
        "--http", "1", "--no-ws", "--no-access-log", "--log-level", "error",
        "--workers-kill-timeout", "10", *_static_options(static), "yitong.config.wsgi:application",
    ]  # fmt: skip
    return ChildSpec("web", argv)


def _static_options(folder: Path | None) -> list[str]:
    """Kept by browsers for minutes only: the files of the next release have the same names."""
    if folder is None:
        return []
    return ["--static-path-mount", str(folder), "--static-path-expires", "600"]


class Child:
    """One supervised process and the group of those that it starts itself."""

    def __init__(self, spec: ChildSpec, environment: Mapping[str, str]) -> None:
        self.name = spec.name
        self._argv = list(spec.argv)
        self._environment = {**environment, **spec.env}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """A session of its own: Ctrl-C reaches the supervisor alone, which then stops all in order."""
        parent = os.getpid()
        self._process = subprocess.Popen(
            self._argv,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509 - the supervisor has one thread
        )

    def death(self) -> str:
        """Why the child is dead, or "" while it lives. What it had started dies with it."""
        if self._process is None or (code := self._process.poll()) is None:
            return ""
        self._end_group()
        if code >= 0:
            return f"退出码 {code}"
        return f"信号 {signal.Signals(-code).name}"

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_until_stopped(self, until: float) -> None:
        """Give it until `until` (monotonic) to end by itself, then end it and its group."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, until - time.monotonic()))
        self._end_group()
        self._process.wait()
        self._process = None

    def _end_group(self) -> None:
        """The group's number cannot be used again while a member lives, so this hits nobody else."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """In the child: be told when the supervisor dies, even by SIGKILL; end at once if it already has."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def child_environment(data_dir: Path, database_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "YITONG_DATA": str(data_dir),
        MARK: str(data_dir),
    }


def end_left_over(data_dir: Path) -> list[int]:
    """End processes that a killed supervisor of this directory left behind; only its lock's holder may call.

    A web server killed together with its supervisor leaves worker processes which nobody tells.
    """
    ended = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == str(data_dir):
                process.kill()
                ended.append(process.pid)
    return ended

"""Commands run inside the test's process on its own database, and as real processes where that matters."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from yitong.cli.main import run


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)

    @property
    def fault(self) -> str:
        return self.document["error"]["code"]


@pytest.fixture
def cli(database_url, node_keys, tmp_path, monkeypatch, capsys) -> Callable[..., Said]:  # noqa: F811
    """`cli("regions", "find", "石桥")` on this test's database, as the operator."""
    for name in ("YITONG_PROFILE", "YITONG_CLIENT", "YITONG_CLIENT_SECRET", "YITONG_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("YITONG_DATA", str(tmp_path / "node"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return Said(code, *capsys.readouterr())

    return call


def _hears_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def program(tmp_path) -> Callable[..., "subprocess.Popen[str]"]:
    """Start `yitong` as a process of its own; whatever still runs at the end is ended."""
    started = []

    def start(*arguments: object, **environment: str) -> "subprocess.Popen[str]":
        known = {k: v for k, v in os.environ.items() if not k.startswith(("YITONG_", "DATABASE_"))}
        kept = {"XDG_STATE_HOME": str(tmp_path / "state"), "LANG": "C.UTF-8"}
        server = {k: v for k, v in os.environ.items() if k in {"YITONG_PG_BIN", "YITONG_PG_USER"}}
        process = subprocess.Popen(
            [sys.executable, "-m", "yitong.cli", *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**known, **server, **kept, **environment},
            # A suite that a shell started in the background would hand its deafness to Ctrl-C on.
            preexec_fn=_hears_ctrl_c,  # noqa: PLW1509
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: "subprocess.Popen[str]", seconds: float = 120) -> Said:
    out, err = process.communicate(timeout=seconds)
    return Said(process.returncode, out, err)


@pytest.fixture
def people(tmp_path) -> Path:
    """A small table of made-up people, under a name of its own."""
    from tests.factories.shared_people import people_csv

    path = tmp_path / "低保对象.csv"
    people_csv(tmp_path, 30).rename(path)
    return path

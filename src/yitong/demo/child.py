"""The node as a child process, started as an operator starts it, and its command line."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError

from yitong.demo.city import CITIZENS
from yitong.demo.province import Province, Resident, serve
from yitong.demo.steps import StepFailed, until
from yitong.demo.visitor import Visitor
from yitong.kernel.sm import generate_private_key

START_S = 180
STOP_S = 40
SIGN_ON_PORT = 8090
COMMAND_S = 300


@dataclass(frozen=True, slots=True)
class Machine:
    """Where the node lives, and where it listens."""

    data: Path
    host: str
    port: int

    @property
    def address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{host}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "YITONG_DATA": str(self.data), "YITONG_PROFILE": "demo"}

    def command(self, *words: str) -> Any:  # noqa: ANN401 - JSON is what it is
        """One `yitong …  --json`; its answer. StepFailed with what it said on standard error."""
        ran = subprocess.run(
            [sys.executable, "-m", "yitong.cli", *words, "--json", "--data", str(self.data)],
            env=self.environment, capture_output=True, text=True, timeout=COMMAND_S, check=False,
        )  # fmt: skip
        if ran.returncode:
            said = f"yitong {words[0]}: {ran.returncode}: {ran.stderr.strip()[-400:]}"
            raise StepFailed(said, ran.returncode)
        return json.loads(ran.stdout)


@contextmanager
def running(machine: Machine) -> Iterator[subprocess.Popen[bytes]]:
    """The node from its first page to the end of the block, then stopped in order."""
    child = subprocess.Popen(
        [
            sys.executable, "-m", "yitong.cli", "run", "--data", str(machine.data),
            "--host", machine.host, "--port", str(machine.port),
        ],
        env=machine.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        # Of its own group: Ctrl-C is ours, and we stop it in order.
        start_new_session=True,
    )  # fmt: skip
    try:
        until(lambda: _is_up(machine, child), seconds=START_S, what=f"{machine.address}/healthz")
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP_S)
        if child.poll() is None:
            child.kill()
            child.wait()


@contextmanager
def sign_on_service(machine: Machine) -> Iterator[str]:
    """The made-up province's service in a thread of its own, and its agreement with the node in the environment."""
    province = Province(
        app="lanning",
        back="http://",  # by whichever name the node is reached; what is asked is signed
        residents=[Resident(one.resident.name, one.resident.number) for one in CITIZENS],
        private_key=generate_private_key(),
    )
    host = "127.0.0.1"
    server = serve(province, host, free_port(host, SIGN_ON_PORT))
    address = f"http://{host}:{server.server_port}"
    os.environ |= {
        "YITONG_SIGN_ON_URL": f"{address}/authorize",
        "YITONG_SIGN_ON_ISSUER": province.issuer,
        "YITONG_SIGN_ON_APP": province.app,
        "YITONG_SIGN_ON_SECRET": province.secret,
        "YITONG_SIGN_ON_KEY": province.public_key,
    }
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _is_up(machine: Machine, child: subprocess.Popen[bytes]) -> bool | None:
    if child.poll() is not None:
        raise StepFailed(f"yitong run: {child.returncode}")
    try:
        is_well = Visitor(machine.address).get("/healthz").status == 200
    except (URLError, OSError):
        return None
    return True if is_well else None


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or another where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in (wanted, 0):
        with socket.socket(family) as trial, suppress(OSError):
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            return int(trial.getsockname()[1])
    return wanted

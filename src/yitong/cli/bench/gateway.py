"""`gateway`: governed reads at 50 connections, each record durable in the real indexed tables.

The limit is a bare WSGI handler (`bare`): the same row, the same JSON, a pool, no check, no record. Each side
runs at its own best of 8, 16 and 32 threads.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from yitong.cli.bench.load import Answered, Load, run_load
from yitong.cli.bench.people import PURPOSE, GrantedPeople, furnish
from yitong.cli.bench.result import BenchResult, Progress, conditions, median
from yitong.cli.bench.throwaway import Throwaway, throwaway_node

CONNECTIONS = 50
THREADS = (8, 16, 32)
TRIAL_S, ROUND_S, ROUNDS = 4.0, 8.0, 5
BAR_LIMIT, BAR_PER_SECOND, BAR_P99_MS = 0.45, 1_500, 80


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two servers and what is sent to it."""

    application: str
    path: str
    bodies: list[str]
    token: str
    environment: Mapping[str, str]

    def measure(self, threads: int, seconds: float) -> Answered:
        with _served(self, threads) as port:
            load = Load(port, self.path, self.bodies, self.token, CONNECTIONS, seconds)
            run_load(Load(port, self.path, self.bodies, self.token, CONNECTIONS, 1.0))
            return run_load(load)


def run(progress: Progress) -> BenchResult:
    with throwaway_node() as node:
        people = furnish(node.data_dir.parent)
        sides = _sides(people)
        best = {name: _best(name, side, progress) for name, side in sides.items()}
        found: dict[str, list[Answered]] = {name: [] for name in sides}
        for number in range(1, ROUNDS + 1):
            for name, side in sides.items():
                answered = side.measure(best[name], ROUND_S)
                found[name].append(answered)
                progress(f"{number}/{ROUNDS} {name}: {answered.per_second:.0f}/s")
        return _result(found, best, node)


def _sides(people: GrantedPeople) -> dict[str, _Side]:
    from yitong.base.keys.api import pseudonym

    token = _token(people)
    path = f"/gateway/v1/resources/{people.resource}/read"
    calls = [orjson.dumps({"key": n, "purpose": PURPOSE}).decode() for n in people.numbers]
    governed = _Side("yitong.config.wsgi:application", path, calls, token, {})
    body = _one_answer(governed)
    keys = [pseudonym("person", number).hex() for number in people.numbers]
    environment = {"BENCH_TABLE": people.table_key, "BENCH_BODY": body}
    bare = _Side("yitong.cli.bench.bare:application", "/", keys, "", environment)
    return {"yitong": governed, "bare": bare}


def _token(people: GrantedPeople) -> str:
    from django.test import Client

    asked = {
        "grant_type": "client_credentials",
        "client_id": people.client_id,
        "client_secret": people.secret,
    }
    return str(Client().post("/identity/o/api/token", asked).json()["access_token"])


def _one_answer(side: _Side) -> str:
    import urllib.request

    with _served(side, THREADS[0]) as port:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{side.path}",
            data=side.bodies[0].encode(),
            headers={"Authorization": f"Bearer {side.token}"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return str(answer.read().decode())


def _best(name: str, side: _Side, progress: Progress) -> int:
    trials = {threads: side.measure(threads, TRIAL_S).per_second for threads in THREADS}
    progress(f"{name}: {trials}")
    return max(trials, key=lambda threads: trials[threads])


@contextmanager
def _served(side: _Side, threads: int) -> Iterator[int]:
    port = _free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", side.application, "--interface", "wsgi"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--blocking-threads", str(threads), "--no-ws", "--log-level", "error"),
        ],
        env={**os.environ, **side.environment},
        start_new_session=True,
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer")


def _result(
    found: Mapping[str, list[Answered]], best: Mapping[str, int], node: Throwaway
) -> BenchResult:
    ours = median([a.per_second for a in found["yitong"]])
    limit = median([a.per_second for a in found["bare"]])
    p99 = median([a.p99_ms for a in found["yitong"]])
    failed = sum(a.failed for answers in found.values() for a in answers)
    points: list[dict[str, Any]] = [
        {
            "side": name,
            "threads": best[name],
            "per_second": [round(a.per_second) for a in answers],
            "p99_ms": [round(a.p99_ms, 1) for a in answers],
        }
        for name, answers in found.items()
    ]
    ok = ours >= BAR_LIMIT * limit and ours >= BAR_PER_SECOND and p99 <= BAR_P99_MS and not failed
    return BenchResult(
        name="gateway",
        figure=ours,
        unit="reads/s",
        bar=f"≥ {BAR_LIMIT} of the limit, ≥ {BAR_PER_SECOND}/s, p99 ≤ {BAR_P99_MS} ms",
        ok=ok,
        limit=limit,
        ratio_to_limit=ours / limit,
        points=points,
        conditions=conditions(
            connections=CONNECTIONS, p99_ms=p99, failed=failed, server=node.server
        ),
    )

"""A closed-loop load from a process of its own: connections that ask, wait for the answer, and ask again."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Load:
    """What to send: to a loopback port, one of these bodies after the other."""

    port: int
    path: str
    bodies: list[str]
    token: str
    connections: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers with 200 a second, others, and latencies in milliseconds."""

    per_second: float
    failed: int
    p50_ms: float
    p99_ms: float


def run_load(load: Load) -> Answered:
    """In a process of its own, so that it does not share the server's interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "yitong.cli.bench.load"],
        input=json.dumps(asdict(load)),
        capture_output=True,
        text=True,
        check=True,
        timeout=load.seconds + 60,
    )
    return Answered(**json.loads(done.stdout))


class _Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: list[bytes], first: int, until: float) -> None:
        self.requests, self.next, self.until = requests, first, until
        self.latencies: list[float] = []
        self.failed = 0
        self.buffer = b""
        self.sent = 0.0
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection gives
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.sent = time.perf_counter()
        if self.sent >= self.until:
            self.transport.close()
            return
        self.transport.write(self.requests[self.next % len(self.requests)])
        self.next += 7

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        start = head.lower().index(b"content-length:") + 15
        length = int(head[start:].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self.buffer = b""
        self.latencies.append(time.perf_counter() - self.sent)
        self.failed += not head.startswith(b"HTTP/1.1 200")
        self._ask()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)


async def _all(load: Load) -> Answered:
    requests = [
        (
            f"POST {load.path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {load.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
        ).encode()
        for body in load.bodies
    ]
    started = time.perf_counter()
    loop = asyncio.get_running_loop()
    callers = []
    for number in range(load.connections):
        make = partial(_Caller, requests, number * 31, started + load.seconds)
        _, caller = await loop.create_connection(make, "127.0.0.1", load.port)
        callers.append(caller)
    await asyncio.gather(*(caller.closed for caller in callers))
    took = time.perf_counter() - started
    times = sorted(t * 1000 for caller in callers for t in caller.latencies)
    failed = sum(caller.failed for caller in callers)
    return Answered(
        (len(times) - failed) / took,
        failed,
        statistics.median(times),
        times[int(len(times) * 0.99)],
    )


if __name__ == "__main__":
    Path("/dev/stdout").write_text(
        json.dumps(asdict(asyncio.run(_all(Load(**json.load(sys.stdin)))))), encoding="utf-8"
    )

"""An SMS gateway for tests: the small HTTP contract of `base/messages/sms.py` over a real socket."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Request(BaseHTTPRequestHandler):
    server: "SmsGatewayServer"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        identity = self.headers["Idempotency-Key"]
        if self.server.hangs:
            self.server.stopped.wait(60)
            return
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self.answer(401, {})
        elif self.server.status != 202:
            self.answer(self.server.status, {"error": f"no such number {asked['to']}"})
        elif identity in self.server.taken:
            self.answer(409, {"reference": f"R-{list(self.server.taken).index(identity)}"})
        else:
            self.server.taken[identity] = asked
            self.answer(202, {"reference": f"R-{len(self.server.taken) - 1}"})

    def do_GET(self) -> None:
        state = self.server.states.get(self.path.rpartition("/")[2], "pending")
        self.answer(200, {"state": state})

    def answer(self, status: int, document: dict[str, str]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


class SmsGatewayServer(ThreadingHTTPServer):
    """What it has taken by identity, and how it is to answer."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.token, self.status, self.hangs = "only for tests", 202, False
        self.taken: dict[str, dict[str, str]] = {}
        self.states: dict[str, str] = {}
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sms"

    def handle_error(self, _request: object, _address: object) -> None:
        """A client that went away is what these tests are about."""


@contextmanager
def an_sms_gateway() -> Iterator[SmsGatewayServer]:
    with SmsGatewayServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            server.shutdown()
            thread.join(5)

"""SMS through an HTTP gateway: the small contract that a bridge to any provider can speak.

POST <url>            Authorization: Bearer <token>; Idempotency-Key: <identity>
{"to": "…", "text": "…", "id": "<identity>"}
200, 201, 202     {"reference": "…"}: taken
409               this identity was taken before: the same answer as taken
408, 425, 429     later;  401, 403  our token is wrong;  other 4xx  never;  5xx  the gateway is away
GET <url>/<reference> {"state": "pending" | "delivered" | "failed"}
"""

import http.client
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from yitong.base.messages.adapters import (
    NotLetIn,
    Outgoing,
    PutOff,
    Refused,
    Trouble,
    Uncertain,
    Unreachable,
)
from yitong.base.messages.deadline import cut_after, encrypted
from yitong.base.messages.rules import Channel

_TAKEN = frozenset({200, 201, 202, 409})
_LATER = frozenset({408, 425, 429})
_NOT_US = frozenset({401, 403})
_MOST_BYTES = 64 * 1024
_ARRIVED = {"delivered": True, "failed": False}


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """Where short messages are handed over. The token is never shown."""

    url: str
    signature: str = "一同"  # providers want a name in 【】 before the text
    token: str = field(default="", repr=False)
    authorities: str = ""
    step_s: float = 5.0
    whole_s: float = 10.0


class SmsAdapter:
    """Short messages through one gateway."""

    channel = Channel.SMS

    def __init__(self, gateway: SmsGateway) -> None:
        self.gateway = gateway

    @contextmanager
    def session(self) -> Iterator["SmsAdapter"]:
        yield self  # every message is a request of its own

    def send(self, outgoing: Outgoing) -> str:
        asked = {
            "to": outgoing.address,
            "text": short_text(outgoing, signature=self.gateway.signature),
            "id": outgoing.identity,
        }
        status, answer = self._ask("POST", "", asked, identity=outgoing.identity)
        if status in _TAKEN:
            reference = answer.get("reference", "")
            return reference[:120] if isinstance(reference, str) else ""
        raise _trouble(status)

    def receipts(self, references: Mapping[int, str]) -> Mapping[int, bool]:
        """Ask for each; the first that the gateway cannot answer ends the asking."""
        found: dict[int, bool] = {}
        end = time.monotonic() + 2 * self.gateway.whole_s
        for number, reference in references.items():
            if time.monotonic() > end:
                break
            try:
                status, answer = self._ask("GET", f"/{quote(reference, safe='')}")
            except Trouble:
                break
            state = answer.get("state") if status == 200 else None
            if isinstance(state, str) and state in _ARRIVED:
                found[number] = _ARRIVED[state]
        return found

    def _ask(
        self,
        method: str,
        path: str,
        document: Mapping[str, str] | None = None,
        *,
        identity: str = "",
    ) -> tuple[int, dict[str, object]]:
        """One request: its status and its JSON object. Nothing is followed to another place."""
        parts = urlsplit(self.gateway.url)
        line = self._line(parts.scheme, parts.hostname or "", parts.port)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.gateway.token:
            headers["Authorization"] = f"Bearer {self.gateway.token}"
        if identity:
            headers["Idempotency-Key"] = identity
        body = json.dumps(document, ensure_ascii=False).encode() if document else None
        with cut_after(self.gateway.whole_s, lambda: line.sock):
            try:
                line.connect()
            except ssl.SSLError as error:
                line.close()
                raise NotLetIn from error
            except OSError as error:
                line.close()
                raise Unreachable from error
            try:
                line.request(method, (parts.path.rstrip("/") or "") + path or "/", body, headers)
                response = line.getresponse()
                return response.status, _object(response.read(_MOST_BYTES))
            except (OSError, http.client.HTTPException) as error:
                raise Uncertain from error
            finally:
                line.close()

    def _line(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            return _Encrypted(host, port, self.gateway)
        return http.client.HTTPConnection(host, port, timeout=self.gateway.step_s)


class _Encrypted(http.client.HTTPConnection):
    """HTTPS whose handshake can be cut as well."""

    default_port = http.client.HTTPS_PORT

    def __init__(self, host: str, port: int | None, gateway: SmsGateway) -> None:
        super().__init__(host, port, timeout=gateway.step_s)
        self._authorities = gateway.authorities

    def connect(self) -> None:
        super().connect()
        line = encrypted(self.sock, host=self.host, authorities=self._authorities)
        self.sock = line
        line.do_handshake()


def _object(body: bytes) -> dict[str, object]:
    with suppress(ValueError):
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    return {}


def _trouble(status: int) -> Trouble:
    if status in _NOT_US:
        return NotLetIn()
    if status in _LATER:
        return PutOff()
    return Refused() if 400 <= status < 500 else Unreachable()


def short_text(outgoing: Outgoing, *, signature: str) -> str:
    """The same four answers in one line."""
    text = outgoing.text
    gap = " " if outgoing.language == "en" else ""
    return f"【{signature}】" + gap.join(
        part for part in (text.who, text.what, text.todo, text.why) if part
    )

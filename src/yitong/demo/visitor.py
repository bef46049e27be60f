"""Talks to the node over HTTP as anyone would: pages with a cookie jar and forms, and a machine's calls."""

import json
import re
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

from yitong.demo.steps import StepFailed

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PATIENCE_S = 30


def _opener() -> OpenerDirector:
    # A proxy of the environment is not asked: the node is on this machine.
    return build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body, whatever the status."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON is what it is
        return json.loads(self.body)


@dataclass(slots=True)
class Visitor:
    """One browser, or one machine."""

    base: str
    _open: OpenerDirector = field(default_factory=_opener, repr=False)

    def get(self, path: str) -> Answer:
        return self._asked(Request(self.base + path))  # noqa: S310 - the node's own address

    def form(self, path: str, _to: str = "", **fields: str) -> Answer:
        """Fill in a form of a page and send it, to the page itself or to where the form leads."""
        found = _TOKEN.search(self.get(path).text)
        sent = fields | {"csrfmiddlewaretoken": found[1] if found else ""}
        headers = {"Referer": self.base + path}
        address = self.base + (_to or path)
        return self._asked(Request(address, urlencode(sent).encode(), headers))  # noqa: S310

    def sign_on(self, who: str, level: int, next_page: str) -> Answer:
        """Log in by the sign-on service as somebody at a browser would: choose, confirm, be sent back."""
        query = urlencode({"level": level, "next": next_page})
        with self._open.open(f"{self.base}/account/sign-on/?{query}", timeout=_PATIENCE_S) as page:
            there, text = page.geturl(), page.read().decode("utf-8")
        chosen = re.search(rf'name="who" value="(\d+)"[^>]*> <span[^>]*>{re.escape(who)}<', text)
        if chosen is None:
            raise StepFailed(text[:200])
        sent = urlencode({"who": chosen[1], "level": level}).encode()
        return self._asked(Request(there, sent))  # noqa: S310 - the demo's own service

    def token(self, client_id: str, secret: str) -> str:
        """A machine's access token, as `curl` would ask for it."""
        asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
        }
        address = f"{self.base}/identity/o/api/token"
        answer = self._asked(Request(address, urlencode(asked).encode()))  # noqa: S310
        if answer.status != 200:
            raise StepFailed(f"{answer.status}: {answer.text[:200]}")
        return str(answer.document["access_token"])

    def read(self, token: str, resource: str, **asked: object) -> Answer:
        """One governed read."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        address = f"{self.base}/gateway/v1/resources/{resource}/read"
        return self._asked(Request(address, json.dumps(asked).encode(), headers))  # noqa: S310

    def _asked(self, request: Request) -> Answer:
        try:
            with self._open.open(request, timeout=_PATIENCE_S) as answer:
                return Answer(answer.status, answer.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read())

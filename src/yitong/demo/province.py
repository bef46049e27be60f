"""A made-up province's 统一身份认证, as a separate small service: a signed redirect in, a sealed ticket out.

It imitates services that are not quite OIDC, so it shares nothing with the node but an app id, a secret and its
public key. It knows only made-up people, and looks at nobody's face.
"""

import base64
import html
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from yitong.kernel import clock
from yitong.kernel.sm import hmac_sm3, sm2_key, sm4_seal

TICKET_S: Final = 120
ASKED_S: Final = 300
PAGE: Final = """<!DOCTYPE html><html lang="{words.lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{words.title}</title></head>
<body><main><h1>{words.title}</h1>{body}</main></body></html>"""


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say, in one language. The service is not part of the node, so neither are its words."""

    lang: str
    title: str
    made_up: str
    level: str
    levels: Mapping[int, str]
    verify: str
    not_ours: str
    nobody: str


CHINESE: Final = Words(
    lang="zh-Hans",
    title="省统一身份认证（模拟）",
    made_up="这里的人都是虚构的。选一个人和认证等级。",
    level="等级",
    levels={
        3: "三级：姓名和号码比对",
        4: "四级：实人实名实证（模拟刷脸，不采集照片）",
        5: "五级：数字证书（模拟）",
    },
    verify="认证并返回",
    not_ours="请求的签名、时间或者回跳地址不对。",
    nobody="没有这个人或者这个等级。",
)
ENGLISH: Final = Words(
    lang="en",
    title="Provincial sign-on service (simulated)",
    made_up="Everybody here is made up. Choose a person and a level.",
    level="Level",
    levels={
        3: "Level 3: name and number are compared",
        4: "Level 4: the real person with the real document (face check simulated, no picture is taken)",
        5: "Level 5: digital certificate (simulated)",
    },
    verify="Verify and return",
    not_ours="The request's signature, time or return address is wrong.",
    nobody="There is no such person or level.",
)
LANGUAGES: Final = {"zh": (CHINESE, "中文"), "en": (ENGLISH, "English")}


def words_for(chosen: str, accepted: str) -> Words:
    """The language that was chosen on the page; else the browser's first; Chinese where it is neither."""
    first = accepted.split(",", maxsplit=1)[0].strip().lower()
    return LANGUAGES.get(chosen or first[:2], LANGUAGES["zh"])[0]


@dataclass(frozen=True, slots=True)
class Resident:
    """A made-up person whom the service knows."""

    name: str
    number: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Province:
    """The service: a WSGI application."""

    app: str
    back: str  # how addresses of its one relying party begin
    residents: Sequence[Resident]
    issuer: str = "province"
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    private_key: bytes = field(default=b"", repr=False)

    @property
    def public_key(self) -> str:
        return sm2_key(self.private_key).public_key.hex()

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked = dict(parse_qsl(str(environ.get("QUERY_STRING", ""))))
        chosen_language = asked.pop("lang", "")  # the page's own, and no part of what is signed
        words = words_for(chosen_language, str(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
        if environ.get("PATH_INFO") != "/authorize" or not self._is_ours(asked):
            return _say(start, HTTPStatus.BAD_REQUEST, words, f"<p>{words.not_ours}</p>")
        if environ["REQUEST_METHOD"] != "POST":
            return _say(start, HTTPStatus.OK, words, self._form(asked, words))
        length = min(int(environ.get("CONTENT_LENGTH") or 0), 10_000)
        filled = dict(parse_qsl(environ["wsgi.input"].read(length).decode()))
        chosen = self._resident(filled.get("who", ""))
        level = filled.get("level", "3")
        if chosen is None or level not in map(str, words.levels):
            return _say(start, HTTPStatus.BAD_REQUEST, words, f"<p>{words.nobody}</p>")
        address = self.answer(asked, chosen, int(level))
        start("303 See Other", [("Location", address), ("Cache-Control", "no-store")])
        return []

    def _is_ours(self, asked: Mapping[str, str]) -> bool:
        signed = "&".join(f"{name}={asked[name]}" for name in sorted(asked) if name != "sign")
        wanted = hmac_sm3(self.secret.encode(), signed.encode()).hex()
        stamp = asked.get("timestamp", "")
        is_fresh = stamp.isdecimal() and abs(int(stamp) - int(clock.epoch())) < ASKED_S
        return (
            secrets.compare_digest(asked.get("sign", "").encode(), wanted.encode())
            and is_fresh
            and asked.get("appId") == self.app
            and asked.get("backUrl", "").startswith(self.back)
        )

    def _resident(self, text: str) -> Resident | None:
        return (
            self.residents[int(text)]
            if text.isdecimal() and int(text) < len(self.residents)
            else None
        )

    def _form(self, asked: Mapping[str, str], words: Words) -> str:
        people = "".join(
            f'<p><label><input type="radio" name="who" value="{place}" required> <span lang="zh-Hans">{html.escape(one.name)}</span></label></p>'
            for place, one in enumerate(self.residents)
        )
        levels = "".join(
            f'<option value="{level}"{" selected" if str(level) == asked.get("level") else ""}>{said}</option>'
            for level, said in words.levels.items()
        )
        here = html.escape(urlencode(asked))
        languages = "".join(
            f'<p><a href="?{here}&amp;lang={code}" lang="{other.lang}" hreflang="{other.lang}">{name}</a></p>'
            for code, (other, name) in LANGUAGES.items()
            if other is not words
        )
        code = "en" if words is ENGLISH else "zh"
        return (
            f"{languages}<p>{words.made_up}</p>"
            f'<form method="post" action="?{here}&amp;lang={code}">{people}'
            f'<p><label>{words.level} <select name="level">{levels}</select></label></p>'
            f"<p><button>{words.verify}</button></p></form>"
        )

    def answer(self, asked: Mapping[str, str], who: Resident, level: int, **changed: object) -> str:
        """The address back to the relying party; `changed` makes wrong tickets for tests."""
        now = int(clock.epoch())
        said = {
            "iss": self.issuer,
            "tid": secrets.token_hex(16),
            "appId": self.app,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + TICKET_S,
            "level": level,
            "xm": who.name,
            "sfzh": who.number,
            "sjh": who.phone,
        } | changed
        key = hmac_sm3(self.secret.encode(), b"ticket")[:16]
        sealed = sm4_seal(key, json.dumps(said, ensure_ascii=False).encode(), self.app.encode())
        ticket = base64.urlsafe_b64encode(sealed).decode()
        sign = sm2_key(self.private_key).sign(ticket.encode()).hex()
        return f"{asked['backUrl']}?{urlencode({'ticket': ticket, 'sign': sign})}"


def _say(start: Callable[..., Any], status: HTTPStatus, words: Words, body: str) -> list[bytes]:
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start(f"{status.value} {status.phrase}", headers)
    return [PAGE.format(words=words, body=body).encode()]


class _Quiet(WSGIRequestHandler):
    """Writes no line per request: addresses carry tickets."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        return


def serve(province: Province, host: str, port: int) -> WSGIServer:
    """A server that the caller runs in a thread and shuts down."""
    return make_server(host, port, province, handler_class=_Quiet)

"""`yitong call`: read one row through the gateway, as a department's system does: over HTTP, with its credentials."""

import http.client
import json
import os
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

import click

from yitong.cli.commands.grant import split
from yitong.cli.errors import InputMissing, NodeUnreachable
from yitong.cli.node import data_option, speaking
from yitong.cli.place import place_of
from yitong.cli.speech import FAILED, Speech, table
from yitong.cli.words import _, language

_PATIENCE_S = 30
_CODES = {401: 4, 403: 4, 404: 3, 409: 5, 412: 5}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which node, by which client: the command's options."""

    resource: str
    key: str
    purpose: str
    fields: Sequence[str]
    client: str
    url: str
    data: Path | None

    @property
    def base(self) -> str:
        return (self.url or place_of(self.data).address).rstrip("/")


class Answered(Exception):
    """The node said no, by a status and usually with a problem document (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(status))
        self.status, self.problem = status, problem


@click.command(
    help=_(
        "经网关读取一行。接入凭证编号写 --client 或 YITONG_CLIENT；密钥只取环境变量 YITONG_CLIENT_SECRET 或标准输入的一行。"
    )
)
@click.argument("resource", metavar="RESOURCE")
@click.option("--key", required=True, help=_("要查的人或单位的号码；写 - 从标准输入读"))
@click.option("--purpose", required=True, help=_("使用目的的代号"))
@click.option("--fields", multiple=True, help=_("数据项，用逗号分开（默认为授权的全部）"))
@click.option(
    "--client", envvar="YITONG_CLIENT", default="", metavar="CLIENT", help=_("接入凭证编号")
)
@click.option("--url", envvar="YITONG_URL", default="", help=_("节点的地址（默认为本机节点）"))
@data_option
@speaking
def call(speech: Speech, **options: Any) -> int:  # noqa: ANN401 - what each option's type made
    try:
        answer = read(Question(**options))
    except Answered as said:
        return refuse(speech, said)
    speech.answer(answer, _shown(answer))
    return 0


def read(question: Question) -> dict[str, Any]:
    """The gateway's answer, recorded there as every use is; Answered where it said no."""
    if urlsplit(question.base).scheme not in {"http", "https"}:
        raise click.BadParameter(_("地址以 http:// 或 https:// 开头"), param_hint="--url")
    if not question.client:
        raise click.UsageError(_("要写明接入凭证编号：--client 或环境变量 YITONG_CLIENT"))
    return _read(question, os.environ.get("YITONG_CLIENT_SECRET") or _line(_("密钥")))


def _read(question: Question, secret: str) -> dict[str, Any]:
    key = _line(_("号码")) if question.key == "-" else question.key
    body: dict[str, Any] = {"key": key, "purpose": question.purpose}
    if question.fields:
        body["fields"] = list(split(question.fields))
    token = _token(question.base, question.client, secret)
    address = f"{question.base}/gateway/v1/resources/{quote(question.resource, safe='')}/read"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return _ask(address, json.dumps(body).encode(), headers)


def _line(what: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        how = _("放在环境变量 YITONG_CLIENT_SECRET 里，或从标准输入给出一行。")
        raise InputMissing(what=what, how=how)
    return line


def _token(base: str, client: str, secret: str) -> str:
    """OAuth 2 client credentials (RFC 6749, 4.4)."""
    credentials = b64encode(f"{client}:{secret}".encode()).decode()
    form = urlencode({"grant_type": "client_credentials"}).encode()
    headers = {
        "Authorization": f"Basic {credentials}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return str(_ask(f"{base}/identity/o/api/token", form, headers)["access_token"])


def _ask(url: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    sent = {**headers, "Accept": "application/json", "Accept-Language": language()}
    try:
        with urlopen(Request(url, body, sent), timeout=_PATIENCE_S) as answer:  # noqa: S310 - http(s) only
            found = json.load(answer)
    except HTTPError as error:
        raise Answered(error.code, _problem(error.read())) from error
    except (URLError, OSError, http.client.HTTPException, ValueError) as error:
        why = getattr(error, "reason", None) or type(error).__name__
        raise NodeUnreachable(url=url.partition("/gateway")[0], why=why) from error
    if not isinstance(found, dict):
        raise NodeUnreachable(url=url, why=_("答复不是 JSON 对象"))
    return found


def _problem(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def refuse(speech: Speech, said: Answered) -> int:
    """What the node said, in its own words. A wrong id or secret is told by the token door's code alone."""
    problem = said.problem
    sentence = problem.get("detail") or _("节点答复 {status}").format(status=said.status)
    code = str(problem.get("code") or problem.get("error") or f"http_{said.status}")
    is_stranger = code in {"invalid_client", "unauthorized_client"}
    if is_stranger:
        sentence = _("接入凭证编号或密钥不对，或者已经收回。")
    fault = {
        "code": code,
        "sentence": sentence,
        "basis": problem.get("basis"),
        "remedy": problem.get("remedy"),
        "status": said.status,
    }
    speech.say_fault(fault)
    return 4 if is_stranger else _CODES.get(said.status, FAILED)


def _shown(answer: Mapping[str, Any]) -> list[str]:
    rows = answer.get("rows")
    found = rows if isinstance(rows, list) else []
    shown: list[str] = []
    for row in found:
        shown += [*table([(str(name), _text(value)) for name, value in row.items()]), ""]
    if not found:
        shown += [_("没有这一行"), ""]
    facts = (
        (_("资源"), answer.get("resource")),
        (_("授权"), answer.get("grant")),
        (_("目的"), answer.get("purpose")),
        (_("账本记录"), answer.get("entry")),
    )
    return [*shown, *table([(label, _text(value)) for label, value in facts])]


def _text(value: object) -> str:
    if value is None:
        return "–"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)

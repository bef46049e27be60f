"""Refusals as RFC 9457 problem documents, in the caller's language."""

from dataclasses import dataclass, field
from typing import Final

import orjson
from django.utils import translation
from django.utils.translation import gettext

from yitong.data.exchange.api import RateExceeded
from yitong.kernel.errors import N_, Refusal

PROBLEM_JSON: Final = "application/problem+json"

_STATUS: Final = {
    "invalid": 400,
    "not_found": 404,
    "refused": 403,
    "conflict": 409,
    "unavailable": 503,
}
_REASONS: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, why, and what to do next."""

    status: int
    code: str
    detail: str
    basis: str = ""
    remedy: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=())

    @property
    def status_line(self) -> str:
        return f"{self.status} {_REASONS[self.status]}"

    def body(self, instance: str) -> bytes:
        document = {
            "type": f"/problems/{self.code}",
            "title": _REASONS[self.status],
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "instance": instance,
        }
        extra = {"basis": self.basis, "remedy": self.remedy}
        return orjson.dumps(document | {name: text for name, text in extra.items() if text})


class NoSuchPath(Refusal):
    """A path the gateway does not have."""

    code = "no_such_path"
    kind = "not_found"
    sentence = N_("网关没有这个地址。")
    remedy = N_("读取数据用 POST /gateway/v1/resources/<资源代码>/read。")


class PostOnly(Refusal):
    """Numbers of people do not belong into addresses, which end up in logs."""

    code = "post_only"
    kind = "invalid"
    sentence = N_("读取数据只能用 POST，号码写在正文里。")
    remedy = N_("把 key 和 purpose 写进 JSON 正文。")


class TokenRefused(Refusal):
    """No token, or one that is unknown, over or revoked: a stranger cannot tell which."""

    code = "token_refused"
    sentence = N_("没有有效的访问令牌。")
    remedy = N_("用客户端凭据到 /identity/o/api/token 取令牌，放在 Authorization: Bearer 里。")


class NotForReading(Refusal):
    """A good token of a client that was not given the governed read, or that asked for less."""

    code = "token_not_for_reading"
    sentence = N_("这个访问令牌不能用来读取数据。")
    remedy = N_("取令牌时写明 scope={scope}；凭证本身没有的，请节点的管理员另行签发。")


class TooManyStrangers(Refusal):
    """Too many calls without a valid token from one address."""

    code = "too_many_strangers"
    kind = "unavailable"
    sentence = N_("来自这个地址的无效调用太多。")
    remedy = N_("一分钟以后再试。")


def problem_of(refusal: Refusal, language: str) -> Problem:
    """The problem document of a refusal; its sentences in `language`."""
    with translation.override(language):
        detail = refusal.say(gettext)
        remedy = refusal.say_remedy(gettext)
    status, headers = _STATUS[refusal.kind], []
    if isinstance(refusal, RateExceeded):
        status, headers = RateExceeded.status, [("Retry-After", str(refusal.retry_after))]
    elif isinstance(refusal, TooManyStrangers):
        status, headers = 429, [("Retry-After", "60")]
    elif isinstance(refusal, TokenRefused):
        status, headers = 401, [("WWW-Authenticate", 'Bearer realm="yitong"')]
    elif isinstance(refusal, PostOnly):
        status, headers = 405, [("Allow", "POST")]
    basis = str(refusal.basis) if refusal.basis else ""
    return Problem(status, refusal.code, detail, basis, remedy, tuple(headers))

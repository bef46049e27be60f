"""RFC 9457 problems: what went wrong, on which basis, and what to do next; never a stack trace."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from yitong.base.access.api import KeyReused
from yitong.kernel.errors import N_, Refusal
from yitong.ui.refusals import STATUS

PROBLEM_JSON: Final = "application/problem+json"
TITLES: Final[Mapping[int, str]] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class CallerUnknown(Refusal):
    """No token and no log-in, or a token that is unknown, over or revoked: a stranger cannot tell which."""

    code = "api.caller_unknown"
    sentence = N_("这个接口要有访问令牌，或者工作人员已经登录。")
    remedy = N_("用客户端凭据到 /identity/o/api/token 取令牌，放在 Authorization: Bearer 里。")


class ScopeMissing(Refusal):
    """The token is good, but its client was not given this power, or the token does not carry it."""

    code = "api.scope_missing"
    sentence = N_("访问令牌没有“{scope}”这项范围。")
    remedy = N_("取令牌时写明 scope={scope}；凭证本身没有的，请节点的管理员另行签发。")


class SecondFactorWanting(Refusal):
    """A log-in of staff by a password alone may do one thing: add what is missing."""

    code = "api.second_factor_wanting"
    sentence = N_("这次登录只有密码，没有第二因素，不能调用接口。")
    remedy = N_("先在“登录与设备”里添加动态口令验证器或者通行密钥。")


class NotForPersons(Refusal):
    """What agencies' systems and staff ask is no citizen's."""

    code = "api.not_for_persons"
    sentence = N_("这个接口只供部门的系统和工作人员使用。")
    remedy = N_("本人的事到“我的数据足迹”里办。")


class FormTokenMissing(Refusal):
    """A session's call that changes something proves that it comes from a page of this node."""

    code = "api.form_token_missing"
    sentence = N_("用登录会话调用时，要带本节点页面给的 CSRF 令牌。")
    remedy = N_("把 cookie csrftoken 的值放在 X-CSRFToken 里；系统之间调用请用访问令牌。")


class OnceKeyMissing(Refusal):
    """Whatever changes something may be repeated by a client that lost its answer."""

    code = "api.once_key_missing"
    kind = "invalid"
    sentence = N_("请求缺少 Idempotency-Key。")
    remedy = N_("每个新请求用一个新的 UUID；没有收到答复时，用同一个键原样重发。")


class CursorInvalid(Refusal):
    """A cursor of another list or of other filters, or one that nobody here has signed."""

    code = "api.cursor_invalid"
    kind = "invalid"
    sentence = N_("这个翻页标记不属于这份清单。")
    remedy = N_("翻页直接用答复里的 next；换了筛选条件，就从头取。")


class BodyTooLarge(Refusal):
    """What is larger goes by the node's own ways, which stream."""

    code = "api.body_too_large"
    kind = "invalid"
    sentence = N_("正文超过{most}。")
    remedy = N_("大的文件在节点上用 yitong share 编目。")


class VersionUnseen(Refusal):
    """A version that there is not, or that was never published: who may not see it is told the same."""

    code = "api.version_unseen"
    kind = "not_found"
    sentence = N_("{resource}没有您可以查看的第{version}版。")
    remedy = N_("先取 versions，看有哪几版。")


class TooManyCalls(Refusal):
    """One caller's calls of a minute are used up."""

    code = "api.too_many_calls"
    kind = "unavailable"
    sentence = N_("这一分钟的调用已经用完，每分钟{limit}次。")
    remedy = N_("{seconds}秒以后再试；答复里的 RateLimit 说明还剩几次。")

    def __init__(self, *, limit: int, seconds: int) -> None:
        super().__init__(limit=limit, seconds=seconds)
        self.seconds = seconds


_OTHER_STATUS: Mapping[type[Refusal], int] = {
    CallerUnknown: 401,
    BodyTooLarge: 413,
    KeyReused: 422,
    TooManyCalls: 429,
}


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[dict[str, str]] = (),
    **more: str,
) -> HttpResponse:
    document: dict[str, object] = {
        "type": f"/problems/{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": request.path,
        **{name: text for name, text in more.items() if text},
    }
    if errors:
        document["errors"] = list(errors)
    response = HttpResponse(orjson.dumps(document), content_type=PROBLEM_JSON, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    response = problem(
        request,
        _OTHER_STATUS.get(type(refusal), STATUS[refusal.kind]),
        refusal.code,
        refusal.say(gettext),
        basis=str(refusal.basis or ""),
        remedy=refusal.say_remedy(gettext),
    )
    if isinstance(refusal, CallerUnknown):
        response.headers["WWW-Authenticate"] = 'Bearer realm="yitong"'
    elif isinstance(refusal, ScopeMissing):
        scope = refusal.places["scope"]
        response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    elif isinstance(refusal, TooManyCalls):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Each fault with a JSON pointer to where it is: `/query/limit`, `/body/columns/3/header`."""
    faults = [
        {"pointer": _pointer(fault["loc"]), "detail": str(fault["msg"])} for fault in error.errors
    ]
    return problem(request, 422, "parameters_invalid", gettext(_FAULTY), errors=faults)


def unreadable_query(request: HttpRequest) -> HttpResponse:
    """An address with a NUL in what it asks: no database keeps one."""
    fault = {"pointer": "/query", "detail": "%00"}
    return problem(request, 422, "parameters_invalid", gettext(_FAULTY), errors=[fault])


_FAULTY = N_("有参数不对，errors 里逐个说明。")


def _pointer(place: Sequence[object]) -> str:
    """A body's parameter has a name in our code that stands nowhere in the request."""
    parts = [str(part) for part in place]
    if parts[:1] == ["body"]:
        parts[1:2] = []
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    return problem(request, error.status_code, "body_unreadable", gettext(_NO_JSON))


_NO_JSON = N_("正文读不懂，要是一份 JSON，其中不能有 NUL。")


def other_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """The address is right, the method is not."""
    response = problem(request, 405, "method_not_allowed", gettext(_METHOD).format(allowed=allowed))
    response.headers["Allow"] = allowed
    return response


_METHOD = N_("这个地址只接受{allowed}。")


def no_such_address(request: HttpRequest) -> HttpResponse:
    """For programs, which read no pages: an address that no door here has."""
    return problem(request, 404, "no_such_address", gettext(_NOWHERE), remedy=gettext(_WHERE_THEN))


_NOWHERE = N_("没有这个地址。")
_WHERE_THEN = N_("对照 /api/openapi.json。")


def broken(request: HttpRequest, status: int) -> HttpResponse:
    """A fault of ours, or a database that is away; said to programs as the pages say it to people."""
    if status == 503:
        response = problem(request, 503, "database_unavailable", gettext(_AWAY))
        response.headers["Retry-After"] = "60"
        return response
    return problem(request, status, "program_fault", gettext(_FAULT))


_AWAY = N_("数据库没有应答，这次没有办成，已有的东西不受影响。")
_FAULT = N_("程序出错，这次没有办成，已有的东西不受影响。")


def install(api: NinjaAPI) -> None:
    api.exception_handler(Refusal)(refused)
    api.exception_handler(ValidationError)(malformed)
    api.exception_handler(HttpError)(unreadable)

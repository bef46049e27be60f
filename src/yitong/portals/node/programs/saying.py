"""Examples of problems for the OpenAPI document: the words that a caller will read."""

from collections.abc import Mapping
from typing import Final

from yitong.portals.node.programs.describing import Json
from yitong.portals.node.programs.problems import PROBLEM_JSON, TITLES

Said = Mapping[int, tuple[str, str]]

SCHEMA: Final[Json] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457, with the legal basis and what to do next",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable, for programs"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "basis": {"type": "string"},
        "remedy": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_USUAL: Final[Said] = {
    400: ("api.cursor_invalid", "这个翻页标记不属于这份清单。"),
    401: ("token_refused", "没有有效的访问令牌。"),
    403: ("not_granted", "没有给：用途不在授权范围内。"),
    404: ("row_unknown", "在授权的范围内没有这一行。"),
    409: ("once_still_running", "使用幂等键“7f0c”的请求还在办理。"),
    413: ("api.body_too_large", "正文超过5 MiB。"),
    422: ("parameters_invalid", "有参数不对，errors 里逐个说明。"),
    429: ("rate_exceeded", "这一分钟的调用已经用完，授权每分钟60次。"),
    503: ("record_not_durable", "使用记录没有写成，所以没有给出数据。"),
}
GUARDS: Final[Said] = {
    401: ("api.caller_unknown", "这个接口要有访问令牌，或者工作人员已经登录。"),
    403: ("api.scope_missing", "访问令牌没有“catalogue”这项范围。"),
    429: ("api.too_many_calls", "这一分钟的调用已经用完，每分钟600次。"),
}
REPEATS: Final[Said] = {400: ("api.once_key_missing", "请求缺少 Idempotency-Key。")}


def problems_of(path: str, *statuses: int, said: Said | None = None) -> Json:
    """Responses by status, each with an example of its own words where an operation has them."""
    return {str(status): _problem(status, path, (said or {}).get(status)) for status in statuses}


def _problem(status: int, path: str, own: tuple[str, str] | None) -> Json:
    code, detail = own or _USUAL[status]
    example = {
        "type": f"/problems/{code}",
        "title": TITLES[status],
        "status": status,
        "code": code,
        "detail": detail,
        "instance": path,
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": detail,
        "content": {PROBLEM_JSON: {"schema": schema, "example": example}},
    }

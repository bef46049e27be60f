"""The OpenAPI document: what `interface` declares, with problems and examples on every operation, and the two
machines' doors that are not Django views: the token endpoint and the governed read.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from ninja import Schema

from yitong.portals.node import answers
from yitong.portals.node.interface import PROBLEM_JSON, api

Json = dict[str, Any]

_PROBLEM: Json = {
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
_SAID = {
    400: ("ledger_proof_out_of_range", "要求的范围不在账本里：9 / 2。"),
    401: ("token_refused", "没有有效的访问令牌。"),
    403: ("not_granted", "没有给：用途不在授权范围内。"),
    404: ("row_unknown", "在授权的范围内没有这一行。"),
    422: ("parameters_invalid", "有参数不对，errors 里逐个说明。"),
    429: ("rate_exceeded", "这一分钟的调用已经用完，授权每分钟60次。"),
    503: ("record_not_durable", "使用记录没有写成，所以没有给出数据。"),
}
_EXAMPLES: dict[str, tuple[type[Schema], dict[str, Any], tuple[int, ...]]] = {
    "/api/resources": (answers.ResourceList, {"q": "低保"}, (422,)),
    "/api/resources/{code}": (answers.ResourceWhole, {"code": "307001/000001"}, (404,)),
    "/api/regions": (answers.RegionList, {"q": "听澜区"}, (422,)),
    "/ledger/proof/inclusion": (answers.InclusionProof, {"index": 0, "size": 2}, (400, 422)),
    "/ledger/proof/consistency": (answers.ConsistencyProof, {"old": 1, "new": 2}, (400, 422)),
}


def _problem(status: int, path: str) -> Json:
    code, detail = _SAID[status]
    example = {
        "type": f"/problems/{code}",
        "title": "Problem",
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


def _problems(path: str, *statuses: int) -> Json:
    return {str(status): _problem(status, path) for status in statuses}


def _filled(path: str, operation: Json) -> None:
    """Give an operation of `interface` its examples and its problems."""
    shape, asked, statuses = _EXAMPLES[path]
    answer = operation["responses"].pop(200, None) or operation["responses"].pop("200")
    answer["content"]["application/json"]["example"] = getattr(shape, "EXAMPLE")  # noqa: B009
    operation["responses"] = {"200": answer, **_problems(path, *statuses)}
    for parameter in operation["parameters"]:
        if parameter["name"] in asked:
            parameter["example"] = asked[parameter["name"]]


def _text(description: str, example: str, media_type: str = "text/plain") -> Json:
    content = {media_type: {"schema": {"type": "string"}, "example": example}}
    return {"description": description, "content": content}


def _token() -> Json:
    fields = {"grant_type": "client_credentials", "client_id": "0f3c…", "client_secret": "…"}
    form = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}
    answer = {"access_token": "…", "token_type": "Bearer", "expires_in": 3600, "scope": "exchange"}
    denied = {"error": "invalid_client"}
    return {
        "operationId": "token",
        "tags": ["gateway"],
        "summary": "A client's access token (RFC 6749, 4.4)",
        "security": [],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": form, "example": fields}},
        },
        "responses": {
            "200": {
                "description": "The token",
                "content": {"application/json": {"schema": {"type": "object"}, "example": answer}},
            },
            "400": {
                "description": "RFC 6749, 5.2",
                "content": {"application/json": {"schema": {"type": "object"}, "example": denied}},
            },
        },
    }


def _read(path: str) -> Json:
    asked = {"key": "890102199203150020", "purpose": "school-admission", "fields": ["sfzh", "zt"]}
    row = {"sfzh": "8901**********0020", "zt": "在保"}
    answer = {
        "resource": "307001/000001",
        "grant": 1,
        "purpose": "school-admission",
        "rows": [row],
        "entry": 68,
    }
    text = {"type": "string"}
    body = {
        "type": "object",
        "required": ["key", "purpose"],
        "additionalProperties": False,
        "properties": {
            "key": {**text, "description": "whose or which row; numbers never stand in an address"},
            "purpose": {**text, "description": "a code of the list of purposes"},
            "fields": {
                "type": "array",
                "items": text,
                "description": "all that are granted if none",
            },
        },
    }
    return {
        "operationId": "read",
        "tags": ["gateway"],
        "summary": "Governed read of one row: the record is durable before the answer leaves",
        "description": "Each answer is one entry of the ledger, so a read takes no Idempotency-Key.",
        "security": [{"token": []}],
        "parameters": [
            {
                "in": "path",
                "name": "code",
                "required": True,
                "schema": text,
                "example": "307001/000001",
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body, "example": asked}},
        },
        "responses": {
            "200": {
                "description": "The row, masked as granted",
                "headers": {
                    "Yitong-Entry": {
                        "schema": {"type": "integer"},
                        "description": "the record's number",
                    }
                },
                "content": {"application/json": {"schema": {"type": "object"}, "example": answer}},
            },
            **_problems(path, 400, 401, 403, 404, 429, 503),
        },
    }


def _checkpoint() -> Json:
    note = (
        "yitong-0a279c13\n2\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n— yitong-0a279c13 …\n"
    )
    return {
        "operationId": "checkpoint",
        "tags": ["ledger"],
        "summary": "The newest signed checkpoint (C2SP tlog-checkpoint)",
        "responses": {
            "200": _text("A signed note", note),
            "503": _text(
                "Before the first entry has its index", "这条记录正在入账，还没有编号。\n"
            ),
        },
    }


def _tile() -> Json:
    return {
        "operationId": "tile",
        "tags": ["ledger"],
        "summary": "A tile of hashes or a bundle of entries (C2SP tlog-tiles)",
        "parameters": [
            {
                "in": "path",
                "name": "path",
                "required": True,
                "schema": {"type": "string"},
                "example": "0/x001/067.p/9",
                "description": "<L>/<N>[.p/<W>] or entries/<N>[.p/<W>]",
            }
        ],
        "responses": {
            "200": {
                "description": "Hashes of 32 bytes, or entries each after its length as two bytes",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": ""}},
            },
            "404": _text("Not in the tree", "要求的范围不在账本里：tile/0/9。\n"),
        },
    }  # fmt: skip


@cache
def document() -> Json:
    """OpenAPI 3.1."""
    found: Json = dict(api.get_openapi_schema(path_prefix=""))
    for path, item in found["paths"].items():
        for operation in item.values():
            _filled(path, operation)
    read = "/gateway/v1/resources/{code}/read"
    found["paths"] |= {
        read: {"post": _read(read)},
        "/identity/o/api/token": {"post": _token()},
        "/ledger/checkpoint": {"get": _checkpoint()},
        "/ledger/tile/{path}": {"get": _tile()},
    }
    components = found["components"]
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["servers"] = [{"url": "/"}]
    return found


@require_safe
@cache_control(max_age=300, public=True)
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})

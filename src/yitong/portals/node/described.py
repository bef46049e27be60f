"""The OpenAPI document: what `interface` declares, with problems and examples on every operation, and the two
machines' doors that are not Django views: the token endpoint and the governed read.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import Schema

from yitong.data.exchange.api import ReadCall
from yitong.portals.node import answers
from yitong.portals.node.interface import PROBLEM_JSON, TITLES, api

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
_MACHINES: Json = {
    "ReadAnswer": {
        "type": "object",
        "required": ["resource", "grant", "purpose", "rows", "entry"],
        "additionalProperties": False,
        "properties": {
            "resource": {"type": "string"},
            "grant": {"type": "integer"},
            "purpose": {"type": "string"},
            "rows": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "description": "items by name, under their masks",
                    "additionalProperties": {"type": ["string", "null"]},
                },
            },
            "entry": {"type": "integer", "description": "the record's number in the ledger"},
        },
    },
    "Token": {
        "type": "object",
        "required": ["access_token", "token_type", "expires_in"],
        "properties": {
            "access_token": {"type": "string"},
            "token_type": {"type": "string", "enum": ["Bearer"]},
            "expires_in": {"type": "integer", "description": "seconds"},
            "scope": {"type": "string"},
        },
    },
    "TokenError": {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
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
_SAID_THERE = {
    ("/ledger/checkpoint", 503): ("ledger_not_yet_sequenced", "这条记录正在入账，还没有编号。"),
    ("/ledger/tile/0/009", 404): ("no_such_address", "没有这个地址。"),
    ("/api/resources/{code}", 404): (
        "catalogue.resource_unknown",
        "没有找到数据目录“307001/000009”。",
    ),
}
_EXAMPLES: dict[str, tuple[type[Schema], dict[str, Any], tuple[int, ...]]] = {
    "/api/resources": (answers.ResourceList, {"q": "低保"}, (422,)),
    "/api/resources/{code}": (answers.ResourceWhole, {"code": "307001/000001"}, (404,)),
    "/api/regions": (answers.RegionList, {"q": "听澜区"}, (422,)),
    "/ledger/proof/inclusion": (answers.InclusionProof, {"index": 0, "size": 2}, (400, 422)),
    "/ledger/proof/consistency": (answers.ConsistencyProof, {"old": 1, "new": 2}, (400, 422)),
}


def _problem(status: int, path: str) -> Json:
    code, detail = _SAID_THERE.get((path, status), _SAID[status])
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


def _problems(path: str, *statuses: int) -> Json:
    return {str(status): _problem(status, path) for status in statuses}


def _filled(path: str, operation: Json) -> None:
    """Give an operation of `interface` its examples and its problems."""
    shape, asked, statuses = _EXAMPLES[path]
    operation["security"] = [] if "ledger" in operation["tags"] else [{}, {"token": []}]
    answer = operation["responses"].pop(200, None) or operation["responses"].pop("200")
    answer["content"]["application/json"]["example"] = getattr(shape, "EXAMPLE")  # noqa: B009
    operation["responses"] = {"200": answer, **_problems(path, *statuses)}
    for parameter in operation["parameters"]:
        if parameter["name"] in asked:
            parameter["example"] = asked[parameter["name"]]


def _text(description: str, example: str, media_type: str = "text/plain") -> Json:
    content = {media_type: {"schema": {"type": "string"}, "example": example}}
    return {"description": description, "content": content}


def _schema(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(description: str, schema: Json, example: Json, **more: Json) -> Json:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"description": description, "content": content, **more}


_ABOUT_TOKENS = """The client says its id and secret by HTTP Basic (RFC 6749, 2.3.1); who cannot may write them into the
form as `client_id` and `client_secret`, but not both. The token is opaque; it ends by itself, and within a second when
its client is shut out."""


def _token() -> Json:
    fields = {"grant_type": "client_credentials"}
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"]},
            "scope": {"type": "string", "enum": ["exchange"], "description": "this if none"},
        },
    }
    answer = {"access_token": "…", "token_type": "Bearer", "expires_in": 3600, "scope": "exchange"}
    return {
        "operationId": "token",
        "tags": ["gateway"],
        "summary": "A client's access token (RFC 6749, 4.4)",
        "description": _ABOUT_TOKENS,
        "security": [{"client": []}],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": form, "example": fields}},
        },
        "responses": {
            "200": _json("The token", _schema("Token"), answer),
            "400": _json(
                "RFC 6749, 5.2", _schema("TokenError"), {"error": "unsupported_grant_type"}
            ),
            "401": _json("No such client", _schema("TokenError"), {"error": "invalid_client"}),
        },
    }


_ITEMS = """Which items, by name as `GET /api/resources/{code}` lists them (`fields[].name`), of those granted; all that
are granted if none. The table's header (`fields[].header`) is taken too where it means one item only. Answers always
name items by `name`. What the grant does not have is refused with 403, and `remedy` lists what it has."""


def _read_body() -> Json:
    key = {"type": "string", "minLength": 1, "maxLength": ReadCall.LONGEST_KEY}
    fields = {"type": "array", "items": {"type": "string"}, "maxItems": ReadCall.MOST_FIELDS}
    purpose = {"type": "string", "pattern": f"^{ReadCall.PURPOSE.pattern}$"}
    return {
        "type": "object",
        "required": ["key", "purpose"],
        "additionalProperties": False,
        "properties": {
            "key": {**key, "description": "whose or which row; numbers never stand in an address"},
            "purpose": {**purpose, "description": "a code of the list of purposes"},
            "fields": {**fields, "description": _ITEMS},
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
    number = {"schema": {"type": "integer"}, "description": "the record's number"}
    code = {"type": "string", "pattern": f"^{ReadCall.RESOURCE.pattern}$"}
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
                "schema": code,
                "example": "307001/000001",
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _read_body(), "example": asked}},
        },
        "responses": {
            "200": _json(
                "The row, masked as granted",
                _schema("ReadAnswer"),
                answer,
                headers={"Yitong-Entry": number},
            ),
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
        "description": "A note signed with Ed25519; the key stands on `/ledger/verify/`.",
        "security": [],
        "responses": {
            "200": _text("A signed note", note),
            **_problems("/ledger/checkpoint", 503),
        },
    }


def _tile() -> Json:
    return {
        "operationId": "tile",
        "tags": ["ledger"],
        "summary": "A tile of hashes or a bundle of entries (C2SP tlog-tiles)",
        "description": "What is published of an entry is its second and a commitment, never whom or what it is about.",
        "security": [],
        "parameters": [
            {
                "in": "path",
                "name": "path",
                "required": True,
                "schema": {"type": "string"},
                "example": "0/000.p/2",
                "description": "`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`, such as `0/x001/067.p/9`",
            }
        ],
        "responses": {
            "200": {
                "description": "Hashes of 32 bytes, or entries each after its length as two bytes",
                "content": {"application/octet-stream": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}, "example": ""}},
            },
            **_problems("/ledger/tile/0/009", 404),
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
    components["schemas"] |= {"Problem": _PROBLEM, **_MACHINES}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "client": {"type": "http", "scheme": "basic", "description": "id and secret of a client"},
    }
    found["servers"] = [{"url": "/"}]
    found["info"] |= {"contact": {"name": "The Yitong authors"}, "license": _LICENCE}
    found["tags"] = [{"name": name, "description": words} for name, words in _TAGS.items()]
    return found


_LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
_TAGS = {
    "catalogue": "What is shared, by whom, and which items it has",
    "gateway": "Governed reads by other agencies' systems",
    "ledger": "The public log: commitments, never whom or what an entry is about",
    "regions": "Divisions from the nation down to the village",
}


@csrf_exempt
@require_safe
@cache_control(max_age=300, public=True)
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})

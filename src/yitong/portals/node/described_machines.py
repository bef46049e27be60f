"""In the OpenAPI document: the machines' doors that are no Django views, and the log's files."""

from yitong.base.identity.api import clients
from yitong.data.exchange.api import ReadCall
from yitong.portals.node.programs.describing import Json
from yitong.portals.node.programs.saying import problems_of

SCHEMAS: Json = {
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


_SCOPE = f"({'|'.join((clients.SCOPE, *clients.API_SCOPES))})"
_SCOPES = """What the token is good for, with a space between: `exchange` the governed read, `catalogue` drafts, counts and sources,
`sharing` grants and requests, `claims` claims to be a source. All that the client was given if none."""


def _token() -> Json:
    fields = {"grant_type": "client_credentials"}
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"]},
            "scope": {
                "type": "string",
                "pattern": f"^{_SCOPE}( {_SCOPE})*$",
                "description": _SCOPES,
            },
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
            **problems_of(path, 400, 401, 403, 404, 429, 503),
        },
    }


_NOT_YET = {503: ("ledger_not_yet_sequenced", "这条记录正在入账，还没有编号。")}
_NO_TILE = {404: ("no_such_address", "没有这个地址。")}


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
            **problems_of("/ledger/checkpoint", 503, said=_NOT_YET),
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
            **problems_of("/ledger/tile/0/009", 404, said=_NO_TILE),
        },
    }  # fmt: skip


def paths() -> Json:
    read = "/gateway/v1/resources/{code}/read"
    return {
        read: {"post": _read(read)},
        "/identity/o/api/token": {"post": _token()},
        "/ledger/checkpoint": {"get": _checkpoint()},
        "/ledger/tile/{path}": {"get": _tile()},
    }

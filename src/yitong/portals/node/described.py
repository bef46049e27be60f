"""The OpenAPI document: what `interface` declares, with problems and examples on every operation, and the machines'
doors that are not Django views.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from yitong.portals.node import described_machines
from yitong.portals.node.interface import DESCRIBED, api
from yitong.portals.node.programs.bodies import PLAIN
from yitong.portals.node.programs.describing import ANYONE, Described, Json
from yitong.portals.node.programs.repeats import HEADER, REPEATED
from yitong.portals.node.programs.saying import GUARDS, REPEATS, SCHEMA, problems_of

_KEY: Json = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "7f0c6f9e-2f0b-4d0a-9a55-3c1d6a1f8f10",
    "description": "One for each new request, best a UUID. The same request with the same key has one effect and the same "
    "answer, for a day; another request with it is refused (422).",
}
_HEADERS: Json = {
    "RateLimit": {
        "schema": {"type": "string"},
        "description": "calls left, seconds to the next minute",
    },
    "RateLimit-Policy": {"schema": {"type": "string"}, "description": "calls a minute"},
}
_LATER: Json = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}


def _filled(path: str, operation: Json) -> None:
    """Give an operation of `interface` its examples, its guards and its problems."""
    said = DESCRIBED[operation["operationId"]]
    # The log's proofs are public, whoever asks.
    operation["security"] = [] if "ledger" in operation["tags"] else said.security
    answer = _answer(operation, said)
    operation["responses"] = {str(said.status): answer, **_problems(path, said)}
    _ask(operation, said)


def _answer(operation: Json, said: Described) -> Json:
    found: Json = next(
        held for status, held in operation["responses"].items() if int(status) == said.status
    )
    found["content"]["application/json"]["example"] = said.answer
    found["headers"] = dict(_HEADERS)
    if said.changes:
        what = "whether this is the first answer again"
        found["headers"][REPEATED] = {"schema": {"type": "string"}, "description": what}
    return found


def _problems(path: str, said: Described) -> Json:
    guards = {429: GUARDS[429]} if said.who == ANYONE else GUARDS
    words = {**guards, **(REPEATS if said.changes else {}), **said.said}
    found = problems_of(path, *said.statuses, said=words)
    found["429"]["headers"] = _HEADERS | _LATER
    return found


def _ask(operation: Json, said: Described) -> None:
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["name"] in said.asked:
            parameter["example"] = said.asked[parameter["name"]]
    if said.changes:
        parameters.append(_KEY)
    if said.body is not None:
        for content in operation["requestBody"]["content"].values():
            content["example"] = said.body
    for schema in _texts([parameter["schema"] for parameter in parameters]):
        schema.setdefault("pattern", PLAIN)


def _texts(found: Any) -> Iterator[Json]:  # noqa: ANN401 - any part of a schema
    """Every schema of free text: none may hold NUL, which no database keeps."""
    if isinstance(found, dict):
        is_free = found.get("type") == "string" and not found.keys() & {"enum", "format", "const"}
        if is_free:
            yield found
        if "propertyNames" in found:
            yield found["propertyNames"]
        for inner in found.values():
            yield from _texts(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from _texts(inner)


def _asked_schemas(schemas: Json) -> list[Json]:
    """Schemas of bodies; answers need no pattern."""
    return [held for name, held in schemas.items() if name.endswith(("In", "Amendment", "Wishes"))]


def _used(found: Json) -> Json:
    """Schemas that something refers to; those of addresses stand there as parameters one by one."""
    schemas: Json = found["components"]["schemas"]
    named = set(_references(found))
    return {name: held for name, held in schemas.items() if name in named}


def _references(found: Any) -> Iterator[str]:  # noqa: ANN401 - any part of the document
    if isinstance(found, dict):
        if isinstance(found.get("$ref"), str):
            yield found["$ref"].rpartition("/")[2]
        for inner in found.values():
            yield from _references(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from _references(inner)


@cache
def document() -> Json:
    """OpenAPI 3.1."""
    found: Json = dict(api.get_openapi_schema(path_prefix=""))
    for path, item in found["paths"].items():
        for operation in item.values():
            _filled(path, operation)
    found["paths"] |= described_machines.paths()
    components = found["components"]
    for schema in _texts(_asked_schemas(components["schemas"])):
        schema.setdefault("pattern", PLAIN)
    components["schemas"] = _used(found)
    components["schemas"] |= {"Problem": SCHEMA, **described_machines.SCHEMAS}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "client": {"type": "http", "scheme": "basic", "description": "id and secret of a client"},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "a member of staff's log-in; what changes something also needs X-CSRFToken",
        },
    }
    found["servers"] = [{"url": "/"}]
    found["info"] |= {"contact": {"name": "The Yitong authors"}, "license": _LICENCE}
    found["tags"] = [{"name": name, "description": words} for name, words in _TAGS.items()]
    return found


_LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
_TAGS = {
    "catalogue": "What is shared, by whom, which items it has, and how it changed",
    "claims": "Which resource is the one source of an element",
    "drafts": "Entries in work: proposed, amended, handed in",
    "gateway": "Governed reads by other agencies' systems",
    "ledger": "The public log: commitments, never whom or what an entry is about",
    "regions": "Divisions from the nation down to the village",
    "rules": "What a rule about rows means, why a row passes, how many do",
    "sharing": "Purposes, grants and requests",
    "sources": "How an agency's sources fare",
    "standards": "Data elements, code tables, and what a column can mean",
}


@csrf_exempt
@require_safe
@cache_control(max_age=300, public=True)
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})

"""The node's open JSON doors: catalogue entries, divisions, proofs of the ledger. Problems are RFC 9457.

Anyone may ask; a client's token shows what is announced to departments (共享条例 16), a visitor's session what
the post may see. The machines' governed read is the gateway's, not here.
"""

import base64
from collections.abc import Sequence
from urllib.parse import urlencode

import orjson
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from ninja import NinjaAPI, P, QueryEx, Router
from ninja.errors import ValidationError

from yitong.base.identity.api import actor_for, clients
from yitong.base.ledger.api import PublicLog
from yitong.base.regions import api as regions
from yitong.data.catalogue import api as catalogue
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.portals.node.answers import (
    ConsistencyProof,
    InclusionProof,
    RegionLine,
    RegionList,
    ResourceLine,
    ResourceList,
    ResourceWhole,
)
from yitong.ui.refusals import STATUS

PROBLEM_JSON = "application/problem+json"
ANYONE = Actor("visitor", kind="person")
HIGHEST = 2**62

api = NinjaAPI(
    title="Yitong 一同",
    version="1",
    description="One node of a governance network: its catalogue, its public ledger, and the governed read.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="open",
)
open_data = Router(tags=["catalogue"])
open_ledger = Router(tags=["ledger"])


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[dict[str, str]] = (),
    **more: str,
) -> HttpResponse:
    """RFC 9457: what went wrong, on which basis, and what to do next; never a stack trace."""
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
    return HttpResponse(orjson.dumps(document), content_type=PROBLEM_JSON, status=status)


TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(
        request,
        STATUS[refusal.kind],
        refusal.code,
        refusal.say(gettext),
        basis=str(refusal.basis or ""),
        remedy=refusal.say_remedy(gettext),
    )


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Each fault with a JSON pointer to where it is: `/query/limit`."""
    faults = [
        {"pointer": "/" + "/".join(str(part) for part in fault["loc"]), "detail": str(fault["msg"])}
        for fault in error.errors
    ]
    return problem(request, 422, "parameters_invalid", gettext(_FAULTY), errors=faults)


_FAULTY = N_("有参数不对，errors 里逐个说明。")


def no_such_address(request: HttpRequest) -> HttpResponse:
    """For programs, which read no pages: an address that no door here has."""
    return problem(request, 404, "no_such_address", gettext(_NOWHERE), remedy=gettext(_WHERE_THEN))


_NOWHERE = N_("没有这个地址。")
_WHERE_THEN = N_("对照 /api/openapi.json。")


def viewer(request: HttpRequest) -> Actor:
    """Who asks: a client by its token, a visitor by the session, else anyone."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        with connection.cursor() as cursor:
            facts = clients.token_facts(cursor, token)  # type: ignore[arg-type]
        if facts is not None:
            return facts.actor()
    if isinstance(request.user, AbstractBaseUser):
        return actor_for(request.user)
    return ANYONE


def _cursor(after: int) -> str:
    return base64.urlsafe_b64encode(str(after).encode()).decode().rstrip("=")


def _after(cursor: str) -> int:
    """Where the page before ended; a cursor that is none begins at the beginning."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return 0
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@open_data.get(
    "resources",
    response=ResourceList,
    operation_id="resources",
    summary="Entries, newest first",
    description="Published entries for anyone; with a token also those announced to departments (政务数据共享条例 16).",
)
def resources(
    request: HttpRequest,
    q: QueryEx[str, P(max_length=100, description="words of names, owners and data items")] = "",
    owner: QueryEx[str, P(max_length=18, description="统一社会信用代码 of the owner")] = "",
    share_type: QueryEx[str, P(max_length=16)] = "",
    cursor: QueryEx[str, P(max_length=64, description="from `next`; opaque")] = "",
    limit: QueryEx[int, P(ge=1, le=100)] = 50,
) -> ResourceList:
    filters = catalogue.listing.Filters(text=q, owner=owner, share_type=share_type)
    page = catalogue.listing.entries(
        viewer=viewer(request), filters=filters, after=_after(cursor), limit=limit
    )
    asked = {"q": q, "owner": owner, "share_type": share_type, "limit": str(limit)}
    more = {**{n: v for n, v in asked.items() if v}, "cursor": _cursor(page.after)}
    return ResourceList(
        total=page.total,
        resources=[ResourceLine.of(row) for row in page.rows],
        next=f"{request.path}?{urlencode(more)}" if page.after else "",
    )


@open_data.get(
    "resources/{path:code}",
    response=ResourceWhole,
    operation_id="resource",
    summary="One entry",
    description="With its items: their names are what a governed read asks for.",
)
def resource(request: HttpRequest, code: str) -> ResourceWhole:
    return ResourceWhole.of(catalogue.resource(code, viewer=viewer(request)))


@open_data.get(
    "regions",
    response=RegionList,
    operation_id="regions",
    summary="Divisions by name, pinyin or code",
    description="Those in force first; several words narrow. Codes by prefix, padded or not.",
    tags=["regions"],
)
def find_regions(
    request: HttpRequest,
    q: QueryEx[str, P(min_length=1, max_length=60, description="澜宁 桐花, lanning, 890102")],
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
) -> RegionList:
    return RegionList(regions=[RegionLine.of(found) for found in regions.find(q, limit=limit)])


@open_ledger.get(
    "inclusion",
    response=InclusionProof,
    operation_id="inclusion",
    summary="Path from a leaf to a root",
    description="RFC 6962 2.1.1, for any size that the log has had. 400 beyond the log.",
)
def inclusion(
    request: HttpRequest,
    response: HttpResponse,
    index: QueryEx[int, P(ge=0, le=HIGHEST)],
    size: QueryEx[int, P(ge=1, le=HIGHEST)],
) -> InclusionProof:
    path = PublicLog.inclusion_proof(index, size)
    patch_cache_control(response, public=True, max_age=24 * 3600)
    return InclusionProof(index=index, size=size, path=[node.hex() for node in path])


@open_ledger.get(
    "consistency",
    response=ConsistencyProof,
    operation_id="consistency",
    summary="One tree extends another",
    description="RFC 6962 2.1.2, for any two sizes that the log has had. 400 beyond the log.",
)
def consistency(
    request: HttpRequest,
    response: HttpResponse,
    old: QueryEx[int, P(ge=0, le=HIGHEST)],
    new: QueryEx[int, P(ge=0, le=HIGHEST)],
) -> ConsistencyProof:
    path = PublicLog.consistency_proof(old, new)
    patch_cache_control(response, public=True, max_age=24 * 3600)
    return ConsistencyProof(old=old, new=new, path=[node.hex() for node in path])


api.add_router("api/", open_data)
api.add_router("ledger/proof/", open_ledger)

"""The node's JSON doors put together: reads for anyone, and what agencies' systems and staff may do.

A client's token shows what is announced to departments (共享条例 16), a member of staff's session what the post may see.
The machines' governed read is the gateway's, not here.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from ninja import NinjaAPI

from yitong.portals.node.programs import (
    claims,
    drafts,
    elements,
    entries,
    matching,
    pacing,
    predicates,
    problems,
    proofs,
    regions,
    sharing,
    sources,
)
from yitong.portals.node.programs.bodies import StrictParser
from yitong.portals.node.programs.describing import Described

NOUNS = (elements, matching, predicates, entries, drafts, sharing, claims, sources, regions)
DESCRIBED: dict[str, Described] = {
    operation: said for noun in (*NOUNS, proofs) for operation, said in noun.DESCRIBED.items()
}

api = NinjaAPI(
    title="Yitong 一同",
    version="1",
    description="One node of a governance network: its catalogue, its public ledger, and the governed read.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="open",
    parser=StrictParser(),
)
problems.install(api)
api.add_decorator(pacing.paced, mode="view")
for noun in NOUNS:
    api.add_router("api/", noun.router)
api.add_router("ledger/proof/", proofs.router)


def _told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A method that an address does not take is a problem too; ninja answers that without a body."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            return problems.other_method(request, response.headers.get("Allow", ""))
        return response

    return answered


def _addresses() -> tuple[list[URLPattern], str, str]:
    found, app, namespace = api.urls
    patterns = [each for each in found if isinstance(each, URLPattern)]
    for pattern in patterns:
        pattern.callback = _told(pattern.callback)
    return patterns, app, namespace


urls = _addresses()

"""The node's JSON doors put together: reads for anyone, and what agencies' systems and staff may do.

A client's token shows what is announced to departments (共享条例 16), a member of staff's session what the post may see.
The machines' governed read is the gateway's, not here.
"""

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

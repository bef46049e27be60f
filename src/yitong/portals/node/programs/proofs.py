"""The doors to proofs of the public log."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from ninja import P, QueryEx, Router

from yitong.base.ledger.api import PublicLog
from yitong.portals.node.answers import ConsistencyProof, InclusionProof
from yitong.portals.node.programs.describing import Described

router = Router(tags=["ledger"])
HIGHEST = 2**62


@router.get(
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


@router.get(
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


_OUT = {400: ("ledger_proof_out_of_range", "要求的范围不在账本里：9 / 2。")}
DESCRIBED = {
    "inclusion": Described(
        InclusionProof.EXAMPLE, {"index": 0, "size": 2}, problems=(400, 422), said=_OUT
    ),
    "consistency": Described(
        ConsistencyProof.EXAMPLE, {"old": 1, "new": 2}, problems=(400, 422), said=_OUT
    ),
}

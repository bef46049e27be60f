"""The door to divisions."""

from django.http import HttpRequest
from ninja import P, QueryEx, Router

from yitong.base.regions import api as regions
from yitong.portals.node.answers import RegionLine, RegionList
from yitong.portals.node.programs.describing import Described

router = Router(tags=["regions"])


@router.get(
    "regions",
    response=RegionList,
    operation_id="regions",
    summary="Divisions by name, pinyin or code",
    description="Those in force first; several words narrow. Codes by prefix, padded or not.",
)
def find_regions(
    request: HttpRequest,
    q: QueryEx[str, P(min_length=1, max_length=60, description="澜宁 桐花, lanning, 890102")],
    limit: QueryEx[int, P(ge=1, le=100)] = 20,
) -> RegionList:
    return RegionList(regions=[RegionLine.of(found) for found in regions.find(q, limit=limit)])


DESCRIBED = {"regions": Described(RegionList.EXAMPLE, {"q": "听澜区"}, problems=(422,))}

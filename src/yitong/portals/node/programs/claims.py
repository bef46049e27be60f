"""Doors to 一数一源: who says to be the source of an element, and what the authority decides (共享条例 19)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, field_validator

from yitong.base.duties.api import inboxes
from yitong.data.catalogue import api as catalogue
from yitong.data.standards.api import SourceClaim, claims
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.portals.node.programs.bodies import WRITTEN, Body
from yitong.portals.node.programs.callers import Scope, known, with_scope
from yitong.portals.node.programs.cursors import Page
from yitong.portals.node.programs.describing import KNOWN, Described
from yitong.portals.node.programs.repeats import once_only

router = Router(tags=["claims"])
HIGHEST = 2**62


class ClaimLine(Schema):
    """数源登记: that a resource is the source of an element for one kind of subject in a division."""

    claim: int
    element: str
    element_name: str
    subject: str = Field(description="person, org, place, thing or matter")
    region: str = Field(description="the division whose rows it holds; empty: the whole nation")
    resource: str
    agency: str
    agency_code: str
    basis: str
    state: str = Field(description="in_force, contested, declined or withdrawn")
    state_name: str
    reason: str = Field(description="why it was decided or taken back so")
    claimed_at: str

    @classmethod
    def of(cls, row: SourceClaim) -> "ClaimLine":
        return cls(**_line(row))


class ClaimList(Schema):
    """A page of claims, newest first."""

    total: int
    claims: list[ClaimLine]
    next: str


class ClaimClock(Schema):
    """What the authority owes about it."""

    duty: int
    agency: str
    state: str
    due: str | None
    limit: str
    article: str
    outcome: str


class ClaimWhole(ClaimLine):
    """One claim with what stands against it, and the authority's clock."""

    against: list[ClaimLine]
    clocks: list[ClaimClock]


class AskedClaim(Body):
    """Which resource is the source of which element, and by what provision. The agency is the resource's owner."""

    element: str = Field(min_length=1, max_length=40)
    subject: str = Field(json_schema_extra={"enum": list(claims.SUBJECTS)})
    resource: str = Field(min_length=1, max_length=60, description="its code or exact name")
    basis: str = Field(min_length=1, max_length=300, pattern=WRITTEN)
    region: str | None = Field(
        None, pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$", description="the owner's own unless said"
    )  # fmt: skip

    @field_validator("subject")
    @classmethod
    def is_subject(cls, value: str) -> str:
        if value not in claims.SUBJECTS:
            raise ValueError("、".join(claims.SUBJECTS))
        return value


class AskedReason(Body):
    """Words that others can judge."""

    reason: str = Field(min_length=1, max_length=1000, pattern=WRITTEN)


class ClaimsAsked(Page):
    """Which claims."""

    q: str = Field("", max_length=60, description="words of elements, resources, agencies")
    state: str = Field("", max_length=12, description="in_force, contested, declined, withdrawn")
    element: str = Field("", max_length=40)
    resource: str = Field("", max_length=60)


@router.get(
    "claims",
    response=ClaimList,
    operation_id="claims",
    summary="Claims to be a source, newest first",
    description="They are no secret (政务数据共享条例 16): clients with any token, and staff.",
)
def list_claims(request: HttpRequest, asked: Query[ClaimsAsked]) -> ClaimList:
    known(request)
    sought = claims.ClaimFilter(
        text=asked.q, state=asked.state, element=asked.element, resource=asked.resource
    )
    page = claims.listed(sought, after=asked.number_after("claims"), limit=asked.limit)
    return ClaimList(
        total=page.total,
        claims=[ClaimLine.of(row) for row in page.rows],
        next=asked.next(request, "claims", page.after),
    )


@router.get(
    "claims/{int:number}",
    response=ClaimWhole,
    operation_id="claim",
    summary="One claim, what stands against it, and its clock",
    description="Clients with any token, and staff.",
)
def one_claim(request: HttpRequest, number: int) -> ClaimWhole:
    known(request)
    return _whole(claims.claim(min(number, HIGHEST)))


@router.post(
    "claims",
    response={201: ClaimWhole},
    operation_id="makeClaim",
    summary="Say that a resource is the source of an element",
    description="The first claim holds at once; one beside another is contested and goes to the data authority. Clients with "
    "the scope `claims`, and the owner's sharing staff.",
)
def make_claim(request: HttpRequest, given: AskedClaim) -> HttpResponse:
    by = with_scope(request, Scope.CLAIMS)

    def effect() -> ClaimWhole:
        row = catalogue.resource(given.resource, viewer=by)
        new = claims.NewClaim(
            given.element, given.subject, row.code, row.owner.code, given.basis, given.region
        )
        return _whole(claims.claim_source(claim=new, by=by))

    return once_only(request, by, effect)


@router.post(
    "claims/{int:number}/decision",
    response={201: ClaimWhole},
    operation_id="decideClaim",
    summary="Name this one the source",
    description="What stands against it is declined. The data authority's reviewers by their log-in; no client may.",
)
def decide_claim(request: HttpRequest, number: int, given: AskedReason) -> HttpResponse:
    return _acted(request, number, given, claims.decide_source, known(request))


@router.post(
    "claims/{int:number}/referral",
    response={201: ClaimWhole},
    operation_id="referClaim",
    summary="Refer a quarrel over the function to 机构编制部门",
    description="The authority's clock stands until it is answered. The data authority's reviewers by their log-in; no client may.",
)
def refer_claim(request: HttpRequest, number: int, given: AskedReason) -> HttpResponse:
    return _acted(request, number, given, claims.refer_conflict, known(request))


@router.post(
    "claims/{int:number}/withdrawal",
    response={201: ClaimWhole},
    operation_id="withdrawClaim",
    summary="Take a claim back",
    description="What nothing stands against any more is the source. Clients with the scope `claims`, and the owner's "
    "sharing staff.",
)
def withdraw(request: HttpRequest, number: int, given: AskedReason) -> HttpResponse:
    by = with_scope(request, Scope.CLAIMS)
    return _acted(request, number, given, claims.withdraw_claim, by)


def _acted(
    request: HttpRequest,
    number: int,
    given: AskedReason,
    act: Any,  # noqa: ANN401 - one of three actions with the same arguments
    by: Actor,
) -> HttpResponse:
    def effect() -> ClaimWhole:
        return _whole(act(claim_id=min(number, HIGHEST), reason=given.reason, by=by))

    return once_only(request, by, effect)


def _line(row: SourceClaim) -> dict[str, Any]:
    return {
        "claim": row.pk,
        "element": row.element.code,
        "element_name": row.element.name,
        "subject": row.subject,
        "region": row.region,
        "resource": row.resource,
        "agency": row.agency.name,
        "agency_code": row.agency.code,
        "basis": row.basis,
        "state": row.state,
        "state_name": row.state_name,
        "reason": row.reason,
        "claimed_at": row.claimed_at.isoformat(timespec="seconds"),
    }


def _whole(row: SourceClaim) -> ClaimWhole:
    faces = inboxes.of_matter("standards.decide_source", About("source_claim", str(row.pk)))
    return ClaimWhole(
        **_line(row),
        against=[ClaimLine.of(other) for other in claims.against(row)],
        clocks=[
            ClaimClock(
                duty=face.duty.pk,
                agency=face.duty.agency.name,
                state=face.state.value,
                due=face.duty.due_at.isoformat() if face.duty.due_at else None,
                limit=face.duty.limit_key,
                article=str(face.duty.basis),
                outcome=face.duty.outcome,
            )
            for face in faces
        ],
    )


_CLAIM = {
    "claim": 2,
    "element": "DE07002",
    "element_name": "保障状态",
    "subject": "person",
    "region": "8901",
    "resource": "307002/000001",
    "agency": "澜宁市教育局",
    "agency_code": "11890100DM00000216",
    "basis": "教育法 15",
    "state": "contested",
    "state_name": "有争议",
    "reason": "",
    "claimed_at": "2026-09-01T01:00:00+00:00",
}
_CLOCK = {
    "duty": 12,
    "agency": "澜宁市政务服务和数据管理局",
    "state": "running",
    "due": "2026-09-29T16:00:00+00:00",
    "limit": "DSR-19",
    "article": "政务数据共享条例 第十九条",
    "outcome": "",
}
_WHOLE = _CLAIM | {"against": [_CLAIM | {"claim": 1, "state": "in_force"}], "clocks": [_CLOCK]}
_GONE = ("standards_claim_unknown", "没有第9号数源登记。")
_CALM = ("standards_nothing_contested", "“保障状态”的数源没有争议，不用裁定。")


def _step(who: str, said: tuple[str, str]) -> Described:
    return Described(
        _WHOLE,
        {"number": 2},
        {"reason": "三定规定由民政部门采集"},
        problems=(404,),
        who=who,
        status=201,
        changes=True,
        said={404: _GONE, 409: said},
    )


DESCRIBED = {
    "claims": Described(
        {"total": 1, "claims": [_CLAIM], "next": ""}, {"q": "保障"}, problems=(400, 422), who=KNOWN
    ),
    "claim": Described(_WHOLE, {"number": 2}, problems=(404,), who=KNOWN, said={404: _GONE}),
    "makeClaim": Described(
        _WHOLE,
        body={
            "element": "DE07002",
            "subject": "person",
            "resource": "307001/000001",
            "basis": "社会救助暂行办法 3",
        },
        problems=(404,),
        who=Scope.CLAIMS.value,
        status=201,
        changes=True,
        said={
            404: ("standards_unknown_element", "没有编号为“DE99999”的数据元。"),
            409: (
                "standards_claimed_already",
                "307001/000001已登记为“保障状态”的数源，状态：数源。",
            ),
        },
    ),
    "decideClaim": _step(KNOWN, _CALM),
    "referClaim": _step(KNOWN, _CALM),
    "withdrawClaim": _step(
        Scope.CLAIMS.value, ("standards_claim_over", "这项数源登记已经了结：已撤回。")
    ),
}

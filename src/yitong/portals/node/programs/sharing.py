"""Doors to sharing: purposes, the own grants, and requests for more (共享条例 20)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from yitong.data.sharing import api as sharing
from yitong.kernel.actor import Actor
from yitong.portals.node.programs.bodies import Body, Day, Text
from yitong.portals.node.programs.callers import Scope, caller, known, with_scope
from yitong.portals.node.programs.cursors import Page
from yitong.portals.node.programs.describing import KNOWN, Described
from yitong.portals.node.programs.repeats import once_only

router = Router(tags=["sharing"])
MOST_PER_MINUTE = 600_000


class PurposeLine(Schema):
    """A purpose that a grant or a read may name, in words that a person reads."""

    code: str
    sentence: str
    article: str
    longest_days: int


class PurposeList(Schema):
    """All purposes that are shown to people."""

    purposes: list[PurposeLine]


class GrantLine(Schema):
    """What one system may read of one resource."""

    grant: int
    resource: str
    name: str
    provider: str
    agency: str
    client: str
    fields: list[str]
    masks: dict[str, str]
    purpose: str
    basis: str
    region: str = Field(description="only rows of this division; empty: all")
    rule: str = Field(description="only rows that this rule lets through; empty: all")
    rate_per_minute: int
    until: str
    state: str
    reason: str


class GrantList(Schema):
    """A page of grants, newest first."""

    grants: list[GrantLine]
    next: str


class RequestLine(Schema):
    """共享申请."""

    request: int
    resource: str
    name: str
    requester: str
    client: str
    fields: list[str]
    purpose: str
    basis: str
    scene: str
    until: str
    state: str
    state_name: str
    region: str = Field(description="only rows of this division; empty: all")
    rule: str = Field(description="only rows that this rule lets through; empty: all")
    ground: str
    answer: str = Field(description="the provider's reason")


class RequestList(Schema):
    """A page of requests, newest first."""

    requests: list[RequestLine]
    next: str


class AskedRequest(Body):
    """使用依据, 场景, 范围, 方式, 时限 (art. 20). It reaches the provider once the own sharing body's head agrees."""

    resource: str = Field(min_length=1, max_length=60, description="its code or exact name")
    client: str = Field(
        "", max_length=100, description="for which system; the calling one unless said"
    )
    fields: list[str] = Field(min_length=1, max_length=500)
    purpose: str = Field(min_length=1, max_length=40)
    until: Day
    basis: str = Field("", max_length=300, description="the purpose's own unless said")
    scene: Text = ""
    method: str = Field("interface", pattern=r"^(interface|batch|file)$")
    region: str = Field("", pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$")
    rule: str = Field("", max_length=4000, description="only rows that this rule lets through")
    rate_per_minute: int = Field(600, ge=1, le=MOST_PER_MINUTE)
    masks: dict[str, str] = Field(default_factory=dict, max_length=500)

    def order(self, client: str) -> sharing.Order:
        return sharing.Order(
            resource=self.resource,
            client=self.client or client,
            fields=tuple(self.fields),
            purpose=self.purpose,
            until=self.until,
            basis=self.basis,
            scene=self.scene,
            method=self.method,
            row_region=self.region,
            row_rule=self.rule,
            rate_per_minute=self.rate_per_minute,
            masks=self.masks,
        )


class GrantsAsked(Page):
    """Which grants."""

    resource: str = Field("", max_length=60, description="a resource's code")
    state: str = Field("", max_length=12, description="active, suspended, ended, expired")


class RequestsAsked(Page):
    """Which requests."""

    state: str = Field("", max_length=16)


@router.get(
    "purposes",
    response=PurposeList,
    operation_id="purposes",
    summary="Purposes, with the article of each",
    description="What a request, a grant and a governed read may name. Anyone may read them.",
)
def list_purposes(request: HttpRequest) -> PurposeList:
    return PurposeList(
        purposes=[
            PurposeLine(
                code=row.code,
                sentence=row.sentence,
                article=str(row.basis),
                longest_days=row.longest_days,
            )
            for row in sharing.purposes()
        ]
    )


@router.get(
    "grants",
    response=GrantList,
    operation_id="grants",
    summary="The own grants, newest first",
    description="A client's token shows its own; with the scope `sharing`, and to staff, those that the agency gave or received.",
)
def list_grants(request: HttpRequest, asked: Query[GrantsAsked]) -> GrantList:
    by = known(request)
    last = asked.number_after("grants")
    own = "" if caller(request).has(Scope.SHARING) else _client(by)
    found = sharing.grants(viewer=by, resource=asked.resource, client=own)
    found = found.filter(state=asked.state) if asked.state else found
    rows = list((found.filter(pk__lt=last) if last else found)[: asked.limit + 1])
    ended = rows[asked.limit - 1].pk if rows[asked.limit :] else 0
    return GrantList(
        grants=[_grant(row) for row in rows[: asked.limit]],
        next=asked.next(request, "grants", ended),
    )


@router.get(
    "share-requests",
    response=RequestList,
    operation_id="shareRequests",
    summary="Requests that the own agency made or has to answer",
    description="Clients with the scope `sharing`, and staff.",
)
def list_requests(request: HttpRequest, asked: Query[RequestsAsked]) -> RequestList:
    by = with_scope(request, Scope.SHARING)
    last = asked.number_after("share-requests")
    found = sharing.requests(viewer=by, state=asked.state)
    rows = list((found.filter(pk__lt=last) if last else found)[: asked.limit + 1])
    ended = rows[asked.limit - 1].pk if rows[asked.limit :] else 0
    return RequestList(
        requests=[_request(row) for row in rows[: asked.limit]],
        next=asked.next(request, "share-requests", ended),
    )


@router.post(
    "share-requests",
    response={201: RequestLine},
    operation_id="makeShareRequest",
    summary="Ask for data that another agency has",
    description="Written down for the head of the own sharing body, whose consent sends it out (art. 20). Clients with the "
    "scope `sharing`, and the agency's sharing staff.",
)
def make_request(request: HttpRequest, given: AskedRequest) -> HttpResponse:
    by = with_scope(request, Scope.SHARING)

    def effect() -> RequestLine:
        return _request(sharing.request_share(order=given.order(_client(by)), by=by))

    return once_only(request, by, effect)


def _client(by: Actor) -> str:
    """The client's own id; nobody's for staff, who have to name one."""
    kind, _colon, key = by.account.partition(":")
    return key if kind == "client" else ""


def _grant(row: Any) -> GrantLine:  # noqa: ANN401 - a grant, as sharing gives it for reading
    return GrantLine(
        grant=row.pk,
        resource=row.resource.code,
        name=row.resource.name,
        provider=row.resource.owner.name,
        agency=row.agency.name,
        client=row.client_id,
        fields=list(row.fields),
        masks=dict(row.masks),
        purpose=row.purpose.code,
        basis=row.basis,
        region=row.row_region,
        rule=row.row_rule,
        rate_per_minute=row.rate_per_minute,
        until=row.until.isoformat(),
        state=row.state,
        reason=row.state_reason,
    )


def _request(row: Any) -> RequestLine:  # noqa: ANN401 - a request, as sharing gives it for reading
    return RequestLine(
        request=row.pk,
        resource=row.resource.code,
        name=row.resource.name,
        requester=row.requester.name,
        client=row.client_id,
        fields=list(row.fields),
        purpose=row.purpose.code,
        basis=row.basis,
        scene=row.scene,
        until=row.until.isoformat(),
        state=row.state,
        state_name=row.state_name,
        region=row.row_region,
        rule=row.row_rule,
        ground=row.ground,
        answer=row.answer_reason,
    )


_WANTED = {
    "resource": "307001/000001",
    "fields": ["sfzh", "zt"],
    "purpose": "school-admission",
    "until": "2027-03-31",
}
_GRANT = _WANTED | {
    "grant": 1,
    "name": "最低生活保障对象",
    "provider": "澜宁市民政局",
    "agency": "澜宁市教育局",
    "client": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "masks": {"sfzh": "id", "zt": "none"},
    "basis": "义务教育法 12",
    "region": "",
    "rule": "",
    "rate_per_minute": 600,
    "state": "active",
    "reason": "",
}
_REQUEST = _WANTED | {
    "request": 1,
    "name": "最低生活保障对象",
    "requester": "澜宁市教育局",
    "client": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "basis": "义务教育法 12",
    "scene": "入学资格核验",
    "region": "",
    "rule": "",
    "state": "internal",
    "state_name": "待本部门工作机构负责人同意",
    "ground": "",
    "answer": "",
}
_PURPOSE = {
    "code": "school-admission",
    "sentence": "核对入学资格",
    "article": "义务教育法 第十二条",
    "longest_days": 365,
}
DESCRIBED = {
    "purposes": Described({"purposes": [_PURPOSE]}),
    "grants": Described(
        {"grants": [_GRANT], "next": ""},
        {"resource": "307001/000001"},
        problems=(400, 422),
        who=KNOWN,
    ),
    "shareRequests": Described(
        {"requests": [_REQUEST], "next": ""},
        {"state": "internal"},
        problems=(400, 422),
        who=Scope.SHARING.value,
    ),
    "makeShareRequest": Described(
        _REQUEST,
        body=_WANTED,
        problems=(404,),
        who=Scope.SHARING.value,
        status=201,
        changes=True,
        said={
            404: ("sharing.purpose_unknown", "没有“x”这个用途。"),
            409: ("sharing.not_in_force", "“最低生活保障对象”现在是“草稿”，不能共享。"),
        },
    ),
}

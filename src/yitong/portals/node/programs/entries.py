"""Doors to the catalogue: entries, their versions, what differs between two, and who else holds an element."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from yitong.data.catalogue import api as catalogue
from yitong.data.catalogue.api import EntryView, Resource
from yitong.data.standards.api import element
from yitong.kernel.actor import Actor
from yitong.portals.node.answers import ResourceLine, ResourceList, ResourceWhole
from yitong.portals.node.programs.callers import viewer
from yitong.portals.node.programs.cursors import Page
from yitong.portals.node.programs.describing import Described
from yitong.portals.node.programs.problems import VersionUnseen

router = Router(tags=["catalogue"])


class VersionLine(Schema):
    """One version; its content never changes, which the digest proves."""

    version: int
    at: str
    reason: str
    fields: int = Field(description="how many data items")
    digest: str = Field(description="SHA-256 of its canonical JSON, as the ledger has it")
    in_force: bool


class VersionList(Schema):
    """Versions, newest first: those that were published; its own agency sees all."""

    resource: str
    versions: list[VersionLine]


class VersionWhole(VersionLine):
    """One version with its whole content, as it was assessed, approved and published."""

    resource: str
    entry: dict[str, Any] = Field(
        description="the items of the entry by name; `fields` are its data items"
    )


class Difference(Schema):
    """One difference between two versions."""

    change: str = Field(description="added, removed or changed")
    field: str = Field(description="the data item, empty for the entry itself")
    item: str = Field(description="what of it changed, empty where the data item came or went")
    label: str
    before: Any = None
    after: Any = None


class DifferenceList(Schema):
    """All differences, the entry's own first."""

    resource: str
    since: int
    until: int
    differences: list[Difference]


class ResourcesAsked(Page):
    """Which entries."""

    q: str = Field("", max_length=100, description="words of names, owners and data items")
    owner: str = Field("", max_length=18, description="统一社会信用代码 of the owner")
    share_type: str = Field("", max_length=16, description="unconditional, conditional, withheld")
    state: str = Field("", max_length=12, description="published, revising, draft …")


class VersionPair(Schema):
    """Which two versions."""

    since: int = Field(0, ge=0, le=99999, description="0: the one in force")
    until: int = Field(0, ge=0, le=99999, description="0: the newest that the caller may see")


class HolderLine(Schema):
    """A published resource that has an item of the element."""

    resource: str
    name: str
    owner: str
    header: str
    is_source: bool = Field(description="数源: the authoritative one (政务数据共享条例 19)")


class HolderList(Schema):
    """Resources in force that have it, sources first: what need not be collected again."""

    element: str
    holders: list[HolderLine]


@router.get(
    "elements/{code}/holders",
    response=HolderList,
    operation_id="holders",
    summary="Which resources have a data element",
    description="Of those that the caller may see.",
)
def holders(request: HttpRequest, code: str) -> HolderList:
    known = element(code).code
    found = catalogue.holders([known], viewer=viewer(request)).get(known, [])
    return HolderList(element=known, holders=[HolderLine(**asdict(each)) for each in found])


@router.get(
    "resources",
    response=ResourceList,
    operation_id="resources",
    summary="Entries, newest first",
    description="Published entries for anyone; with a token also those announced to departments (政务数据共享条例 16).",
)
def resources(request: HttpRequest, asked: Query[ResourcesAsked]) -> ResourceList:
    last = asked.number_after("resources")
    filters = catalogue.listing.Filters(
        text=asked.q, owner=asked.owner, share_type=asked.share_type, state=asked.state
    )
    page = catalogue.listing.entries(
        viewer=viewer(request), filters=filters, after=last, limit=asked.limit
    )
    return ResourceList(
        total=page.total,
        resources=[ResourceLine.of(row) for row in page.rows],
        next=asked.next(request, "resources", page.after),
    )


@router.get(
    "resources/{path:code}/versions",
    response=VersionList,
    operation_id="versions",
    summary="Versions of an entry",
    description="Whoever may see the entry sees what was published of it; its own agency and the authority, all.",
)
def versions(request: HttpRequest, code: str) -> VersionList:
    view = catalogue.entry(code, viewer=viewer(request))
    seen = _seen(view, viewer(request))
    return VersionList(
        resource=view.resource.code,
        versions=[
            VersionLine(**_version(view.resource, each))
            for each in view.versions
            if each.number in seen
        ],
    )


@router.get(
    "resources/{path:code}/versions/{int:number}",
    response=VersionWhole,
    operation_id="version",
    summary="One version whole",
    description="It never changes (ETag). Who may see it: as for the list of versions.",
)
def version(
    request: HttpRequest, response: HttpResponse, code: str, number: int
) -> VersionWhole | HttpResponse:
    view = catalogue.entry(code, viewer=viewer(request))
    row = view.resource
    _check_seen(view, viewer(request), number)
    found = next(each for each in view.versions if each.number == number)
    tag = f'"{found.digest}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return VersionWhole(**_version(row, found), resource=row.code, entry=found.snapshot)


@router.get(
    "resources/{path:code}/differences",
    response=DifferenceList,
    operation_id="differences",
    summary="What differs between two versions",
    description="Without numbers: the one in force and the newest that the caller may see.",
)
def differences(request: HttpRequest, code: str, asked: Query[VersionPair]) -> DifferenceList:
    by = viewer(request)
    view = catalogue.entry(code, viewer=by)
    seen = _seen(view, by)
    row = view.resource
    pair = (
        asked.since or row.version_in_force or row.version,
        asked.until or max(seen, default=row.version),
    )
    for number in pair:
        _check_seen(view, by, number)
    found = catalogue.entry(row.code, viewer=by, compare=pair).changes
    return DifferenceList(
        resource=row.code,
        since=pair[0],
        until=pair[1],
        differences=[
            Difference(
                change=_kind(each),
                field=each.field,
                item=each.item,
                label=gettext(each.label) if each.item else "",
                before=each.before,
                after=each.after,
            )
            for each in found
        ],
    )


@router.get(
    "resources/{path:code}",
    response=ResourceWhole,
    operation_id="resource",
    summary="One entry",
    description="With its items: their names are what a governed read asks for.",
)
def resource(request: HttpRequest, code: str) -> ResourceWhole:
    return ResourceWhole.of(catalogue.resource(code, viewer=viewer(request)))


def _seen(view: EntryView, by: Actor) -> frozenset[int]:
    """16: what was published is announced; a draft and a revision in work stay at home and with the authority."""
    own = bool(by.agency) and by.agency == view.resource.owner.code
    if own or by.kind == "operator" or "data_reviewer" in by.roles:
        return frozenset(each.number for each in view.versions)
    return frozenset(each.version for each in view.decisions if each.step == "publish")


def _check_seen(view: EntryView, by: Actor, number: int) -> None:
    if number not in _seen(view, by):
        raise VersionUnseen(resource=view.resource.code, version=number)


def _version(row: Resource, found: Any) -> dict[str, Any]:  # noqa: ANN401 - the catalogue's own record of a version
    return {
        "version": found.number,
        "at": found.at.isoformat(timespec="seconds"),
        "reason": found.reason,
        "fields": len(found.entry.fields),
        "digest": found.digest,
        "in_force": found.number == row.version_in_force,
    }


def _kind(change: Any) -> str:  # noqa: ANN401 - a difference, as the catalogue tells it
    if change.item:
        return "changed"
    return "removed" if change.after is None else "added"


_RESOURCE_UNKNOWN = ("catalogue.resource_unknown", "没有找到数据目录“307001/000009”。")
_UNSEEN = {404: ("api.version_unseen", "307001/000001没有您可以查看的第9版。")}
_VERSION = {
    "version": 2,
    "at": "2026-11-03T02:10:00+00:00",
    "reason": "增加保障类别",
    "fields": 6,
    "digest": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    "in_force": True,
}
_CODE = {"code": "307001/000001"}
_HOLDER = {
    "resource": "307001/000001",
    "name": "最低生活保障对象",
    "owner": "澜宁市民政局",
    "header": "身份证号",
    "is_source": True,
}
DESCRIBED = {
    "holders": Described(
        {"element": "DE01001", "holders": [_HOLDER]},
        {"code": "DE01001"},
        problems=(404,),
        said={404: ("standards_unknown_element", "没有编号为“DE99999”的数据元。")},
    ),
    "resources": Described(ResourceList.EXAMPLE, {"q": "低保"}, problems=(400, 422)),
    "resource": Described(
        ResourceWhole.EXAMPLE, _CODE, problems=(404,), said={404: _RESOURCE_UNKNOWN}
    ),
    "versions": Described(
        {"resource": "307001/000001", "versions": [_VERSION]},
        _CODE,
        problems=(404,),
        said={404: _RESOURCE_UNKNOWN},
    ),
    "version": Described(
        _VERSION
        | {"resource": "307001/000001", "entry": {"name": "最低生活保障对象", "fields": []}},
        _CODE | {"number": 2},
        problems=(404,),
        said=_UNSEEN,
    ),
    "differences": Described(
        {
            "resource": "307001/000001",
            "since": 1,
            "until": 2,
            "differences": [
                {
                    "change": "added",
                    "field": "bzlb",
                    "item": "",
                    "label": "",
                    "before": None,
                    "after": "保障类别",
                }
            ],
        },
        _CODE | {"since": 1, "until": 2},
        problems=(404, 422),
        said=_UNSEEN,
    ),
}

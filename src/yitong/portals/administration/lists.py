"""The four lists: agencies, posts, appointments, accounts."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.identity.api import Agency, accounts, posts
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.portals.administration import words
from yitong.portals.administration.listing import Cell, Listing, answer, menu, searched
from yitong.portals.administration.officers import for_administrators, may_keep_law, may_oversee
from yitong.ui.values import Link


@require_safe
@for_administrators
def home(request: HttpRequest, by: Actor) -> HttpResponseBase:
    if may_oversee(by):
        return redirect("administration:posts")
    return redirect("administration:limits" if may_keep_law(by) else "administration:counter")


@require_safe
@for_administrators
def agencies_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    kinds = menu(
        request,
        "kind",
        gettext("类别"),
        {"": gettext("全部类别"), **{kind.value: kind.value for kind in posts.AgencyKind}},
    )
    rows = posts.agencies_found(viewer=by, text=searched(request), kind=kinds.chosen)
    listing = Listing(
        name="agencies",
        title=gettext("机构名录"),
        unit=gettext("个"),
        order=gettext("按区划和代码"),
        columns=(
            gettext("名称"),
            gettext("统一社会信用代码"),
            gettext("类别"),
            gettext("区划"),
            gettext("上级（块）"),
            gettext("上级（条）"),
        ),
        rows=rows,
        cells=_agency_cells,
        menus=(kinds,),
    )
    return answer(request, by, listing)


def _agency_cells(rows: Sequence[Agency]) -> list[list[Cell]]:
    return [
        [
            Cell(row.name, row.short_name, f"{reverse('administration:posts')}?agency={row.code}"),
            Cell(row.code),
            Cell(row.kind),
            Cell(row.region or gettext("全国")),
            Cell(row.government.name if row.government else "—"),
            Cell(row.line.name if row.line else "—"),
        ]
        for row in rows
    ]


@require_safe
@for_administrators
def posts_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    roles = menu(request, "role", gettext("角色"), words.roles(gettext("全部角色")))
    states = menu(
        request,
        "state",
        gettext("状态"),
        {"": gettext("全部状态"), "held": gettext("在岗"), "vacant": gettext("空缺")},
    )
    rows = posts.posts_found(
        viewer=by,
        text=searched(request),
        agency=searched(request, "agency"),
        role=roles.chosen,
        vacant={"held": False, "vacant": True}.get(states.chosen),
    )
    listing = Listing(
        name="posts",
        title=gettext("岗位"),
        unit=gettext("个"),
        order=gettext("按机构"),
        columns=(
            gettext("岗位"),
            gettext("机构"),
            gettext("角色"),
            gettext("任职者"),
            gettext("状态"),
        ),
        rows=rows,
        cells=_post_cells,
        menus=(roles, states),
        new=Link(gettext("设立岗位"), reverse("administration:new_post")),
    )
    return answer(request, by, listing)


def _post_cells(rows: Sequence[posts.Post]) -> list[list[Cell]]:
    return [
        [
            Cell(
                gettext(seat.post.title),
                seat.post.key,
                reverse("administration:post", args=[seat.post.pk]),
            ),
            Cell(seat.post.agency.name),
            Cell(words.role(seat.post.role)),
            Cell(seat.holder.get_username() if seat.holder else "—"),
            Cell(*words.state_of(seat)),
        ]
        for seat in posts.seats_of(rows)
    ]


@require_safe
@for_administrators
def appointments_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    states = menu(
        request,
        "state",
        gettext("状态"),
        {"": gettext("全部"), "current": gettext("现任和将任"), "past": gettext("已离任")},
    )
    rows = posts.appointments_found(
        viewer=by,
        text=searched(request),
        agency=searched(request, "agency"),
        state=states.chosen,
    )
    listing = Listing(
        name="appointments",
        title=gettext("任职"),
        unit=gettext("条"),
        order=gettext("新任的在前"),
        columns=(
            gettext("账号"),
            gettext("岗位"),
            gettext("机构"),
            gettext("从"),
            gettext("到"),
        ),
        rows=rows,
        cells=lambda found: [
            [
                Cell(
                    row.account.get_username(),
                    href=reverse("administration:account", args=[row.account_id]),
                ),
                Cell(
                    gettext(row.post.title),
                    row.post.key,
                    reverse("administration:post", args=[row.post_id]),
                ),
                Cell(row.post.agency.name),
                Cell(words.instant(row.held_from)),
                Cell(words.instant(row.held_until) if row.held_until else gettext("现在")),
            ]
            for row in found
        ],
        menus=(states,),
    )
    return answer(request, by, listing)


@require_safe
@for_administrators
def accounts_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    kinds = menu(request, "kind", gettext("类别"), words.account_kinds(gettext("全部类别")))
    states = menu(
        request,
        "state",
        gettext("状态"),
        {"": gettext("全部状态"), "active": gettext("正常"), "locked": gettext("停用中")},
    )
    rows = accounts.accounts_found(
        viewer=by,
        text=searched(request),
        agency=searched(request, "agency"),
        kind=kinds.chosen,
        state=states.chosen,
    )
    listing = Listing(
        name="accounts",
        title=gettext("账号名册"),
        unit=gettext("个"),
        order=gettext("按用户名"),
        columns=(
            gettext("用户名"),
            gettext("类别"),
            gettext("所属机构"),
            gettext("使用人"),
            gettext("状态"),
            gettext("开立日期"),
        ),
        rows=rows,
        cells=lambda found: [
            [
                Cell(row.get_username(), href=reverse("administration:account", args=[row.pk])),
                Cell(words.account_kinds("")[row.kind]),
                Cell(row.agency.name if row.agency else "—"),
                Cell(gettext("已登记") if row.holder_id else gettext("未登记")),
                Cell(gettext("正常") if row.is_active else gettext("停用中")),
                Cell(f"{clock.local(row.created_at):%Y-%m-%d}"),
            ]
            for row in found
        ],
        menus=(kinds, states),
        new=Link(gettext("开立账号"), reverse("administration:new_account")),
    )
    return answer(request, by, listing)

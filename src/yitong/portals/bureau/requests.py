"""共享申请: those an agency made and those it has to answer, and one of them with what has become of it."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.data.sharing.api import ShareRequest, requests
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.request_acts import asked_rows, open_request_acts, request_seen
from yitong.portals.bureau.request_rules import told_of
from yitong.portals.bureau.words import seats
from yitong.ui.cells import csv_cell
from yitong.ui.components.words import date_words
from yitong.ui.states import State
from yitong.ui.values import Choice, Filter, Link, Row

PAGE: Final = 50
_SIDES: Final = {"asked": N_("请本部门提供的"), "made": N_("本部门提出的")}
_SHAPES: Final[dict[str, State]] = {
    "internal": State.RUNNING,
    "submitted": State.RUNNING,
    "supplement": State.PAUSED,
    "agreed": State.RUNNING,
    "refused": State.REFUSED,
    "suspended": State.PAUSED,
}


@require_safe
@for_officers
def requests_page(request: HttpRequest, by: Actor) -> HttpResponse:
    menus = _menus(request.GET)
    found = _found(request.GET, by)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = frame(request, by) | {
        "menus": menus,
        "rows": [(row, _SHAPES.get(row.state, State.DONE)) for row in page.object_list],
        "page": page,
        "query": f"?{query.urlencode()}" if query else "",
        "words": _words(request.GET),
        "search_url": reverse("bureau:requests"),
        "search_words": _words(request.GET),
    }
    return render(request, "bureau/requests.html", context)


def _words(query: QueryDict) -> str:
    """What is looked for; a NUL is in no text of the database."""
    return query.get("q", "").replace("\0", "").strip()[:100]


def _menus(query: QueryDict) -> list[Filter]:
    states = ShareRequest.CHOICES["state"]
    said = (
        ("side", gettext("哪一边"), gettext("两边的"), _SIDES),
        ("state", gettext("状态"), gettext("全部状态"), states),
    )
    return [
        Filter(
            name,
            words,
            (Choice("", every), *(Choice(value, gettext(text)) for value, text in known.items())),
            query.get(name, "") if query.get(name, "") in known else "",
        )
        for name, words, every, known in said
    ]


def _found(query: QueryDict, by: Actor) -> QuerySet[ShareRequest]:
    side, state = (menu.chosen for menu in _menus(query))
    rows = requests(viewer=by, state=state)
    if side:
        rows = rows.filter(
            **{"resource__owner__code" if side == "asked" else "requester__code": by.agency}
        )
    if words := _words(query):
        named = Q(resource__name__icontains=words) | Q(requester__name__icontains=words)
        rows = rows.filter(named | Q(resource__owner__name__icontains=words))
    return rows


@require_safe
@for_officers
def export(request: HttpRequest, by: Actor) -> HttpResponse:
    """The filtered list with what art. 20 asks each request to state."""
    response: HttpResponseBase = StreamingHttpResponse(
        _lines(_found(request.GET, by)), content_type="text/csv; charset=utf-8"
    )
    name = f"yitong-requests-{clock.today():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]


def _lines(rows: QuerySet[ShareRequest]) -> Iterator[str]:
    heads = [
        gettext("编号"), gettext("数据"), gettext("资源代码"), gettext("需求部门"), gettext("提供部门"),
        gettext("使用依据"), gettext("使用场景"), gettext("使用范围"), gettext("使用时限"),
        gettext("状态"), gettext("提出时间"), gettext("答复时间"), gettext("答复理由"),
    ]  # fmt: skip
    yield "\ufeff" + _line(heads)
    for row in rows.iterator(chunk_size=500):
        yield _line([
            str(row.pk), row.resource.name, row.resource.code, row.requester.name,
            row.resource.owner.name, row.basis, row.scene, row.scope, row.until.isoformat(),
            gettext(row.state_name), _instant(row.made_at), _instant(row.answered_at),
            row.answer_reason,
        ])  # fmt: skip


def _instant(at: object) -> str:
    return clock.local(at).isoformat(timespec="minutes") if at else ""  # type: ignore[arg-type]


def _line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(csv_cell, values))
    return line.getvalue()


@require_safe
@for_officers
def request_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    row = request_seen(number, by)
    context = frame(request, by) | {
        "row": row,
        "shape": _SHAPES.get(row.state, State.DONE),
        "state_words": gettext(row.state_name),
        "trail": [Link(gettext("共享申请"), reverse("bureau:requests"))],
        "asked": asked_rows(row),
        "told": told_of(row, None, by).told,
        "course": _course(row),
        "acts": open_request_acts(row, by),
        "grants": row.grants.all(),
    }
    return render(request, "bureau/request.html", context)


def _course(row: ShareRequest) -> list[Row]:
    """Who did what and when, as far as it has come."""
    named = seats([row.made_post, row.approved_post, row.answered_post])
    unknown = gettext("节点上的操作")
    steps = (
        (gettext("提出"), row.made_at, named.get(row.made_post, unknown), ""),
        (gettext("同意提出"), row.submitted_at, named.get(row.approved_post, unknown), ""),
        (gettext("告知补正"), row.supplement_asked_at, "", row.supplement_items),
        (gettext("补正"), row.supplemented_at, "", ""),
        (gettext("答复"), row.answered_at, named.get(row.answered_post, unknown), _answer(row)),
        (gettext("提供"), row.delivered_at, "", ""),
    )
    return [
        Row(term, date_words(at, form="minute"), tuple(line for line in (who, why) if line))
        for term, at, who, why in steps
        if at is not None
    ]


def _answer(row: ShareRequest) -> str:
    if not row.ground:
        return gettext("同意")
    ground = gettext(row.CHOICES["ground"].get(row.ground, row.ground))
    return gettext("不同意：{ground}。{reason}").format(ground=ground, reason=row.answer_reason)

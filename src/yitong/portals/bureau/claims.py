"""数源登记: who says to be the one source of what, and one claim with what stands against it and its clock."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.access.api import Thing, allows
from yitong.base.duties.api import inboxes
from yitong.data.catalogue.api import Resource
from yitong.data.standards.api import SourceClaim, claims
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.portals.bureau.claim_acts import open_claim_acts
from yitong.portals.bureau.claim_words import duty_rows, said_rows
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.words import seats
from yitong.ui.cells import csv_cell
from yitong.ui.states import State
from yitong.ui.values import Choice, Filter, Link

PAGE: Final = 50
DUTY: Final = "standards.decide_source"
SHAPES: Final[dict[str, State]] = {
    "in_force": State.DONE,
    "contested": State.AT_RISK,
    "declined": State.REFUSED,
    "withdrawn": State.PAUSED,
}


@require_safe
@for_officers
def claims_page(request: HttpRequest, by: Actor) -> HttpResponse:
    asked = _asked(request.GET)
    shown = _number(request.GET, "shown")
    found = claims.listed(asked, after=_number(request.GET, "after"), limit=PAGE)
    last = shown + len(found.rows)
    names = _entries(row.resource for row in found.rows)
    context = frame(request, by) | {
        "menus": _menus(asked),
        "rows": [(row, SHAPES[row.state], names.get(row.resource)) for row in found.rows],
        "total": found.total,
        "first": shown + 1,
        "last": last,
        "more": min(PAGE, found.total - last) if found.after else 0,
        "more_url": _address(asked, after=found.after, shown=last),
        "top_url": _address(asked) if shown else "",
        "query": _address(asked),
        "search_url": reverse("bureau:claims"),
        "search_words": asked.text,
        "may_claim": _may_claim(by),
    }
    return render(request, "bureau/claims.html", context)


def _may_claim(by: Actor) -> bool:
    own = Thing("source_claim", "", agency=by.agency, region=by.region)
    return allows(by, "standards.claim", of=own).allowed


def _asked(query: QueryDict) -> claims.ClaimFilter:
    """What the address asks for; an unknown choice is none, and a NUL is in no text of the database."""
    state, subject = query.get("state", ""), query.get("subject", "")
    return claims.ClaimFilter(
        text=query.get("q", "").replace("\0", "").strip()[:60],
        state=state if state in claims.STATES else "",
        subject=subject if subject in claims.SUBJECTS else "",
    )


def _address(asked: claims.ClaimFilter, **more: int) -> str:
    query = QueryDict(mutable=True)
    said = {"q": asked.text, "state": asked.state, "subject": asked.subject}
    query.update({name: value for name, value in said.items() if value})
    query.update({name: str(value) for name, value in more.items()})
    return f"?{query.urlencode()}"


def _number(query: QueryDict, name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 18 else 0


def _menus(asked: claims.ClaimFilter) -> list[Filter]:
    said = (
        ("state", gettext("状态"), gettext("全部状态"), claims.STATES, asked.state),
        ("subject", gettext("对象"), gettext("全部对象"), claims.SUBJECTS, asked.subject),
    )
    return [
        Filter(
            name,
            words,
            (Choice("", every), *(Choice(value, gettext(text)) for value, text in known.items())),
            chosen,
        )
        for name, words, every, known, chosen in said
    ]


def _entries(codes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """(number, name) of published resources, by code: what a claim is about may be read by everybody in office."""
    rows = Resource.objects.filter(code__in=set(codes), version_in_force__isnull=False)
    return {code: (pk, name) for code, pk, name in rows.values_list("code", "pk", "name")}


@require_safe
@for_officers
def export(request: HttpRequest, by: Actor) -> HttpResponse:
    """The filtered register, row by row however long it is."""
    response: HttpResponseBase = StreamingHttpResponse(
        _lines(claims.every(_asked(request.GET))), content_type="text/csv; charset=utf-8"
    )
    name = f"yitong-claims-{clock.today():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]


def _lines(rows: Iterable[SourceClaim]) -> Iterator[str]:
    heads = [
        gettext("编号"), gettext("数据元"), gettext("名称"), gettext("对象"), gettext("区划"),
        gettext("资源代码"), gettext("部门"), gettext("依据"), gettext("状态"), gettext("登记时间"),
        gettext("理由"),
    ]  # fmt: skip
    yield "\ufeff" + _line(heads)
    for row in rows:
        yield _line([
            str(row.pk), row.element.code, row.element.name, gettext(row.subject_name), row.region,
            row.resource, row.agency.name, row.basis, gettext(row.state_name),
            clock.local(row.claimed_at).isoformat(timespec="minutes"), row.reason,
        ])  # fmt: skip


def _line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(csv_cell, values))
    return line.getvalue()


@require_safe
@for_officers
def claim_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    row = claims.claim(number)
    rivals = claims.against(row)
    faces = [
        face
        for one in (row, *rivals)
        for face in inboxes.of_matter(DUTY, About("source_claim", str(one.pk)))
    ]
    course = claims.course(row)
    named = seats(entry.post for _said, entry in course)
    names = _entries([row.resource, *(rival.resource for rival in rivals)])
    context = frame(request, by) | {
        "row": row,
        "shape": SHAPES[row.state],
        "trail": [Link(gettext("数源登记"), reverse("bureau:claims"))],
        "said": said_rows(row, names.get(row.resource, (0, ""))[1]),
        "entry": names.get(row.resource),
        "rivals": [(rival, SHAPES[rival.state], names.get(rival.resource)) for rival in rivals],
        "faces": [(face, duty_rows(face)) for face in faces[:1]],
        "seen": inboxes.seen_among([face.duty.pk for face in faces[:1]], viewer=by),
        "course": [
            (said, entry, named.get(entry.post, gettext("运维人员"))) for said, entry in course
        ],
        "acts": open_claim_acts(row, by),
    }
    return render(request, "bureau/claim.html", context)

"""The catalogue as a list: search, filters, paging by cursor, and the export of exactly what is filtered."""

import csv
import io
import json
from collections.abc import Iterator, Mapping

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.identity.api import agencies
from yitong.data.catalogue.api import Resource, listing
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.portals.bureau.officers import for_officers, frame
from yitong.ui.cells import csv_cell
from yitong.ui.values import Choice, Filter

PAGE = 50


@require_safe
@for_officers
def home(request: HttpRequest, by: Actor) -> HttpResponse:
    return redirect("bureau:catalogue")


def _filters(query: QueryDict) -> listing.Filters:
    """What the address asks for; an unknown choice is none."""
    state, share_type = query.get("state", ""), query.get("share_type", "")
    return listing.Filters(
        text=query.get("q", "")[:100],
        state=state if state in Resource.CHOICES["state"] else "",
        owner=query.get("owner", "")[:18],
        share_type=share_type if share_type in Resource.CHOICES["share_type"] else "",
    )


def _asked(filters: listing.Filters) -> dict[str, str]:
    asked = {
        "q": filters.text,
        "state": filters.state,
        "owner": filters.owner,
        "share_type": filters.share_type,
    }
    return {name: value for name, value in asked.items() if value}


def _address(filters: listing.Filters, **more: int) -> str:
    query = QueryDict(mutable=True)
    query.update(_asked(filters) | {name: str(value) for name, value in more.items()})
    return f"?{query.urlencode()}"


def _number(query: QueryDict, name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_safe
@for_officers
def catalogue_page(request: HttpRequest, by: Actor) -> HttpResponse:
    filters = _filters(request.GET)
    shown = _number(request.GET, "shown")
    found = listing.entries(
        viewer=by, filters=filters, after=_number(request.GET, "after"), limit=PAGE
    )
    last = shown + len(found.rows)
    context = frame(request, by) | {
        "rows": found.rows,
        "count": gettext("{count}条").format(count=f"{found.total:,}"),
        "total": found.total,
        "first": shown + 1,
        "last": last,
        "more": min(PAGE, found.total - last) if found.after else 0,
        "more_url": _address(filters, after=found.after, shown=last),
        "top_url": _address(filters) if shown else "",
        "export": _address(filters),
        "menus": _menus(filters),
        "search_words": filters.text,
    }
    return render(request, "bureau/catalogue.html", context)


def _menus(filters: listing.Filters) -> list[Filter]:
    owners = agencies().filter(resources__isnull=False).distinct().values_list("code", "name")
    return [
        Filter("state", gettext("状态"), _choices("state", gettext("全部状态")), filters.state),
        Filter(
            "owner",
            gettext("提供单位"),
            (Choice("", gettext("全部单位")), *(Choice(code, name) for code, name in owners)),
            filters.owner,
        ),
        Filter(
            "share_type",
            gettext("共享属性"),
            _choices("share_type", gettext("全部共享属性")),
            filters.share_type,
        ),
    ]


def _choices(item: str, everything: str) -> tuple[Choice, ...]:
    named = (Choice(value, gettext(words)) for value, words in Resource.CHOICES[item].items())
    return (Choice("", everything), *named)


@require_safe
@for_officers
def export(request: HttpRequest, by: Actor, form: str) -> HttpResponse:
    """The filtered list with the headings of art. 13, row by row however long it is."""
    rows = listing.export_rows(viewer=by, filters=_filters(request.GET))
    return _streamed(_csv(rows) if form == "csv" else _json(rows), form)


def _streamed(lines: Iterator[str], form: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    response: HttpResponseBase = StreamingHttpResponse(lines, content_type=kind)
    name = f"yitong-catalogue-{clock.today():%Y%m%d}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]


def _csv(rows: Iterator[Mapping[str, str]]) -> Iterator[str]:
    yield "\ufeff"
    for number, row in enumerate(rows):
        line = io.StringIO()
        writer = csv.writer(line, lineterminator="\r\n")
        if number == 0:
            writer.writerow(row)
        writer.writerow(map(csv_cell, row.values()))
        yield line.getvalue()


def _json(rows: Iterator[Mapping[str, str]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"

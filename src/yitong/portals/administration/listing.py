"""Lists as tables: search, filters, paging, and the export of exactly what is filtered, row by row."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.portals.administration.officers import frame
from yitong.ui.cells import csv_cell
from yitong.ui.values import Choice, Filter, Link

PAGE, AT_ONCE = 50, 500


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row: words, a small line below, and where it leads."""

    words: str
    sub: str = ""
    href: str = ""

    @property
    def plain(self) -> str:
        return f"{self.words} {self.sub}".strip()


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its name is that of its page; `cells` makes many rows at once, so that nothing is asked row by row."""

    name: str
    title: str
    unit: str
    order: str
    columns: tuple[str, ...]
    rows: QuerySet[Any]
    cells: Callable[[Sequence[Any]], list[list[Cell]]]
    menus: tuple[Filter, ...] = ()
    new: Link | None = field(default=None)


def searched(request: HttpRequest, name: str = "q") -> str:
    """What is looked for; a NUL is in no text of the database."""
    return request.GET.get(name, "").replace("\0", "").strip()[:100]


def menu(request: HttpRequest, name: str, words: str, choices: dict[str, str]) -> Filter:
    """A filter above the table; an unknown choice is none."""
    everything, *rest = choices.items()
    chosen = request.GET.get(name, "")
    return Filter(
        name,
        words,
        (Choice(*everything), *(Choice(value, shown) for value, shown in rest)),
        chosen if chosen in choices else "",
    )


def answer(request: HttpRequest, by: Actor, listing: Listing) -> HttpResponseBase:
    """The page, or with `?export=csv` the file."""
    form = request.GET.get("export", "")
    if form in {"csv", "json"}:
        return _exported(listing, form)
    page = Paginator(listing.rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    for name in ("page", "export"):
        query.pop(name, None)
    context = frame(request, by, listing.name) | {
        "listing": listing,
        "rows": listing.cells(list(page.object_list)),
        "page": page,
        "query": f"&{query.urlencode()}" if query else "",
        "words": searched(request),
        "search_url": reverse(f"administration:{listing.name}"),
        "search_words": searched(request),
    }
    return render(request, "administration/list.html", context)


def _exported(listing: Listing, form: str) -> HttpResponseBase:
    lines = _csv(listing) if form == "csv" else _json(listing)
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    response = StreamingHttpResponse(lines, content_type=kind)
    name = f"yitong-{listing.name}-{clock.today():%Y%m%d}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _all_cells(listing: Listing) -> Iterator[list[Cell]]:
    rows = listing.rows.iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(rows, AT_ONCE)):
        yield from listing.cells(chunk)


def _csv(listing: Listing) -> Iterator[str]:
    yield "\ufeff" + _line(listing.columns)
    for cells in _all_cells(listing):
        yield _line([cell.plain for cell in cells])


def _line(values: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(csv_cell, values))
    return line.getvalue()


def _json(listing: Listing) -> Iterator[str]:
    yield "["
    for number, cells in enumerate(_all_cells(listing)):
        row = dict(zip(listing.columns, (cell.plain for cell in cells), strict=True))
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"

"""履责台账: who was to do what, and did it in time; every number opens its rows. Rows lead to each clock."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.access.api import Thing, allows
from yitong.base.duties.api import book as books
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.portals.bureau.officers import for_officers, frame
from yitong.ui.states import State
from yitong.ui.values import Choice, Figure, Filter

UNITS_AT_MOST = 40  # cells of one agency's row; beyond that the number says it
FAILURES_SHOWN = 5
RESULTS: Mapping[str, str] = {
    "on_time": N_("按期"),
    "extended": N_("经同意延长"),
    "missed": N_("逾期"),
    "deemed": N_("视为"),
    "waived": N_("免除"),
}
FAMILIES: Mapping[str, str] = {
    "DSR": N_("数据共享"),
    "PER": N_("行政许可"),
    "GID": N_("信息公开"),
    "PET": N_("信访"),
    "12345": N_("12345热线"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the address of exactly its rows."""

    value: int
    href: str


@dataclass(frozen=True, slots=True)
class BookRow:
    """An agency, a kind or an article with its numbers; one cell a duty, in the order in which they are counted."""

    name: str
    href: str
    total: Number
    on_time: Number
    extended: Number
    missed: Number
    other: Number
    units: tuple[str, ...]
    beyond: int
    explained: int


@require_safe
@for_officers
def performance_page(request: HttpRequest, by: Actor) -> HttpResponse:
    asked = asked_of(request.GET)
    book = books.book(viewer=by, asked=asked)
    failures = books.book(viewer=by, asked=books.narrowed(asked, "missed", FAILURES_SHOWN))
    context = frame(request, by) | {
        "book": book,
        "title_period": period_words(asked),
        "figures": list(_figures(request.GET, book)),
        "menus": list(_menus(request.GET, book, asked)),
        "agencies": [_row(request.GET, line, "agency") for line in book.agencies],
        "kinds": [_row(request.GET, line, "kind") for line in book.kinds],
        "articles": [_row(request.GET, line, "article") for line in book.articles],
        "whole": _row(request.GET, book.whole, ""),
        "failures": failures.rows,
        "failed": book.whole.missed,
        "failed_url": _address(request.GET, result="missed") + "#rows",
        "rows": book.rows,
        "result_words": gettext(RESULTS[asked.result]) if asked.result else "",
        "pages": _pages(request.GET, book),
        "xlsx_url": reverse("bureau:performance_paper", args=["xlsx"]) + _query(request.GET),
        "docx_url": reverse("bureau:performance_paper", args=["docx"]) + _query(request.GET),
        "may_admonish": may_admonish(by),
        "propose_url": reverse("bureau:propose") + _query(request.GET),
    }
    return render(request, "bureau/performance.html", context)


def asked_of(query: QueryDict) -> books.Asked:
    """What the address asks for; an unknown choice is none. Without a period: this year so far."""
    since, until = period_of(query.get("period", ""))
    page = query.get("page", "")
    return books.Asked(
        since=since,
        until=until,
        family=query.get("family", "") if query.get("family", "") in FAMILIES else "",
        agency=query.get("agency", "")[:18],
        kind=query.get("kind", "")[:64],
        result=query.get("result", "") if query.get("result", "") in RESULTS else "",
        article=query.get("article", "")[:130],
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def period_of(text: str) -> tuple[dt.date, dt.date]:
    """2026, 2026Q3 or 2026-10; else this year."""
    today = clock.today()
    year, quarter, month = text[:4], text[4:6], text[4:]
    if not year.isdecimal() or not 2000 <= int(year) <= today.year + 1:
        return dt.date(today.year, 1, 1), today
    if quarter in {"Q1", "Q2", "Q3", "Q4"}:
        first = dt.date(int(year), int(quarter[1]) * 3 - 2, 1)
        return first, _month_end(first + dt.timedelta(days=70))
    if month[:1] == "-" and month[1:].isdecimal() and 1 <= int(month[1:]) <= 12:
        first = dt.date(int(year), int(month[1:]), 1)
        return first, _month_end(first)
    return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)


def _month_end(on: dt.date) -> dt.date:
    return (on.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def period_words(asked: books.Asked) -> str:
    return gettext("{since}至{until}").format(
        since=asked.since.isoformat(), until=asked.until.isoformat()
    )


def _query(query: QueryDict, **changes: str) -> str:
    asked = query.copy()
    asked.pop("page", None)
    for name, value in changes.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    return f"?{asked.urlencode()}" if asked else ""


def _address(query: QueryDict, **changes: str) -> str:
    return reverse("bureau:performance") + _query(query, **changes)


def _figures(query: QueryDict, book: books.Book) -> Iterator[Figure]:
    whole = book.whole
    yield Figure(
        whole.total,
        gettext("应办"),
        gettext("时限已有结果的"),
        _address(query, result="") + "#rows",
    )
    yield Figure(
        whole.on_time + whole.extended,
        gettext("按期"),
        gettext("其中经同意延长{count}件").format(count=whole.extended),
        _address(query, result="on_time") + "#rows",
    )
    yield Figure(
        whole.missed,
        gettext("逾期"),
        gettext("已陈述理由{count}件").format(count=whole.explained),
        _address(query, result="missed") + "#rows",
        State.MISSED if whole.missed else None,
    )
    yield Figure(
        whole.deemed + whole.waived,
        gettext("视为和免除"),
        gettext("视为{deemed}件，免除{waived}件").format(deemed=whole.deemed, waived=whole.waived),
        _address(query, result="deemed") + "#rows",
    )


def _menus(query: QueryDict, book: books.Book, asked: books.Asked) -> Iterator[Filter]:
    year = clock.today().year
    periods = [Choice("", gettext("今年以来")), Choice(str(year - 1), f"{year - 1}")]
    for number in range(1, (clock.today().month + 2) // 3 + 1):
        said = gettext("{year}年第{number}季度").format(year=year, number=number)
        periods.append(Choice(f"{year}Q{number}", said))
    yield Filter("period", gettext("时间"), tuple(periods), query.get("period", ""))
    families = (Choice(name, gettext(said)) for name, said in FAMILIES.items())
    everything = (Choice("", gettext("全部领域")), *families)
    yield Filter("family", gettext("领域"), everything, asked.family)
    agencies = (Choice(line.key, line.name) for line in book.agencies)
    yield Filter(
        "agency", gettext("部门"), (Choice("", gettext("全部部门")), *agencies), asked.agency
    )
    kinds = (Choice(line.key, gettext(line.name)) for line in book.kinds)
    yield Filter("kind", gettext("种类"), (Choice("", gettext("全部种类")), *kinds), asked.kind)
    results = (Choice(name, gettext(said)) for name, said in RESULTS.items())
    everything = (Choice("", gettext("全部结果")), *results)
    yield Filter("result", gettext("结果"), everything, asked.result)


def _row(query: QueryDict, line: books.Line, name: str) -> BookRow:
    here = {name: line.key} if name else {}

    def number(value: int, result: str) -> Number:
        return Number(value, _address(query, **here, result=result) + "#rows")

    units = ["on_time"] * line.on_time + ["extended"] * line.extended
    units += ["missed"] * line.missed + ["other"] * (line.deemed + line.waived)
    return BookRow(
        gettext(line.name) if line.name else "",
        _address(query, **here),
        number(line.total, ""),
        number(line.on_time, "on_time"),
        number(line.extended, "extended"),
        number(line.missed, "missed"),
        number(line.deemed + line.waived, "deemed"),
        tuple(units[-UNITS_AT_MOST:]),
        max(line.total - UNITS_AT_MOST, 0),
        line.explained,
    )


def _pages(query: QueryDict, book: books.Book) -> dict[str, str]:
    def at(page: int) -> str:
        return f"{_address(query, page=str(page))}#rows"

    found = {"said": gettext("第{page}页，共{pages}页").format(page=book.page, pages=book.pages)}
    if book.page > 1:
        found["back"] = at(book.page - 1)
    if book.page < book.pages:
        found["next"] = at(book.page + 1)
    return found


def may_admonish(by: Actor) -> bool:
    own = Thing("admonition", by.agency, agency=by.agency, region=by.region)
    return allows(by, "duties.admonish", of=own).allowed

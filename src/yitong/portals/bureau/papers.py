"""履责台账 to take along: the same numbers and rows as the page, as a workbook and as a document."""

import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.duties.api import book as books
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.portals.bureau.officers import for_officers
from yitong.portals.bureau.performance import RESULTS, asked_of, period_words
from yitong.ui import workbooks
from yitong.ui.components.words import date_words
from yitong.ui.workbooks import Column, Sheet, workbook

MEDIA = {
    "xlsx": workbooks.MEDIA,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_NUMBERS = ("total", "on_time", "extended", "missed", "deemed", "waived", "explained")


@require_safe
@for_officers
def performance_paper(request: HttpRequest, by: Actor, form: str) -> HttpResponse:
    asked = asked_of(request.GET)
    pages = list(_whole(by, asked))
    made = _workbook(pages) if form == "xlsx" else _document(pages)
    response = HttpResponse(made, content_type=MEDIA[form])
    name = f"yitong-performance-{clock.today():%Y%m%d}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _whole(by: Actor, asked: books.Asked) -> Iterator[books.Book]:
    """Every page of rows; the numbers stand in the first."""
    page, pages = 1, 1
    while page <= pages:
        book = books.book(viewer=by, asked=books.paged(asked, page))
        yield book
        page, pages = page + 1, book.pages


def _heads() -> list[str]:
    return [
        gettext("名称"), gettext("应办"), gettext("按期"), gettext("经同意延长"), gettext("逾期"),
        gettext("视为"), gettext("免除"), gettext("已陈述理由"),
    ]  # fmt: skip


def _numbers(line: books.Line) -> list[int]:
    return [getattr(line, name) for name in _NUMBERS]


def _tables(book: books.Book) -> Iterator[tuple[str, list[tuple[str, list[int]]]]]:
    parts = (
        (gettext("按部门"), book.agencies),
        (gettext("按种类"), book.kinds),
        (gettext("按违反的条款"), book.articles),
    )
    for title, lines in parts:
        yield title, [(gettext(line.name), _numbers(line)) for line in lines]


def _row_heads() -> list[str]:
    return [
        gettext("编号"), gettext("部门"), gettext("事由"), gettext("时限"), gettext("依据"), gettext("收到"),
        gettext("到期"), gettext("结果"), gettext("违反"), gettext("理由"),
    ]  # fmt: skip


def _rows(pages: list[books.Book]) -> Iterator[list[str]]:
    for book in pages:
        for entry in book.rows:
            duty = entry.duty
            yield [
                str(duty.pk),
                duty.agency.name,
                entry.title,
                duty.limit_key,
                str(duty.basis),
                date_words(duty.started_at, form="full"),
                date_words(duty.due_on, form="full") if duty.due_on else "",
                gettext(RESULTS[duty.result]),
                entry.breaks,
                entry.miss.explanation if entry.miss else "",
            ]


def _said(book: books.Book) -> str:
    as_of = f"{clock.local(book.as_of):%Y-%m-%d %H:%M}"
    return gettext("{period}，截至{as_of}").format(period=period_words(book.asked), as_of=as_of)


def _workbook(pages: list[books.Book]) -> bytes:
    summaries = (
        Sheet(
            name=title,
            above=(f"{gettext('履责台账')} {title}", _said(pages[0])),
            heads=_heads(),
            rows=[[name, *values] for name, values in lines],
            columns=(Column(34),),
        )
        for title, lines in _tables(pages[0])
    )
    details = Sheet(
        name=gettext("明细"),
        heads=_row_heads(),
        rows=_rows(pages),
        columns=(None, Column(30, is_wrapped=True), Column(30, is_wrapped=True)),
        kept=0,
    )
    return workbook([*summaries, details])


def _document(pages: list[books.Book]) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(gettext("履责台账"), level=0)
    document.add_paragraph(_said(pages[0]))
    for title, lines in _tables(pages[0]):
        document.add_heading(title, level=1)
        _table(document, _heads(), [[name, *map(str, values)] for name, values in lines])
    document.add_heading(gettext("没有按期的"), level=1)
    late = [row for row in _rows(pages) if row[7] == gettext(RESULTS["missed"])]
    keep = (0, 1, 2, 6, 8, 9)
    heads = _row_heads()
    _table(document, [heads[at] for at in keep], [[row[at] for at in keep] for row in late])
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _table(document: object, heads: list[str], rows: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")  # type: ignore[attr-defined]
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text

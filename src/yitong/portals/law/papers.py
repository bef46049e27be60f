"""The register to take along: exactly the rows that are filtered, in their order, as CSV and as a workbook."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from yitong.base.statutes.api import RegisterRow, limits
from yitong.kernel import clock
from yitong.portals.law import words
from yitong.portals.law.forms import SearchForm
from yitong.portals.law.orders import KEYS, headings
from yitong.portals.law.register import asked_of, menus_of, narrowed
from yitong.ui import workbooks
from yitong.ui.cells import csv_cell
from yitong.ui.components.words import article, language
from yitong.ui.ordering import order_of
from yitong.ui.terms import KIND_WORDS, NATURE_WORDS, amount_words
from yitong.ui.workbooks import Column, Sheet, workbook

_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": workbooks.MEDIA,
}
_WIDTHS: Final = (12, 44, 14, 14, 34, 10, 16, 12, 12, 30, 16, 18, 30, 40)


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    rows = limits()
    asked = asked_of(SearchForm(request.GET or None), menus_of(request.GET, rows))
    found = order_of(request.GET, headings()).arranged(narrowed(rows, asked), KEYS)
    lines = [_heads(), *_lines(found)]
    response = HttpResponse(
        _csv(lines) if form == "csv" else _workbook(lines), content_type=_MEDIA[form]
    )
    name = f"yitong-limits-{clock.today():%Y%m%d}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _heads() -> list[str]:
    return [
        pgettext("limit", "编号"), gettext("事项"), *_chinese(gettext("事项（中文）")), gettext("种类"), pgettext("limit", "期限"), gettext("依据"), gettext("性质"),
        gettext("适用"), gettext("生效日期"), gettext("失效日期"), gettext("可延长"), gettext("期满没有办"),
        gettext("把握"), gettext("出处"), gettext("说明"),
    ]  # fmt: skip


def _chinese(text: str) -> list[str]:
    """A column beside a translated one: the Chinese is what binds."""
    return [text] if language() == "en" else []


def _lines(rows: list[RegisterRow]) -> Iterator[list[str]]:
    names = words.names_of(rows)
    for row in rows:
        limit = row.limit
        yield [
            limit.key,
            gettext(limit.title),
            *_chinese(limit.title),
            gettext(KIND_WORDS[limit.kind]),
            amount_words(limit),
            article(limit.basis),
            gettext(NATURE_WORDS[row.nature]),
            words.place_words(limit.region, names),
            limit.valid_from.isoformat() if limit.valid_from else "",
            limit.valid_to.isoformat() if limit.valid_to else "",
            words.extension_words(limit) if limit.is_stoppable else "",
            words.outcome_words(limit),
            words.confidence_words(limit),
            gettext(limit.source),
            gettext(row.note),
        ]


def _csv(lines: Sequence[Sequence[str]]) -> str:
    made = io.StringIO()
    made.write("\ufeff")
    writer = csv.writer(made, lineterminator="\r\n")
    for line in lines:
        writer.writerow(map(csv_cell, line))
    return made.getvalue()


def _workbook(lines: Sequence[Sequence[str]]) -> bytes:
    heads, *rows = lines
    widths = [*_WIDTHS[:2], *(_WIDTHS[1] for _ in _chinese("")), *_WIDTHS[2:]]
    columns = [Column(width, is_wrapped=True) for width in widths]
    return workbook([Sheet(name=gettext("时限登记簿"), heads=heads, rows=rows, columns=columns)])

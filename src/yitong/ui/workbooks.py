"""Tables that people take along as a workbook: text stays text, numbers are numbers, the heads stay in sight."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """How wide a column is, in characters; what is longer goes on below where it is wrapped."""

    width: float
    is_wrapped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table. `above` are lines before the heads, the first of them its title; None leaves a column as it is.

    `kept` is how many columns stay in sight when one looks to the right.
    """

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[str | int]]
    above: Sequence[str] = ()
    columns: Sequence[Column | None] = ()
    kept: int = 1


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The file. Nothing in it is a formula: text is written as text."""
    import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for at, column in enumerate(sheet.columns):
                if column is not None:
                    page.set_column(at, at, column.width, wrapped if column.is_wrapped else None)
            for number, line in enumerate(sheet.above):
                page.write_string(number, 0, line, bold if number == 0 else None)
            top = len(sheet.above) + 1 if sheet.above else 0
            _write(page, top, sheet.heads, bold)
            for number, row in enumerate(sheet.rows, start=top + 1):
                _write(page, number, row)
            page.freeze_panes(top + 1, sheet.kept)
    return made.getvalue()


def _write(page: Any, number: int, row: Sequence[str | int], shape: object = None) -> None:  # noqa: ANN401 - it ships no types
    for at, value in enumerate(row):
        if isinstance(value, int):
            page.write_number(number, at, value, shape)
        else:
            page.write_string(number, at, value, shape)

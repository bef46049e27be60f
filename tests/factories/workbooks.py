"""Workbooks as offices have them, and as somebody hostile would make them."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import PKG_REL_NS as PACKAGE
from openpyxl.xml.constants import REL_NS as RELATIONS
from openpyxl.xml.constants import SHEET_MAIN_NS as MAIN


def workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    furnish: Callable[[Worksheet], None] | None = None,
) -> Path:
    """A workbook with these sheets; `furnish` does to each what rows cannot say."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if furnish:
            furnish(sheet)
    book.save(path)
    return path


def raw_workbook(path: Path, rows: str, *, more: Mapping[str, bytes | str] | None = None) -> Path:
    """A workbook of one sheet whose XML is given: what no spreadsheet program would write."""
    parts: dict[str, bytes | str] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**parts, **(more or {})}.items():
            package.writestr(name, content)
    return path


def inline_row(number: int, *values: object) -> str:
    """A row of texts as XML."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


__all__ = ["MAIN", "PACKAGE", "RELATIONS", "inline_row", "raw_workbook", "workbook"]

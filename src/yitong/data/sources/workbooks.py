"""A workbook (.xlsx, .xlsm): its sheets, number formats and calendar, found without running anything."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from yitong.data.sources.errors import ExternalLinks, OldWorkbook
from yitong.data.sources.heads import clean_header
from yitong.data.sources.packages import (
    elements,
    malformed,
    relations,
)
from yitong.data.sources.sheet_cells import FORMATS, CellFormat, format_of
from yitong.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as the workbook lists it."""

    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """What every sheet of a workbook needs to be read."""

    sheets: tuple[Sheet, ...]
    texts: str
    formats: tuple[CellFormat, ...]
    from_1904: bool

    def visible(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if not sheet.is_hidden)


def read_workbook(package: zipfile.ZipFile, name: str) -> Workbook:
    """The list of sheets; refuses what shows other files' values."""
    top = next(
        (part for kind, part in relations(package, "").values() if kind == "officeDocument"), ""
    )
    top = top or "xl/workbook.xml"
    if top.endswith(".bin"):
        raise OldWorkbook(name=name, looks_like=N_("二进制的 Excel 工作簿（xlsb）"))
    related = relations(package, top)
    if any(kind == "externalLink" for kind, _ in related.values()):
        raise ExternalLinks(name=name)
    by_kind = dict(related.values())
    sheets, from_1904 = _listed(package, top, {key: part for key, (_, part) in related.items()})
    return Workbook(
        sheets=sheets,
        texts=by_kind.get("sharedStrings", ""),
        formats=_formats(package, by_kind.get("styles", "")),
        from_1904=from_1904,
    )


def _listed(
    package: zipfile.ZipFile, top: str, parts: dict[str, str]
) -> tuple[tuple[Sheet, ...], bool]:
    known = set(package.namelist())
    if top not in known:
        raise malformed(N_("没有工作表目录"))
    sheets, from_1904 = [], False
    for path, attributes in elements(package, top):
        if path[-1] == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in {"1", "true"}
        if path[-1] != "sheet":
            continue
        part = parts.get(attributes.get("id", ""), "")
        if part in known and "/chartsheets/" not in part:
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append(Sheet(clean_header(attributes.get("name", "")), part, hidden))
    return tuple(sheets), from_1904


def _formats(package: zipfile.ZipFile, part: str) -> tuple[CellFormat, ...]:
    """How cells of each style are shown; only dates, times and leading zeros matter."""
    if part not in package.namelist():
        return ()
    codes, wanted = dict(FORMATS), []
    for path, attributes in elements(package, part):
        if path[-1] == "numFmt":
            codes[attributes.get("numFmtId", "")] = format_of(attributes.get("formatCode", ""))
        elif path == ("cellXfs", "xf"):
            wanted.append(attributes.get("numFmtId", ""))
    return tuple(codes.get(number, CellFormat()) for number in wanted)


def sheet_names(sheets: Sequence[Sheet]) -> str:
    return "、".join(sheet.name for sheet in sheets[:20]) or "（没有）"

"""A sheet of a workbook as a table. Hidden sheets are named and left out unless they are asked for."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from yitong.base.files.api import refuse_marks
from yitong.data.sources.errors import EmptyFile, SeveralTables, SheetMissing
from yitong.data.sources.files import FileReader, read_errors_told, refuse_marked_name
from yitong.data.sources.heads import clean_header
from yitong.data.sources.packages import opened_package
from yitong.data.sources.pictures import picture_notes, refuse_drawn_marks
from yitong.data.sources.sheet_heads import HEAD_ROWS, find_sheet_head
from yitong.data.sources.sheet_rows import Merge, SheetRow, Tail, sheet_rows, sheet_tail
from yitong.data.sources.sheet_texts import SharedTexts, read_texts
from yitong.data.sources.tables import Batch, Column, Note, note, unique_names
from yitong.data.sources.workbooks import Sheet, Workbook, read_workbook, sheet_names

BATCH_ROWS: Final = 4_000
BATCH_SIGNS: Final = 4 << 20


class SheetReader(FileReader):
    """One sheet. Without its name, the only visible one that has anything on it."""

    def __init__(self, path: Path, sheet: str = "") -> None:
        super().__init__(path)
        with read_errors_told(self.name), opened_package(path, self.name) as package:
            self._book = read_workbook(package, self.name)
            self._texts = read_texts(package, self._book.texts)
            refuse_marked_sheets(package, self._book, self._texts)
            self._pictures = tuple(picture_notes(package, self._book.sheets))
            self._sheet = self._chosen(package, sheet)
            self.bytes_total = package.getinfo(self._sheet.part).file_size
            tail = sheet_tail(package, self._sheet.part)
            refuse_marks(tail.page_text)
            self._open(package, tail)

    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        self.faults.clear()
        lines: list[int] = []
        rows: list[list[str]] = []
        given = signs = 0
        with opened_package(self.path, self.name) as package:
            for row, done in sheet_rows(package, self._sheet.part, self._book, self._texts):
                cells = self._fitted(row)
                if cells is None:
                    continue
                lines.append(row.line)
                rows.append(cells)
                signs += sum(map(len, cells))
                if len(rows) >= BATCH_ROWS or signs >= BATCH_SIGNS:
                    self.bytes_done = done
                    yield Batch(lines, rows)
                    given += len(rows)
                    lines, rows, signs = [], [], 0
                    if limit is not None and given >= limit:
                        return
        self.bytes_done = self.bytes_total
        if rows:
            yield Batch(lines, rows)

    def _chosen(self, package: ZipFile, wanted: str) -> Sheet:
        known = self._book.sheets
        if wanted:
            found = next((s for s in known if s.name == clean_header(wanted)), None)
            if found is None:
                raise SheetMissing(name=self.name, sheet=wanted, known=sheet_names(known))
            self.name = found.name
            return found
        filled = filled_sheets(package, self._book, self._texts)
        if not filled:
            raise EmptyFile(name=self.name)
        if len(filled) > 1:
            raise SeveralTables(name=self.name, count=len(filled), known=sheet_names(filled))
        return filled[0]

    def _open(self, package: ZipFile, tail: Tail) -> None:
        first = _first_rows(package, self._sheet, self._book, self._texts)
        head = find_sheet_head(first, tail.merges)
        if head is None:
            raise EmptyFile(name=self.name)
        self._head = head
        self._merged = MergedCells(tail.merges, below=head.last)
        names, renamed = unique_names(head.headers)
        self.columns = tuple(
            Column(name, header, index)
            for index, (name, header) in enumerate(zip(names, head.headers, strict=True))
        )
        has_rows = any(row.line > head.last for row in first)
        self.notes = tuple(self._remarks(renamed, has_rows=has_rows))

    def _remarks(self, renamed: list[Note], *, has_rows: bool) -> Iterator[Note]:
        yield note("sheet", sheet=self._sheet.name)
        hidden = [s for s in self._book.sheets if s.is_hidden and s is not self._sheet]
        if hidden:
            yield note("sheets_hidden", sheets=sheet_names(hidden))
        if self._head.skipped:
            yield note("preamble", lines=self._head.skipped)
        if self._merged.count:
            yield note("merged", count=self._merged.count)
        yield from self._pictures
        if self._head.has_header:
            yield from renamed
            if not has_rows:
                yield note("header_only")
        else:
            yield note("no_header")

    def _fitted(self, row: SheetRow) -> list[str] | None:
        """The row as wide as the head, or None where it is above it, empty or at fault."""
        head, width = self._head, len(self.columns)
        if row.line <= head.last:
            return None
        cells = self._merged.filled(row)
        if row.code or row.unknown or not cells:
            self._refuse(row)
            return None
        if max(cells) >= head.first_column + width and any(
            value.strip() for at, value in cells.items() if at >= head.first_column + width
        ):
            self.faults.add(row.line, "", "ragged_long")
            return None
        for at in row.formulas:
            self.faults.add(row.line, self._name_at(at), "formula_cell")
        first = head.first_column
        return [cells.get(at, "") for at in range(first, first + width)]

    def _refuse(self, row: SheetRow) -> None:
        """Note why a row is not read; an empty one has no fault."""
        if row.code:
            self.faults.add(row.line, "", row.code)
        elif row.unknown:
            self.faults.add(row.line, self._name_at(row.unknown[0]), "formula_unknown")

    def _name_at(self, column: int) -> str:
        at = column - self._head.first_column
        return self.columns[at].name if 0 <= at < len(self.columns) else ""


class MergedCells:
    """Merged cells among the rows: every cell of the range has the value of its first."""

    def __init__(self, merges: tuple[Merge, ...], *, below: int) -> None:
        ours = [merge for merge in merges if merge.top > below]
        self.count = len(ours)
        self._by_top: dict[int, list[Merge]] = {}
        for merge in ours:
            self._by_top.setdefault(merge.top, []).append(merge)
        self._open: list[tuple[Merge, str]] = []
        self._seen = 0

    def filled(self, row: SheetRow) -> dict[int, str]:
        if not self._by_top:
            return row.cells
        if row.line <= self._seen:
            self._open = []
        self._seen = row.line
        begun = self._by_top.get(row.line, ())
        self._open = [kept for kept in self._open if kept[0].bottom >= row.line]
        self._open += [(merge, row.cells.get(merge.left, "")) for merge in begun]
        cells = dict(row.cells)
        for merge, value in self._open:
            if value:
                cells |= dict.fromkeys(range(merge.left, merge.right + 1), value)
        return cells


def filled_sheets(package: ZipFile, book: Workbook, texts: SharedTexts) -> list[Sheet]:
    """Visible sheets on which anything stands."""
    return [s for s in book.visible() if _first_rows(package, s, book, texts, 1)]


def refuse_marked_sheets(package: ZipFile, book: Workbook, texts: SharedTexts) -> None:
    """A mark in the name or the heading of any sheet, hidden or not, is one of the whole file (共享条例 3)."""
    refuse_drawn_marks(package)
    for sheet in book.sheets:
        refuse_marked_name(sheet.name)
        rows = _first_rows(package, sheet, book, texts)
        refuse_marks("\n".join("\t".join(row.cells.values()) for row in rows))


def _first_rows(
    package: ZipFile, sheet: Sheet, book: Workbook, texts: SharedTexts, count: int = HEAD_ROWS
) -> list[SheetRow]:
    rows = (row for row, _ in sheet_rows(package, sheet.part, book, texts))
    filled = (row for row in rows if any(map(str.strip, row.cells.values())))
    return list(islice(filled, count))


def sheets_of(path: Path) -> list[str]:
    """Names of the visible sheets that hold anything."""
    name = clean_header(path.stem)
    refuse_marked_name(path.name)
    with read_errors_told(name), opened_package(path, name) as package:
        book = read_workbook(package, name)
        texts = read_texts(package, book.texts)
        refuse_marked_sheets(package, book, texts)
        return [sheet.name for sheet in filled_sheets(package, book, texts)]

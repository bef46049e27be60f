"""The rows of one sheet as a stream: a row is given when it is whole, and nothing of it is kept."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Final, NamedTuple

from yitong.data.sources.packages import CHUNK, local, malformed, new_parser, opened_part
from yitong.data.sources.sheet_cells import CellFormat, shown_error, shown_number
from yitong.data.sources.sheet_texts import SharedTexts, TextCollector, unescaped
from yitong.data.sources.workbooks import Workbook
from yitong.kernel.errors import N_

MOST_COLUMNS: Final = 16_384
MOST_ROWS: Final = 1_048_576
LONGEST_ROW: Final = 8 << 20
MOST_MERGES: Final = 100_000
_LARGEST_TAIL: Final = 32 << 20
_MERGE: Final = re.compile(
    rb"<(?:\w+:)?mergeCell [^>]*?ref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"
)
_PAGE_TEXT: Final = re.compile(
    rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]*)<", re.IGNORECASE
)
_PAGE_CODE: Final = re.compile(
    r'&(?:"[^"]*"|K[0-9A-F]{6}|[0-9]+|[A-Za-z])'
)  # place, font, colour, size
_ROWS_END: Final = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
_PLAIN: Final = CellFormat()


class Merge(NamedTuple):
    """Merged cells: first and last line, first and last column (from 0)."""

    top: int
    bottom: int
    left: int
    right: int


class SheetRow(NamedTuple):
    """A row with its number; `formulas` and `unknown` are columns of formulas with and without a value."""

    line: int
    cells: dict[int, str]
    formulas: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    code: str = ""


class Tail(NamedTuple):
    """What stands below the rows in a sheet's part: merged cells, and the words printed above and below pages."""

    merges: tuple[Merge, ...]
    page_text: str


def sheet_rows(
    package: zipfile.ZipFile, part: str, book: Workbook, texts: SharedTexts
) -> Iterator[tuple[SheetRow, int]]:
    """Every row that has a cell, with how many bytes of the part had been read."""
    builder = _RowBuilder(book.formats, texts, from_1904=book.from_1904)
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text.take
    done = 0
    with opened_part(package, part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
            done += len(chunk)
            for row in builder.rows:
                yield row, done
            builder.rows.clear()
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position only


def sheet_tail(package: zipfile.ZipFile, part: str) -> Tail:
    """Found without parsing the rows, since it stands below them."""
    kept, below = b"", False
    with opened_part(package, part) as stream:
        while chunk := stream.read(1 << 20):
            kept += chunk
            if not below and (end := _ROWS_END.search(kept)):
                below, kept = True, kept[end.end() :]
            if not below:
                kept = kept[-64:]
            elif len(kept) > _LARGEST_TAIL:
                raise malformed(N_("行以外的部分大得异常"))
    found = _MERGE.findall(kept) if below else []
    if len(found) > MOST_MERGES:
        raise malformed(N_("合并单元格多得异常"))
    merges = (
        Merge(int(top), int(bottom), column_number(left), column_number(right))
        for left, top, right, bottom in found
    )
    printed = b"\n".join(_PAGE_TEXT.findall(kept)) if below else b""
    page_text = _PAGE_CODE.sub("\n", unescape(printed.decode("utf-8", "replace")))
    return Tail(tuple(merges), page_text)


def column_number(letters: bytes | str) -> int:
    """A is 0."""
    number = 0
    for sign in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + sign - 64
    return number - 1


class _Columns(dict[str, int]):
    """Column numbers by the letters of a cell's reference."""

    def __missing__(self, letters: str) -> int:
        column = column_number(letters) if re.fullmatch("[A-Z]{1,3}", letters) else MOST_COLUMNS
        if column >= MOST_COLUMNS:
            raise malformed(N_("单元格的位置写法不对"))
        self[letters] = column
        return column


class _RowBuilder:
    """Hears the parser and makes rows."""

    def __init__(
        self, formats: Sequence[CellFormat], texts: SharedTexts, *, from_1904: bool
    ) -> None:
        self.rows: list[SheetRow] = []
        self.text = TextCollector()
        self._formats = formats
        self._texts = texts
        self._from_1904 = from_1904
        self._columns = _Columns()
        self._line = 0
        self._new_row(0)
        self._new_cell({})
        self._phonetic = False
        self._starts = {"row": self._row, "c": self._cell, "f": self._formula, "rPh": self._guide}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = local(name)
        if tag in {"v", "t"}:
            self.text.is_open = self._in_cell and not self._phonetic
        elif (begin := self._starts.get(tag)) is not None:
            begin(attributes)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag in {"v", "t"}:
            self.text.is_open = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._end_row()
        elif tag == "rPh":
            self._phonetic = False

    def _row(self, attributes: Mapping[str, str]) -> None:
        said = attributes.get("r", "")
        line = int(said) if said.isdecimal() and len(said) < 9 else self._line + 1
        if not self._line < line <= MOST_ROWS:
            raise malformed(N_("行号的顺序不对"))
        self._new_row(line)

    def _new_row(self, line: int) -> None:
        self._line = line
        self._cells: dict[int, str] = {}
        self._formulas: list[int] = []
        self._unknown: list[int] = []
        self._size = 0
        self._code = ""
        self._column = -1

    def _cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r", "")
        if reference:
            self._column = self._columns[reference.rstrip("0123456789")]
        else:
            self._column += 1
            if self._column >= MOST_COLUMNS:
                raise malformed(N_("单元格的位置写法不对"))
        self._new_cell(attributes)
        self._in_cell = True

    def _new_cell(self, attributes: Mapping[str, str]) -> None:
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._is_formula = self._in_cell = False
        self.text.begin()

    def _formula(self, _attributes: Mapping[str, str]) -> None:
        self._is_formula = True

    def _guide(self, _attributes: Mapping[str, str]) -> None:
        self._phonetic = True

    def _end_cell(self) -> None:
        self._in_cell = False
        stored = self.text.text()
        if self._is_formula:
            known = stored or self._type == "str"
            (self._formulas if known else self._unknown).append(self._column)
        if self.text.too_long:
            self._code = "line_too_long"
        elif stored and (value := self._shown(stored)):
            self._size += len(value)
            self._cells[self._column] = value

    def _shown(self, stored: str) -> str:
        if self._type == "n":
            at = int(self._style) if self._style.isdecimal() else -1
            known = self._formats[at] if 0 <= at < len(self._formats) else _PLAIN
            return shown_number(stored.strip(), known, from_1904=self._from_1904)
        if self._type == "s":
            return self._texts[int(stored) if stored.strip().isdecimal() else -1]
        if self._type == "b":
            return "TRUE" if stored.strip() == "1" else "FALSE"
        if self._type == "e":
            return shown_error(stored.strip())
        return unescaped(stored)

    def _end_row(self) -> None:
        if self._size > LONGEST_ROW:
            self._code = "line_too_long"
        if not self._code and any("\0" in value for value in self._cells.values()):
            self._code = "nul"
        cells = {} if self._code == "line_too_long" else self._cells
        if cells or self._unknown or self._code:
            self.rows.append(
                SheetRow(self._line, cells, tuple(self._formulas), tuple(self._unknown), self._code)
            )

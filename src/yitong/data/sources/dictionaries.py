"""Data dictionaries as departments have them: an Excel or Word list of tables and fields, read into profiles.

A profile made so has fields and no rows. Layouts are told by head words: one sheet with a column of table names, one
sheet for each table, or tables of a document with a caption above each.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from yitong.base.files.api import refuse_marks
from yitong.data.sources.dictionary_words import (
    Role,
    is_yes,
    roles_of,
    table_names,
    type_and_length,
)
from yitong.data.sources.errors import NoDictionary, NotATable
from yitong.data.sources.excel import MergedCells, refuse_marked_sheets
from yitong.data.sources.file_kinds import kind_of
from yitong.data.sources.files import read_errors_told
from yitong.data.sources.heads import clean_header
from yitong.data.sources.packages import opened_package, opened_zip
from yitong.data.sources.pictures import picture_notes, refuse_drawn_marks
from yitong.data.sources.profiles import ColumnProfile, TableProfile
from yitong.data.sources.sheet_rows import sheet_rows, sheet_tail
from yitong.data.sources.sheet_texts import read_texts
from yitong.data.sources.tables import FaultList, Note, note, unique_names
from yitong.data.sources.word_tables import DOCUMENT, page_heads, word_blocks
from yitong.data.sources.workbooks import read_workbook
from yitong.kernel.errors import N_

MOST_FIELDS: Final = 200_000
_MARKED_BLOCKS: Final = 40
_DEFAULT_SHEET: Final = ("sheet", "工作表")

Line = tuple[int, str, list[str]]  # number, the sheet it is on, its cells


@dataclass
class _Field:
    line: int
    name: str
    title: str
    kind: str
    length: str
    is_key: bool
    comment: str


@dataclass
class _Table:
    """One table while its fields are gathered."""

    title: str
    code: str
    fields: list[_Field] = field(default_factory=list)
    faults: FaultList = field(default_factory=FaultList)


def read_dictionary(location: str) -> tuple[TableProfile, ...]:
    """A profile for every table that the list names."""
    path = Path(location)
    name = clean_header(path.stem)
    with read_errors_told(name):
        kind = kind_of(path)
        is_word = kind == "text" and _is_word(path)
        if kind != "workbook" and not is_word:
            raise NotATable(
                name=name, looks_like=N_("别的文件：数据字典要 Excel（xlsx）或 Word（docx）")
            )
        with opened_package(path, name) as package:
            lines = _word_lines(package) if is_word else _sheet_lines(package, name)
            tables = _Gathered(name).take(lines)
            remarks = tuple(picture_notes(package))
    if not tables:
        raise NoDictionary(name=name)
    return tuple(_profile(table, remarks) for table in tables)


def _is_word(path: Path) -> bool:
    try:
        with opened_zip(path) as package:
            return DOCUMENT in package.namelist()
    except (BadZipFile, OSError):
        return False


def _sheet_lines(package: ZipFile, name: str) -> Iterator[Line]:
    book = read_workbook(package, name)
    texts = read_texts(package, book.texts)
    refuse_marked_sheets(package, book, texts)
    for sheet in book.visible():
        merged = MergedCells(sheet_tail(package, sheet.part).merges, below=0)
        plain = "" if sheet.name.lower().startswith(_DEFAULT_SHEET) else sheet.name
        yield 0, plain, []
        for row, _done in sheet_rows(package, sheet.part, book, texts):
            cells = merged.filled(row)
            width = max(cells, default=-1) + 1
            yield row.line, plain, [clean_header(cells.get(at, "")) for at in range(width)]


def _word_lines(package: ZipFile) -> Iterator[Line]:
    refuse_drawn_marks(package)
    first = list(islice(word_blocks(package), _MARKED_BLOCKS))
    heading = [block if isinstance(block, str) else "\t".join(block) for block in first]
    refuse_marks("\n".join([*page_heads(package), *heading]))
    for number, block in enumerate(word_blocks(package), start=1):
        cells = [block] if isinstance(block, str) else block
        yield number, "", [clean_header(cell) for cell in cells]


class _Gathered:
    """Goes through the lines: a caption, a head, fields below it, the next caption."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._roles: dict[Role, int] | None = None
        self._caption = self._sheet = ""
        self._tables: dict[tuple[str, str], _Table] = {}
        self._current: _Table | None = None
        self._fields = 0

    def take(self, lines: Iterable[Line]) -> list[_Table]:
        for number, sheet, cells in lines:
            if not number:
                self._roles, self._caption, self._current, self._sheet = None, "", None, sheet
                continue
            if (roles := roles_of(cells)) is not None:
                self._roles, self._current = roles, None
            elif self._roles and self._is_field(cells):
                self._field(number, cells)
            else:
                self._captioned(cells)
        return [table for table in self._tables.values() if table.fields]

    def _is_field(self, cells: list[str]) -> bool:
        """A lone word is a caption, unless it stands where fields do and captions do not."""
        if len(set(filter(None, cells))) > 1:
            return True
        alone = [at for at, cell in enumerate(cells) if cell]
        return len(alone) == 1 and alone[0] > 0 and bool(self._cell(cells, "field"))

    def _captioned(self, cells: list[str]) -> None:
        """Words that stand alone name the table below them; they end the one above."""
        words = " ".join(dict.fromkeys(filter(None, cells)))
        if words:
            self._caption, self._current = words, None

    def _field(self, line: int, cells: list[str]) -> None:
        table = self._table(cells)
        name, title = self._cell(cells, "field"), self._cell(cells, "title")
        if not name and not title:
            table.faults.add(line, "", "field_missing")
            return
        self._fields += 1
        if self._fields > MOST_FIELDS:
            raise NoDictionary(name=self._name)
        table.fields.append(
            _Field(
                line=line,
                name=name or title,
                title=title or name,
                kind=self._cell(cells, "type"),
                length=self._cell(cells, "length"),
                is_key=is_yes(self._cell(cells, "key")),
                comment=self._cell(cells, "note"),
            )
        )

    def _table(self, cells: list[str]) -> _Table:
        """By its own columns where the list has them (an empty cell repeats the one above), else by the caption."""
        code, title = self._cell(cells, "table"), self._cell(cells, "table_title")
        if not code and not title:
            if self._current is not None:
                return self._current
            title, code = table_names(self._caption or self._sheet)
        elif not title and not code.isascii():
            title, code = table_names(code)
        key = (title, code) if title or code else (self._name, "")
        self._current = self._tables.setdefault(key, _Table(*key))
        return self._current

    def _cell(self, cells: list[str], role: Role) -> str:
        at = (self._roles or {}).get(role)
        return cells[at] if at is not None and at < len(cells) else ""


def _profile(table: _Table, remarks: tuple[Note, ...]) -> TableProfile:
    names, renamed = unique_names([field.name for field in table.fields])
    keys = sum(field.is_key for field in table.fields)
    columns = tuple(
        _column(index, name, field, is_only_key=keys == 1 and field.is_key)
        for index, (name, field) in enumerate(zip(names, table.fields, strict=True))
    )
    return TableProfile(
        name=table.title or table.code,
        row_count=0,
        columns=columns,
        faults=tuple(table.faults),
        fault_counts=dict(table.faults.counts),
        notes=(
            note("dictionary", fields=len(columns), table=table.code or table.title),
            *renamed,
            *remarks,
        ),
    )


def _column(index: int, name: str, known: _Field, *, is_only_key: bool) -> ColumnProfile:
    letter, length = type_and_length(known.kind, known.length)
    return ColumnProfile(
        name=name,
        header=known.title,
        index=index,
        type_letter=letter,
        rows=0,
        max_length=length,
        null_count=0,
        distinct=0,
        distinct_exact=True,
        unique="yes" if is_only_key else "no",
        kinds={},
        comment=known.comment,
        declared=known.kind,
        is_key=is_only_key,
    )

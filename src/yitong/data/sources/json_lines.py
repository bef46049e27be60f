"""JSON with one object on each line. Keys are columns, in the order in which they first appear anywhere in the file.

A nested value is kept as JSON text, so that nothing is lost and nobody takes a part of it for the whole. A line
that is broken, no object or too long is a fault by number; the lines around it are read.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import orjson

from yitong.base.files.api import refuse_marks
from yitong.data.sources.encodings import decoded, detect, line_blocks
from yitong.data.sources.errors import EmptyFile, NotATable, NotJsonLines, TooManyColumns
from yitong.data.sources.files import FileReader, read_errors_told
from yitong.data.sources.heads import clean_header
from yitong.data.sources.magic import binary_kind
from yitong.data.sources.sheet_cells import shown_number
from yitong.data.sources.tables import Batch, Column, note, unique_names
from yitong.kernel.errors import N_

BATCH_ROWS: Final = 4_000
MOST_COLUMNS: Final = 16_384
_SNIFFED: Final = 64 << 10
_BOM: Final = b"\xef\xbb\xbf"
_MARKED_ROWS: Final = 40


class Line(NamedTuple):
    """One line: its object, or the code of what is wrong with it; neither where it is empty."""

    number: int
    found: dict[str, Any] | None
    code: str = ""


class JsonLinesReader(FileReader):
    """A file of JSON lines as a table."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with read_errors_told(self.name):
            self._open()

    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        self.faults.clear()
        lines: list[int] = []
        rows: list[list[str]] = []
        given = size = 0
        with self.path.open("rb") as stream:
            for line in self._lines(stream):
                cells = self._cells(line)
                if cells is None:
                    continue
                lines.append(line.number)
                rows.append(cells)
                size += sum(map(len, cells))
                if len(rows) >= BATCH_ROWS or size > _SNIFFED * 64:
                    self.bytes_done = stream.tell()
                    yield Batch(lines, rows)
                    given += len(rows)
                    lines, rows, size = [], [], 0
                    if limit is not None and given >= limit:
                        return
            self.bytes_done = stream.tell()
        if rows:
            yield Batch(lines, rows)

    def _open(self) -> None:
        with self.path.open("rb") as stream:
            start = stream.read(_SNIFFED)
        if not start.strip(_BOM + b" \t\r\n"):
            raise EmptyFile(name=self.name)
        if kind := binary_kind(start):
            raise NotATable(name=self.name, looks_like=kind)
        self._encoding = detect(self.path)
        if start.removeprefix(_BOM).lstrip().startswith(b"["):
            raise NotJsonLines(name=self.name, reason=N_("整个文件是一个数组"))
        survey = self._survey()
        if not survey.rows:
            raise NotJsonLines(name=self.name, reason=N_("没有一行是完整的对象"))
        survey.refuse_marks()
        self._name_columns(survey)

    def _name_columns(self, survey: "_Survey") -> None:
        names, renamed = unique_names([clean_header(key) for key in survey.keys])
        self.columns = tuple(
            Column(name, clean_header(key), index)
            for index, (name, key) in enumerate(zip(names, survey.keys, strict=True))
        )
        self._keys = tuple(survey.keys)
        remarks = [note("encoding", encoding=self._encoding.label), *renamed]
        if not self._encoding.uniform:
            remarks[0] = note("encoding_mixed", encoding=self._encoding.label)
        if survey.differ:
            remarks.append(note("keys_differ", columns=len(names)))
        named = zip(names, survey.keys, strict=True)
        remarks += [note("nested_text", column=name) for name, key in named if key in survey.nested]
        self.notes = tuple(remarks)

    def _survey(self) -> "_Survey":
        survey = _Survey(self.name)
        with self.path.open("rb") as stream:
            for line in self._lines(stream):
                if line.found:
                    survey.see(line.found)
        return survey

    def _lines(self, stream: BinaryIO) -> Iterator[Line]:
        stream.seek(self._encoding.bom)
        number = 0
        for block, too_long in line_blocks(stream):
            if too_long:
                number += 1
                yield Line(number, None, "line_too_long")
                continue
            for raw in block.splitlines():
                number += 1
                yield self._line(number, raw)

    def _line(self, number: int, raw: bytes) -> Line:
        text, code = (raw, "") if self._encoding.uniform else decoded(raw, self._encoding)
        if code:
            return Line(number, None, code)
        if self._encoding.uniform and self._encoding.name != "utf-8":
            text = raw.decode(self._encoding.name)
        if not text.strip():
            return Line(number, None)
        if b"\0" in raw:
            return Line(number, None, "nul")
        found = _parsed(text)
        if isinstance(found, dict):
            return Line(number, found)
        return Line(number, None, "json_broken" if found is _BROKEN else "json_not_object")

    def _cells(self, line: Line) -> list[str] | None:
        if line.found is None:
            if line.code:
                self.faults.add(line.number, "", line.code)
            return None
        get = line.found.get
        cells = [_text(get(key)) for key in self._keys]
        if not any(cells):
            return None
        if any("\0" in cell for cell in cells):
            self.faults.add(line.number, "", "nul")
            return None
        return cells


class _Survey:
    """What the whole file shows: its keys, which of them hold nested values, and the first rows."""

    def __init__(self, name: str) -> None:
        self.keys: dict[str, None] = {}
        self.nested: set[str] = set()
        self.rows = 0
        self.differ = False
        self._name = name
        self._first: list[dict[str, Any]] = []

    def see(self, found: dict[str, Any]) -> None:
        if found.keys() != self.keys.keys():
            self.differ = self.differ or bool(self.rows)
            self.keys.update(dict.fromkeys(found))
            if len(self.keys) > MOST_COLUMNS:
                raise TooManyColumns(name=self._name, count=len(self.keys), most=MOST_COLUMNS)
        self.nested.update(key for key, value in found.items() if isinstance(value, dict | list))
        if self.rows < _MARKED_ROWS:
            self._first.append(found)
        self.rows += 1

    def refuse_marks(self) -> None:
        """共享条例 3: keys as a heading, values as its rows."""
        rows = ([_text(row.get(key))[:500] for key in self.keys] for row in self._first)
        lines = ["\t".join(clean_header(cell) for cell in row) for row in rows]
        refuse_marks("\n".join(["\t".join(map(clean_header, self.keys)), *lines]))


_BROKEN: Final = object()


def _parsed(text: bytes | str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _BROKEN


def _text(value: object) -> str:
    """A value as a cell; numbers as they would stand in a table."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return shown_number(str(Decimal(repr(value))))
    return str(value) if isinstance(value, int) else orjson.dumps(value).decode()

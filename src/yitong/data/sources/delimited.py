"""CSV that nobody prepared: encodings, delimiters, titles, duplicate headers, ragged rows; in constant memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from yitong.base.files.api import refuse_marks
from yitong.data.sources.blocks import Blocks, CalmBlock, CalmRows, Stretch, pieces
from yitong.data.sources.encodings import BLOCK, Encoding, detect, line_blocks, presumed
from yitong.data.sources.errors import EmptyFile, NotATable
from yitong.data.sources.files import FileReader, read_errors_told
from yitong.data.sources.heads import HEAD_RECORDS, Head, delimiter_of, find_head
from yitong.data.sources.magic import binary_kind
from yitong.data.sources.records import Lines, Record, records
from yitong.data.sources.tables import (
    Batch,
    Column,
    Note,
    Turned,
    Uncut,
    note,
    turned,
    unique_names,
)

BATCH_ROWS: Final = 4000
# Blocks that one batch may span: bounds memory when single rows are huge.
BATCH_BLOCKS: Final = 2
_SNIFFED: Final = 64 << 10
# Reading all of a larger file to know its encoding is felt: it is put off until somebody asks.
PRESUMED_FROM: Final = 4 << 20
_DELIMITER_NAMES: Final = {",": "逗号", "\t": "制表符", ";": "分号", "｜": "全角竖线", "|": "竖线"}


class Layout(NamedTuple):
    """How the bytes of a file are to be read; `head_line`: the header's first line, 0 where there is none."""

    encoding: Encoding
    delimiter: str
    head_line: int


class CsvReader(FileReader):
    """A CSV file as a table.

    A large one that begins in UTF-8 is presumed to be so throughout. Whoever asks for its columns or rows has that
    made sure of first; a profile, which sees every byte anyway, asks by `presumed_columns` and `layout`.
    """

    _columns: tuple[Column, ...]
    _notes: tuple[Note, ...] = ()

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.is_presumed = False
        with read_errors_told(self.name):
            encoding = self._presumed() if self.bytes_total >= PRESUMED_FROM else None
            if encoding is None or not self._opens_as(encoding):
                self._open(None)

    def __repr__(self) -> str:
        return f"<CsvReader {len(self._columns)} columns, {self._encoding.label}>"

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]  # asked for, not set
        self.settle()
        return self._columns

    @property
    def notes(self) -> tuple[Note, ...]:  # type: ignore[override]  # as above
        self.settle()
        return self._notes

    @property
    def presumed_columns(self) -> tuple[Column, ...]:
        """As the beginning of the file names them."""
        return self._columns

    @property
    def layout(self) -> Layout:
        return Layout(self._encoding, self._delimiter, self._head.line)

    def settle(self) -> bool:
        """Whether the file is what its beginning promises, which is made sure of; if not, it is opened anew."""
        if not self.is_presumed:
            return True
        self.is_presumed = False
        promised = self._encoding
        with read_errors_told(self.name):
            found = detect(self.path)
            if found != promised:
                self._open(found)
        return found == promised

    def confirm(self) -> None:
        """Somebody has seen that all of it is as presumed."""
        self.is_presumed = False

    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        self.settle()
        self.faults.clear()
        given = 0
        with self.path.open("rb") as stream:
            text = self._lines(stream)
            for batch in self._gathered(self._body(text), text):
                self.bytes_done = stream.tell()
                yield batch
                given += len(batch.rows)
                if limit is not None and given >= limit:
                    return
            self.bytes_done = stream.tell()

    def batches_of(self, stream: BinaryIO, before: int) -> Iterator[Batch]:
        """The rows of a part of the file, above which so many lines stand; adds to `faults`."""
        text = Lines(stream, self._encoding, before)
        return self._gathered(self._body(text), text)

    def rough_batches(self) -> Iterator[Turned | Uncut]:
        self.settle()
        self.faults.clear()
        with self.path.open("rb") as stream:
            stream.seek(self._encoding.bom)
            for piece in pieces(Blocks(line_blocks(stream)), self._encoding):
                for batch in self._of_piece(piece):
                    self.bytes_done = stream.tell()
                    yield batch
            self.bytes_done = stream.tell()

    def cut_by_row(self, rows: Uncut) -> Iterator[Turned]:
        if not isinstance(rows, CalmRows):
            return super().cut_by_row(rows)
        text = rows.lines()
        return map(turned, self._gathered(self._body(text), text))

    def _of_piece(self, piece: Stretch | CalmBlock) -> Iterator[Turned | Uncut]:
        if isinstance(piece, CalmBlock):
            return piece.rows(self._delimiter, len(self._columns), BATCH_ROWS // 2)
        return map(turned, self._gathered(piece.until_calm(self._body(piece)), piece))

    def _gathered(self, found: Iterable[Record], text: Lines) -> Iterator[Batch]:
        """Records that can be used, some thousand at a time; lines that nobody asks for again are let go."""
        width, blocks = len(self._columns), text.blocks
        lines: list[int] = []
        rows: list[list[str]] = []
        for record in found:
            cells = record.cells
            if len(cells) != width or record.code or not cells[0]:
                if not self._fitted(record, width):
                    continue
                cells = cells[:width]
            lines.append(record.line)
            rows.append(cells)
            if len(rows) >= BATCH_ROWS or text.blocks - blocks >= BATCH_BLOCKS:
                blocks = text.blocks
                yield Batch(lines, rows)
                text.release(record.line)
                lines, rows = [], []
        if rows:
            yield Batch(lines, rows)

    def _presumed(self) -> Encoding | None:
        with self.path.open("rb") as stream:
            return presumed(stream.read(BLOCK))

    def _opens_as(self, encoding: Encoding) -> bool:
        try:
            self._open(encoding)
        except UnicodeDecodeError:  # the head goes on behind what was looked at
            return False
        self.is_presumed = True
        return True

    def _open(self, encoding: Encoding | None) -> None:
        with self.path.open("rb") as stream:
            start = stream.read(_SNIFFED)
        if not start.strip(b"\xef\xbb\xbf \t\r\n"):
            raise EmptyFile(name=self.name)
        if kind := binary_kind(start):
            raise NotATable(name=self.name, looks_like=kind)
        self._encoding = encoding or detect(self.path)
        sample = _whole_lines(start[self._encoding.bom :]).decode(self._encoding.name, "replace")
        refuse_marks(sample)
        self._delimiter = delimiter_of(sample)
        with self.path.open("rb") as stream:
            first = list(islice(records(self._lines(stream), self._delimiter), HEAD_RECORDS))
        self._head = find_head(first)
        self._name_columns(first)

    def _name_columns(self, first: list[Record]) -> None:
        head = self._head
        if not head.headers:
            raise EmptyFile(name=self.name)
        names, renamed = unique_names(head.headers)
        self._columns = tuple(
            Column(name, header, index)
            for index, (name, header) in enumerate(zip(names, head.headers, strict=True))
        )
        remarks = [*_form_notes(self._encoding, self._delimiter), *_head_notes(head)]
        if head.line:
            remarks += renamed
            if first[-1].line == head.line:
                remarks.append(note("header_only"))
        self._notes = tuple(remarks)

    def _lines(self, stream: BinaryIO) -> Lines:
        stream.seek(self._encoding.bom)
        return Lines(stream, self._encoding)

    def _body(self, lines: Lines) -> Iterator[Record]:
        """Records below the header; titles above a missing header are not rows either."""
        skip = self._head.skipped if not self._head.line and not lines.before else 0
        for record in records(lines, self._delimiter):
            if record.line <= self._head.line:
                continue
            if skip and not record.code:
                skip -= 1
                continue
            yield record

    def _fitted(self, record: Record, width: int) -> bool:
        """Whether a record that is not as wide as the header can be used; else its fault is noted."""
        if record.code:
            self.faults.add(record.line, "", record.code)
            return False
        if not any(record.cells):
            return False
        if len(record.cells) < width:
            self.faults.add(record.line, "", "ragged_short")
            return False
        if any(cell.strip() for cell in record.cells[width:]):
            self.faults.add(record.line, "", "ragged_long")
            return False
        return True


def _whole_lines(start: bytes) -> bytes:
    """Without the last line, which may be cut in the middle of a character."""
    if len(start) < _SNIFFED - 4:
        return start
    return start[: start.rfind(b"\n") + 1] or start


def _form_notes(encoding: Encoding, delimiter: str) -> list[Note]:
    kind = "encoding" if encoding.uniform else "encoding_mixed"
    named = _DELIMITER_NAMES.get(delimiter, delimiter)
    return [note(kind, encoding=encoding.label), note("delimiter", delimiter=named)]


def _head_notes(head: Head) -> list[Note]:
    notes = [note("preamble", lines=head.skipped)] if head.skipped else []
    return notes if head.line else [*notes, note("no_header")]

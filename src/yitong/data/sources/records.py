"""Records of a CSV text with the number of the line each begins on, whatever the quotes do.

`csv.reader` parses; this module counts lines across quoted line ends, gives lines back when a quote that never
closes has swallowed them, and bounds what one record may hold.
"""

import csv
import io
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import BinaryIO, Final, NamedTuple

from yitong.data.sources.encodings import Encoding, decoded, line_blocks

# What csv lets a field hold, until somebody tells it otherwise.
_FIELD_LIMIT: Final = csv.field_size_limit()


class Record(NamedTuple):
    """Cells of a record; `code` says what is wrong with it (then the cells do not count)."""

    line: int
    cells: list[str]
    code: str = ""


class Lines:
    """The physical lines of a file as text; holds those not yet released and remembers which are bad.

    `before`: how many lines stand above those of the stream.
    """

    def __init__(self, stream: BinaryIO, encoding: Encoding, before: int = 0) -> None:
        self._blocks = line_blocks(stream)
        self._encoding = encoding
        self.before = before
        self._read_to = before
        self._held: list[tuple[int, list[str]]] = []
        self.bad: dict[int, str] = {}
        self.blocks = 0

    def following(self, line: int) -> Iterator[str]:
        """The lines after this one: those held, then those still to be read."""
        for first, lines in tuple(self._held):
            if first + len(lines) > line + 1:
                yield from lines[max(0, line + 1 - first) :]
        for block, too_long in self._blocks:
            lines = self._text(block)
            if too_long:
                self.bad[self._read_to + 1] = "line_too_long"
            self._held.append((self._read_to + 1, lines))
            self._read_to += len(lines)
            self.blocks += 1
            yield from lines

    def between(self, first: int, last: int) -> str:
        """The text of these lines, which are still held."""
        parts = [
            line
            for start, lines in self._held
            if start <= last and start + len(lines) > first
            for line in lines[max(0, first - start) : last + 1 - start]
        ]
        return "".join(parts)

    def release(self, line: int) -> None:
        """Nobody asks again for lines up to this one."""
        self._held = [held for held in self._held if held[0] + len(held[1]) > line + 1]
        self.bad = {number: code for number, code in self.bad.items() if number > line}

    def worst(self, first: int, last: int) -> str:
        """The code of the first bad line among these, or an empty one."""
        return next((self.bad[at] for at in range(first, last + 1) if at in self.bad), "")

    def _text(self, block: bytes) -> list[str]:
        if self._encoding.uniform:
            lines = io.StringIO(block.decode(self._encoding.name), newline="").readlines()
        else:
            judged = [decoded(line, self._encoding) for line in block.splitlines(keepends=True)]
            lines = [text for text, _ in judged]
            self._mark(code for _, code in judged)
        if b"\0" in block:
            self._mark("nul" if "\0" in line else "" for line in lines)
        return lines

    def _mark(self, codes: Iterable[str]) -> None:
        for number, code in enumerate(codes, start=self._read_to + 1):
            if code:
                self.bad[number] = code


def records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Every record that is not an empty line, in order."""
    done: int | None = lines.before
    while done is not None:
        done = yield from _records_after(done, lines, delimiter)


def _records_after(done: int, lines: Lines, delimiter: str) -> Generator[Record, None, int | None]:
    """Records after line `done`; ends with the line of a quote that never closes, to go on from, or None."""
    source = lines.following(done)
    text = next(source, None)
    while text is not None:
        if '"' not in text and len(text) <= _FIELD_LIMIT:
            # Most lines. Without a quote csv does nothing but this.
            done += 1
            cells = text.rstrip("\r\n").split(delimiter)
            code = lines.bad.get(done, "") if lines.bad else ""
            text = next(source, None)
            if code or len(cells) > 1 or cells[0]:
                yield Record(done, cells, code)
            continue
        parser = csv.reader(chain((text,), source), delimiter=delimiter)
        try:
            cells = next(parser, [])
        except csv.Error:
            # A field beyond csv's limit. What the open quote swallowed is read again as lines.
            yield Record(done + 1, [], "quote_open" if '"' in text else "line_too_long")
            return done + 1
        start, done = done + 1, done + parser.line_num
        text = next(source, None)
        if text is None and is_open(lines.between(start, done), delimiter):
            yield Record(start, [], "quote_open")
            return start
        code = lines.worst(start, done) if lines.bad else ""
        if cells or code:
            yield Record(start, cells, code)
    return None


def is_open(text: str, delimiter: str) -> bool:
    """Whether the last quote in this text is never closed: then it swallows whatever follows."""
    if '"' not in text:
        return False
    lines = io.StringIO(text + "\nx", newline="")
    try:
        return sum(1 for _ in csv.reader(lines, delimiter=delimiter)) == 1
    except csv.Error:
        return True

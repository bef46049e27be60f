"""A CSV file in blocks: those without a quote are cut into columns as wholes, the stretches between them row by row.

In a calm block every line is a record, whatever stands above it, so nothing is parsed: the lines are counted, split and
dealt out by the interpreter's own loops. A block that is not like that is read as every other CSV is.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Final, NamedTuple

from yitong.data.sources.encodings import Encoding
from yitong.data.sources.records import Lines, Record
from yitong.data.sources.tables import Turned

Block = tuple[bytes, bool]
_UTF8: Final = "utf-8"
# What csv lets a field hold, until somebody tells it otherwise.
_FIELD_LIMIT: Final = csv.field_size_limit()


class Blocks(Iterator[Block]):
    """Blocks of whole lines, which can be given back."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._returned: deque[Block] = deque()

    def __next__(self) -> Block:
        return self._returned.popleft() if self._returned else next(self._blocks)

    def give_back(self, blocks: Sequence[Block]) -> None:
        self._returned.extendleft(reversed(blocks))


class Stretch(Lines):
    """Lines that are read row by row, to the end or until a calm block begins."""

    def __init__(self, blocks: Blocks, encoding: Encoding, before: int) -> None:
        super().__init__(BytesIO(), encoding, before)
        self._blocks = self._noted(blocks)
        self._source = blocks
        self._begun: deque[tuple[int, Block]] = deque()
        self.calm_after: int | None = None

    def until_calm(self, found: Iterable[Record]) -> Iterator[Record]:
        """The records before the first calm block; it and what was read beyond it are given back."""
        for record in found:
            while self._begun and self._begun[0][0] < record.line:
                self._begun.popleft()
            if self._begun and self._begun[0][0] == record.line and self._is_calm():
                self._source.give_back([block for _, block in self._begun])
                self.calm_after = record.line - 1
                return
            yield record

    def _is_calm(self) -> bool:
        return is_calm(self._begun[0][1], self._encoding)

    def _noted(self, blocks: Blocks) -> Iterator[Block]:
        for block in blocks:
            self._begun.append((self._read_to + 1, block))
            yield block


class CalmRows(NamedTuple):
    """Lines of which each is a record, to be cut here or in another process; `before`: how many stand above."""

    text: bytes
    before: int
    encoding: Encoding
    delimiter: str
    width: int

    def turned(self) -> Turned | None:
        """By the column; None where a row is empty or not as wide as it should be."""
        text, between = self.text, self.delimiter.encode()
        if self.encoding.name != _UTF8:
            text = text.decode(self.encoding.name).encode()
        ended = text if text.endswith(b"\n") else text + b"\n"
        if _may_be_too_long(ended):
            return None
        # Each line's end becomes a cell of its own: the rows are as wide as they should be where it stands in its column.
        spread = ended.replace(b"\n", between + b"\n" + between)
        count = (len(spread) - len(ended)) // (2 * len(between))
        cells = spread.split(between)
        columns = [cells[at :: self.width + 1] for at in range(self.width + 1)]
        ends = columns.pop()
        if len(cells) != count * (self.width + 1) + 1 or set(ends) != {b"\n"}:
            return None
        columns[0].pop()
        if b"" in columns[0] and any(not any(row) for row in zip(*columns, strict=True)):
            return None
        return Turned(range(self.before + 1, self.before + count + 1), columns)

    def lines(self) -> Lines:
        """To be read row by row."""
        return Lines(BytesIO(self.text), self.encoding, self.before)


def _may_be_too_long(text: bytes) -> bool:
    """Whether a line may be one of which csv would refuse a field: a shorter one ends in each half of the limit."""
    half = _FIELD_LIMIT // 2
    return any(
        text.find(b"\n", start, start + half) < 0 for start in range(0, len(text) - half + 1, half)
    )


class CalmBlock(NamedTuple):
    """A block whose every line is a record; `after`: the number of the last line."""

    text: bytes
    before: int
    after: int
    encoding: Encoding

    def rows(self, delimiter: str, width: int, most: int) -> Iterator[CalmRows]:
        """In parts of about as many lines, none of much more than `most`."""
        text, before = self.text, self.before
        size = len(text) // max(1, -(-(self.after - before) // most)) + 1
        start = 0
        while start < len(text):
            end = text.find(b"\n", start + size) + 1 or len(text)
            part = text[start:end]
            yield CalmRows(part, before, self.encoding, delimiter, width)
            if end < len(text):
                before += part.count(b"\n")
            start = end


def pieces(blocks: Blocks, encoding: Encoding) -> Iterator[Stretch | CalmBlock]:
    """The whole file, a stretch first, since the head is found by rows; each stretch is to be read before the next."""
    before = 0
    while True:
        stretch = Stretch(blocks, encoding, before)
        yield stretch
        if stretch.calm_after is None:
            return
        before = stretch.calm_after
        for block in blocks:
            if not is_calm(block, encoding):
                blocks.give_back([block])
                break
            # Line ends keep their bytes in both encodings; from here there is one kind.
            text = block[0]
            if b"\r" in text:
                text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            after = before + text.count(b"\n") + (not text.endswith(b"\n"))
            yield CalmBlock(text, before, after, encoding)
            before = after
        else:
            return


def is_calm(block: Block, encoding: Encoding) -> bool:
    """Whether each line is a record of its own that can be read in the file's encoding."""
    text, is_too_long = block
    return encoding.uniform and not is_too_long and b'"' not in text and b"\0" not in text

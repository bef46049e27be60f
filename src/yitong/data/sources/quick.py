"""The quick way to look at a large text file: an engine counts, piece by piece, and Python judges what it counted.

A piece that the engine may read otherwise than `records` does is taken in smaller parts, and the part where the
oddity is row by row, as the whole file would be: the result is the same, only the time differs.
"""

import io
from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, TypeGuard

from yitong.data.sources.delimited import CsvReader
from yitong.data.sources.encodings import BLOCK
from yitong.data.sources.heads import HEAD_RECORDS
from yitong.data.sources.looking import ColumnLooker, show
from yitong.data.sources.pieces import Piece, pieces
from yitong.data.sources.records import Lines, Record, records
from yitong.data.sources.tables import Reader

if TYPE_CHECKING:
    from yitong.data.sources.engine import Engine

# Below this the engine's own start is felt.
LEAST_BYTES: Final = 4 << 20
# The first batch of rows, which is at most two blocks, is looked at as in every other file.
FIRST, SIZE, PARTS = 2 * BLOCK, 64 << 20, (8 << 20, 1 << 20)
MOST_COLUMNS: Final = 400
_DELIMITERS: Final = frozenset(",\t;|")
# More than are read in search of the header.
_LEAST_RECORDS: Final = 5 * HEAD_RECORDS


def is_quick(reader: Reader) -> TypeGuard[CsvReader]:
    """Whether the engine can read this file as we do, as far as can be told before."""
    if not isinstance(reader, CsvReader) or reader.bytes_total < LEAST_BYTES:
        return False
    encoding, delimiter, _ = reader.layout
    return (
        encoding.name == "utf-8"
        and encoding.uniform
        and delimiter in _DELIMITERS
        and 2 <= len(reader.columns) <= MOST_COLUMNS
    )


class QuickLook:
    """One look at a whole file."""

    def __init__(
        self, reader: CsvReader, lookers: Sequence[ColumnLooker], engine: "Engine"
    ) -> None:
        self._reader = reader
        self._lookers = lookers
        self._engine = engine

    def rows(self) -> Iterator[int]:
        """How many rows each step has shown to the lookers."""
        reader = self._reader
        reader.faults.clear()
        with reader.path.open("rb") as stream:
            stream.seek(reader.layout.encoding.bom)
            for piece in pieces(stream, (FIRST, SIZE // 4, SIZE)):
                if piece.before:
                    rest = yield from self._look(piece, PARTS)
                else:
                    rest = yield from self._look_first(piece)
                if rest is not None:
                    stream.seek(rest.start)
                    yield from self._plainly(stream, rest.before)
                    return

    def _look(self, piece: Piece, sizes: tuple[int, ...]) -> Generator[int, None, Piece | None]:
        """By the engine, or in smaller parts, at last row by row; the part from which on it must be row by row."""
        if (rows := self._quickly(piece)) is not None:
            self._reader.bytes_done = piece.end
            yield rows
            return None
        if not sizes:
            return (yield from self._look_slowly(piece))
        for part in piece.parts(sizes[0]):
            if (rest := (yield from self._look(part, sizes[1:]))) is not None:
                return rest
        return None

    def _look_first(self, piece: Piece) -> Generator[int, None, Piece | None]:
        return (yield from self._look_slowly(piece)) if self._holds_head(piece) else piece

    def _look_slowly(self, piece: Piece) -> Generator[int, None, Piece | None]:
        if self._is_entangled(piece):
            return piece
        yield from self._plainly(io.BytesIO(piece.data), piece.before, piece.start)
        return None

    def _quickly(self, piece: Piece) -> int | None:
        rows = self._engine.load(piece, self._lookers)
        if rows is None:
            return None
        tallies = self._engine.tallies(self._lookers)
        if tallies is None:
            return None
        for looker, tally in zip(self._lookers, tallies, strict=True):
            looker.take(tally)
        return rows

    def _plainly(self, stream: BinaryIO, before: int, start: int = 0) -> Iterator[int]:
        for batch in self._reader.batches_of(stream, before):
            show(self._lookers, batch)
            self._reader.bytes_done = start + stream.tell()
            yield len(batch.rows)

    def _holds_head(self, piece: Piece) -> bool:
        """Whether all that is read in search of the header, and more, lies in the first piece."""
        return len(list(islice(self._records(piece), _LEAST_RECORDS))) == _LEAST_RECORDS

    def _is_entangled(self, piece: Piece) -> bool:
        """Whether a record of this piece may go on behind it: no line, or a quote, ends where it ends."""
        if piece.is_last:
            return False
        if not piece.data.endswith(b"\n"):
            return True
        return piece.has_quotes and any(
            record.code == "quote_open" for record in self._records(piece)
        )

    def _records(self, piece: Piece) -> Iterator[Record]:
        encoding, delimiter, _ = self._reader.layout
        return records(Lines(io.BytesIO(piece.data), encoding, piece.before), delimiter)

"""The quick way to look at a large text file: an engine counts, piece by piece, and Python judges what it counted.

A piece that the engine may read otherwise than `records` does is taken in smaller parts, and the part where the
oddity is row by row, as the whole file would be: the result is the same, only the time differs.
"""

import io
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import cycle, islice
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, TypeGuard

from yitong.data.sources.delimited import CsvReader
from yitong.data.sources.encodings import BLOCK, is_utf8
from yitong.data.sources.heads import HEAD_RECORDS
from yitong.data.sources.looking import ColumnLooker, show
from yitong.data.sources.pieces import Piece, pieces
from yitong.data.sources.records import Lines, Record, records
from yitong.data.sources.tables import Reader
from yitong.data.sources.tallies import Plan, Tally

if TYPE_CHECKING:
    from yitong.data.sources.engine import Engine

# Blocks as large as are judged fast.
_JUDGED: Final = 1 << 18
# Below this the engine's own start is felt.
LEAST_BYTES: Final = 4 << 20
# The first batch of rows, which is at most two blocks, is looked at as in every other file.
FIRST, SIZE, PARTS = 2 * BLOCK, 24 << 20, (8 << 20, 1 << 20)
MOST_COLUMNS: Final = 400
# Pieces that are counted side by side, each by some of the cores; one more waits.
AHEAD: Final = 2
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
        and 2 <= len(reader.presumed_columns) <= MOST_COLUMNS
    )


class NotAsPresumed(Exception):
    """The file is not in the encoding that its beginning promised; the reader has been opened anew."""


class Engines(NamedTuple):
    """Some that take turns with the pieces of a file, and one for the parts of a piece that was not as expected."""

    turns: "Sequence[Engine]"
    parts: "Engine"


class QuickLook:
    """One look at a whole file: while one piece is judged, the engines read and count the next."""

    def __init__(
        self, reader: CsvReader, lookers: Sequence[ColumnLooker], engines: Engines
    ) -> None:
        self._reader = reader
        self._lookers = lookers
        self._engines = engines

    def rows(self) -> Generator[int, None, None]:
        """How many rows each step has shown to the lookers."""
        reader = self._reader
        reader.faults.clear()
        with reader.path.open("rb") as stream:
            stream.seek(reader.layout.encoding.bom)
            rest = yield from self._pieces(pieces(stream, _sizes()))
            if rest is not None:
                self._insist(is_so=False)
                stream.seek(rest.start)
                yield from self._plainly(stream, rest.before)
        reader.confirm()

    def _pieces(self, following: Iterator[Piece]) -> Generator[int, None, Piece | None]:
        first = next(following)
        self._make_sure(first)
        if not self._holds_head(first):
            return first
        if (rest := (yield from self._look_slowly(first))) is not None:
            return rest
        with ThreadPoolExecutor(max_workers=AHEAD) as pool:
            for piece, coming in self._ahead(following, pool):
                if (rest := (yield from self._judge(piece, coming.result(), PARTS))) is not None:
                    return rest
        return None

    def _ahead(
        self, following: Iterator[Piece], pool: ThreadPoolExecutor
    ) -> Iterator[tuple[Piece, "Future[Tally | None]"]]:
        """Each piece in its order; so many of those behind it are being counted meanwhile."""
        coming: deque[tuple[Piece, Future[Tally | None]]] = deque()
        # One engine more than count at a time: the lines of the piece that is judged are still asked for.
        for piece, engine in zip(following, cycle(self._engines.turns), strict=False):
            coming.append((piece, pool.submit(engine.counted, piece, self._plans())))
            if len(coming) > AHEAD:
                yield coming.popleft()
        yield from coming

    def _judge(
        self, piece: Piece, tally: Tally | None, sizes: tuple[int, ...]
    ) -> Generator[int, None, Piece | None]:
        """By what was counted, or in smaller parts, at last row by row; the part from which on all must be so."""
        if tally is not None:
            for looker, found in zip(self._lookers, tally.columns, strict=True):
                looker.take(found)
            self._reader.bytes_done = piece.end
            yield tally.rows
            return None
        self._make_sure(piece)
        if not sizes:
            return (yield from self._look_slowly(piece))
        for part in piece.parts(sizes[0]):
            counted = self._engines.parts.counted(part, self._plans())
            if (rest := (yield from self._judge(part, counted, sizes[1:]))) is not None:
                return rest
        return None

    def _look_slowly(self, piece: Piece) -> Generator[int, None, Piece | None]:
        if self._is_entangled(piece):
            return piece
        yield from self._plainly(io.BytesIO(piece.data), piece.before, piece.start)
        return None

    def _plainly(self, stream: BinaryIO, before: int, start: int = 0) -> Iterator[int]:
        for batch in self._reader.batches_of(stream, before):
            show(self._lookers, batch)
            self._reader.bytes_done = start + stream.tell()
            yield len(batch.rows)

    def _make_sure(self, piece: Piece) -> None:
        """That a piece which the engine has not taken is in UTF-8; it takes none that is not."""
        if self._reader.is_presumed:
            self._insist(is_so=all(is_utf8(part.data) for part in piece.parts(_JUDGED)))

    def _insist(self, *, is_so: bool) -> None:
        if not is_so and not self._reader.settle():
            raise NotAsPresumed

    def _plans(self) -> list[Plan]:
        return [looker.plan() for looker in self._lookers]

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


def _sizes() -> list[int]:
    """Growing: how a column is best counted is learnt from the pieces before."""
    return [FIRST, *(SIZE >> halved for halved in (4, 3, 2, 1, 0))]

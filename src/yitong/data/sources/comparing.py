"""What a file would change in the rows that are kept: rows added, gone and changed, by key and by column.

Both sides are read in the order of their keys, a page at a time, so memory is that of one page and of the rows of one
key. Nothing of the file is kept: its keys are blind as those of the rows are, what clear columns show stands beside
them, and every other cell is a keyed mark under a secret of this run, in a table that ends with the session. A sealed
row is opened only where its key is in the file too; only counts leave.
"""

import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeVar

from django.db import connection, transaction
from psycopg import sql

from yitong.base.keys import api as keys
from yitong.data.sources import shelf
from yitong.data.sources.errors import LoadStopped
from yitong.data.sources.key_order import Cells, Entry, as_bytes, pages, read
from yitong.data.sources.plans import CopyPlan, converter, region_prefix, tidy_key
from yitong.data.sources.profiles import OnProgress, Progress
from yitong.data.sources.shapes import tidy_cell
from yitong.data.sources.stored import row_context
from yitong.data.sources.tables import Batch, Reader
from yitong.kernel.codes import InvalidCode

PAGE: Final = 5_000
_MARK: Final = 16
_REMEMBERED: Final = 1 << 14
_NOTHING: Final = bytes(_MARK)  # the mark of an empty cell

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RowChanges:
    """How the rows of a file differ from those kept.

    `by_column` counts the rows in which a column's cell differs. `refused` rows of the file cannot be loaded.
    Where one key has several rows, a row that differs is one gone and one added.
    """

    before: int
    after: int
    added: int = 0
    gone: int = 0
    changed: int = 0
    refused: int = 0
    by_column: dict[str, int] = field(default_factory=dict)


def compare_rows(
    plan: CopyPlan,
    reader: Reader,
    *,
    columns: Sequence[str],
    progress: OnProgress | None = None,
) -> RowChanges:
    """Compare the kept rows of `plan` with those of the reader, by the `columns` that both have."""
    side = _Side(plan, reader, frozenset(columns))
    with shelf.load_lock(plan.table_key), side.table():
        for batch in reader.batches():
            side.take(batch)
            if progress:
                done = Progress(side.seen, reader.bytes_done, reader.bytes_total or None)
                if progress(done) is False:
                    raise LoadStopped
        reader.check_unchanged()
        counted = _Count(side.columns, one_row_per_key=plan.one_row_per_key)
        counted.merge(side.kept(), side.given())
    return RowChanges(
        before=counted.before,
        after=counted.after,
        added=counted.added,
        gone=counted.gone,
        changed=counted.changed,
        refused=side.refused + reader.faults.rows_refused + counted.repeated,
        by_column={
            name: counted.by_column[name] for name in side.columns if counted.by_column[name]
        },
    )


class _Count:
    """Counts over two streams in the order of their keys."""

    def __init__(self, columns: Sequence[str], *, one_row_per_key: bool) -> None:
        self._columns = columns
        self._is_one = one_row_per_key
        self.before = self.after = self.added = self.gone = self.changed = self.repeated = 0
        self.by_column: Counter[str] = Counter()

    def merge(
        self, kept: "Iterator[tuple[bytes, Callable[[], Cells]]]", given: Iterator[Entry]
    ) -> None:
        olds, news = _groups(kept), _groups(given)
        old, new = next(olds, None), next(news, None)
        while old or new:
            if new is None or (old is not None and old[0] < new[0]):
                assert old is not None  # noqa: S101 - for the type checker
                self._only_kept(len(old[1]))
                old = next(olds, None)
            elif old is None or new[0] < old[0]:
                self._only_given(len(new[1]))
                new = next(news, None)
            else:
                self._both([opened() for opened in old[1]], new[1])
                old, new = next(olds, None), next(news, None)

    def _only_kept(self, rows: int) -> None:
        self.before += rows
        self.gone += rows

    def _only_given(self, rows: int) -> None:
        rows = self._loaded(rows)
        self.after += rows
        self.added += rows

    def _both(self, old: list[Cells], new: list[Cells]) -> None:
        new = new[: self._loaded(len(new))]
        self.before += len(old)
        self.after += len(new)
        if len(old) == len(new) == 1:
            differs = [
                name
                for name, was, now in zip(self._columns, old[0], new[0], strict=True)
                if was != now
            ]
            self.changed += bool(differs)
            self.by_column.update(differs)
            return
        was, now = Counter(old), Counter(new)
        self.gone += (was - now).total()
        self.added += (now - was).total()

    def _loaded(self, rows: int) -> int:
        """Of a key that is to stand once, the first row is loaded."""
        if self._is_one and rows > 1:
            self.repeated += rows - 1
            return 1
        return rows


def _groups(rows: Iterator[tuple[bytes, T]]) -> Iterator[tuple[bytes, list[T]]]:
    for key, group in groupby(rows, key=itemgetter(0)):
        yield key, [row for _key, row in group]


class _Texts(dict[str, str | None]):
    """The stored text of each cell of a clear column; most cells are like others before them."""

    def __init__(self, convert: Callable[[str], str | None]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> str | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = text = self._convert(cell)
        return text


class _Side:
    """The file's rows on their way through the database, and the kept rows beside them."""

    def __init__(self, plan: CopyPlan, reader: Reader, wanted: frozenset[str]) -> None:
        place = {column.name: column.index for column in reader.columns}
        compared = wanted & place.keys()
        self._plan = plan
        self._clear = [
            (f"c{at}", column) for at, column in enumerate(plan.clear) if column.name in compared
        ]
        self._sealed = [
            (f"s{at}", name, place[name]) for at, name in enumerate(plan.sealed) if name in compared
        ]
        self._texts = [
            (_Texts(converter(column.type_letter)), place[column.name])
            for _at, column in self._clear
        ]
        self._region_at = place.get(plan.region_column or "")
        self.columns = (
            *(column.name for _at, column in self._clear),
            *(name for _at, name, _ in self._sealed),
        )
        self._key_at = place[plan.key_column]
        self._version = _version_kept(plan)
        self._secret = secrets.token_bytes(32)
        self._name = f"compared_{plan.table_key}"
        self.refused = 0
        self.seen = 0

    @contextmanager
    def table(self) -> Iterator[None]:
        """The table of the file's side, of this session alone."""
        clear = [
            sql.SQL("{} " + column.postgres_type).format(sql.Identifier(f"c{at}"))
            for at, (_place, column) in enumerate(self._clear)
        ]
        _execute(sql.SQL("drop table if exists {}").format(self._table))
        _execute(
            sql.SQL("create temporary table {} ({})").format(
                self._table,
                sql.SQL(", ").join(
                    [
                        sql.SQL("key bytea not null, line bigint not null"),
                        *clear,
                        sql.SQL("marks bytea, primary key (key, line)"),
                    ]
                ),
            )
        )
        try:
            yield
        finally:
            if connection.is_usable() and not connection.needs_rollback:
                _execute(sql.SQL("drop table if exists {}").format(self._table))

    def take(self, batch: Batch) -> None:
        """Keep of each row that could be loaded its key, its clear cells and the marks of all others."""
        self.seen += len(batch.rows)
        statement = sql.SQL("copy {} from stdin").format(self._table)
        # Made first: a key may have to be asked of the database, which is busy during a COPY.
        rows = list(self._rows(batch))
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def _rows(self, batch: Batch) -> Iterator[list[bytes | int | str | None]]:
        for line, cells in zip(batch.lines, batch.rows, strict=True):
            try:
                yield self._row(line, cells)
            except (ValueError, InvalidCode):
                self.refused += 1

    def _row(self, line: int, cells: Sequence[str]) -> list[bytes | int | str | None]:
        key = tidy_cell(cells[self._key_at])
        if not key:
            raise ValueError(line)
        if self._region_at is not None and cells[self._region_at].strip():
            region_prefix(cells[self._region_at])
        clear = [texts[cells[at]] for texts, at in self._texts]
        marks = b"".join(self._mark(cells[at]) for _place, _name, at in self._sealed)
        return [self._key(key), line, *clear, marks]

    def _key(self, text: str) -> bytes:
        """The key under which the row would stand: rows loaded before a rotation have an older pseudonym."""
        tidy = tidy_key(self._plan.key_kind, text)
        if self._plan.key_kind != "person":
            return tidy.encode()
        found = keys.pseudonyms("person", tidy)
        return next((key for key in found if key[:1] == self._version), found[0])

    def given(self) -> Iterator[Entry]:
        """The file's rows in the order of their keys."""
        shown = [
            read(f"c{at}", column.type_letter) for at, (_place, column) in enumerate(self._clear)
        ]
        for key, cells in pages(self._table, [*shown, sql.SQL("marks")], PAGE):
            *clear, marks = cells
            yield key, (*clear, *_parted(as_bytes(marks)))

    def kept(self) -> Iterator[tuple[bytes, Callable[[], Cells]]]:
        """The kept rows in the order of their keys, each opened when it is asked for."""
        table = sql.Identifier(shelf.SCHEMA, self._plan.table)
        shown = [read(place, column.type_letter) for place, column in self._clear]
        sealed = sql.SQL("sealed" if self._sealed else "null::bytea")
        for key, cells in pages(table, [*shown, sealed], PAGE):
            yield key, lambda key=key, cells=cells: self._opened(key, cells)  # type: ignore[misc]

    def _opened(self, key: bytes, cells: Cells) -> Cells:
        *clear, sealed = cells
        if not self._sealed:
            return tuple(clear)
        opened = keys.unseal(as_bytes(sealed), context=row_context(self._plan.table_key, key))
        texts = (opened.get(place) for place, _name, _at in self._sealed)
        return (*clear, *(self._mark("" if text is None else str(text)) for text in texts))

    def _mark(self, cell: str) -> bytes:
        if not cell:
            return _NOTHING
        return hmac.digest(self._secret, cell.encode(), "sha256")[:_MARK]

    @property
    def _table(self) -> sql.Identifier:
        return sql.Identifier(self._name)


def _version_kept(plan: CopyPlan) -> bytes | None:
    """The version of the pseudonyms under which the rows stand; of other keys there is none."""
    if plan.key_kind != "person":
        return None
    # There is no min() of bytea before PostgreSQL 18.
    query = sql.SQL("select key from {} order by key limit 1").format(
        sql.Identifier(shelf.SCHEMA, plan.table)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        least = cursor.fetchone()
    return as_bytes(least[0])[:1] or None if least else None


def _parted(marks: bytes) -> Iterator[bytes]:
    return (marks[at : at + _MARK] for at in range(0, len(marks), _MARK))


def _execute(statement: sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

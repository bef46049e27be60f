"""DuckDB as a counter: it takes a piece of text into memory as a table, and counts its columns on all cores.

What it reads lies in memory alone, is never written down, and goes with the next piece. It can open nothing but
the one nameless file that pieces are put into.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import duckdb

from yitong.data.sources.looking import ColumnLooker
from yitong.data.sources.pieces import Piece
from yitong.data.sources.shapes import Kind
from yitong.data.sources.sure_kinds import KINDS, end_of, number_of_kind, reckoned
from yitong.data.sources.tallies import ColumnTally, Counted, Sure

MEMORY: Final = "512MB"
# No longer than the shortest line that the plain way refuses.
_LONGEST_LINE: Final = 131_072
_OPTIONS: Final = (
    "auto_detect = false, header = false, quote = '\"', escape = '\"', comment = '', strict_mode = true,"
    f" null_padding = false, ignore_errors = false, max_line_size = {_LONGEST_LINE}"
)


class Engine:
    """One table at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: int, delimiter: str) -> None:
        self._connection = connection
        self._file = file
        self._delimiter = delimiter
        self._before = self._rows = 0
        self._sure: frozenset[int] = frozenset()

    def hashes(self, values: Iterable[str]) -> list[int]:
        """As the engine itself reckons them."""
        query = "select hash(v) from (select unnest(?::varchar[]) as v)"
        return [h for (h,) in self._connection.execute(query, [list(values)]).fetchall()]

    def load(self, piece: Piece, lookers: Sequence[ColumnLooker]) -> int | None:
        """Make the piece the table; how many rows, or nothing where the engine may read it otherwise than we do."""
        line_end = piece.line_end
        if line_end is None:
            return None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, piece.data, 0)
        self._sure = frozenset(n for n, looker in enumerate(lookers) if looker.sure_kinds)
        try:
            self._connection.execute(self._loading(piece, line_end, lookers))
            (loaded,) = self._one("select count(*) from piece")
            if loaded != piece.lines:
                return None
            blank = " and ".join(f"c{n} is null" for n in range(len(lookers)))
            (removed,) = self._one(f"delete from piece where {blank}")  # noqa: S608 - names of our own
        except duckdb.Error:
            return None
        self._before, self._rows = piece.before, loaded - removed
        return self._rows

    def tallies(self, lookers: Sequence[ColumnLooker]) -> list[ColumnTally] | None:
        """Of every column; nothing where memory does not suffice."""
        try:
            found = self._values(lookers)
            sure = self._sure_counts(lookers)
            self._add_hashes(found, lookers)
        except duckdb.OutOfMemoryException:
            return None
        return [
            ColumnTally(
                empty=self._rows
                - sum(counted.times for counted in found.values[n])
                - sum(each.times for each in sure[n]),
                lines_of=self._liner(n),
                values=found.values[n],
                sure=sure[n],
                hashes=found.hashes[n],
            )
            for n in range(len(lookers))
        ]

    def _loading(self, piece: Piece, line_end: str, lookers: Sequence[ColumnLooker]) -> str:
        width = range(len(lookers))
        columns = ", ".join(f"'c{n}': 'varchar'" for n in width)
        shown = {"\n": r"\n", "\r\n": r"\r\n"}[line_end]
        delimiter = self._delimiter.replace("'", "''")
        source = (
            f"read_csv('/proc/self/fd/{self._file}', columns = {{{columns}}}, delim = '{delimiter}',"
            f" new_line = '{shown}', {_OPTIONS})"
        )
        cells = [f"nullif(c{n}, '') as c{n}" if piece.has_quotes else f"c{n}" for n in width]
        kinds = [
            f"{number_of_kind(f'c{n}', lookers[n].sure_kinds)} as k{n}" for n in sorted(self._sure)
        ]
        chosen = ", ".join(cells + kinds)
        extra = [e for n in sorted(self._sure) for e in reckoned(f"c{n}", lookers[n].sure_kinds)]
        source = f"(select {', '.join(['*', *extra])} from {source})"  # noqa: S608 - as above
        return f"create or replace temp table piece as select {chosen} from {source}"  # noqa: S608 - as above

    def _values(self, lookers: Sequence[ColumnLooker]) -> "_Found":
        """Every value that is to be judged, with its hash where the column's count still wants it."""
        queries = (
            f"select {n}, c{n}, count(*), min(rowid), {_wanted_hash(n, lookers[n])}"  # noqa: S608 - as above
            f" from piece where c{n} is not null{f' and k{n} is null' if n in self._sure else ''} group by c{n}"
            for n in range(len(lookers))
        )
        first_line = self._before + 1
        found = _Found([[] for _ in lookers], [[] for _ in lookers])
        for n, value, count, row, hashed in self._all(" union all ".join(queries)):
            found.values[n].append(Counted(value, count, first_line + row))
            if hashed is not None:
                found.hashes[n].append(hashed)
        return found

    def _sure_counts(self, lookers: Sequence[ColumnLooker]) -> defaultdict[int, list[Sure]]:
        queries = (
            f"select {n}, k{n}, count(*), min(length(c{n})), max(length(c{n})), {low}, {high}"  # noqa: S608 - as above
            f" from piece where k{n} = {KINDS.index(kind)} group by k{n}"
            for n in sorted(self._sure)
            for kind in lookers[n].sure_kinds
            for low, high in (_ends(n, kind, lookers[n]),)
        )
        found: defaultdict[int, list[Sure]] = defaultdict(list)
        for n, kind, *facts in self._all(" union all ".join(queries)):
            found[n].append(Sure(KINDS[kind], *facts))
        return found

    def _add_hashes(self, found: "_Found", lookers: Sequence[ColumnLooker]) -> None:
        """Those of values whose kind is sure."""
        queries = (
            f"select {n}, hash(c{n}) from piece where k{n} is not null"  # noqa: S608 - as above
            f" and hash(c{n}) & {lookers[n].distinct.mask}::ubigint = 0"
            for n in sorted(self._sure)
        )
        for n, hashed in self._all(" union all ".join(queries)):
            found.hashes[n].append(hashed)

    def _liner(self, n: int) -> "_Liner":
        return _Liner(self._connection, n, self._before + 1, is_sure=n in self._sure)

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall() if query else []

    def _one(self, query: str) -> tuple[int, ...]:
        return self._connection.execute(query).fetchone() or (0,)


class _Found(NamedTuple):
    """Of every column."""

    values: list[list[Counted]]
    hashes: list[list[int]]


class _Liner:
    """Finds the lines of values in the piece that is loaded."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, n: int, first: int, *, is_sure: bool
    ) -> None:
        self._connection = connection
        self._n = n
        self._first = first
        self._is_sure = is_sure

    def __call__(self, kind: Kind, values: Sequence[str], most: int) -> list[int]:
        n = self._n
        conditions = [f"c{n} in (select unnest(?::varchar[]))"]
        if self._is_sure and kind in KINDS:
            conditions.append(f"k{n} = {KINDS.index(kind)}")
        found = self._connection.execute(
            f"select rowid from piece where {' or '.join(conditions)} order by rowid limit {most}",  # noqa: S608 - as above
            [list(values)],
        )
        return [self._first + row for (row,) in found.fetchall()]


def _ends(n: int, kind: Kind, looker: ColumnLooker) -> tuple[str, str]:
    if not looker.is_ranging:
        return "null", "null"
    return end_of(f"c{n}", "min", kind), end_of(f"c{n}", "max", kind)


def _wanted_hash(n: int, looker: ColumnLooker) -> str:
    return f"case when hash(c{n}) & {looker.distinct.mask}::ubigint = 0 then hash(c{n}) end"


@contextmanager
def engine(delimiter: str) -> Iterator[Engine]:
    file = os.memfd_create("piece", os.MFD_CLOEXEC)
    try:
        with duckdb.connect(":memory:") as connection:
            for statement in (
                f"set allowed_paths = ['/proc/self/fd/{file}']",
                f"set memory_limit = '{MEMORY}'",
                "set max_temp_directory_size = '0KB'",
                "set temp_directory = ''",
                "set preserve_insertion_order = true",
                "set enable_external_access = false",
                "set lock_configuration = true",
            ):
                connection.execute(statement)
            yield Engine(connection, file, delimiter)
    finally:
        os.close(file)

"""DuckDB as a counter: it takes a piece of text into memory as a table, and counts its columns.

What it reads lies in memory alone, is never written down, and goes with the next piece. It can open nothing but
the one nameless file that pieces are put into.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

import duckdb

from yitong.data.sources.pieces import Piece
from yitong.data.sources.shapes import Kind
from yitong.data.sources.sure_kinds import KINDS, end_of, number_of_kind, with_reckoned
from yitong.data.sources.tallies import ColumnTally, Counted, Plan, Sure, Tally

MEMORY: Final = "256MB"
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
        self._before = 0
        # The columns of which some kinds are told by conditions, and those kinds.
        self._sure: dict[int, tuple[Kind, ...]] = {}

    def hashes(self, values: Iterable[str]) -> list[int]:
        """As the engine itself reckons them."""
        query = "select hash(v) from (select unnest(?::varchar[]) as v)"
        return [h for (h,) in self._connection.execute(query, [list(values)]).fetchall()]

    def counted(self, piece: Piece, plans: Sequence[Plan]) -> Tally | None:
        """What the piece holds; nothing where it may be read otherwise than we do, or memory does not suffice."""
        line_end = piece.line_end
        if line_end is None:
            return None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, piece.data, 0)
        self._before = piece.before
        self._sure = {n: plan.sure_kinds for n, plan in enumerate(plans) if plan.sure_kinds}
        try:
            self._connection.execute(self._loading(piece, line_end, len(plans)))
            (loaded,) = self._one("select count(*) from piece")
            if loaded != piece.lines:
                return None
            blank = " and ".join(f"c{n} is null" for n in range(len(plans)))
            (removed,) = self._one(f"delete from piece where {blank}")  # noqa: S608 - names of our own
            rows = loaded - removed
            return Tally(rows, [self._column(n, rows, plan) for n, plan in enumerate(plans)])
        except duckdb.Error:
            return None

    def _column(self, n: int, rows: int, plan: Plan) -> ColumnTally:
        values = cast("list[Counted]", self._all(self._counting(n, plan)))
        sure, hashes = self._sure_of(n, plan) if n in self._sure else ([], [])
        judged = sum(times for _, times, _, _ in values)
        return ColumnTally(
            empty=rows - judged - sum(each.times for each in sure),
            lines_of=_Liner(self._connection, n, self._before + 1, is_sure=n in self._sure),
            values=values,
            sure=sure,
            sure_hashes=hashes,
        )

    def _loading(self, piece: Piece, line_end: str, columns_: int) -> str:
        width = range(columns_)
        columns = ", ".join(f"'c{n}': 'varchar'" for n in width)
        shown = {"\n": r"\n", "\r\n": r"\r\n"}[line_end]
        delimiter = self._delimiter.replace("'", "''")
        source = (
            f"read_csv('/proc/self/fd/{self._file}', columns = {{{columns}}}, delim = '{delimiter}',"
            f" new_line = '{shown}', {_OPTIONS})"
        )
        may_quote_nothing = piece.has_quotes
        cells = [f"nullif(c{n}, '') as c{n}" if may_quote_nothing else f"c{n}" for n in width]
        kinds = [f"{number_of_kind(f'c{n}', kinds)} as k{n}" for n, kinds in self._sure.items()]
        chosen = ", ".join(cells + kinds)
        source = with_reckoned(source, {f"c{n}": kinds for n, kinds in self._sure.items()})
        return f"create or replace temp table piece as select {chosen} from {source}"  # noqa: S608 - as above

    def _counting(self, n: int, plan: Plan) -> str:
        """Every value that is to be judged."""
        unknown = f"and k{n} is null" if n in self._sure else ""
        return (
            f"select c{n}, count(*), min(rowid), case when {_wanted(n, plan)} then hash(c{n}) end"  # noqa: S608 - as above
            f" from piece where c{n} is not null {unknown} group by c{n}"
        )

    def _sure_of(self, n: int, plan: Plan) -> tuple[list[Sure], list[int]]:
        which = f"from piece where k{n} is not null"
        found = self._all(
            f"select k{n}, count(*), min(length(c{n})), max(length(c{n})), {_ends(n, plan)}"
            f" {which} group by k{n}"
        )
        hashes = self._all(f"select hash(c{n}) {which} and {_wanted(n, plan)}")
        return [Sure(KINDS[kind], *facts) for kind, *facts in found], [h for (h,) in hashes]

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def _one(self, query: str) -> tuple[int, ...]:
        return self._connection.execute(query).fetchone() or (0,)


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


def _ends(n: int, plan: Plan) -> str:
    if not plan.is_ranging:
        return "null, null"
    return f"{end_of(f'c{n}', f'k{n}', 'min')}, {end_of(f'c{n}', f'k{n}', 'max')}"


def _wanted(n: int, plan: Plan) -> str:
    """Whether the count of different values still wants the hash."""
    return f"hash(c{n}) & {plan.mask}::ubigint = 0"


@contextmanager
def engine(delimiter: str, threads: int) -> Iterator[Engine]:
    file = os.memfd_create("piece", os.MFD_CLOEXEC)
    try:
        with duckdb.connect(":memory:") as connection:
            for statement in (
                f"set allowed_paths = ['/proc/self/fd/{file}']",
                f"set threads = {threads}",
                f"set memory_limit = '{MEMORY}'",
                "set enable_progress_bar = false",
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

"""DuckDB as a counter: it takes a piece of text into memory as a table, and counts its columns.

What it reads lies in memory alone, is never written down, and goes with the next piece. It can open nothing but
the one nameless file that pieces are put into.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, cast

import duckdb

from yitong.data.sources.known import EVERY, Known
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
        self._known = Known(connection)

    def hashes(self, values: Iterable[str]) -> list[int]:
        """As the engine itself reckons them."""
        query = "select hash(v) from (select unnest(?::varchar[]) as v)"
        return [h for (h,) in self._connection.execute(query, [list(values)]).fetchall()]

    def counted(self, piece: Piece, plans: Sequence[Plan]) -> Tally | None:
        """What the piece holds; nothing where it may be read otherwise than we do, or memory does not suffice."""
        line_end = piece.line_end
        if line_end is None:
            return None
        # Over what was there before: memory that is given back and taken again is cleared each time.
        os.pwrite(self._file, piece.data, 0)
        os.ftruncate(self._file, len(piece.data))
        self._before = piece.before
        try:
            self._known.write()
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
        sure, hashes = self._sure_of(n, plan) if plan.sure_kinds else ([], [])
        found = self._all(self._counting(n, plan))
        values, known = cast("list[Counted]", found), list[tuple[Kind, int]]()
        if self._is_known(n, plan):
            known = [(EVERY[kind], times) for _, times, _, _, kind in found if kind is not None]
            values = [(v, times, row, h) for v, times, row, h, kind in found if kind is None]
        counted = sum(row[1] for row in found) + sum(each.times for each in sure)
        return ColumnTally(
            empty=rows - counted,
            lines_of=_Liner(self._connection, self._before + 1, n, self._places(n, plan)),
            values=values,
            sure=sure,
            sure_hashes=hashes,
            known=known,
            tell=partial(self._known.tell, n) if plan.is_learning else None,
        )

    def _is_known(self, n: int, plan: Plan) -> bool:
        return n in self._known and not plan.sure_kinds

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
        return f"create or replace temp table piece as select {', '.join(cells)} from {source}"  # noqa: S608 - as above

    def _counting(self, n: int, plan: Plan) -> str:
        """Every value that is to be judged; those that are known, by their kinds."""
        row = "min(rowid)" if plan.is_sampling else "0"
        wanted = _wanted(f"c{n}", plan)
        which = f"from piece where c{n} is not null group by c{n}"
        if plan.sure_kinds:
            which = f"from sure where k is null group by c{n}"
        if not self._is_known(n, plan):
            return f"select c{n}, count(*), {row}, case when {wanted} then hash(c{n}) end {which}"
        return (
            f"select if(k is null, c{n}, null) as u, sum(t)::bigint, min(r),"  # noqa: S608 - as above
            f" case when k is null and {wanted} then hash(c{n}) end as h, k"
            f" from (select c{n}, count(*) as t, {row} as r {which}) left join known{n} on v = c{n} group by u, h, k"
        )

    def _places(self, n: int, plan: Plan) -> dict[Kind, str]:
        """Where values are, beside those that are named, that are of a kind."""
        if kinds := plan.sure_kinds:
            told = f"rowid in (select r from {_told(n, kinds, ', rowid as r')} where k ="  # noqa: S608 - as above
            return {kind: f"{told} {place})" for place, kind in enumerate(KINDS)}
        if n in self._known:
            known = f"c{n} in (select v from known{n} where k ="  # noqa: S608 - as above
            return {kind: f"{known} {place})" for place, kind in enumerate(EVERY)}
        return {}

    def _sure_of(self, n: int, plan: Plan) -> tuple[list[Sure], list[int]]:
        """In a table of its own: beside the reading of a piece the same conditions take half as long again."""
        told = _told(n, plan.sure_kinds)
        self._connection.execute(f"create or replace temp table sure as from {told}")
        which = "from sure where k is not null"
        found = self._all(
            f"select k, count(*), min(length(c{n})), max(length(c{n})), {_ends(n, plan)} {which} group by k"
        )
        hashes = self._all(f"select hash(c{n}) {which} and {_wanted(f'c{n}', plan)}")
        return [Sure(KINDS[kind], *facts) for kind, *facts in found], [h for (h,) in hashes]

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def _one(self, query: str) -> tuple[int, ...]:
        return self._connection.execute(query).fetchone() or (0,)


class _Liner:
    """Finds the lines of values in the piece that is loaded."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        first: int,
        n: int,
        places: Mapping[Kind, str],
    ) -> None:
        self._connection = connection
        self._first = first
        self._n = n
        self._places = places

    def __call__(self, kind: Kind, values: Sequence[str], most: int) -> list[int]:
        conditions = [f"c{self._n} in (select unnest(?::varchar[]))"]
        if kind in self._places:
            conditions.append(self._places[kind])
        found = self._connection.execute(
            f"select rowid from piece where {' or '.join(conditions)} order by rowid limit {most}",  # noqa: S608 - as above
            [list(values)],
        )
        return [self._first + row for (row,) in found.fetchall()]


def _told(n: int, kinds: tuple[Kind, ...], more: str = "") -> str:
    """A column's values with the kinds that are surely theirs."""
    source = f"(select c{n}{more} from piece where c{n} is not null)"  # noqa: S608 - as above
    name = f"c{n}"
    chosen = "r" if more else name
    return f"(select {chosen}, {number_of_kind(name, kinds)} as k from {with_reckoned(source, name, kinds)})"  # noqa: S608 - as above


def _ends(n: int, plan: Plan) -> str:
    if not plan.is_ranging:
        return "null, null"
    return f"{end_of(f'c{n}', 'k', 'min')}, {end_of(f'c{n}', 'k', 'max')}"


def _wanted(column: str, plan: Plan) -> str:
    """Whether the count of different values still wants the hash."""
    return f"hash({column}) & {plan.mask}::ubigint = 0"


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

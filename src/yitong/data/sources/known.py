"""Values that an engine has handed over before: what kind each is it has been told, and counts them by kind.

So columns of days and addresses, of which every piece has some ten thousand, are fetched and judged once.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

import duckdb

from yitong.data.sources.shapes import Kind

EVERY: Final = tuple(Kind)
# Bounds memory, whatever a file holds: in one column, in all of them, and how long one may be.
MOST: Final = 50_000
_MOST_IN_ALL: Final = 4 * MOST
_LONGEST: Final = 64


class _Told(NamedTuple):
    n: int
    kind: Kind
    values: Sequence[str]


class Known:
    """A table of values and kinds for each column that has been told of."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._left = _MOST_IN_ALL
        self._left_of: defaultdict[int, int] = defaultdict(lambda: MOST)
        self._told: list[_Told] = []
        self._tables: set[int] = set()

    def __contains__(self, n: int) -> bool:
        return n in self._tables

    def tell(self, n: int, kind: Kind, values: Sequence[str]) -> None:
        """Noted, and written down before the next piece: whoever judges does not wait for it."""
        room = min(self._left, self._left_of[n])
        kept = [value for value in values if len(value) <= _LONGEST][:room]
        if kept:
            self._left -= len(kept)
            self._left_of[n] -= len(kept)
            self._told.append(_Told(n, kind, kept))

    def write(self) -> None:
        told, self._told = self._told, []
        for n, kind, values in told:
            self._connection.execute(
                f"create temp table if not exists known{n} (v varchar, k utinyint)"
            )
            self._tables.add(n)
            self._connection.execute(
                f"insert into known{n} select unnest(?::varchar[]), {EVERY.index(kind)}",
                [values],
            )

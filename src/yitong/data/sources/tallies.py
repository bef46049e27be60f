"""What an engine has counted of one column in one piece of a table, before it is judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from yitong.data.sources.shapes import Kind

# A value, how often it stands there, the first of its rows, and its hash where the column's count still wants it.
Counted = tuple[str, int, int, int | None]


class Sure(NamedTuple):
    """Values whose kind the engine knows itself: how many, how long, and their ends where those are asked for."""

    kind: Kind
    times: int
    shortest: int
    longest: int
    low: str | None = None
    high: str | None = None


class Plan(NamedTuple):
    """How to count a column: kinds that a condition may tell, hashes not wanted any more, whether ends are."""

    sure_kinds: tuple[Kind, ...]
    mask: int
    is_ranging: bool


# The first lines, in order and so many at most, of these values and of those surely of the kind.
LinesOf = Callable[[Kind, Sequence[str], int], list[int]]


@dataclass(frozen=True, slots=True)
class ColumnTally:
    """One column of one piece."""

    empty: int
    lines_of: LinesOf
    values: list[Counted] = field(default_factory=list)
    sure: list[Sure] = field(default_factory=list)
    sure_hashes: list[int] = field(default_factory=list)


class Tally(NamedTuple):
    """One piece: its rows, and what was counted of each column."""

    rows: int
    columns: list[ColumnTally]

"""What an engine has counted of one column in one piece of a table, before it is judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from yitong.data.sources.shapes import Kind

# A value, how often it stands there, the first of its rows if that is asked, and its hash where it is still wanted.
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
    """How to count a column: kinds that a condition may tell, hashes not wanted any more, whether ends are.

    And whether the order in which values appear is wanted, and whether they come again in other pieces.
    """

    sure_kinds: tuple[Kind, ...]
    mask: int
    is_ranging: bool
    is_sampling: bool
    is_learning: bool


# The first lines, in order and so many at most, of these values and of those surely of the kind.
LinesOf = Callable[[Kind, Sequence[str], int], list[int]]
# These values are of this kind, and need not be handed over again.
Tell = Callable[[Kind, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class ColumnTally:
    """One column of one piece."""

    empty: int
    lines_of: LinesOf
    values: list[Counted] = field(default_factory=list)
    sure: list[Sure] = field(default_factory=list)
    sure_hashes: list[int] = field(default_factory=list)
    # How many values there were of each kind that the engine has been told of.
    known: list[tuple[Kind, int]] = field(default_factory=list)
    tell: Tell | None = None


class Tally(NamedTuple):
    """One piece: its rows, and what was counted of each column."""

    rows: int
    columns: list[ColumnTally]

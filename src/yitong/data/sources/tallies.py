"""What an engine has counted of one column in one piece of a table, before it is judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from yitong.data.sources.shapes import Kind


class Counted(NamedTuple):
    """A value, how often it stands there, and the line where it stands first."""

    value: str
    times: int
    line: int


class Sure(NamedTuple):
    """Values whose kind the engine knows itself: how many, how long, and their ends where those are asked for."""

    kind: Kind
    times: int
    shortest: int
    longest: int
    low: str | None = None
    high: str | None = None


# The first lines, in order and so many at most, of these values and of those surely of the kind.
LinesOf = Callable[[Kind, Sequence[str], int], list[int]]


@dataclass(frozen=True, slots=True)
class ColumnTally:
    """One column of one piece."""

    empty: int
    lines_of: LinesOf
    values: list[Counted] = field(default_factory=list)
    sure: list[Sure] = field(default_factory=list)
    hashes: list[int] = field(default_factory=list)

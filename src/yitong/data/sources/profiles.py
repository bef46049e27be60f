"""What is said of a table after it has been looked at: counts, line numbers and forms.

The few values kept for matching stay in memory: they stand in no repr, no JSON and no log, and die with the object.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yitong.data.sources.rules import TypeLetter, Uniqueness, share
from yitong.data.sources.shapes import Kind
from yitong.data.sources.tables import Note, RowFault


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reading is; totals are None where nobody knows them."""

    rows: int
    bytes_done: int = 0
    bytes_total: int | None = None


# Returns False to stop.
OnProgress = Callable[[Progress], bool | None]


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What one column holds. `values` is the whole set of a column with few different values, else empty."""

    name: str
    header: str
    index: int
    type_letter: TypeLetter
    rows: int
    max_length: int
    null_count: int
    distinct: int
    distinct_exact: bool
    unique: Uniqueness
    kinds: Mapping[Kind, int]
    shapes: tuple[str, ...] = ()
    faults: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""
    declared: str = ""
    is_key: bool = False
    low: str | None = field(default=None, repr=False)
    high: str | None = field(default=None, repr=False)
    samples: tuple[str, ...] = field(default=(), repr=False)
    values: frozenset[str] = field(default=frozenset(), repr=False)

    def share(self, *kinds: Kind) -> int:
        """How many of a hundred known values are of these kinds."""
        return share(self.kinds, *kinds)

    def as_json(self) -> dict[str, Any]:
        """What may be stored: no value of a row but the ends of a range in a table that is not about people."""
        return {
            "name": self.name,
            "header": self.header,
            "type": self.type_letter,
            "max_length": self.max_length,
            "nulls": self.null_count,
            "distinct": self.distinct,
            "distinct_exact": self.distinct_exact,
            "unique": self.unique,
            "kinds": {str(kind): count for kind, count in sorted(self.kinds.items())},
            "faults": dict(sorted(self.faults.items())),
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True, slots=True)
class TableProfile:
    """What a table holds. `faults` lists the first of each kind; `fault_counts` counts them all."""

    name: str
    row_count: int
    columns: tuple[ColumnProfile, ...]
    faults: tuple[RowFault, ...]
    fault_counts: Mapping[str, int]
    notes: tuple[Note, ...] = ()
    rows_seen: int = 0
    about_persons: bool = False

    def column(self, name: str) -> ColumnProfile:
        return next(column for column in self.columns if column.name == name)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": self.row_count,
            "rows_seen": self.rows_seen,
            "about_persons": self.about_persons,
            "notes": [note.sentence for note in self.notes],
            "fault_counts": dict(sorted(self.fault_counts.items())),
            "columns": [column.as_json() for column in self.columns],
        }

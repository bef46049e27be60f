"""Columns as a caller describes them, without a value: what matching and a draft are proposed from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from yitong.portals.node.programs.bodies import WRITTEN, Body

MOST_COLUMNS = 500
Header = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=WRITTEN)]
Word = Annotated[str, StringConstraints(max_length=40)]


class AskedColumn(Body):
    """One column: its head, and what its values look like in counts. No value of a row is taken."""

    header: Header
    name: str = Field("", max_length=100, description="the technical name; the header unless said")
    comment: str = Field("", max_length=500, description="as a database or a dictionary has it")
    type: Literal["C", "N", "I", "D", "T", "L", "M"] = "C"
    max_length: int = Field(0, ge=0, le=1_000_000)
    rows: int = Field(0, ge=0, le=1_000_000_000_000)
    empty: int = Field(0, ge=0, le=1_000_000_000_000, description="rows without a value")
    distinct: int = Field(0, ge=0, le=1_000_000_000_000)
    is_unique: bool = False
    is_key: bool = False
    shapes: dict[Word, Annotated[int, Field(ge=0, le=1_000_000_000_000)]] = Field(
        default_factory=dict,
        max_length=40,
        description="how many values look like what: person, credit, phone, date, integer, name, address …",
    )


@dataclass(frozen=True, slots=True)
class SaidColumn:
    """The same as proposals read it."""

    name: str
    header: str
    comment: str
    type_letter: str
    rows: int
    max_length: int
    null_count: int
    distinct: int
    unique: str
    is_key: bool
    kinds: Mapping[Any, int]
    values: Collection[str] = field(default=())
    samples: Collection[str] = field(default=())


@dataclass(frozen=True, slots=True)
class SaidTable:
    """A table that was described, not read: it has no rows here."""

    name: str
    columns: tuple[SaidColumn, ...]
    row_count: int = 0


def said_columns(columns: Sequence[AskedColumn]) -> tuple[SaidColumn, ...]:
    """Two columns of one name get names of their own, as they do in a file."""
    taken: set[str] = set()
    return tuple(_said(each, taken) for each in columns)


def _said(given: AskedColumn, taken: set[str]) -> SaidColumn:
    base = name = (given.name.strip() or given.header.strip())[:96]
    number = 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name)
    return SaidColumn(
        name=name,
        header=given.header.strip(),
        comment=given.comment,
        type_letter=given.type,
        rows=given.rows,
        max_length=given.max_length,
        null_count=given.empty,
        distinct=given.distinct,
        unique="yes" if given.is_unique or given.is_key else "no",
        is_key=given.is_key,
        kinds=given.shapes,
    )

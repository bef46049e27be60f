"""The fields that a rule may speak of: their kinds, their words, and whether they are sealed at rest."""

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from yitong.kernel.errors import N_

MOST_DIGITS: Final = 38  # DuckDB's and others' widest exact number

RowValue = str | int | Decimal | dt.date | None
Row = Mapping[str, RowValue]


class Kind(StrEnum):
    """What a field's values are. Money is a whole number of 分."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"
    REGION = "region"


KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: N_("文字"),
    Kind.INTEGER: N_("整数"),
    Kind.DECIMAL: N_("定点小数"),
    Kind.MONEY: N_("金额"),
    Kind.DATE: N_("日期"),
    Kind.BOOLEAN: N_("是否"),
    Kind.REGION: N_("区划"),
}
NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `digits` and `scale` bound a decimal; integers and money have 64 bits.

    A sealed field is judged after opening only: no SQL ever names it.
    """

    name: str
    kind: Kind
    label: str = ""
    sealed: bool = False
    digits: int = 18
    scale: int = 2

    def __post_init__(self) -> None:
        if not self.name or "\x00" in self.name:
            raise ValueError("a field has a name")
        if not 0 <= self.scale <= self.digits <= MOST_DIGITS:
            raise ValueError("a decimal has at most 38 digits, and no more after its point")

    @property
    def words(self) -> str:
        return self.label or self.name


class Schema:
    """A table's fields by name. Names are compared exactly: no folding, no guessing."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[Field]) -> None:
        given = tuple(fields)
        self._fields = {field.name: field for field in given}
        if len(self._fields) != len(given):
            raise ValueError("two fields have one name")

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def get(self, name: str) -> Field | None:
        return self._fields.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._fields)

    def nearest(self, name: str) -> str:
        """The field that was probably meant: the one so labelled, else the one spelt most alike; "" if none is."""
        labelled = [held.name for held in self if held.label == name]
        alike = difflib.get_close_matches(name[:60], self.names, n=1, cutoff=0.5)
        return next(iter(labelled + alike), "")

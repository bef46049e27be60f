"""A rule as a tree: values, clauses that compare them, and AND, OR, NOT over clauses. Nothing here decides."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from yitong.kernel.predicates.schema import NUMBERS, Field, Kind


class Op(StrEnum):
    """Comparisons."""

    EQ = "="
    NE = "<>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


OPPOSITE: Final = {
    Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE, Op.LE: Op.GT,
}  # fmt: skip
MIRRORED: Final = {
    Op.EQ: Op.EQ, Op.NE: Op.NE, Op.LT: Op.GT, Op.GT: Op.LT, Op.LE: Op.GE, Op.GE: Op.LE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How large a number can get: `bound` is the greatest magnitude without its point, `scale` the digits behind it.

    `money` is None for a literal, which takes the unit of what it meets.
    """

    bound: int
    scale: int = 0
    money: bool | None = False


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What the row holds."""

    field: Field


@dataclass(frozen=True, slots=True)
class Literal:
    """A written value. A number is kept without its point: 1.50 is 150 at scale 2."""

    kind: Kind
    value: str | int | dt.date
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the judgement, an argument of it; no clock."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Plus, minus or times, exactly."""

    op: str
    left: "Value"
    right: "Value"
    size: Size


@dataclass(frozen=True, slots=True)
class Negative:
    """The number below zero."""

    value: "Value"
    size: Size


@dataclass(frozen=True, slots=True)
class Age:
    """Whole years from a birth to a day."""

    birth: "Value"
    on: "Value"


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months from one day to another."""

    first: "Value"
    last: "Value"


@dataclass(frozen=True, slots=True)
class Coalesced:
    """A field, or a written value where the row holds none."""

    field: Field
    default: Literal


Value = FieldValue | Literal | Today | Arithmetic | Negative | Age | Months | Coalesced


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one kind."""

    op: Op
    left: Value
    right: Value
    at: int = field(compare=False)  # where it stands in the text


@dataclass(frozen=True, slots=True)
class Between:
    """From low to high, both included."""

    value: Value
    low: Value
    high: Value
    at: int = field(compare=False)  # where it stands in the text


@dataclass(frozen=True, slots=True)
class OneOf:
    """In a list of written values."""

    value: Value
    options: tuple[Literal, ...]
    at: int = field(compare=False)  # where it stands in the text


@dataclass(frozen=True, slots=True)
class IsNull:
    """Not held at all: the only clause that is never unknown."""

    value: FieldValue
    at: int = field(compare=False)  # where it stands in the text


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Text with a written beginning."""

    value: Value
    prefix: str
    at: int = field(compare=False)  # where it stands in the text


@dataclass(frozen=True, slots=True)
class Within:
    """Lies in a division; `prefix` is its code without padding."""

    value: Value
    prefix: str
    at: int = field(compare=False)  # where it stands in the text


@dataclass(frozen=True, slots=True)
class Holds:
    """A field that is yes or no."""

    value: Value
    at: int = field(compare=False)  # where it stands in the text


Clause = Compare | Between | OneOf | IsNull | StartsWith | Within | Holds


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of them at least."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; of the unknown, the unknown."""

    part: "Condition"


Condition = Clause | And | Or | Not

_YEARS: Final = Size(10_000)
_MONTHS: Final = Size(120_000)
_INTEGER: Final = Size(1 << 63)
_MONEY: Final = Size(1 << 63, 0, money=True)


def kind_of(value: Value) -> Kind:
    match value:
        case FieldValue(field=held) | Coalesced(field=held):
            return held.kind
        case Literal(kind=kind):
            return kind
        case Today():
            return Kind.DATE
        case Age() | Months():
            return Kind.INTEGER
    if value.size.money:
        return Kind.MONEY
    return Kind.DECIMAL if value.size.scale else Kind.INTEGER


def size_of(value: Value) -> Size:
    """Of a number only."""
    match value:
        case FieldValue(field=held) | Coalesced(field=held):
            if held.kind is Kind.DECIMAL:
                return Size(10**held.digits - 1, held.scale)
            return _MONEY if held.kind is Kind.MONEY else _INTEGER
        case Literal(value=int(number), scale=scale):
            return Size(abs(number), scale, None)
        case Arithmetic(size=size) | Negative(size=size):
            return size
        case Months():
            return _MONTHS
    return _YEARS


def is_number(value: Value) -> bool:
    return kind_of(value) in NUMBERS


def values_of(clause: Clause) -> tuple[Value, ...]:
    """The values that a clause compares."""
    match clause:
        case Compare(left=left, right=right):
            return left, right
        case Between(value=value, low=low, high=high):
            return value, low, high
    return (clause.value,)


def fields_in(value: Value) -> Iterator[Field]:
    """The fields that a value rests on, in order, perhaps repeated."""
    match value:
        case FieldValue(field=held) | Coalesced(field=held):
            yield held
        case Arithmetic(left=first, right=second) | Age(birth=first, on=second):
            yield from fields_in(first)
            yield from fields_in(second)
        case Months(first=first, last=second):
            yield from fields_in(first)
            yield from fields_in(second)
        case Negative(value=inner):
            yield from fields_in(inner)


def clauses_in(condition: Condition) -> Iterator[Clause]:
    """Every clause, in the order of the text."""
    match condition:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from clauses_in(part)
        case Not(part=part):
            yield from clauses_in(part)
        case _:
            yield condition


def fields_of(condition: Condition) -> tuple[Field, ...]:
    """Every field of a condition once, in the order of the text."""
    found = {
        held.name: held
        for clause in clauses_in(condition)
        for value in values_of(clause)
        for held in fields_in(value)
    }
    return tuple(found.values())


def compared_with_written(condition: Condition) -> tuple[Field, ...]:
    """The fields that stand in one clause with a written value: of these the rule names values."""
    found = {
        held.name: held
        for clause in clauses_in(condition)
        if _has_written(clause)
        for value in values_of(clause)
        for held in fields_in(value)
    }
    return tuple(found.values())


def _has_written(clause: Clause) -> bool:
    if isinstance(clause, OneOf | StartsWith | Within):
        return True
    return any(_is_written(value) for value in values_of(clause))


def _is_written(value: Value) -> bool:
    match value:
        case Literal() | Coalesced():
            return True
        case Arithmetic(left=first, right=second) | Age(birth=first, on=second):
            return _is_written(first) or _is_written(second)
        case Months(first=first, last=second):
            return _is_written(first) or _is_written(second)
        case Negative(value=inner):
            return _is_written(inner)
    return False

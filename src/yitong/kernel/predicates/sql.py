"""A rule as SQL, written by us from the tree, never copied from the text: one form for each engine, every value bound.

A three-valued form answers true, false or null. A filter needs only the rows that are true (or only those that are
false), so it is written with NOT driven down to the clauses: shorter, and open to an index.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Final, Literal

from yitong.kernel.predicates.meanings import (
    AFTER_DIGITS,
    REGION_FORM,
    latest_start,
    wider_codes,
)
from yitong.kernel.predicates.nodes import (
    OPPOSITE,
    Age,
    And,
    Arithmetic,
    Between,
    Clause,
    Coalesced,
    Compare,
    Condition,
    FieldValue,
    Holds,
    IsNull,
    Months,
    Negative,
    Not,
    OneOf,
    Op,
    Or,
    StartsWith,
    Today,
    Value,
    Within,
    is_number,
    size_of,
)
from yitong.kernel.predicates.nodes import Literal as Written

Engine = Literal["postgresql", "duckdb"]
Parameter = str | int | Decimal | dt.date

_EXACT: Final = Context(prec=80)
_WIDE: Final = 1 << 63


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition and what to bind, in order: `%s` for psycopg, `?` for DuckDB.

    psycopg reads `%` only where parameters are handed over, so hand them over even if there are none.
    """

    text: str
    parameters: tuple[Parameter, ...]


@dataclass(slots=True)
class Writer:
    """Writes for one engine and one day. Columns are named by `columns`, else by the field."""

    engine: Engine
    on: dt.date
    columns: Mapping[str, str]
    bound: list[Parameter] = field(default_factory=list)

    # Conditions ----------------------------------------------------------------------------------

    def answer(self, condition: Condition) -> str:
        """True, false or null."""
        match condition:
            case And(parts=parts):
                return self._joined(" and ", [self.answer(part) for part in parts])
            case Or(parts=parts):
                return self._joined(" or ", [self.answer(part) for part in parts])
            case Not(part=part):
                return f"(not {self.answer(part)})"
            case Within():
                return f"(case when {self.only(condition)} then true when {self.only(condition, truth=False)} then false end)"
            case _:
                return self._clause(condition)

    def only(self, condition: Condition, *, truth: bool = True) -> str:
        """True for the rows of that truth; false or null for all others."""
        match condition:
            case And(parts=parts):
                return self._joined(
                    " and " if truth else " or ", [self.only(part, truth=truth) for part in parts]
                )
            case Or(parts=parts):
                return self._joined(
                    " or " if truth else " and ", [self.only(part, truth=truth) for part in parts]
                )
            case Not(part=part):
                return self.only(part, truth=not truth)
            case Compare() if not truth:
                return self._compare(OPPOSITE[condition.op], condition.left, condition.right)
            case Within():
                return self._within(condition, truth=truth)
            case _:
                return self._clause(condition) if truth else f"(not {self._clause(condition)})"

    def _joined(self, word: str, parts: Sequence[str]) -> str:
        return f"({word.join(parts)})"

    def _clause(self, clause: Clause) -> str:
        match clause:
            case Compare(op=op, left=left, right=right):
                return self._compare(op, left, right)
            case Between(value=value, low=low, high=high):
                pair = (self._compare(Op.GE, value, low), self._compare(Op.LE, value, high))
                return self._joined(" and ", pair)
            case OneOf():
                return self._one_of(clause)
            case Within():
                return self.answer(clause)
        return self._simple_clause(clause)

    def _simple_clause(self, clause: IsNull | StartsWith | Holds) -> str:
        """Of the clauses about one value."""
        value = self._value(clause.value)
        match clause:
            case IsNull():
                return f"({value} is null)"
            case StartsWith(prefix=prefix):
                return f"starts_with({value}, {self._bind(prefix)})"
        return value

    def _one_of(self, clause: OneOf) -> str:
        if not is_number(clause.value):
            value = self._value(clause.value)
            return f"({value} in ({', '.join(self._value(each) for each in clause.options)}))"
        scale = max(size_of(each).scale for each in (clause.value, *clause.options))
        value = self._at_scale(clause.value, scale)
        options = ", ".join(self._at_scale(each, scale) for each in clause.options)
        return f"({value} in ({options}))"

    def _within(self, clause: Within, *, truth: bool) -> str:
        if truth:
            return self._inside(clause)
        outside = f"not starts_with({self._value(clause.value)}, {self._bind(clause.prefix)})"
        if wider := sorted(wider_codes(clause.prefix)):
            again = self._value(clause.value)
            outside += f" and {again} not in ({', '.join(map(self._bind, wider))})"
        return f"({outside} and {self._is_region(clause.value)})"

    def _inside(self, clause: Within) -> str:
        code = self._value(clause.value)
        if self.engine == "duckdb":
            # Measured: as fast as LIKE alone, since the form is looked at only where the beginning fits.
            begins = f"starts_with({code}, {self._bind(clause.prefix)})"
            return f"(case when {begins} then {self._is_region(clause.value)} else false end)"
        # A range by bytes, which an index serves; digits are all that may follow.
        low = f'{code} collate "C" >= {self._bind(clause.prefix)}'
        again = self._value(clause.value)
        high = f'{again} collate "C" < {self._bind(clause.prefix + AFTER_DIGITS)}'
        return f"({low} and {high} and {self._is_region(clause.value)})"

    def _is_region(self, value: Value) -> str:
        code = self._value(value)
        if self.engine == "postgresql":
            return f"{code} ~ '{REGION_FORM}'"
        return f"regexp_full_match({code}, '{REGION_FORM}')"

    # Comparisons ---------------------------------------------------------------------------------

    def _compare(self, op: Op, left: Value, right: Value) -> str:
        if (by_day := self._by_day(op, left, right)) is not None:
            return by_day
        if not is_number(left):
            return f"({self._value(left)} {op} {self._value(right)})"
        scale = max(size_of(left).scale, size_of(right).scale)
        return f"({self._at_scale(left, scale)} {op} {self._at_scale(right, scale)})"

    def _by_day(self, op: Op, left: Value, right: Value) -> str | None:
        """`age(birth) >= 80` as `birth <= a day`: one comparison, and an index serves it."""
        if not (isinstance(left, Age | Months) and isinstance(right, Written)):
            return None
        since, until, unit = (
            (left.birth, left.on, 12) if isinstance(left, Age) else (left.first, left.last, 1)
        )
        day = self.on if isinstance(until, Today) else until
        if isinstance(day, Written) and isinstance(day.value, dt.date):
            day = day.value
        if not isinstance(day, dt.date) or right.scale:
            return None
        number = int(str(right.value))
        if abs(number) > 10**6:
            return None
        reached, passed = (latest_start(day, unit * (number + more)) for more in (0, 1))
        if reached is None or passed is None:
            return None
        return self._day_range(op, since, reached, passed)

    def _day_range(self, op: Op, since: Value, reached: dt.date, passed: dt.date) -> str:
        """`reached` is the last start with at least that many, `passed` with more."""
        match op:
            case Op.GE | Op.LT:
                return (
                    f"({self._value(since)} {'<=' if op is Op.GE else '>'} {self._bind(reached)})"
                )
            case Op.GT | Op.LE:
                return f"({self._value(since)} {'<=' if op is Op.GT else '>'} {self._bind(passed)})"
        first = f"{self._value(since)} {'<=' if op is Op.EQ else '>'} {self._bind(reached)}"
        second = f"{self._value(since)} {'>' if op is Op.EQ else '<='} {self._bind(passed)}"
        return f"({first} {'and' if op is Op.EQ else 'or'} {second})"

    def _at_scale(self, value: Value, scale: int) -> str:
        """A number to compare. Two scales meet as one type in DuckDB, which else picks one that may be too narrow."""
        size = size_of(value)
        if isinstance(value, Written):
            return self._number(value)
        written = self._value(value)
        if self.engine == "duckdb" and size.scale != scale:
            return f"cast({written} as decimal(38, {scale}))"
        return written

    # Values --------------------------------------------------------------------------------------

    def _value(self, value: Value) -> str:
        match value:
            case FieldValue(field=held):
                return self._column(held.name)
            case Written():
                return self._number(value) if is_number(value) else self._bind(value.value)
            case Today():
                return self._bind(self.on)
            case Coalesced(field=held, default=default):
                return f"coalesce({self._column(held.name)}, {self._value(default)})"
            case Age() | Months():
                return self._span(value)
        return self._calculation(value)

    def _column(self, name: str) -> str:
        quoted = self.columns.get(name, name).replace('"', '""')
        # psycopg reads % in the whole text.
        return f'"{quoted.replace("%", "%%") if self.engine == "postgresql" else quoted}"'

    def _bind(self, value: Parameter) -> str:
        """A place for a value, of its type: no engine guesses."""
        self.bound.append(value)
        mark = "%s" if self.engine == "postgresql" else "?"
        return f"cast({mark} as {self._type_of(value)})"

    def _type_of(self, value: Parameter) -> str:
        match value:
            case bool():
                return "boolean"
            case int():
                whole = "numeric" if self.engine == "postgresql" else "hugeint"
                return "bigint" if -_WIDE <= value < _WIDE else whole
            case Decimal():
                return "numeric" if self.engine == "postgresql" else _decimal_of(value)
            case str():
                return "text"
        return "date"

    def _number(self, value: Written) -> str:
        number = int(str(value.value))
        if not value.scale:
            return self._bind(number)
        return self._bind(Decimal(number).scaleb(-value.scale, _EXACT))

    def _calculation(self, value: Negative | Arithmetic) -> str:
        """Every leaf in a type wide enough for the whole: what was read is bounded, so nothing overflows."""
        wide = self._wide(value)
        return self._calculated(value, wide)

    def _wide(self, value: Value) -> str:
        if self.engine == "postgresql":
            return "numeric"
        if any(size_of(each).scale for each in _numbers_in(value)):
            return "decimal"
        is_wide = any(size_of(each).bound >= _WIDE for each in _numbers_in(value))
        return "hugeint" if is_wide else "bigint"

    def _calculated(self, value: Value, wide: str) -> str:
        match value:
            case Negative(value=inner):
                return f"(- {self._calculated(inner, wide)})"
            case Arithmetic(op=op, left=left, right=right):
                return f"({self._calculated(left, wide)} {op} {self._calculated(right, wide)})"
        exact = f"decimal(38, {size_of(value).scale})" if wide == "decimal" else wide
        return f"cast({self._value(value)} as {exact})"

    def _span(self, value: Age | Months) -> str:
        if isinstance(value, Months):
            return self._months(value.first, value.last)
        birth, on = value.birth, value.on
        whole = f"{self._part('year', on)} - {self._part('year', birth)}"
        days = [
            f"{self._part('month', each)} * 100 + {self._part('day', each)}" for each in (on, birth)
        ]
        return f"({whole} - case when {days[0]} < {days[1]} then 1 else 0 end)"

    def _months(self, first: Value, last: Value) -> str:
        years = f"({self._part('year', last)} - {self._part('year', first)}) * 12"
        months = f"{self._part('month', last)} - {self._part('month', first)}"
        days = f"{self._part('day', last)} < {self._part('day', first)}"
        return f"({years} + {months} - case when {days} then 1 else 0 end)"

    def _part(self, part: str, value: Value) -> str:
        return f"cast(extract({part} from {self._value(value)}) as bigint)"


def _decimal_of(value: Decimal) -> str:
    """The narrowest type that holds it: a wider one would make DuckDB widen the column too."""
    _sign, digits, exponent = value.as_tuple()
    behind = -int(exponent)
    return f"decimal({max(len(digits), behind)}, {behind})"


def _numbers_in(value: Value) -> list[Value]:
    match value:
        case Negative(value=inner):
            return [value, *_numbers_in(inner)]
        case Arithmetic(left=left, right=right):
            return [value, *_numbers_in(left), *_numbers_in(right)]
    return [value]

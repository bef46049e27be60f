"""One row's answer: true, false, or None for not known (Kleene). A tree becomes functions once, and they are called.

Numbers are whole numbers without their point, each at the scale that its place in the tree gives it: exact, whatever
the size, and independent of any decimal context.
"""

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal, Inexact
from typing import Any, Final

from yitong.kernel.predicates.faults import ValueUnfit
from yitong.kernel.predicates.meanings import lies_within, whole_months, whole_years
from yitong.kernel.predicates.nodes import (
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
    Literal,
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
from yitong.kernel.predicates.schema import KIND_WORDS, Field, Kind, Row

Truth = bool | None
Judge = Callable[[Row, dt.date], Truth]
Getter = Callable[[Row, dt.date], Any]

_SMALLEST, _GREATEST = -(1 << 63), (1 << 63) - 1
_EXACT: Final = Context(prec=120, traps=[Inexact])
_OPERATORS: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    Op.EQ: operator.eq, Op.NE: operator.ne, Op.LT: operator.lt, Op.LE: operator.le, Op.GT: operator.gt,
    Op.GE: operator.ge,
}  # fmt: skip
_ARITHMETIC: Final[Mapping[str, Callable[[int, int], int]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


def judge_of(condition: Condition) -> Judge:
    """The function that answers for one row on a day."""
    match condition:
        case And(parts=parts):
            return _all_of([judge_of(part) for part in parts])
        case Or(parts=parts):
            return _any_of([judge_of(part) for part in parts])
        case Not(part=part):
            return _none_of(judge_of(part))
        case _:
            return clause_judge(condition)


def _all_of(judges: Sequence[Judge]) -> Judge:
    def judge(row: Row, on: dt.date) -> Truth:
        found: Truth = True
        for each in judges:
            truth = each(row, on)
            if truth is False:
                return False
            if truth is None:
                found = None
        return found

    return judge


def _any_of(judges: Sequence[Judge]) -> Judge:
    def judge(row: Row, on: dt.date) -> Truth:
        found: Truth = False
        for each in judges:
            truth = each(row, on)
            if truth:
                return True
            if truth is None:
                found = None
        return found

    return judge


def _none_of(inner: Judge) -> Judge:
    def judge(row: Row, on: dt.date) -> Truth:
        truth = inner(row, on)
        return None if truth is None else not truth

    return judge


def clause_judge(clause: Clause) -> Judge:
    match clause:
        case Compare(op=op, left=left, right=right):
            return _comparing(op, left, right)
        case Between(value=value, low=low, high=high):
            return _all_of([_comparing(Op.GE, value, low), _comparing(Op.LE, value, high)])
        case OneOf(value=value, options=options):
            return _among(value, options)
    return _simple_judge(clause)


def _simple_judge(clause: IsNull | StartsWith | Within | Holds) -> Judge:
    """Of the clauses about one value."""
    held = getter_of(clause.value)
    match clause:
        case IsNull():
            return lambda row, on: held(row, on) is None
        case StartsWith(prefix=prefix):
            return _beginning(held, prefix)
        case Within(prefix=prefix):
            return _lying_within(held, prefix)
    return held


def _comparing(op: Op, left: Value, right: Value) -> Judge:
    compare = _OPERATORS[op]
    if is_number(left):
        scale = max(size_of(left).scale, size_of(right).scale)
        first, second = scaled_getter(left, scale), scaled_getter(right, scale)
    else:
        first, second = getter_of(left), getter_of(right)
    if isinstance(right, Literal):
        return _comparing_with(compare, first, second({}, dt.date.min))

    def judge(row: Row, on: dt.date) -> Truth:
        one, other = first(row, on), second(row, on)
        return None if one is None or other is None else compare(one, other)

    return judge


def _comparing_with(compare: Callable[[Any, Any], bool], first: Getter, constant: object) -> Judge:
    def judge(row: Row, on: dt.date) -> Truth:
        one = first(row, on)
        return None if one is None else compare(one, constant)

    return judge


def _among(value: Value, options: Sequence[Literal]) -> Judge:
    if is_number(value):
        scale = max(size.scale for size in map(size_of, (value, *options)))
        held = scaled_getter(value, scale)
        known = frozenset(scaled_getter(each, scale)({}, dt.date.min) for each in options)
    else:
        held, known = getter_of(value), frozenset(each.value for each in options)

    def judge(row: Row, on: dt.date) -> Truth:
        one = held(row, on)
        return None if one is None else one in known

    return judge


def _beginning(held: Getter, prefix: str) -> Judge:
    def judge(row: Row, on: dt.date) -> Truth:
        text = held(row, on)
        return None if text is None else text.startswith(prefix)

    return judge


def _lying_within(held: Getter, prefix: str) -> Judge:
    def judge(row: Row, on: dt.date) -> Truth:
        code = held(row, on)
        return None if code is None else lies_within(code, prefix)

    return judge


# Values ------------------------------------------------------------------------------------------


def getter_of(value: Value) -> Getter:
    """The function that gives a value of a row; numbers at their own scale."""
    match value:
        case FieldValue(field=field):
            return field_getter(field)
        case Literal(value=constant):
            return lambda row, on: constant
        case Today():
            return lambda row, on: on
        case Coalesced():
            return _with_default(value)
        case Age() | Months():
            return _of_two_days(value)
    return _calculating(value)


def scaled_getter(value: Value, scale: int) -> Getter:
    """The same for a number at a greater scale."""
    held = getter_of(value)
    own = size_of(value).scale
    if own == scale:
        return held
    factor = 10 ** (scale - own)
    return lambda row, on: None if (one := held(row, on)) is None else one * factor


def _with_default(value: Coalesced) -> Getter:
    held = field_getter(value.field)
    default = (
        scaled_getter(value.default, size_of(value).scale)({}, dt.date.min)
        if is_number(value)
        else value.default.value
    )
    return lambda row, on: default if (one := held(row, on)) is None else one


def _of_two_days(value: Age | Months) -> Getter:
    days = (value.birth, value.on) if isinstance(value, Age) else (value.first, value.last)
    since, until = map(getter_of, days)
    measure = {Age: whole_years, Months: whole_months}[type(value)]

    def get(row: Row, on: dt.date) -> int | None:
        one, other = since(row, on), until(row, on)
        return None if one is None or other is None else measure(one, other)

    return get


def _calculating(value: Arithmetic | Negative) -> Getter:
    if isinstance(value, Negative):
        held = getter_of(value.value)
        return lambda row, on: None if (one := held(row, on)) is None else -one
    calculate = _ARITHMETIC[value.op]
    if value.op == "*":
        first, second = getter_of(value.left), getter_of(value.right)
    else:
        first, second = (
            scaled_getter(each, value.size.scale) for each in (value.left, value.right)
        )

    def get(row: Row, on: dt.date) -> int | None:
        one, other = first(row, on), second(row, on)
        return None if one is None or other is None else calculate(one, other)

    return get


# Fields ------------------------------------------------------------------------------------------


def field_getter(field: Field) -> Getter:
    """What the row holds, checked: a text where a date should be is refused, never compared."""
    name = field.name
    if field.kind is Kind.DECIMAL:
        return lambda row, on: None if (one := row.get(name)) is None else unscaled(field, one)
    if field.kind in {Kind.INTEGER, Kind.MONEY}:
        return _whole_number(field)
    wanted = {Kind.DATE: dt.date, Kind.BOOLEAN: bool}.get(field.kind, str)

    def get(row: Row, on: dt.date) -> Any:  # noqa: ANN401 - of the field's kind
        one = row.get(name)
        # Exactly of the type: an instant is a date to isinstance, a truth value a number.
        if one is None or type(one) is wanted:
            return one
        raise _unfit(field)

    return get


def _whole_number(field: Field) -> Getter:
    name = field.name

    def get(row: Row, on: dt.date) -> int | None:
        one = row.get(name)
        if one is None:
            return None
        if type(one) is int and _SMALLEST <= one <= _GREATEST:
            return one
        raise _unfit(field)

    return get


def unscaled(field: Field, value: object) -> int:
    """A decimal without its point, at the field's scale; what does not fit exactly is refused."""
    most: int = 10**field.digits
    factor: int = 10**field.scale
    if type(value) is int:
        number: int = value * factor
    elif type(value) is Decimal and value.is_finite():
        number = _whole(field, value) if value else 0
    else:
        raise _unfit(field)
    if abs(number) >= most:
        raise _unfit(field)
    return number


def _whole(field: Field, value: Decimal) -> int:
    # Before anything is calculated: 1E+999999 has a million digits.
    if not -100 < value.adjusted() < field.digits:
        raise _unfit(field)
    try:
        exact = value.scaleb(field.scale, _EXACT)
    except Inexact:
        raise _unfit(field) from None
    number = int(exact)
    if number != exact:
        raise _unfit(field)
    return number


def _unfit(field: Field) -> ValueUnfit:
    return ValueUnfit(field=field.words, kind=KIND_WORDS[field.kind])

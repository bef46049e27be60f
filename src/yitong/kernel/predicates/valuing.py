"""The values of a rule: fields, literals, plus, minus, times, and the functions on the list."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from yitong.kernel.predicates import faults
from yitong.kernel.predicates.checking import (
    Place,
    check_money_literal,
    check_numbers,
    multiplied,
    region_prefix,
    summed,
)
from yitong.kernel.predicates.faults import (
    PredicateFieldUnknown,
    PredicateMistyped,
    PredicateNotAllowed,
    PredicateRefusal,
    PredicateTooLarge,
    PredicateUnreadable,
)
from yitong.kernel.predicates.meanings import written_day
from yitong.kernel.predicates.nodes import (
    Age,
    Arithmetic,
    Coalesced,
    FieldValue,
    Literal,
    Months,
    Negative,
    Size,
    Today,
    Value,
    is_number,
    kind_of,
    size_of,
)
from yitong.kernel.predicates.reading import place
from yitong.kernel.predicates.schema import MOST_DIGITS, NUMBERS, Kind, Schema

DEEPEST_SUM: Final = 50
_NUMBER: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
SHAPES: Final[Mapping[str, str]] = {
    "within": "within(户籍地, '890102')",
    "age": "age(出生日期, DATE '2026-11-22')",
    "months_between": "months_between(开始日期, 结束日期)",
    "coalesce": "coalesce(数据项, 固定的值)",
    "today": "today()",
}
_OPERATORS: Final[Mapping[type[exp.Expr], str]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_REASONS: Final[Mapping[type[exp.Expr], str]] = {
    exp.Null: faults.NULL_STRAY,
    exp.Boolean: faults.BOOLEAN_ORDER,
    exp.Tuple: faults.UNREADABLE,
    exp.Subquery: faults.SUBQUERY,
    exp.Concat: faults.JOINED,
}


def start_of(node: exp.Expr) -> int:
    """Where a node begins in the text: sqlglot knows it of names, literals and functions only."""
    at: exp.Expr | None = node
    while at is not None:
        starts = [found.meta["start"] for found in at.walk() if "start" in found.meta]
        if starts:
            return int(min(starts))
        at = at.parent
    return 0


def only_has(text: str, node: exp.Expr, *names: str) -> None:
    """Refuse a listed node that bears anything beside the parts listed (SYMMETRIC, a window, an alias …)."""
    more = [name for name, part in node.args.items() if part and name not in names]
    if more:
        what = f"{type(node).__name__} {more[0]}"
        raise PredicateNotAllowed(faults.NOT_LISTED, **place(text, start_of(node)), what=what)


class Valuer:
    """Reads values against the fields there are."""

    def __init__(self, text: str, schema: Schema) -> None:
        self._text = text
        self._schema = schema
        self._depth = 0
        self._kinds: Mapping[type[exp.Expr], Callable[[exp.Expr], Value]] = {
            **dict.fromkeys(_OPERATORS, self._arithmetic),
            exp.Column: self._field,
            exp.Literal: self._literal,
            exp.Paren: self._paren,
            exp.Neg: self._negative,
            exp.Cast: self._date,
            exp.Anonymous: self._function,
            exp.MonthsBetween: self._months,
            exp.Coalesce: self._coalesced,
        }

    def value(self, node: exp.Expr) -> Value:
        make = self._kinds.get(type(node))
        if make is None:
            raise self._refused(node)
        self._depth += 1
        if self._depth > DEEPEST_SUM:
            raise PredicateTooLarge(faults.TOO_DEEP, **self._place(node), most=DEEPEST_SUM)
        made = make(node)
        self._depth -= 1
        return made

    def _place(self, node: exp.Expr) -> Place:
        return place(self._text, start_of(node))

    def _refused(self, node: exp.Expr) -> PredicateRefusal:
        if isinstance(node, exp.Predicate | exp.Connector | exp.Not):
            return PredicateMistyped(faults.NOT_A_VALUE, **self._place(node))
        if isinstance(node, exp.Func):
            return self._unknown_function(node, node.sql_name().lower())
        return PredicateNotAllowed(
            _REASONS.get(type(node), faults.NOT_LISTED),
            **self._place(node),
            what=type(node).__name__,
        )

    def _unknown_function(self, node: exp.Expr, name: str) -> PredicateRefusal:
        known = ", ".join(SHAPES)
        return PredicateNotAllowed(
            faults.FUNCTION_UNKNOWN, **self._place(node), name=name[:40], known=known
        )

    def _misshapen(self, node: exp.Expr, name: str) -> PredicateRefusal:
        return PredicateMistyped(
            faults.FUNCTION_SHAPE, **self._place(node), name=name, shape=SHAPES[name]
        )

    def _field(self, node: exp.Expr) -> Value:
        name = node.this
        if not isinstance(name, exp.Identifier) or node.args.get("table"):
            raise PredicateNotAllowed(faults.DOTTED, **self._place(node))
        only_has(self._text, node, "this")
        found = self._schema.get(name.this)
        if found is None:
            near = self._schema.nearest(name.this)
            reason = faults.FIELD_NEAR if near else faults.FIELD_UNKNOWN
            raise PredicateFieldUnknown(reason, **self._place(node), name=name.this[:60], near=near)
        return FieldValue(found)

    def _literal(self, node: exp.Expr) -> Value:
        text = str(node.this)
        if node.args["is_string"]:
            return Literal(Kind.TEXT, text)
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise PredicateNotAllowed(faults.FLOAT, **self._place(node))
        whole, behind = match[1].lstrip("0"), match[2] or ""
        if len(whole) + len(behind) > MOST_DIGITS:
            raise PredicateTooLarge(faults.TOO_MANY_DIGITS, **self._place(node), most=MOST_DIGITS)
        kind = Kind.DECIMAL if behind else Kind.INTEGER
        return Literal(kind, int(f"0{whole}{behind}"), len(behind))

    def _paren(self, node: exp.Expr) -> Value:
        only_has(self._text, node, "this")
        return self.value(node.this)

    def _negative(self, node: exp.Expr) -> Value:
        only_has(self._text, node, "this")
        inner = self.value(node.this)
        check_numbers(inner, inner, self._place(node))
        if isinstance(inner, Literal) and isinstance(inner.value, int):
            return Literal(inner.kind, -inner.value, inner.scale)
        return Negative(inner, size_of(inner))

    def _arithmetic(self, node: exp.Expr) -> Value:
        only_has(self._text, node, "this", "expression")
        op = _OPERATORS[type(node)]
        left, right = self.value(node.this), self.value(node.expression)
        here = self._place(node)
        check_numbers(left, right, here)
        if op == "*":
            size = multiplied(size_of(left), size_of(right), here)
        else:
            check_money_literal(left, right, here)
            size = summed(size_of(left), size_of(right), here)
        folded = _folded(op, left, right, size)
        return folded or Arithmetic(op, left, right, size)

    def _date(self, node: exp.Expr) -> Value:
        """DATE '2026-11-22' is a cast to sqlglot; CAST(x AS DATE) is one too, and refused by its AS."""
        only_has(self._text, node, "this", "to")
        to, inner = node.args["to"], node.this
        is_date = isinstance(to, exp.DataType) and to.this is exp.DataType.Type.DATE
        if not is_date or not (isinstance(inner, exp.Literal) and inner.is_string):
            raise PredicateNotAllowed(faults.CAST, **self._place(node))
        text = str(inner.this)
        day = written_day(text)
        if day is None:
            raise PredicateUnreadable(faults.NO_DATE, **self._place(inner), text=text[:20])
        return Literal(Kind.DATE, day)

    def _function(self, node: exp.Expr) -> Value:
        only_has(self._text, node, "this", "expressions")
        name = str(node.this).lower()
        if name == "today":
            if node.expressions:
                raise self._misshapen(node, name)
            return Today()
        if name == "age":
            return self._age(node)
        if name == "within":
            raise PredicateMistyped(faults.NOT_A_VALUE, **self._place(node))
        raise self._unknown_function(node, name)

    def _age(self, node: exp.Expr) -> Value:
        given = node.expressions
        if len(given) not in {1, 2}:
            raise self._misshapen(node, "age")
        birth = self._day(given[0], node, "age")
        return Age(birth, self._day(given[1], node, "age") if len(given) > 1 else Today())

    def _months(self, node: exp.Expr) -> Value:
        only_has(self._text, node, "this", "expression")
        first = self._day(node.this, node, "months_between")
        return Months(first, self._day(node.expression, node, "months_between"))

    def _day(self, node: exp.Expr, function: exp.Expr, name: str) -> Value:
        value = self.value(node)
        if kind_of(value) is not Kind.DATE:
            raise self._misshapen(function, name)
        return value

    def _coalesced(self, node: exp.Expr) -> Value:
        at = start_of(node)
        if self._text[at : at + 8].lower() != "coalesce":
            raise self._unknown_function(node, "ifnull")
        only_has(self._text, node, "this", "expressions")
        refused = PredicateMistyped(faults.COALESCE_FIELD, **self._place(node))
        if len(node.expressions) != 1:
            raise refused
        held, default = self.value(node.this), self._default(node.expressions[0])
        if not isinstance(held, FieldValue) or not isinstance(default, Literal):
            raise refused
        kind = held.field.kind
        if kind is Kind.REGION and isinstance(default.value, str):
            prefix = region_prefix(default.value, self._place(node.expressions[0]))
            default = Literal(Kind.REGION, prefix)
        fits = _fits(default, size_of(held)) if kind in NUMBERS else default.kind is kind
        if not fits:
            raise refused
        return Coalesced(held.field, default)

    def _default(self, node: exp.Expr) -> Value:
        if isinstance(node, exp.Boolean):
            return Literal(Kind.BOOLEAN, bool(node.this))
        return self.value(node)


def _folded(op: str, left: Value, right: Value, size: Size) -> Literal | None:
    """Written numbers are calculated at once."""
    if not (isinstance(left, Literal) and isinstance(right, Literal)):
        return None
    first, second = int(str(left.value)), int(str(right.value))
    if op == "*":
        number = first * second
    else:
        first *= 10 ** (size.scale - left.scale)
        second *= 10 ** (size.scale - right.scale)
        number = first + second if op == "+" else first - second
    return Literal(Kind.DECIMAL if size.scale else Kind.INTEGER, number, size.scale)


def _fits(default: Literal, size: Size) -> bool:
    """A written number that the field itself could hold."""
    if not is_number(default) or default.scale > size.scale:
        return False
    factor: int = 10 ** (size.scale - default.scale)
    return size_of(default).bound * factor <= size.bound

"""From sqlglot's tree to ours. What is not listed here by kind of node, with exactly the parts listed, is refused."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Final

from sqlglot import exp

from yitong.kernel.predicates import faults
from yitong.kernel.predicates.checking import (
    aligned,
    check_comparable,
    check_fields,
    check_order,
    region_prefix,
)
from yitong.kernel.predicates.faults import (
    PredicateMistyped,
    PredicateNotAllowed,
    PredicateRefusal,
    PredicateTooLarge,
    PredicateUnreadable,
)
from yitong.kernel.predicates.nodes import (
    And,
    Between,
    Clause,
    Coalesced,
    Compare,
    Condition,
    FieldValue,
    Holds,
    IsNull,
    Literal,
    Not,
    OneOf,
    Op,
    Or,
    StartsWith,
    Value,
    Within,
    clauses_in,
    is_number,
    kind_of,
    size_of,
)
from yitong.kernel.predicates.reading import place
from yitong.kernel.predicates.schema import Kind, Schema
from yitong.kernel.predicates.valuing import Valuer, only_has, start_of

MOST_CLAUSES: Final = 400
MOST_OPTIONS: Final = 1_000

_OPS: Final[Mapping[type[exp.Expr], Op]] = {
    exp.EQ: Op.EQ, exp.NEQ: Op.NE, exp.LT: Op.LT, exp.LTE: Op.LE, exp.GT: Op.GT, exp.GTE: Op.GE,
}  # fmt: skip


class Builder:
    """Builds one rule's tree."""

    def __init__(self, text: str, schema: Schema) -> None:
        self._text = text
        self._values = Valuer(text, schema)
        self._clauses: Mapping[type[exp.Expr], Callable[[exp.Expr], Condition]] = {
            **dict.fromkeys(_OPS, self._comparison),
            exp.Not: self._not,
            exp.Paren: self._paren,
            exp.Between: self._between,
            exp.In: self._one_of,
            exp.Is: self._is,
            exp.Like: self._like,
            exp.Anonymous: self._within,
            exp.Column: self._holds,
            exp.Coalesce: self._holds,
        }

    def build(self, root: exp.Expr) -> Condition:
        condition = self.condition(root)
        if sum(1 for _ in clauses_in(condition)) > MOST_CLAUSES:
            raise PredicateTooLarge(faults.TOO_MANY_CLAUSES, most=MOST_CLAUSES)
        return condition

    def condition(self, node: exp.Expr) -> Condition:
        if isinstance(node, exp.And | exp.Or):
            return self._joined(node)
        make = self._clauses.get(type(node))
        if make is None:
            raise self._refused(node)
        return make(node)

    def _refused(self, node: exp.Expr) -> PredicateRefusal:
        at = place(self._text, start_of(node))
        if isinstance(
            node, exp.Literal | exp.Boolean | exp.Null | exp.Add | exp.Sub | exp.Mul | exp.Neg
        ):
            return PredicateMistyped(faults.NOT_A_CONDITION, **at)
        return PredicateNotAllowed(faults.NOT_LISTED, **at, what=type(node).__name__)

    def _joined(self, node: exp.Expr) -> Condition:
        """A chain of one connective, however long, is one node: no recursion along it."""
        kind = type(node)
        parts: list[exp.Expr] = []
        while type(node) is kind:
            only_has(self._text, node, "this", "expression")
            parts.append(node.expression)
            node = node.this
        parts.append(node)
        built = tuple(self.condition(part) for part in reversed(parts))
        return And(built) if kind is exp.And else Or(built)

    def _not(self, node: exp.Expr) -> Condition:
        only_has(self._text, node, "this")
        return Not(self.condition(node.this))

    def _paren(self, node: exp.Expr) -> Condition:
        only_has(self._text, node, "this")
        return self.condition(node.this)

    def _comparison(self, node: exp.Expr) -> Condition:
        only_has(self._text, node, "this", "expression")
        op, at = _OPS[type(node)], start_of(node)
        if isinstance(node.expression, exp.Boolean):
            return self._yes_or_no(node, op)
        left, right = self._values.value(node.this), self._values.value(node.expression)
        here = place(self._text, at)
        check_comparable(left, right, here)
        if op not in {Op.EQ, Op.NE}:
            check_order(left, here)
        return self._checked(Compare(op, left, right, at))

    def _yes_or_no(self, node: exp.Expr, op: Op) -> Condition:
        """`flag = TRUE`: the flag itself, or its contrary."""
        at = start_of(node)
        value = self._values.value(node.this)
        if kind_of(value) is not Kind.BOOLEAN or op not in {Op.EQ, Op.NE}:
            raise PredicateMistyped(faults.BOOLEAN_ORDER, **place(self._text, at))
        clause = self._checked(Holds(value, at))
        return clause if bool(node.expression.this) is (op is Op.EQ) else Not(clause)

    def _between(self, node: exp.Expr) -> Condition:
        only_has(self._text, node, "this", "low", "high")
        at = start_of(node)
        here = place(self._text, at)
        value, low, high = (self._values.value(node.args[name]) for name in ("this", "low", "high"))
        for bound in (low, high):
            check_comparable(value, bound, here)
        check_order(value, here)
        return self._checked(Between(value, low, high, at))

    def _one_of(self, node: exp.Expr) -> Condition:
        if node.args.get("query") or node.args.get("field"):
            raise PredicateNotAllowed(faults.SUBQUERY, **place(self._text, start_of(node)))
        only_has(self._text, node, "this", "expressions")
        at = start_of(node)
        here = place(self._text, at)
        given = node.expressions
        if not given:
            raise PredicateUnreadable(faults.LITERALS_ONLY, **here)
        if len(given) > MOST_OPTIONS:
            raise PredicateTooLarge(faults.TOO_MANY_VALUES, **here, most=MOST_OPTIONS)
        value = self._values.value(node.this)
        options = tuple(self._option(each, value) for each in given)
        if is_number(value):
            # All of them at one scale, since an engine compares them as one type.
            reduce(lambda size, one: aligned(size, size_of(one), here), options, size_of(value))
        return self._checked(OneOf(value, options, at))

    def _option(self, node: exp.Expr, value: Value) -> Literal:
        here = place(self._text, start_of(node))
        option = self._values.value(node)
        if not isinstance(option, Literal):
            raise PredicateMistyped(faults.LITERALS_ONLY, **here)
        check_comparable(value, option, here)
        return option

    def _is(self, node: exp.Expr) -> Condition:
        only_has(self._text, node, "this", "expression")
        at = start_of(node)
        if not isinstance(node.expression, exp.Null):
            raise PredicateNotAllowed(faults.IS_NULL_ONLY, **place(self._text, at))
        value = self._values.value(node.this)
        if not isinstance(value, FieldValue):
            raise PredicateMistyped(faults.NOT_A_VALUE, **place(self._text, at))
        return IsNull(value, at)

    def _like(self, node: exp.Expr) -> Condition:
        only_has(self._text, node, "this", "expression", "negate")
        at = start_of(node)
        value = self._values.value(node.this)
        if kind_of(value) is not Kind.TEXT:
            reason = faults.REGION_ONLY_WITHIN if kind_of(value) is Kind.REGION else faults.PATTERN
            raise PredicateMistyped(reason, **place(self._text, at))
        pattern = node.expression
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            raise PredicateNotAllowed(faults.PATTERN, **place(self._text, start_of(pattern)))
        prefix, percent = pattern.this[:-1], pattern.this[-1:]
        if percent != "%" or not prefix or set(prefix) & set("%_\\"):
            raise PredicateNotAllowed(faults.PATTERN, **place(self._text, start_of(pattern)))
        clause = self._checked(StartsWith(value, prefix, at))
        return Not(clause) if node.args.get("negate") else clause

    def _within(self, node: exp.Expr) -> Condition:
        """The one function that is a condition."""
        name = str(node.this).lower()
        at = start_of(node)
        if name != "within":
            # Another function is a value; say first whether there is such a one.
            self._values.value(node)
            raise PredicateMistyped(faults.NOT_A_CONDITION, **place(self._text, at))
        only_has(self._text, node, "this", "expressions")
        shape = PredicateMistyped(
            faults.FUNCTION_SHAPE,
            **place(self._text, at),
            name="within",
            shape="within(户籍地, '890102')",
        )
        if len(node.expressions) != 2:
            raise shape
        first, second = node.expressions
        if not (isinstance(second, exp.Literal) and second.is_string):
            raise shape
        value = self._values.value(first)
        if kind_of(value) is not Kind.REGION:
            raise shape
        prefix = region_prefix(second.this, place(self._text, start_of(second)))
        return Within(value, prefix, at)

    def _holds(self, node: exp.Expr) -> Condition:
        value = self._values.value(node)
        at = start_of(node)
        if kind_of(value) is not Kind.BOOLEAN or not isinstance(value, FieldValue | Coalesced):
            raise PredicateMistyped(faults.NOT_A_CONDITION, **place(self._text, at))
        return Holds(value, at)

    def _checked(self, clause: Clause) -> Clause:
        check_fields(clause, place(self._text, clause.at))
        return clause

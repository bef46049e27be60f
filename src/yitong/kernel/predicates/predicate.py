"""A rule about rows: read once, then asked of one row, of millions, or put into words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yitong.kernel.hashing import sha256
from yitong.kernel.predicates import faults
from yitong.kernel.predicates.faults import PredicateTooLarge
from yitong.kernel.predicates.judging import Judge, Truth, judge_of
from yitong.kernel.predicates.nodes import (
    And,
    Clause,
    Condition,
    Not,
    Or,
    clauses_in,
    compared_with_written,
    fields_of,
)
from yitong.kernel.predicates.schema import Field, Row, Schema
from yitong.kernel.predicates.sql import Engine, Sql, Writer
from yitong.kernel.predicates.wording import Words
from yitong.kernel.predicates.writing import written


@dataclass(frozen=True, slots=True)
class Predicate:
    """A rule that was accepted. Two rules are equal when they mean the same tree."""

    text: str = field(compare=False)
    root: Condition
    judge: Judge = field(compare=False, repr=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What it looks at, in the order of its text."""
        return fields_of(self.root)

    @property
    def sealed_fields(self) -> tuple[Field, ...]:
        return tuple(held for held in self.fields if held.sealed)

    @property
    def named_fields(self) -> tuple[Field, ...]:
        """Those whose values the rule itself writes down, as in 姓名 = '林甲'."""
        return compared_with_written(self.root)

    @property
    def canonical(self) -> str:
        """The one text of all that mean this tree; it reads back as this rule."""
        return written(self.root)

    @property
    def digest(self) -> str:
        return sha256(self.canonical.encode()).hex()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clauses_in(self.root))


@dataclass(frozen=True, slots=True)
class Split:
    """A rule in two: what SQL may see, and what is judged after opening. Both together are the rule; one may be None."""

    clear: Predicate | None
    sealed: Predicate | None


def parse(text: str, schema: Schema) -> Predicate:
    """Read a rule against the fields there are. Raises a PredicateRefusal that names the place, and nothing else."""
    # The parser takes 16 MB, and most processes read no rule.
    from yitong.kernel.predicates.building import Builder
    from yitong.kernel.predicates.reading import DEEPEST, read

    try:
        return _made(text, Builder(text, schema).build(read(text)))
    except RecursionError:
        # The depth is bounded; only a caller who is near the end of the stack already comes here.
        raise PredicateTooLarge(faults.TOO_DEEP, most=DEEPEST) from None


def _made(text: str, root: Condition) -> Predicate:
    return Predicate(text, root, judge_of(root))


def evaluate(predicate: Predicate, row: Row, *, on: dt.date) -> Truth:
    """True, False, or None for not known. ValueUnfit where a value is not of its field's kind."""
    return predicate.judge(row, on)


def to_sql(
    predicate: Predicate, engine: Engine, *, on: dt.date, columns: Mapping[str, str] | None = None
) -> Sql:
    """The rule as a condition that answers true, false or null. A rule over sealed fields is split before."""
    writer = _writer(predicate, engine, on, columns)
    text = writer.answer(predicate.root)
    return Sql(text, tuple(writer.bound))


def to_filter(
    predicate: Predicate,
    engine: Engine,
    *,
    on: dt.date,
    columns: Mapping[str, str] | None = None,
    truth: bool = True,
) -> Sql:
    """The rule as a filter: true for the rows whose answer is `truth`, false or null for all others."""
    writer = _writer(predicate, engine, on, columns)
    text = writer.only(predicate.root, truth=truth)
    return Sql(text, tuple(writer.bound))


def in_words(predicate: Predicate, words: Words | None = None) -> str:
    """The rule as a sentence: Chinese, or what the `translate` of `words` makes of it."""
    return (words or Words()).condition(predicate.root)


def _writer(
    predicate: Predicate, engine: Engine, on: dt.date, columns: Mapping[str, str] | None
) -> Writer:
    if predicate.sealed_fields:
        raise ValueError("a sealed field has no column: split the rule first")
    return Writer(engine, on, columns or {})


def split(predicate: Predicate) -> Split:
    """The clauses that stand in clear, to be pushed down, and the rest."""
    clear: list[Condition] = []
    sealed: list[Condition] = []
    for part in _conjuncts(predicate.root, truth=True):
        is_sealed = any(held.sealed for held in fields_of(part))
        (sealed if is_sealed else clear).append(part)
    return Split(_together(predicate, clear), _together(predicate, sealed))


def _conjuncts(condition: Condition, *, truth: bool) -> Iterable[Condition]:
    """What must all hold: AND taken apart, and the contrary of OR."""
    match condition:
        case And(parts=parts) if truth:
            for part in parts:
                yield from _conjuncts(part, truth=True)
        case Or(parts=parts) if not truth:
            for part in parts:
                yield from _conjuncts(part, truth=False)
        case Not(part=part):
            yield from _conjuncts(part, truth=not truth)
        case _:
            yield condition if truth else Not(condition)


def _together(whole: Predicate, parts: list[Condition]) -> Predicate | None:
    if not parts:
        return None
    return _made(whole.text, parts[0] if len(parts) == 1 else And(tuple(parts)))

"""Rules about rows, as in `本县户籍且年满80岁`: one text, one meaning, whoever asks it.

A rule is one SQL condition in a small language that every engine understands alike. It is read once, then evaluated
for one row, written as SQL for millions, traced clause by clause, or put into words. Not known stays not known.
"""

from yitong.kernel.predicates.faults import (
    PredicateFieldUnknown,
    PredicateMistyped,
    PredicateNotAllowed,
    PredicateOverflow,
    PredicateRefusal,
    PredicateTooLarge,
    PredicateUnreadable,
    ValueUnfit,
)
from yitong.kernel.predicates.predicate import (
    Predicate,
    Split,
    evaluate,
    in_words,
    parse,
    split,
    to_filter,
    to_sql,
)
from yitong.kernel.predicates.rows import read_row, read_value
from yitong.kernel.predicates.schema import Field, Kind, Row, Schema
from yitong.kernel.predicates.sql import Engine, Sql
from yitong.kernel.predicates.tracing import Step, Trace, Tracer, trace
from yitong.kernel.predicates.wording import Words

__all__ = [
    "Engine",
    "Field",
    "Kind",
    "Predicate",
    "PredicateFieldUnknown",
    "PredicateMistyped",
    "PredicateNotAllowed",
    "PredicateOverflow",
    "PredicateRefusal",
    "PredicateTooLarge",
    "PredicateUnreadable",
    "Row",
    "Schema",
    "Split",
    "Sql",
    "Step",
    "Trace",
    "Tracer",
    "ValueUnfit",
    "Words",
    "evaluate",
    "in_words",
    "parse",
    "read_row",
    "read_value",
    "split",
    "to_filter",
    "to_sql",
    "trace",
]

"""A rule written back in its own language, in one way: what is kept, compared and digested.

Two texts that mean the same tree have one canonical form; reading that form gives the tree again.
"""

from typing import Final

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
    Or,
    StartsWith,
    Today,
    Value,
    Within,
)
from yitong.kernel.predicates.schema import Field
from yitong.kernel.predicates.wording import plain

_BINDS: Final = {"+": 1, "-": 1, "*": 2}


def written(condition: Condition) -> str:
    """The condition with as few parentheses as its tree needs."""
    match condition:
        case And(parts=parts):
            return " and ".join(map(_enclosed, parts))
        case Or(parts=parts):
            return " or ".join(map(_enclosed, parts))
        case Not(part=part):
            return f"not {_enclosed(part)}"
    return _clause(condition)


def _enclosed(part: Condition) -> str:
    return f"({written(part)})" if isinstance(part, And | Or) else written(part)


def _clause(clause: Clause) -> str:
    match clause:
        case Compare(op=op, left=left, right=right):
            return f"{_value(left)} {op} {_value(right)}"
        case Between(value=value, low=low, high=high):
            return f"{_value(value)} between {_value(low)} and {_value(high)}"
        case OneOf(value=value, options=options):
            return f"{_value(value)} in ({', '.join(map(_literal, options))})"
    return _simple(clause)


def _simple(clause: IsNull | StartsWith | Within | Holds) -> str:
    """Of the clauses about one value."""
    value = _value(clause.value)
    match clause:
        case IsNull():
            return f"{value} is null"
        case StartsWith(prefix=prefix):
            return f"{value} like {_quoted(prefix + '%')}"
        case Within(prefix=prefix):
            return f"within({value}, {_quoted(prefix)})"
    return value


def _value(value: Value) -> str:
    match value:
        case FieldValue(field=held):
            return _named(held)
        case Literal():
            return _literal(value)
        case Today():
            return "today()"
        case Coalesced(field=held, default=default):
            return f"coalesce({_named(held)}, {_literal(default)})"
    return _calculated(value)


def _calculated(value: Age | Months | Arithmetic | Negative) -> str:
    match value:
        case Age(birth=first, on=second):
            return f"age({_value(first)}, {_value(second)})"
        case Months(first=first, last=second):
            return f"months_between({_value(first)}, {_value(second)})"
        case Negative(value=inner):
            return f"- ({_value(inner)})"
    binds = _BINDS[value.op]
    left = _operand(value.left, least=binds)
    # a - (b - c) is not a - b - c.
    return f"{left} {value.op} {_operand(value.right, least=binds + 1)}"


def _operand(value: Value, *, least: int) -> str:
    """A part of a calculation, enclosed where it binds less than what it stands beside."""
    if isinstance(value, Arithmetic) and _BINDS[value.op] < least:
        return f"({_value(value)})"
    return f"({_value(value)})" if isinstance(value, Negative) else _value(value)


def _literal(literal: Literal) -> str:
    match literal.value:
        case bool():
            return "true" if literal.value else "false"
        case int():
            return plain(literal.value, literal.scale)
        case str():
            return _quoted(literal.value)
    return f"date '{literal.value.isoformat()}'"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(held: Field) -> str:
    """Always in quotes: no name can be a word of the language then."""
    return '"' + held.name.replace('"', '""') + '"'

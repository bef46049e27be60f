"""A rule in words that a steward understands: 户籍地在青禾县以内，并且在2026-11-22满80岁.

Sentences are marked Chinese source strings with places; `translate` is the door's gettext.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from yitong.kernel.errors import N_
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
    kind_of,
    size_of,
)
from yitong.kernel.predicates.schema import Field, Kind, RowValue

MOST_LISTED: Final = 8

AND_WORD, OR_WORD = N_("，并且"), N_("，或者")
GROUPED = N_("（{inner}）")
THAT_DAY = N_("办理当日")
COMPARED: Final[Mapping[Op, str]] = {
    Op.EQ: N_("{left}等于{right}"),
    Op.NE: N_("{left}不等于{right}"),
    Op.LT: N_("{left}低于{right}"),
    Op.LE: N_("{left}不超过{right}"),
    Op.GT: N_("{left}超过{right}"),
    Op.GE: N_("{left}不低于{right}"),
}
DATED: Final[Mapping[Op, str]] = {
    Op.EQ: N_("{left}是{right}"),
    Op.NE: N_("{left}不是{right}"),
    Op.LT: N_("{left}早于{right}"),
    Op.LE: N_("{left}不晚于{right}"),
    Op.GT: N_("{left}晚于{right}"),
    Op.GE: N_("{left}不早于{right}"),
}
TEXTUAL: Final[Mapping[Op, str]] = {Op.EQ: DATED[Op.EQ], Op.NE: DATED[Op.NE]}
AGED: Final[Mapping[Op, str]] = {
    Op.EQ: N_("按{birth}在{day}正好{years}岁"),
    Op.NE: N_("按{birth}在{day}不是{years}岁"),
    Op.LT: N_("按{birth}在{day}不满{years}岁"),
    Op.LE: N_("按{birth}在{day}不超过{years}岁"),
    Op.GT: N_("按{birth}在{day}超过{years}岁"),
    Op.GE: N_("按{birth}在{day}满{years}岁"),
}
LASTED: Final[Mapping[Op, str]] = {
    Op.EQ: N_("从{first}到{last}正好满{months}个月"),
    Op.NE: N_("从{first}到{last}不是{months}个月"),
    Op.LT: N_("从{first}到{last}不满{months}个月"),
    Op.LE: N_("从{first}到{last}不超过{months}个月"),
    Op.GT: N_("从{first}到{last}超过{months}个月"),
    Op.GE: N_("从{first}到{last}满{months}个月"),
}
RANGED = {True: N_("{value}在{low}和{high}之间（含）"), False: N_("{value}不在{low}和{high}之间")}
LISTED = {True: N_("{value}是{options}之一"), False: N_("{value}不是{options}中的任何一个")}
MORE = N_("等{count}项")
HELD = {True: N_("没有登记{value}"), False: N_("登记了{value}")}
BEGUN = {True: N_("{value}以“{prefix}”开头"), False: N_("{value}不以“{prefix}”开头")}
PLACED = {True: N_("{value}在{region}以内"), False: N_("{value}不在{region}以内")}
YES = {True: N_("{value}为“是”"), False: N_("{value}为“否”")}
REGION = N_("区划{code}")
AGE_VALUE, MONTHS_VALUE = N_("按{birth}在{day}的周岁数"), N_("从{first}到{last}的整月数")
DEFAULTED = N_("{field}（没有登记的按{default}算）")
CALCULATED = {"+": N_("{left}加{right}"), "-": N_("{left}减{right}"), "*": N_("{left}乘以{right}")}
NEGATED = N_("负的{value}")
MONEY = N_("{amount}元")
TRUE_WORD, FALSE_WORD = N_("是"), N_("否")
QUOTED = N_("“{text}”")
LIST_COMMA = N_("、")

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Words:
    """How a rule is told: in which language, on which day, and what divisions are called."""

    translate: Translate = str
    on: dt.date | None = None
    region_name: Callable[[str], str] | None = None

    def say(self, sentence: str, **places: str) -> str:
        return self.translate(sentence).format(**places)

    # Conditions ----------------------------------------------------------------------------------

    def condition(self, condition: Condition, *, truth: bool = True) -> str:
        """The condition, or its contrary; NOT is told by the clauses themselves wherever it can be."""
        match condition:
            case Not(part=part):
                return self.condition(part, truth=not truth)
            case And(parts=parts):
                return self._joined(parts, AND_WORD if truth else OR_WORD, truth=truth)
            case Or(parts=parts):
                return self._joined(parts, OR_WORD if truth else AND_WORD, truth=truth)
            case _:
                return self.clause(condition, truth=truth)

    def _joined(self, parts: Sequence[Condition], word: str, *, truth: bool) -> str:
        told = []
        for part in parts:
            said = self.condition(part, truth=truth)
            told.append(self.say(GROUPED, inner=said) if _is_joined(part) else said)
        return self.translate(word).join(told)

    def clause(self, clause: Clause, *, truth: bool = True) -> str:
        match clause:
            case Compare():
                return self._compare(clause, truth=truth)
            case Between(value=value, low=low, high=high):
                return self.say(
                    RANGED[truth],
                    value=self.value(value),
                    low=self._beside(low, value),
                    high=self._beside(high, value),
                )
            case OneOf():
                return self._one_of(clause, truth=truth)
        return self._simple(clause, truth=truth)

    def _simple(self, clause: IsNull | StartsWith | Within | Holds, *, truth: bool) -> str:
        """Of the clauses about one value."""
        value = self.value(clause.value)
        match clause:
            case IsNull():
                return self.say(HELD[truth], value=value)
            case StartsWith(prefix=prefix):
                return self.say(BEGUN[truth], value=value, prefix=prefix)
            case Within(prefix=prefix):
                return self.say(PLACED[truth], value=value, region=self.region(prefix))
        return self.say(YES[truth], value=value)

    def _compare(self, clause: Compare, *, truth: bool) -> str:
        op = clause.op if truth else OPPOSITE[clause.op]
        left, right = clause.left, clause.right
        number = self._beside(right, left)
        if isinstance(left, Age) and isinstance(right, Literal):
            places = {"birth": self.value(left.birth), "day": self.value(left.on)}
            return self.say(AGED[op], **places, years=number)
        if isinstance(left, Months) and isinstance(right, Literal):
            places = {"first": self.value(left.first), "last": self.value(left.last)}
            return self.say(LASTED[op], **places, months=number)
        kinds = {Kind.DATE: DATED, Kind.TEXT: TEXTUAL}
        sentences = kinds.get(kind_of(left), COMPARED)
        return self.say(sentences[op], left=self._beside(left, right), right=number)

    def _one_of(self, clause: OneOf, *, truth: bool) -> str:
        shown = [self._beside(each, clause.value) for each in clause.options[:MOST_LISTED]]
        options = self.translate(LIST_COMMA).join(shown)
        if len(clause.options) > MOST_LISTED:
            options += self.say(MORE, count=str(len(clause.options)))
        return self.say(LISTED[truth], value=self.value(clause.value), options=options)

    # Values --------------------------------------------------------------------------------------

    def value(self, value: Value) -> str:
        match value:
            case FieldValue(field=held):
                return held.words
            case Literal():
                return self._literal(value)
            case Today():
                return self.on.isoformat() if self.on else self.translate(THAT_DAY)
            case Coalesced(field=held, default=default):
                told = self._beside(default, FieldValue(held))
                return self.say(DEFAULTED, field=held.words, default=told)
        return self._calculation(value)

    def _calculation(self, value: Age | Months | Negative | Arithmetic) -> str:
        match value:
            case Age(birth=birth, on=on):
                return self.say(AGE_VALUE, birth=self.value(birth), day=self.value(on))
            case Months(first=first, last=last):
                return self.say(MONTHS_VALUE, first=self.value(first), last=self.value(last))
            case Negative(value=inner):
                return self.say(NEGATED, value=self._part(inner, inner))
        is_product = value.op == "*"
        return self.say(
            CALCULATED[value.op],
            left=self._part(value.left, value.left if is_product else value),
            right=self._part(value.right, value.right if is_product else value),
        )

    def _part(self, value: Value, beside: Value) -> str:
        told = self._beside(value, beside)
        return self.say(GROUPED, inner=told) if isinstance(value, Arithmetic) else told

    def _beside(self, value: Value, other: Value) -> str:
        """A written number beside money is money: 300000 is told as 3000元."""
        if isinstance(value, Literal) and is_number(other) and size_of(other).money:
            return self.money(int(str(value.value)), value.scale)
        return self.value(value)

    def _literal(self, value: Literal) -> str:
        match value.value:
            case bool():
                return self.translate(TRUE_WORD if value.value else FALSE_WORD)
            case int():
                return plain(value.value, value.scale)
            case str():
                if value.kind is Kind.REGION:
                    return self.region(value.value)
                return self.say(QUOTED, text=value.value)
        return value.value.isoformat()

    def money(self, fen: int, scale: int = 0) -> str:
        """分 told as 元, exactly, without zeros that say nothing."""
        return self.say(MONEY, amount=plain(fen, scale + 2, shortened=True))

    def region(self, code: str) -> str:
        name = self.region_name(code) if self.region_name else ""
        return name or self.say(REGION, code=code)

    def held(self, field: Field, value: RowValue) -> str:
        """What a row holds, told as the rule tells its own values."""
        if value is None:
            return ""
        if field.kind is Kind.BOOLEAN:
            return self.translate(TRUE_WORD if value else FALSE_WORD)
        if field.kind is Kind.MONEY and isinstance(value, int):
            return self.money(value)
        if field.kind is Kind.REGION and isinstance(value, str) and self.region_name:
            name = self.region_name(value)
            return name + self.say(GROUPED, inner=value) if name else value
        return format(value, "f") if isinstance(value, Decimal) else str(value)


def plain(number: int, scale: int, *, shortened: bool = False) -> str:
    """A number without its point, written with it."""
    sign, digits = ("-" if number < 0 else ""), str(abs(number)).rjust(scale + 1, "0")
    if not scale:
        return sign + digits
    behind = digits[-scale:].rstrip("0") if shortened else digits[-scale:]
    return f"{sign}{digits[:-scale]}" + (f".{behind}" if behind else "")


def _is_joined(condition: Condition) -> bool:
    return isinstance(condition, And | Or) or (
        isinstance(condition, Not) and _is_joined(condition.part)
    )

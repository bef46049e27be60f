"""What may be compared with what, and that no number can outgrow an engine."""

from typing import Any, Final

from yitong.kernel.codes import InvalidRegionCode, parse_region_code
from yitong.kernel.predicates import faults
from yitong.kernel.predicates.faults import PredicateMistyped, PredicateOverflow
from yitong.kernel.predicates.nodes import (
    Clause,
    Literal,
    Size,
    Value,
    fields_in,
    is_number,
    kind_of,
    size_of,
    values_of,
)
from yitong.kernel.predicates.schema import KIND_WORDS, MOST_DIGITS, Kind

_LIMIT: Final = 10**MOST_DIGITS

Place = dict[str, Any]


def check_comparable(left: Value, right: Value, here: Place) -> None:
    kinds = {kind_of(left), kind_of(right)}
    if Kind.REGION in kinds:
        raise PredicateMistyped(faults.REGION_ONLY_WITHIN, **here)
    if Kind.BOOLEAN in kinds:
        raise PredicateMistyped(faults.BOOLEAN_ORDER, **here)
    if is_number(left) and is_number(right):
        check_money_literal(left, right, here)
        aligned(size_of(left), size_of(right), here)
    elif len(kinds) > 1:
        raise _mismatch(faults.NOT_COMPARABLE, left, right, here)


def check_order(value: Value, here: Place) -> None:
    if kind_of(value) is Kind.TEXT:
        raise PredicateMistyped(faults.TEXT_ORDER, **here)


def check_fields(clause: Clause, here: Place) -> None:
    """A clause without a field says the same of everybody."""
    if not any(True for value in values_of(clause) for _ in fields_in(value)):
        raise PredicateMistyped(faults.NO_FIELD, **here)


def aligned(left: Size, right: Size, here: Place) -> Size:
    """Both at one scale and in one unit, the greater of their bounds."""
    if left.money is not None and right.money is not None and left.money is not right.money:
        raise PredicateMistyped(faults.MIXED_UNITS, **here)
    scale = max(left.scale, right.scale)
    bound = max(size.bound * 10 ** (scale - size.scale) for size in (left, right))
    money = right.money if left.money is None else left.money
    return bounded(Size(bound, scale, money), here)


def summed(left: Size, right: Size, here: Place) -> Size:
    both = aligned(left, right, here)
    bound = sum(size.bound * 10 ** (both.scale - size.scale) for size in (left, right))
    return bounded(Size(bound, both.scale, both.money), here)


def multiplied(left: Size, right: Size, here: Place) -> Size:
    if left.money and right.money:
        raise PredicateMistyped(faults.TWO_MONEYS, **here)
    money = None if left.money is right.money is None else bool(left.money or right.money)
    return bounded(Size(left.bound * right.bound, left.scale + right.scale, money), here)


def bounded(size: Size, here: Place) -> Size:
    if size.bound >= _LIMIT or size.scale > MOST_DIGITS:
        raise PredicateOverflow(faults.TOO_LARGE_NUMBER, **here)
    return size


def check_money_literal(left: Value, right: Value, here: Place) -> None:
    """3000.50 beside money is 元 in somebody's mind: money is written in 分."""
    for value, other in ((left, right), (right, left)):
        if isinstance(value, Literal) and value.scale and size_of(other).money:
            raise PredicateMistyped(faults.MONEY_POINT, **here)


def check_numbers(left: Value, right: Value, here: Place) -> None:
    if not (is_number(left) and is_number(right)):
        raise _mismatch(faults.NOT_NUMBERS, left, right, here)


def region_prefix(text: str, here: Place) -> str:
    """The code without padding; written exactly, since a rule is read by people."""
    try:
        if not (text.isascii() and text.isdecimal()):
            raise PredicateMistyped(faults.NOT_A_REGION, **here, text=text[:20])
        return parse_region_code(text).prefix
    except InvalidRegionCode:
        raise PredicateMistyped(faults.NOT_A_REGION, **here, text=text[:20]) from None


def _mismatch(reason: str, left: Value, right: Value, here: Place) -> PredicateMistyped:
    kinds = (KIND_WORDS[kind_of(each)] for each in (left, right))
    return PredicateMistyped(reason, **here, left=next(kinds), right=next(kinds))

"""What a column is, judged from how many of its values are of which kind; and which of them are then at fault.

Pure: counts in, decisions out. Type letters are those of the national catalogue (政务信息资源目录编制指南):
C 字符型, N 数值型, D 日期型, T 日期时间型, L 逻辑型, I 整型, M 备注型.
"""

from collections.abc import Mapping
from typing import Final, Literal

from yitong.data.sources.shapes import DATES, NUMBERS, Kind

TypeLetter = Literal["C", "N", "D", "T", "L", "I", "M"]
Uniqueness = Literal["yes", "likely", "no"]

# A column is of a type when so many of a hundred values are; the others are its faults.
ENOUGH: Final = 90
HALF: Final = 50
# Estimated distinct values so near the number of rows that each may well be its own.
NEARLY_ALL: Final = 97
REMARK_LENGTH: Final = 500
SHORTEST_CODE: Final = 10

Counts = Mapping[Kind, int]
_NOT_COUNTED: Final = frozenset({Kind.EMPTY, Kind.NULL_WORD, Kind.ERROR})
_PERSONS: Final = frozenset({Kind.PERSON, Kind.PERSON_15})


def known_count(counts: Counts) -> int:
    """Values that say something: neither empty nor a word for nothing."""
    return sum(count for kind, count in counts.items() if kind not in _NOT_COUNTED)


def share(counts: Counts, *kinds: Kind) -> int:
    """How many of a hundred known values are of these kinds, rounded down."""
    known = known_count(counts)
    return sum(counts.get(kind, 0) for kind in kinds) * 100 // known if known else 0


def type_letter(counts: Counts, *, longest: int, one_length: bool, distinct: int) -> TypeLetter:
    """`one_length`: all values are equally long; ten digits and more of one length are a code, not an amount."""
    if not known_count(counts):
        return "C"
    if share(counts, *DATES, Kind.DATE_BAD) >= ENOUGH and share(counts, *DATES) >= HALF:
        return "D"
    if share(counts, Kind.DATETIME, *DATES) >= ENOUGH:
        return "T"
    if share(counts, Kind.BOOL) == 100 and distinct <= 2:
        return "L"
    if share(counts, *NUMBERS) >= ENOUGH:
        return _number_letter(counts, longest=longest, one_length=one_length)
    return "M" if longest > REMARK_LENGTH else "C"


def _number_letter(counts: Counts, *, longest: int, one_length: bool) -> TypeLetter:
    if counts.get(Kind.DECIMAL) or counts.get(Kind.NUMBER_TEXT):
        return "N"
    return "C" if one_length and longest >= SHORTEST_CODE else "I"


def main_date_kind(counts: Counts) -> Kind | None:
    dated = {kind: count for kind, count in counts.items() if kind in DATES}
    return max(dated, key=lambda kind: dated[kind]) if dated else None


def fault_codes(counts: Counts, letter: TypeLetter) -> dict[Kind, str]:
    """For every kind that is at fault in this column, the code of its fault."""
    faults: dict[Kind, str] = {
        Kind.FORMULA: "formula",
        Kind.ERROR: "error_value",
        Kind.DAMAGED: "damaged",
        Kind.DATE_REPUBLIC: "republic_date",
        Kind.DATE_BAD: "date_bad",
    }
    faults |= _identifier_faults(counts)
    faults |= _type_faults(counts, letter)
    return {kind: code for kind, code in faults.items() if counts.get(kind)}


def _identifier_faults(counts: Counts) -> dict[Kind, str]:
    """In a column of identifiers, whatever is not one is at fault."""
    usable = {kind for kind in counts if kind not in _NOT_COUNTED | {Kind.FORMULA, Kind.DAMAGED}}
    if share(counts, *_PERSONS) >= HALF:
        return dict.fromkeys(usable - _PERSONS, "person_check") | {Kind.PERSON_15: "person_15"}
    if share(counts, Kind.CREDIT) >= HALF:
        return dict.fromkeys(usable - {Kind.CREDIT}, "credit_check")
    return {}


def _type_faults(counts: Counts, letter: TypeLetter) -> dict[Kind, str]:
    usable = {kind for kind in counts if kind not in _NOT_COUNTED}
    special = {Kind.FORMULA, Kind.DAMAGED, Kind.DATE_REPUBLIC, Kind.DATE_BAD}
    if letter == "D":
        others = dict.fromkeys(usable - DATES - special, "type")
        return others | dict.fromkeys(usable & DATES - {main_date_kind(counts)}, "date_shape")
    if letter == "T":
        return dict.fromkeys(usable - DATES - special - {Kind.DATETIME}, "type")
    if letter in {"N", "I"}:
        others = dict.fromkeys(usable - NUMBERS - special, "type")
        return others | {Kind.NUMBER_TEXT: "number_text"}
    return {}


def uniqueness(*, rows: int, empty: int, distinct: int, exact: bool) -> Uniqueness:
    """Whether a column may be the key: every row has a value, and each its own."""
    if not rows or empty:
        return "no"
    if exact:
        return "yes" if distinct == rows else "no"
    return "likely" if distinct * 100 >= rows * NEARLY_ALL else "no"


def is_about_persons(counts: Counts) -> bool:
    """Whether a column holds people's numbers, as the column's content or inside sentences."""
    return share(counts, *_PERSONS, Kind.PERSON_INSIDE) >= 1

"""公民身份号码 (GB 11643-1999): region, birth date, sequence, and a check character by ISO 7064 MOD 11-2."""

import datetime as dt
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from operator import mul
from typing import Final

from yitong.kernel.codes.faults import Fault, InvalidCode, first_outside, tidy
from yitong.kernel.errors import N_

_DIGITS: Final = "0123456789"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
# The sum runs over ASCII bytes, so that a million numbers take a second; this takes their offset away.
_OFFSET: Final = ord("0") * sum(_WEIGHTS)
_NUMBER: Final = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
# GB/T 2260 provinces; 81-83 also stand in the residence permits of residents of 港澳台.
_PROVINCES: Final = frozenset(
    f"{code}"
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for code in codes
)
_FIRST_YEAR: Final = 1800
# ISO 7064: the weighted sum with the check character is 1 modulo 11; three parts, each below 11, are added.
_RIGHT: Final = frozenset({1, 12, 23})
_NEVER: Final = 99
_REMEMBERED: Final = 1 << 16

OLD_NUMBER: Final = N_("15 位旧号已换算成 18 位；旧号没有校验码，请核对。")
CENTENARIAN: Final = N_("旧号的顺序码 996 至 999 曾留给百岁以上老人，请核对出生年份。")
UNKNOWN_REGION: Final = N_("前六位不在区划代码表中，可能是已撤并的旧代码，不影响使用。")


class Sex(StrEnum):
    """As the sequence says it: odd male, even female."""

    MALE = "male"
    FEMALE = "female"


class InvalidPersonNumber(InvalidCode):
    """Not a 公民身份号码."""

    code = "invalid_person_number"
    sentence = N_("公民身份号码有误。")
    sentences = {
        Fault.LENGTH: N_("公民身份号码应为 18 位（旧号 15 位），现有 {length} 位。"),
        Fault.CHARACTER: N_("公民身份号码第 {position} 位应为数字（只有第 18 位可以是 X）。"),
        Fault.DATE: N_("公民身份号码第 {first} 至 {last} 位不是有效的出生日期。"),
        Fault.FUTURE: N_("公民身份号码里的出生日期晚于今天。"),
        Fault.CHECK: N_("公民身份号码第 18 位校验码与前 17 位不符，其中至少有一位有误。"),
    }


@dataclass(frozen=True, slots=True)
class PersonNumber:
    """A number that is formed rightly. Its repr shows neither number nor birth date: logs see reprs."""

    number18: str = field(repr=False)
    region: str
    birth_on: dt.date = field(repr=False)
    sex: Sex
    warnings: tuple[str, ...] = ()


def parse_person_number(
    text: str, *, known_regions: Container[str] | None = None, on: dt.date | None = None
) -> PersonNumber:
    """Read a number of 18 or 15 digits; with `on`, a birth after that day is refused.

    `known_regions` holds six-digit codes, past ones too; without it only the province is looked at.
    """
    number = tidy(text)
    if fault := _fault(number):
        raise _refusal(number, fault)
    number18, warnings = (number, []) if len(number) == 18 else _lengthened(number)
    birth_on = _birth(number18[6:14])
    if birth_on is None or (on is not None and birth_on > on):
        raise _refusal(number, Fault.FUTURE)
    region = number18[:6]
    known = region[:2] in _PROVINCES if known_regions is None else region in known_regions
    if not known:
        warnings.append(UNKNOWN_REGION)
    sex = Sex.MALE if int(number18[16]) % 2 else Sex.FEMALE
    return PersonNumber(number18, region, birth_on, sex, tuple(warnings))


def normalise_person_number(text: str) -> str:
    """The 18-digit form with a capital X: one person, one key. Made for columns of millions."""
    number = tidy(text)
    if len(number) == 18 and _fault(number) is None:
        return number
    return parse_person_number(text).number18


def are_person_numbers(numbers: Sequence[bytes]) -> list[bool]:
    """Which of these are in the one form of `normalise_person_number`: for columns of millions, by parts seen before."""
    return [
        _HEADS[number[:6]] + _BIRTHS[number[6:14]] + _TAILS[number[14:]] in _RIGHT
        for number in numbers
    ]


def person_number_fault(text: str) -> Fault | None:
    """What is wrong, or None; made for columns of millions."""
    return _fault(tidy(text))


def person_check_digit(first17: str) -> str:
    """ISO 7064 MOD 11-2 over region, birth date and sequence."""
    if not re.fullmatch(r"[0-9]{17}", first17):
        raise ValueError("a check digit is made from 17 digits")
    return _check_digit(first17)


def person_number(region: str, birth_on: dt.date, sequence: int) -> str:
    """Make a number, for synthetic people only."""
    if not 0 <= sequence <= 999:
        raise ValueError("a sequence has three digits")
    first17 = f"{region}{birth_on:%Y%m%d}{sequence:03d}"
    return first17 + person_check_digit(first17)


def _check_digit(first17: str) -> str:
    return _CHECK[(sum(map(mul, _WEIGHTS, first17.encode())) - _OFFSET) % 11]


@lru_cache(maxsize=1 << 16)
def _birth(digits: str) -> dt.date | None:
    try:
        day = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR else None


def _fault(number: str) -> Fault | None:
    if not _NUMBER.fullmatch(number):
        return Fault.CHARACTER if len(number) in {15, 18} else Fault.LENGTH
    if len(number) == 15:
        return None if _birth(f"19{number[6:12]}") else Fault.DATE
    if not _birth(number[6:14]):
        return Fault.DATE
    return None if _check_digit(number[:17]) == number[17] else Fault.CHECK


def _refusal(number: str, fault: Fault) -> InvalidPersonNumber:
    places: dict[str, object] = {"length": len(number)}
    if fault is Fault.CHARACTER:
        allowed_last = _DIGITS + "X" if len(number) == 18 else _DIGITS
        body = number[:-1] if number[-1] in allowed_last else number
        places["position"] = first_outside(body, _DIGITS)
    if fault is Fault.DATE:
        places |= {"first": 7, "last": 14 if len(number) == 18 else 12}
    return InvalidPersonNumber(fault, **places)


def _lengthened(number15: str) -> tuple[str, list[str]]:
    """GB 11643-1999: the old form left out the century, 19 for everyone it was given to but centenarians."""
    first17 = f"{number15[:6]}19{number15[6:]}"
    warnings = [OLD_NUMBER]
    if number15[12:] >= "996":
        warnings.append(CENTENARIAN)
    return first17 + _check_digit(first17), warnings


class _Part(dict[bytes, int]):
    """What a part of the number adds to the weighted sum modulo 11; beyond every sum where no number has this part."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__()
        self._weights = (*_WEIGHTS, 1)[first:last]
        self._ends = last > len(_WEIGHTS)

    def __missing__(self, part: bytes) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[part] = found = self._sum(part)
        return found

    def _sum(self, part: bytes) -> int:
        digits, ten = part, 0
        if self._ends and part.endswith(b"X"):
            digits, ten = part[:-1] + b"0", 10
        if len(digits) != len(self._weights) or not digits.isdigit():
            return _NEVER
        if len(digits) == 8 and _birth.__wrapped__(digits.decode()) is None:
            return _NEVER
        offset = ord("0") * sum(self._weights)
        total: int = sum(map(mul, self._weights, digits)) - offset + ten
        return total % 11


_HEADS: Final = _Part(0, 6)
_BIRTHS: Final = _Part(6, 14)
_TAILS: Final = _Part(14, 18)

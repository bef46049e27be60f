"""Masks: what another agency may see of a value, and nothing more.

Each mask's docstring is its promise. Text that is not what a mask expects (too short, of another kind) shows
less, never more. How long a hidden part is may show; what it says may not.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from yitong.kernel.codes import InvalidRegionCode, parse_region_code

_STAR: Final = "*"
_HIDDEN: Final = "***"

_HAN: Final = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]"
_HAN_NAME: Final = re.compile(f"{_HAN}+")
_NAME_JOINT: Final = re.compile(r"([·•・‧\s]+)")

# An address is read from its front as divisions, each name ended by its kind. What belongs to a village, road
# or house ends the reading; a division named with such a word is cut too early, which is the safe side.
_HOUSE: Final = (
    "村|社区|小区|园|苑|公寓|大厦|宿舍|大院|路(?![桥南北])|街|巷|弄|号|栋|幢|楼(?!区)|室|组"
    "|[镇乡](?!市(?!场)|[县区])"  # 景德镇市, 金乡县 go on; 城关镇市场路 does not
)
_TOWN_END: Final = "街道|镇|(?<!城)乡|苏木"
_FIRST: Final = f"(?:(?!{_HOUSE}){_HAN}|[镇乡])"  # 镇江市, 乡宁县
_NAME: Final = f"(?:(?!{_HOUSE}){_HAN})"
_TOWN_NAME: Final = f"(?:(?!(?:{_HOUSE})(?!{_TOWN_END})){_HAN})"  # 南京路街道, 新村乡
_DIVISIONS: Final = re.compile(
    f"(?:{_FIRST}{_NAME}{{0,7}}?(?:省|自治区))?"
    f"(?:{_FIRST}{_NAME}{{0,9}}?(?:市|自治州|地区|盟))?"
    f"(?:{_FIRST}{_NAME}{{0,11}}?(?:区|县|市|旗))?"
    f"(?:{_TOWN_NAME}{{1,8}}?(?:{_TOWN_END}))?"
)

_YEAR: Final = re.compile(r"(1[89][0-9]{2}|20[0-9]{2})(?:[-/.年]?[0-9]{1,2}.*)?", re.DOTALL)
_NO: Final = frozenset({"", "0", "否", "无", "没有", "n", "no", "f", "false"})


def _ends(text: str, first: int, last: int) -> str:
    """The first and last characters, the rest as stars."""
    hidden = len(text) - first - last
    return text[:first] + _STAR * hidden + text[len(text) - last :]


def mask_name(value: str) -> str:
    """Two characters show the first (张*), three and more the first and last (林*桐); one shows nothing.

    A name in parts (阿依古丽·买买提) or in other letters shows the first character of each part.
    """
    parts = _NAME_JOINT.split(value.strip())
    if len(parts) == 1 and len(parts[0]) > 2 and _HAN_NAME.fullmatch(parts[0]):
        return _ends(parts[0], 1, 1)
    # Odd places hold the joints; they say nothing.
    return "".join(
        part if place % 2 else _ends(part, min(1, max(0, len(part) - 1)), 0)
        for place, part in enumerate(parts)
    )


def mask_person_number(value: str) -> str:
    """A number of 18 or 15 shows its first and last four (8901**********0020).

    Other documents' numbers show the last two when there are at least eight characters, else nothing.
    """
    text = "".join(value.split())
    if len(text) in {15, 18}:
        return _ends(text, 4, 4)
    return _ends(text, 0, 2 if len(text) >= 8 else 0)


def mask_phone(value: str) -> str:
    """Eleven digits show the first three and last four (100****0001); 86 before them is dropped.

    Other numbers show the last two when there are at least seven digits, else nothing.
    """
    digits = "".join(char for char in value if char.isdecimal())
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11:
        return _ends(digits, 3, 4)
    return _ends(digits or _HIDDEN, 0, 2 if len(digits) >= 7 else 0)


def mask_address(value: str) -> str:
    """Shows the divisions at its front, down to 街道, 镇 or 乡 at most (示例省澜宁市听澜区桐花街道****).

    Village, road, estate and house number never show; text that does not begin with a division shows nothing.
    """
    text = "".join(value.split())
    match = _DIVISIONS.match(text)
    return (match.group() if match else "") + "****"


def mask_account(value: str) -> str:
    """Twelve characters and more show the last four, eight to eleven the last two, fewer nothing."""
    text = "".join(value.split())
    shown = 4 if len(text) >= 12 else 2 if len(text) >= 8 else 0
    return _ends(text, 0, shown)


def mask_year(value: str) -> str:
    """A date shows its year; other text nothing."""
    match = _YEAR.fullmatch(value.strip())
    return match.group(1) if match else "****"


def mask_region(value: str) -> str:
    """A division's code shows its county at most; other text nothing."""
    try:
        return region_level(value, 3)
    except InvalidRegionCode:
        return "******"


def mask_yesno(value: str) -> str:
    """Only whether there is something: 是, or 否 where the text is empty or says no."""
    return "否" if value.strip().lower() in _NO else "是"


def _none(value: str) -> str:
    return value


def _hidden(_value: str) -> str:
    """Nothing, not even a length."""
    return _HIDDEN


MASKS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "none": _none,
        "hidden": _hidden,
        "name": mask_name,
        "id": mask_person_number,
        "phone": mask_phone,
        "address": mask_address,
        "account": mask_account,
        "year": mask_year,
        "region": mask_region,
        "yesno": mask_yesno,
    }
)

# These say the same of an absent value as of a present one that is empty, else absence would show.
_ABSENCE_ANSWERS: Final = frozenset({"hidden", "yesno"})


def mask(kind: str, value: str | None) -> str | None:
    """The value under the named mask; an absent value stays absent. An unknown mask is a KeyError: nothing leaves."""
    masked = MASKS[kind]
    if value is None:
        return masked("") if kind in _ABSENCE_ANSWERS else None
    return masked(value)


def age_band(birth_on: dt.date, on: dt.date) -> str:
    """The ten years of age someone stands in on a day (30-39), the last band open (90+): few are that old."""
    if on < birth_on:
        raise ValueError("born after the day asked about")
    age = on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))
    low = min(age // 10 * 10, 90)
    return f"{low}+" if low == 90 else f"{low}-{low + 9}"


def region_level(code: str, level: int) -> str:
    """The division of `level` (1 省 to 5 村) that a code lies in, as a prefix; a coarser code stays as it is."""
    if not 1 <= level <= 5:
        raise ValueError("a level is 1 to 5")
    region = parse_region_code(code)
    return region.prefix[: (2, 4, 6, 9, 12)[level - 1]]

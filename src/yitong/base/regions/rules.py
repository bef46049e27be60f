"""Codes of divisions and what follows from them alone: level, parent, containment, kind.

A code is kept in prefix form, without padding: 2 digits for a province, 4 for a city, 6 for a county,
9 for a town and 12 for a village (GB/T 2260 and the statistical codes built on it), so that containment is
a prefix. "" is the nation. Pure: no database, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from operator import add
from typing import NamedTuple

from yitong.base.regions.errors import (
    CodeTaken,
    DivisionMalformed,
    InvalidRegionCode,
    OrphanDivision,
)

NATION = ""
LENGTHS = (2, 4, 6, 9, 12)

# Rows that a statistical table needs to keep its tree even, and no address names.
PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

# Kinds that people leave out when they name a place; the longest that fits is left out.
KINDS = (
    "特别行政区", "社区居委会", "村民委员会", "自治区", "自治州", "自治县", "自治旗", "居委会", "村委会",
    "街道", "社区", "地区", "省", "市", "盟", "州", "区", "县", "旗", "镇", "乡", "村",
)  # fmt: skip
LATIN_KINDS = (
    "sheng", "shi", "qu", "xian", "zhen", "xiang", "jiedao", "cun", "shequ", "diqu", "meng", "qi",
    "zizhiqu", "zizhizhou", "zizhixian", "tebiexingzhengqu",
)  # fmt: skip


class Level(IntEnum):
    """How deep a division stands."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWN = 4
    VILLAGE = 5


class Division(NamedTuple):
    """A row to be loaded: code in prefix form and name; a closed one says when it was in force and what took over.

    A tuple, since the nation has 665,000 of them.
    """

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A division as it is read. In force from `valid_from` (None: before our first edition) until before `valid_to`."""

    code: str
    level: int
    name: str
    pinyin: str
    path: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str = ""
    overlay: str = ""

    @property
    def full_name(self) -> str:
        return full_name(self.path)

    @property
    def padded(self) -> str:
        """Twelve digits, as statistical tables write it."""
        return self.code.ljust(12, "0")

    @property
    def is_in_force(self) -> bool:
        return self.valid_to is None


def level_of(code: str) -> int:
    """0 for the nation, else 1 to 5."""
    if code == NATION:
        return 0
    if len(code) not in LENGTHS or not is_digits(code):
        raise InvalidRegionCode(code=code)
    return LENGTHS.index(len(code)) + 1


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def parent_of(code: str) -> str:
    """The code of the division right above; the nation's for a province."""
    level = level_of(code)
    return code[: LENGTHS[level - 2]] if level > 1 else NATION


def lineage(code: str) -> tuple[str, ...]:
    """The codes from the province down to the division itself."""
    return tuple(code[:length] for length in LENGTHS[: level_of(code)])


def within(code: str, ancestor: str) -> bool:
    """Whether a division stands in another or is it; everything stands in the nation."""
    return code.startswith(ancestor)


def prefix_forms(code: str) -> tuple[str, ...]:
    """What a code in any padding may mean, the likeliest first.

    A code that stands as it is comes first, so that a stored code always means itself; then, since a padded code can
    mean several levels (441900 is 东莞市 and the one row below it), the highest level.
    """
    if not is_digits(code) or not 2 <= len(code) <= LENGTHS[-1]:
        raise InvalidRegionCode(code=code)
    shorter = [
        code[:length] for length in LENGTHS if length < len(code) and not code[length:].strip("0")
    ]
    as_it_is = [code] if len(code) in LENGTHS else []
    return (*as_it_is, *shorter)


def full_name(path: Sequence[str]) -> str:
    """An address: without the table's placeholders and without a name said twice (东莞市, 嘉峪关市)."""
    said: list[str] = []
    for name in path:
        if name not in PLACEHOLDERS and (not said or said[-1] != name):
            said.append(name)
    return "".join(said) or "".join(path[-1:])


def kind(code: str) -> str:
    """What a division is by the ranges of its code (统计用区划代码编制规则); "" where the code does not say."""
    level = level_of(code)
    if level == Level.COUNTY:
        return "统计区域" if code[4:] >= "71" and code[4:] < "80" else ""
    tail = (
        int(code[-3:]) // 100 if level in {Level.TOWN, Level.VILLAGE} and code[-3:] != "000" else -1
    )
    if level == Level.TOWN:
        return {0: "街道", 1: "镇", 2: "乡", 3: "乡", 4: "政企合一单位", 5: "政企合一单位"}.get(
            tail, ""
        )
    return {
        0: "居民委员会", 1: "居民委员会", 2: "村民委员会", 3: "村民委员会", 4: "类似居民委员会", 5: "类似村民委员会",
    }.get(tail, "")  # fmt: skip


def spoken_forms(name: str, kinds: Sequence[str] = KINDS) -> tuple[str, ...]:
    """A name as typed and with each kind after it: who types 广州 means 广州市 before 广州街道.

    One character is a beginning, not a name: who types 石 does not mean 石村.
    """
    return (name, *(name + suffix for suffix in kinds)) if len(name) > 1 else (name,)


def bigrams(text: str) -> list[str]:
    """Every pair of neighbours; a search for two characters or more needs all of its pairs."""
    return list(map(add, text, text[1:]))


def check_overlay(divisions: Iterable[Division], taken: frozenset[str]) -> None:
    """An overlay brings whole provinces of its own, on codes that the national table does not use.

    A made-up city must never be mistaken for a real one nor be counted with the nation.
    """
    codes = {division.code for division in divisions}
    for division in divisions:
        level_of(division.code)
        if not division.name.strip() or division.code == NATION:
            raise DivisionMalformed(code=division.code)
        if division.code[:2] in taken:
            raise CodeTaken(code=division.code[:2])
        if parent_of(division.code) not in codes | {NATION}:
            raise OrphanDivision(code=division.code, parent=parent_of(division.code))

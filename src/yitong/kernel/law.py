"""Citations and time limits as values. No number of any law stands in code: limits come from data."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Units in which the law counts."""

    WORKDAY = "WD"  # 工作日
    DAY = "D"  # 自然日
    WORKHOUR = "WH"  # 工作时
    HOUR = "H"  # 小时
    MONTH = "M"  # 月
    YEAR = "Y"  # 年


class LimitKind(StrEnum):
    """What a time limit demands of its date."""

    WITHIN = "within"
    AT_LEAST = "at_least"
    BEFORE = "before"
    KEEP = "keep"
    EACH_YEAR_ON = "each_year_on"


class Confidence(StrEnum):
    """How sure we are of a fact: H read in the text, M second-hand, L unverified (待核实)."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


@dataclass(frozen=True, slots=True)
class Basis:
    """An article of an act, for example `Basis("政务数据共享条例", "13")`."""

    act: str
    article: str

    def __str__(self) -> str:
        return f"《{self.act}》第{chinese_numeral(self.article)}条"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One row of the deadline register: amount in `unit`, at most one extension, effect at expiry.

    `on_expiry` is "missed" or "deemed:<outcome>" where silence has a legal effect.
    """

    key: str
    kind: LimitKind
    amount: int
    unit: Unit
    basis: Basis
    extension: int = 0
    on_expiry: str = "missed"
    confidence: Confidence = Confidence.HIGH


_DIGITS = "零一二三四五六七八九"


def chinese_numeral(article: str) -> str:
    """Write an article's number as statutes do: "13" -> 十三, "105" -> 一百零五; other text is kept."""
    if not article.isdecimal() or not 0 < int(article) < 1000:
        return article
    hundreds, rest = divmod(int(article), 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")

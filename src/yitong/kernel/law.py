"""Citations and time limits as values. No number of any law stands in code: limits come from data."""

import datetime as dt
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


# As names of their own: looking a member up in its class is slow, and clocks are asked by the hundred thousand.
_WITHIN, _AT_LEAST = LimitKind.WITHIN, LimitKind.AT_LEAST


class Confidence(StrEnum):
    """How sure we are of a fact: H read in the text, M second-hand, L unverified (待核实)."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


@dataclass(frozen=True, slots=True)
class Basis:
    """An article of an act, for example `Basis("政务数据共享条例", "13")`; no article where the text was not at hand."""

    act: str
    article: str

    def __str__(self) -> str:
        number, _, item = self.article.rstrip(")").partition("(")  # "39(四)" is 第三十九条第四项
        article = f"第{chinese_numeral(number)}条" if number else ""
        return f"《{self.act}》{article}" + (f"第{item}项" if item else "")


class Expiry(StrEnum):
    """What follows when a limit is over and nothing was done."""

    MISSED = "missed"
    DEEMED = "deemed"  # silence has a legal effect: `outcome` says which


@dataclass(frozen=True, slots=True)
class Extension:
    """How a limit may be extended: by how much at most, whose consent it takes, who is told."""

    amount: int
    unit: Unit
    approver: str = ""
    notify: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One row of the register of time limits, as it stood in force.

    `amount` counts `unit`; a limit of the kind each_year_on has `month_day` instead. Where silence has a legal effect,
    `outcome` names it (accepted, renewed, agreed …) and `outcome_from_start` says that it holds from the first day on.
    `region` is the prefix code of the division whose limit it is, "" for the nation's; `id` is the register's row.
    """

    key: str
    kind: LimitKind
    amount: int
    unit: Unit
    basis: Basis
    extension: Extension | None = None
    on_expiry: Expiry = Expiry.MISSED
    outcome: str = ""
    outcome_from_start: bool = False
    confidence: Confidence = Confidence.HIGH
    source: str = ""
    region: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    month_day: tuple[int, int] | None = None
    title: str = ""
    id: int | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a period is not negative")
        if (self.month_day is not None) is not (self.kind is LimitKind.EACH_YEAR_ON):
            raise ValueError("a day of the year and each_year_on belong together")
        if bool(self.outcome) is not (self.on_expiry is Expiry.DEEMED):
            raise ValueError("what is deemed has an outcome, and nothing else has one")
        if self.extension is not None and self.extension.unit is not self.unit:
            raise ValueError("an extension counts in the unit of its limit")

    @property
    def is_stoppable(self) -> bool:
        """Whether its clock can stop: a day of the year, a day before an event and a retention cannot."""
        return self.kind is _WITHIN or self.kind is _AT_LEAST


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

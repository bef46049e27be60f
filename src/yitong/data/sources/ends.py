"""The least and the greatest value of a column, whichever order its rows have."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from yitong.data.sources.rules import share
from yitong.data.sources.shapes import DATES, NUMBERS, Kind, to_date, to_number

RANGED: Final = DATES | NUMBERS


class Ends:
    """Ends of the numbers and of the days that a column has; which of them it shows, its kinds say."""

    def __init__(self) -> None:
        self._numbers: tuple[Decimal, Decimal] | None = None
        self._days: tuple[dt.date, dt.date] | None = None

    def see(self, kind: Kind, value: str) -> None:
        if kind in NUMBERS and (number := to_number(value)) is not None:
            low, high = self._numbers or (number, number)
            self._numbers = min(low, number), max(high, number)
        if kind in DATES and (day := to_date(value)) is not None:
            first, last = self._days or (day, day)
            self._days = min(first, day), max(last, day)

    def shown(self, counts: Mapping[Kind, int]) -> tuple[str | None, str | None]:
        days, numbers = share(counts, *DATES), share(counts, Kind.INTEGER, Kind.DECIMAL)
        if days > numbers and self._days:
            return str(self._days[0]), str(self._days[1])
        if self._numbers and (counts.get(Kind.INTEGER) or counts.get(Kind.DECIMAL)):
            return _plain(self._numbers[0]), _plain(self._numbers[1])
        return None, None


def _plain(number: Decimal) -> str:
    """One way to write it, whichever of its equals was seen first."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if number else "0"

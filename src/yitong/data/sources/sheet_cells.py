"""From what a cell of a workbook stores to the text its reader sees: numbers, dates of both calendars, errors.

A spreadsheet keeps fifteen digits. A longer number was damaged before we saw it and is shown as the spreadsheet
shows it, so that nobody takes it for an identifier.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

FormatKind = Literal["", "date", "time", "datetime", "elapsed", "zeros"]

_EXACT: Final = Decimal(10) ** 15
_DIGITS: Final = 15
_DAY: Final = 86_400
_LAST_SERIAL: Final = 2_958_466  # 10000-01-01
_DAYS_TO_1904: Final = 1_462
_FALSE_LEAP_DAY: Final = 60  # 1900-02-29, which the calendar of 1900 has by mistake
_UNSHOWN: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_DATE_SIGN: Final = re.compile(r"[dy年]", re.IGNORECASE)
_TIME_SIGN: Final = re.compile(r"[hs时]", re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_KNOWN_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
)


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What of a number format matters; `width` is that of leading zeros."""

    kind: FormatKind = ""
    width: int = 0


def format_of(code: str) -> CellFormat:
    """A number format by its code, such as `yyyy"年"m"月"`."""
    positive = code.split(";", 1)[0]
    if positive.strip() and not positive.strip("0"):
        return CellFormat("zeros", len(positive)) if len(positive) > 1 else CellFormat()
    if _ELAPSED.search(positive):
        return CellFormat("elapsed")
    shown = _UNSHOWN.sub("", positive)
    has_date, has_time = bool(_DATE_SIGN.search(shown)), bool(_TIME_SIGN.search(shown))
    # m is a month only where no hour or second stands beside it.
    if has_date or ("m" in shown.lower() and not has_time):
        return CellFormat("datetime" if has_time else "date")
    return CellFormat("time") if has_time else CellFormat()


def _built_in() -> dict[str, CellFormat]:
    """Formats that have numbers only (ECMA-376 18.8.30, with those of Chinese spreadsheets)."""
    dates = [*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58]
    times = [*range(18, 22), *range(32, 36), 45, 47, 55, 56]
    kinds: list[tuple[list[int], FormatKind]] = [
        (dates, "date"), (times, "time"), ([22], "datetime"), ([46], "elapsed"),
    ]  # fmt: skip
    return {str(number): CellFormat(kind) for numbers, kind in kinds for number in numbers}


FORMATS: Final = _built_in()
_MOMENTS: Final = frozenset({"date", "time", "datetime", "elapsed"})
_PLAIN: Final = CellFormat()


def shown_number(stored: str, shape: CellFormat = _PLAIN, *, from_1904: bool = False) -> str:
    """A stored number as text."""
    if shape.kind in _MOMENTS:
        return _shown_date(stored, shape, from_1904=from_1904)
    if stored.isascii() and stored.isdigit() and len(stored) <= _DIGITS:
        return stored.zfill(shape.width) if shape.width else stored
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    if not number.is_finite():
        return "#NUM!"
    if abs(number) >= _EXACT:
        return f"{number:.14E}"
    return plain_number(number).zfill(shape.width)


def plain_number(number: Decimal) -> str:
    """Fifteen digits, no exponent, no trailing zeros: 0.30000000000000004 is 0.3."""
    if abs(number.adjusted()) > 30:
        return f"{number:.14E}" if number else "0"
    rounded = f"{Decimal(f'{number:.{_DIGITS - 1}E}'):f}"
    return (rounded.rstrip("0").rstrip(".") if "." in rounded else rounded) or "0"


def shown_error(stored: str) -> str:
    """An error value by a name that every release knows."""
    return stored if stored in _KNOWN_ERRORS else "#VALUE!"


def _shown_date(stored: str, shape: CellFormat, *, from_1904: bool) -> str:
    try:
        serial = float(stored)
    except ValueError:
        return stored
    if not 0 <= serial < _LAST_SERIAL - _DAYS_TO_1904 * from_1904:
        return "#NUM!"
    days, seconds = divmod(round(serial * _DAY), _DAY)
    if shape.kind == "elapsed":
        return f"{days * 24 + seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    day = _day(days, from_1904=from_1904)
    if not day or (shape.kind == "time" and days < 1):
        return str(_clock(seconds))
    return f"{day} {_clock(seconds)}" if seconds or shape.kind == "time" else day


def _day(days: int, *, from_1904: bool) -> str:
    """Day 0 of the calendar of 1900 is no day, and its day 60 never was."""
    if from_1904:
        return str(dt.date(1904, 1, 1) + dt.timedelta(days=days))
    if days == _FALSE_LEAP_DAY:
        return "1900-02-29"
    return (
        str(dt.date(1899, 12, 31) + dt.timedelta(days=days - (days > _FALSE_LEAP_DAY)))
        if days
        else ""
    )


def _clock(seconds: int) -> dt.time:
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)

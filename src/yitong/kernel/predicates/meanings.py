"""What the functions of the language mean, in Python. `sql` says the same for each engine; tests hold them together.

All are total: they answer for any two days and any text.
"""

import calendar
import datetime as dt
import re
from functools import lru_cache
from typing import Final

_LENGTHS: Final = (2, 4, 6, 9, 12)
# The same expression for Python, PostgreSQL and DuckDB (RE2).
REGION_FORM: Final = "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"
_REGION: Final = re.compile(REGION_FORM.strip("^$"))
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AFTER_DIGITS: Final = ":"  # the character behind 9: every code within 8901 stands before "8901:"


def whole_months(first: dt.date, last: dt.date) -> int:
    """Whole months from one day to another; below zero where the second is the earlier."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def whole_years(birth: dt.date, on: dt.date) -> int:
    """周岁 on a day: a year more on each birthday, for those born on 29 February on 1 March of other years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def latest_start(on: dt.date, months: int) -> dt.date | None:
    """The last day from which at least so many whole months lead to `on`; None outside the calendar."""
    years, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    if not dt.MINYEAR <= years <= dt.MAXYEAR:
        return None
    last = calendar.monthrange(years, month + 1)[1]
    return dt.date(years, month + 1, min(on.day, last))


@lru_cache(maxsize=4096)
def wider_codes(prefix: str) -> frozenset[str]:
    """Every way to write a division in which `prefix` lies: who is only known to be there may be inside or not."""
    wider = [prefix[:length] for length in _LENGTHS if length < len(prefix)]
    return frozenset(
        code.ljust(length, "0") for code in wider for length in _LENGTHS if length >= len(code)
    )


def written_day(text: str) -> dt.date | None:
    """A day as 2026-11-22 and in no other way; None for anything else."""
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def is_region(text: str) -> bool:
    return _REGION.fullmatch(text) is not None


# A table has few codes and many rows.
@lru_cache(maxsize=1 << 16)
def lies_within(code: str, prefix: str) -> bool | None:
    """Whether a division's code, padded or not, lies in another's; None where it is too coarse to say, or no code."""
    if not is_region(code):
        return None
    if code.startswith(prefix):
        return True
    return None if code in wider_codes(prefix) else False

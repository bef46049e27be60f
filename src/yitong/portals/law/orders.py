"""By what the register can be ordered: each column by what it means, not by its letters."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext, pgettext

from yitong.base.statutes.api import RegisterRow
from yitong.kernel.errors import N_
from yitong.kernel.law import Confidence, TimeLimit, Unit
from yitong.ui.ordering import Heading

_PARTS: Final = re.compile(r"\d+|\D+")
# Only to put periods of different units in a row: nothing is reckoned with these hours.
_HOURS: Final[Mapping[Unit, float]] = {
    Unit.HOUR: 1,
    Unit.WORKHOUR: 4.5,
    Unit.DAY: 24,
    Unit.WORKDAY: 24 * 7 / 5,
    Unit.MONTH: 24 * 30.4,
    Unit.YEAR: 24 * 365,
}


def headings() -> list[Heading]:
    return [
        Heading(gettext("事项"), "key", by=pgettext("limit", "编号")),
        Heading(pgettext("limit", "期限"), "amount", (N_("从短到长"), N_("从长到短"))),
        Heading(gettext("依据"), "basis"),
        Heading(gettext("适用"), "place", (N_("全国在前"), N_("各地在前"))),
        Heading(gettext("有效"), "since", (N_("早的在前"), N_("新的在前"))),
        Heading(gettext("把握"), "confidence", (N_("核对过的在前"), N_("待核实的在前"))),
    ]


def natural(text: str) -> list[tuple[int, str]]:
    """PER-42 before PER-100: numbers in a text count as numbers."""
    parts = _PARTS.findall(text)
    return [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in parts]


def _length(limit: TimeLimit) -> tuple[float, tuple[int, int]]:
    """A day of the year is no period: behind all of them, in the order of the year."""
    if limit.month_day is not None:
        return float("inf"), limit.month_day
    return limit.amount * _HOURS[limit.unit], (0, 0)


KEYS: Final[Mapping[str, Callable[[RegisterRow], Any]]] = {
    "key": lambda row: natural(row.limit.key),
    "amount": lambda row: _length(row.limit),
    "basis": lambda row: (gettext(row.limit.basis.act), natural(row.limit.basis.article)),
    "place": lambda row: row.limit.region,
    "since": lambda row: row.limit.valid_from or dt.date.min,
    "confidence": lambda row: list(Confidence).index(row.limit.confidence),
}

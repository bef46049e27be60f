"""Terms of the register of time limits in the reader's words: amounts, kinds, units, certainty, effects."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, ngettext_lazy

from yitong.kernel.errors import N_
from yitong.kernel.law import Confidence, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import OfficeHours

# Number-aware, since English has a plural; called with `.format(n=…)`.
_COUNTS: Final = {
    Unit.WORKDAY: ngettext_lazy("{n}个工作日", "{n}个工作日", "n"),
    Unit.DAY: ngettext_lazy("{n}日", "{n}日", "n"),
    Unit.WORKHOUR: ngettext_lazy("{n}个工作小时", "{n}个工作小时", "n"),
    Unit.HOUR: ngettext_lazy("{n}小时", "{n}小时", "n"),
    Unit.MONTH: ngettext_lazy("{n}个月", "{n}个月", "n"),
    Unit.YEAR: ngettext_lazy("{n}年", "{n}年", "n"),
}
UNIT_WORDS: Final[Mapping[Unit, str]] = {
    Unit.WORKDAY: N_("工作日"),
    Unit.DAY: N_("日"),
    Unit.WORKHOUR: N_("工作小时"),
    Unit.HOUR: N_("小时"),
    Unit.MONTH: N_("月"),
    Unit.YEAR: N_("年"),
}
KIND_WORDS: Final[Mapping[LimitKind, str]] = {
    LimitKind.WITHIN: N_("在期限内办"),
    LimitKind.AT_LEAST: N_("至少满"),
    LimitKind.BEFORE: N_("在某日之前"),
    LimitKind.KEEP: N_("保存"),
    LimitKind.EACH_YEAR_ON: N_("每年到某日"),
}
CONFIDENCE_WORDS: Final[Mapping[Confidence, str]] = {
    Confidence.HIGH: N_("已核对原文"),
    Confidence.MEDIUM: N_("据转述，待核对原文"),
    Confidence.LOW: N_("待核实"),
}
OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "accepted": N_("视为受理"),
    "agreed": N_("视为同意"),
    "renewed": N_("视为准予延续"),
    "given_up": N_("视为放弃"),
    "no_objection": N_("视为没有异议"),
    "agency_decides": N_("由机关自行决定"),
}
NATURE_WORDS: Final[Mapping[str, str]] = {"statutory": N_("法定"), "promise": N_("承诺")}


def count_words(unit: Unit, amount: int) -> str:
    """20个工作日, 6个月."""
    return str(_COUNTS[unit].format(n=amount))


def hours_words(hours: OfficeHours) -> str:
    """9:00–12:00、13:30–17:30."""
    spans = (f"{begin.hour}:{begin:%M}–{end.hour}:{end:%M}" for begin, end in hours.spans)
    return gettext("、").join(spans)


def amount_words(limit: TimeLimit) -> str:
    """20个工作日; 每年1月31日; 当场."""
    if limit.month_day is not None:
        month, day = limit.month_day
        return gettext("每年{month}月{day}日").format(month=month, day=day)
    return count_words(limit.unit, limit.amount) if limit.amount else gettext("当场")

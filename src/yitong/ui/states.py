"""States and standings as they are shown: a shape and a word, then a colour."""

from enum import StrEnum

from django.utils.translation import ngettext_lazy

from yitong.kernel.errors import N_
from yitong.kernel.law import Unit


class State(StrEnum):
    """What a clock or a case is doing."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    MISSED = "missed"
    DEEMED = "deemed"
    PAUSED = "paused"
    DONE = "done"
    REFUSED = "refused"


STATE_WORDS: dict[State, str] = {
    State.RUNNING: N_("计时中"),
    State.AT_RISK: N_("将到期"),
    State.MISSED: N_("已逾期"),
    State.DEEMED: N_("视为同意"),
    State.PAUSED: N_("暂停"),
    State.DONE: N_("已办结"),
    State.REFUSED: N_("已拒绝"),
}


class Standing(StrEnum):
    """What a limit or another property rests on."""

    STATUTORY = "statutory"
    PROMISED = "promised"
    UNVERIFIED = "unverified"
    PROPERTY = "property"


STANDING_WORDS: dict[Standing, str] = {
    Standing.STATUTORY: N_("法定"),
    Standing.PROMISED: N_("承诺"),
    Standing.UNVERIFIED: N_("待核实"),
    Standing.PROPERTY: "",
}

# A count in the unit of a limit; the places are filled after translation.
ORDINAL_WORDS: dict[Unit, str] = {
    Unit.WORKDAY: N_("第{n}个工作日，共{total}个"),
    Unit.DAY: N_("第{n}天，共{total}天"),
    Unit.WORKHOUR: N_("第{n}个工作小时，共{total}个"),
    Unit.HOUR: N_("第{n}小时，共{total}小时"),
    Unit.MONTH: N_("第{n}天，共{total}天"),
    Unit.YEAR: N_("第{n}天，共{total}天"),
}

# Number-aware, since English has a plural; called with `.format(n=…)`.
_WORKDAYS = ngettext_lazy("{n}个工作日", "{n}个工作日", "n")
_DAYS = ngettext_lazy("{n}天", "{n}天", "n")
_WORKHOURS = ngettext_lazy("{n}个工作小时", "{n}个工作小时", "n")
_HOURS = ngettext_lazy("{n}小时", "{n}小时", "n")
_COUNTS = {
    Unit.WORKDAY: _WORKDAYS,
    Unit.DAY: _DAYS,
    Unit.WORKHOUR: _WORKHOURS,
    Unit.HOUR: _HOURS,
    Unit.MONTH: _DAYS,
    Unit.YEAR: _DAYS,
}


def counted(unit: Unit, n: int) -> str:
    """A count in the unit of a limit, in the visitor's language: 5个工作日."""
    return str(_COUNTS[unit].format(n=n))

"""One day of the working calendar: what it is, how sure that is, and who says so."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class DayKind(StrEnum):
    """What a day is; offices work on the first and the last."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    STATUTORY = "statutory"  # 法定节日, with the weekend days an announcement counts into it
    ADJUSTED_OFF = "adjusted_off"  # 调休 or 补假: a weekday off
    ADJUSTED_ON = "adjusted_on"  # 调休: a weekend day on which offices work


class DayStatus(StrEnum):
    """Whether a day was announced or follows from the standing rules only."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day, what it is, how sure that is, and who says so; `name` is the festival's."""

    on: dt.date
    kind: DayKind
    status: DayStatus
    source: str
    name: str = ""

    @property
    def is_workday(self) -> bool:
        return self.kind in {DayKind.WORKDAY, DayKind.ADJUSTED_ON}

    @property
    def is_provisional(self) -> bool:
        return self.status is DayStatus.PROVISIONAL

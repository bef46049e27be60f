"""Working days and due dates: which days offices work, and when a period of the law ends."""

from yitong.kernel.workdays.days import (
    CalendarDay,
    DayKind,
    DayStatus,
    WorkCalendar,
    from_chinese_calendar,
)
from yitong.kernel.workdays.hours import DEFAULT_HOURS, OfficeHours
from yitong.kernel.workdays.periods import Due, Excluded, Period, due_after, last_day_before
from yitong.kernel.workdays.segments import ClockState, Segment

__all__ = [
    "DEFAULT_HOURS",
    "CalendarDay",
    "ClockState",
    "DayKind",
    "DayStatus",
    "Due",
    "Excluded",
    "OfficeHours",
    "Period",
    "Segment",
    "WorkCalendar",
    "due_after",
    "from_chinese_calendar",
    "last_day_before",
]

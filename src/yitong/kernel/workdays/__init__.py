"""Working days and due dates: which days offices work, and when a period of the law ends."""

from yitong.kernel.workdays.calendar_day import CalendarDay, DayKind, DayStatus
from yitong.kernel.workdays.days import WorkCalendar, from_chinese_calendar
from yitong.kernel.workdays.due import Due, Excluded, Reckoned
from yitong.kernel.workdays.hours import DEFAULT_HOURS, OfficeHours
from yitong.kernel.workdays.periods import Period, due_after, last_day_before
from yitong.kernel.workdays.reckoning import reckon
from yitong.kernel.workdays.segments import ClockState, Moment, Segment

__all__ = [
    "DEFAULT_HOURS",
    "CalendarDay",
    "ClockState",
    "DayKind",
    "DayStatus",
    "Due",
    "Excluded",
    "Moment",
    "OfficeHours",
    "Period",
    "Reckoned",
    "Segment",
    "WorkCalendar",
    "due_after",
    "from_chinese_calendar",
    "last_day_before",
    "reckon",
]

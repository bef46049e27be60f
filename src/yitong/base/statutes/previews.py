"""What a change of statutes would do, before somebody answers for it. Nothing is written."""

from yitong.base.statutes import calendars, local_limits, rules
from yitong.base.statutes.calendar_files import by_year, read_days
from yitong.base.statutes.calendars import CalendarReport
from yitong.base.statutes.local_limits import NewLimit, Proposed
from yitong.base.statutes.queries import calendar_years, tables
from yitong.kernel.workdays import OfficeHours


def calendar_preview(*, text: str | bytes, name: str) -> list[CalendarReport]:
    """The years of a file with the days that would differ; refused as loading would be."""
    loaded = calendar_years()
    reports = []
    for number, days in sorted(by_year(read_days(text, name)).items()):
        year = calendars.year_of(days)
        changes = calendars.examined(loaded.get(number), year)
        reports.append(
            CalendarReport(number, year.status, year.source, changes.days, changes.flipped)
        )
    return reports


def hours_preview(text: str) -> OfficeHours:
    """Office hours as they would be read; refused as setting them would be."""
    return rules.hours_of(text)


def limit_preview(limit: NewLimit) -> Proposed:
    """A region's limit as it would stand, beside what binds there now; refused as adding would be."""
    return local_limits.examined(limit, tables().register)

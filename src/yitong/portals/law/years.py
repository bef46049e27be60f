"""The working calendar of a year as twelve months: which days offices work, by whose word, how sure."""

import calendar as weeks
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.statutes import api as statutes
from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.kernel.workdays import CalendarDay, DayKind, WorkCalendar
from yitong.portals.law.errors import YearNotLoaded
from yitong.portals.law.words import DAY_WORDS
from yitong.ui.components.words import weekday
from yitong.ui.values import Figure, Link

MARKS: Final[Mapping[DayKind, str]] = {
    DayKind.STATUTORY: N_("休"),
    DayKind.ADJUSTED_OFF: N_("休"),
    DayKind.ADJUSTED_ON: N_("班"),
}
MONTHS: Final = (
    N_("1月"), N_("2月"), N_("3月"), N_("4月"), N_("5月"), N_("6月"),
    N_("7月"), N_("8月"), N_("9月"), N_("10月"), N_("11月"), N_("12月"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """A day in its month: a shape by its kind, a mark, and the same in words."""

    on: dt.date
    kind: str
    mark: str
    said: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday; None where the week belongs to the neighbour."""

    name: str
    weeks: tuple[tuple[Box | None, ...], ...]


@require_safe
def this_year(request: HttpRequest) -> HttpResponse:
    loaded = loaded_years(statutes.calendar())
    return redirect("law:year", min(max(clock.today().year, loaded[0]), loaded[-1]))


def loaded_years(days: WorkCalendar) -> list[int]:
    return sorted({on.year for on in days.days}) or [clock.today().year]


@require_safe
def year_page(request: HttpRequest, number: int) -> HttpResponse:
    days = statutes.calendar()
    loaded = loaded_years(days)
    if number not in loaded:
        raise YearNotLoaded(year=str(number)[:12], first=loaded[0], last=loaded[-1])
    whole = [
        days.day(dt.date(number, 1, 1) + dt.timedelta(days=at)) for at in range(_length(number))
    ]
    context = {
        "year": number,
        "weekdays": [
            (weekday(on), weekday(on, short=True))
            for on in (dt.date(2024, 1, at) for at in range(1, 8))
        ],
        "months": [_month(number, month, days) for month in range(1, 13)],
        "is_provisional": any(day.is_provisional for day in whole),
        "source": gettext(whole[0].source),
        "figures": _figures(whole),
        "special": [(day, gettext(DAY_WORDS[day.kind])) for day in whole if day.kind in MARKS],
        "years": [
            Link(str(year), reverse("law:year", args=[year]), is_here=year == number)
            for year in loaded
        ],
    }
    return render(request, "law/year.html", context)


def _length(year: int) -> int:
    return 366 if weeks.isleap(year) else 365


def _month(year: int, month: int, days: WorkCalendar) -> Month:
    grid = weeks.Calendar().monthdatescalendar(year, month)
    rows = (
        tuple(_box(days.day(on)) if on.month == month else None for on in week) for week in grid
    )
    return Month(gettext(MONTHS[month - 1]), tuple(rows))


def _box(day: CalendarDay) -> Box:
    mark = gettext(MARKS[day.kind]) if day.kind in MARKS else ""
    said = "" if day.kind is DayKind.WORKDAY else gettext(DAY_WORDS[day.kind])
    named = f"{said} {gettext(day.name)}".strip() if day.name else said
    return Box(day.on, str(day.kind), mark, named, day.on == clock.today())


def _figures(whole: list[CalendarDay]) -> list[Figure]:
    worked = sum(day.is_workday for day in whole)
    festivals = sum(day.kind is DayKind.STATUTORY for day in whole)
    adjusted_off = sum(day.kind is DayKind.ADJUSTED_OFF for day in whole)
    adjusted_on = sum(day.kind is DayKind.ADJUSTED_ON for day in whole)
    return [
        Figure(worked, gettext("工作日")),
        Figure(festivals, gettext("节日放假"), gettext("含并入的周末")),
        Figure(adjusted_off, gettext("调休放假"), gettext("本来是工作日")),
        Figure(adjusted_on, gettext("调休上班"), gettext("本来是周末")),
    ]

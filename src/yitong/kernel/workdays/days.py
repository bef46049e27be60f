"""Which days offices work.

A year is announced by the State Council's office late in the year before. Until then its days follow what
the 全国年节及纪念日放假办法 fixes by itself and are provisional: a due date that rests on one says so and is computed
again when the announcement is loaded. Asking for a day never fails.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Self

from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.kernel.workdays.calendar_day import CalendarDay, DayKind, DayStatus
from yitong.kernel.workdays.spans import YEARS_BACK, YEARS_ON, Span, lay_out


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The days that are known, in the zone in which the law is computed; other days are provisional.

    `revision` names the state of the tables it was read from, so that what was computed with it can say so.
    """

    days: Mapping[dt.date, CalendarDay] = field(default_factory=dict, repr=False)
    zone: dt.tzinfo = clock.ZONE
    revision: str = ""
    # The decades that were laid out for counting, by decade.
    spans: dict[int, Span] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(
        cls, days: Iterable[CalendarDay], zone: dt.tzinfo = clock.ZONE, revision: str = ""
    ) -> Self:
        return cls(MappingProxyType({day.on: day for day in days}), zone, revision)

    def with_days(self, days: Iterable[CalendarDay]) -> Self:
        """The same calendar with these days added or replaced."""
        return type(self).of((*self.days.values(), *days), self.zone)

    def day(self, on: dt.date) -> CalendarDay:
        return self.days.get(on) or _provisional_year(on.year)[on]

    def is_workday(self, on: dt.date) -> bool:
        return self.day(on).is_workday

    def after(self, on: dt.date, workdays: int) -> dt.date:
        """The n-th workday after a day; with none, the day itself or the first workday after it."""
        if workdays < 0:
            raise ValueError("count workdays forward with after, back with before")
        span = self.span(on.year)
        while True:
            try:
                return span.days[span.after(on.toordinal() - span.base, workdays)]
            except IndexError:
                span = self.longer(on.year)

    def before(self, on: dt.date, workdays: int) -> dt.date:
        """The n-th workday before a day; with none, the day itself or the last workday before it."""
        span = self.span(on.year)
        while True:
            try:
                return span.days[span.back(on.toordinal() - span.base, workdays)]
            except IndexError:
                span = self.longer(on.year)

    def between(self, after: dt.date, until: dt.date) -> Iterator[CalendarDay]:
        """The days after the first date, up to and including the second."""
        for number in range(after.toordinal() + 1, until.toordinal() + 1):
            yield self.day(dt.date.fromordinal(number))

    def workdays_between(self, after: dt.date, until: dt.date) -> int:
        """How many workdays lie after the first date, up to and including the second."""
        return sum(day.is_workday for day in self.between(after, until))

    def local_date(self, moment: dt.date | dt.datetime) -> dt.date:
        """The local date of an instant; a date is one already."""
        if isinstance(moment, dt.datetime):
            return moment.astimezone(self.zone).date()
        return moment

    def ordinal(self, moment: dt.date | dt.datetime) -> int:
        """The local day of a moment as a number."""
        if isinstance(moment, dt.datetime):
            return moment.astimezone(self.zone).toordinal()
        return moment.toordinal()

    def instant(self, on: dt.date, at: dt.time = dt.time.min) -> dt.datetime:
        """The instant, in UTC, of a local time on a local day."""
        return dt.datetime.combine(on, at, self.zone).astimezone(dt.UTC)

    def end_of(self, span: Span, place: int) -> dt.datetime:
        """The instant at which a day of a span is over: its 24:00. Remembered: most days are asked for again."""
        end = span.ends[place] = self.instant(span.days[place] + _ONE_DAY)
        return end

    def span(self, year: int) -> Span:
        """The decades around a year, laid out for counting."""
        return self.spans.get(year // 10) or self._laid_out(year // 10, YEARS_BACK, YEARS_ON)

    def longer(self, year: int) -> Span:
        """The span of a year laid out again, twice as far to both sides."""
        span = self.spans[year // 10]
        if span.first_year == dt.MINYEAR or span.last_year == dt.MAXYEAR:
            raise OverflowError("beyond what the calendar of dates can hold")
        back = year // 10 * 10 - span.first_year
        return self._laid_out(year // 10, back * 2, (span.last_year - year // 10 * 10) * 2)

    def _laid_out(self, decade: int, back: int, on: int) -> Span:
        span = lay_out(decade * 10 - back, decade * 10 + on, self.day, self.zone)
        self.spans[decade] = span
        return span


_ONE_DAY: Final = dt.timedelta(days=1)
_STANDING_RULES: Final = "全国年节及纪念日放假办法"
_NEW_YEAR: Final = {(1, 1): "元旦"}
_NATIONAL_DAY: Final = {(10, day): "国庆节" for day in (1, 2, 3)}
# Festivals with fixed dates by the year from which a version of the 办法 (art. 2) governs: 1949, 1999, 2007, 2024.
# Those of the lunar calendar and 清明 come with the announcement.
_FIXED_FESTIVALS: Final = (
    (2025, _NEW_YEAR | {(5, 1): "劳动节", (5, 2): "劳动节"} | _NATIONAL_DAY),
    (2008, _NEW_YEAR | {(5, 1): "劳动节"} | _NATIONAL_DAY),
    (2000, _NEW_YEAR | {(5, 1): "劳动节", (5, 2): "劳动节", (5, 3): "劳动节"} | _NATIONAL_DAY),
    (dt.MINYEAR, _NEW_YEAR | {(5, 1): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节"}),
)


def _whole_year(year: int) -> Iterator[dt.date]:
    first = dt.date(year, 1, 1)
    for number in range((dt.date(year, 12, 31) - first).days + 1):
        yield first + dt.timedelta(days=number)


@lru_cache(maxsize=128)
def _provisional_year(year: int) -> Mapping[dt.date, CalendarDay]:
    """The year as the standing rules fix it: weekends, fixed festivals, and those made up on workdays (art. 6)."""
    festivals = next(rules for since, rules in _FIXED_FESTIVALS if year >= since)
    kinds: dict[dt.date, tuple[DayKind, str]] = {}
    owed: list[str] = []
    for on in _whole_year(year):
        name = festivals.get((on.month, on.day), "")
        is_weekend = on.weekday() >= 5
        if name:
            kinds[on] = (DayKind.STATUTORY, name)
            owed += [name] if is_weekend else []
        elif is_weekend:
            kinds[on] = (DayKind.WEEKEND, "")
        elif owed:
            kinds[on] = (DayKind.ADJUSTED_OFF, owed.pop(0))
        else:
            kinds[on] = (DayKind.WORKDAY, "")
    return {
        on: CalendarDay(on, kind, DayStatus.PROVISIONAL, _STANDING_RULES, name)
        for on, (kind, name) in kinds.items()
    }


_ANNOUNCED: Final = N_("国务院办公厅关于部分节假日安排的通知")


def from_chinese_calendar(first_year: int, last_year: int) -> WorkCalendar:
    """The announced years that the package `chinesecalendar` carries (2004-2026 in 1.11); others stay provisional."""
    from chinese_calendar import constants

    announced = {on.year for on in constants.holidays}
    years = announced.intersection(range(first_year, last_year + 1))
    return WorkCalendar.of(
        _announced_day(on, constants.holidays, constants.workdays, constants.in_lieu_days)
        for year in sorted(years)
        for on in _whole_year(year)
    )


def _announced_day(
    on: dt.date,
    holidays: Mapping[dt.date, str],
    worked: Mapping[dt.date, str],
    in_lieu: Mapping[dt.date, str],
) -> CalendarDay:
    is_weekend = on.weekday() >= 5
    if on in worked and is_weekend:
        kind, english = DayKind.ADJUSTED_ON, worked[on]
    elif on in in_lieu:
        kind, english = DayKind.ADJUSTED_OFF, in_lieu[on]
    elif on in holidays:
        kind, english = DayKind.STATUTORY, holidays[on]
    else:
        kind, english = (DayKind.WEEKEND if is_weekend else DayKind.WORKDAY), ""
    name = _FESTIVALS.get(english, "")
    return CalendarDay(on, kind, DayStatus.OFFICIAL, _ANNOUNCED, name)


# The package's keys, in the words of the 办法.
_FESTIVALS: Final = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}

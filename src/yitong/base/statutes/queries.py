"""Reading statutes. Law is public, so a viewer is not asked for.

What rarely changes is kept in memory under the revision of its table; one small question tells whether it still holds,
so that every process follows a change at once.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from yitong.base.statutes import calendars, rules, seed
from yitong.base.statutes.calendars import Year
from yitong.base.statutes.errors import DateOutOfReach, UnknownCodeTable, UnknownLimit
from yitong.base.statutes.models import (
    AgencyHours,
    CalendarYear,
    CodeEntry,
    CodeTable,
    Limit,
    SpecialDay,
    StopGround,
)
from yitong.base.statutes.places import NATION, Place, place_of
from yitong.base.statutes.rules import HoursSince, Register, RegisterRow, Stop
from yitong.kernel.law import Basis, Confidence, Expiry, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import (
    CalendarDay,
    DayKind,
    DayStatus,
    Moment,
    OfficeHours,
    Reckoned,
    Segment,
    WorkCalendar,
)
from yitong.kernel.workdays import reckon as reckon_by

Hours = Mapping[str, list[HoursSince]]

_REVISIONS = "select part, token from statutes_tablerevision"


@dataclass(frozen=True, slots=True)
class Tables:
    """Register, calendar and hours as they stand together. Whoever counts much asks once for them."""

    register: Register
    calendar: WorkCalendar
    _hours: Hours

    def limit_for(self, key: str, *, region: str, on: dt.date) -> TimeLimit:
        """The limit that binds a place on a day: the nearest region's, unless one above it is stricter."""
        place = place_of(region, on) if self.register.has_local(key) else NATION
        return rules.limit_in_force(self.register, key, lineage=place.lineage, on=on)

    def row(self, number: int) -> RegisterRow:
        """The row under which something was opened, also when it holds no more."""
        return self.register.by_number.get(number) or _row_of_old(number)

    def own_hours(self, agency: str, on: dt.date | None = None) -> OfficeHours | None:
        """What an agency has set, as of a day or at all; None where its day ends at 24:00."""
        own = self._hours.get(agency, [])
        return next((row.hours for row in own if on is None or row.since <= on), None)

    def hours_of(self, agency: str) -> Sequence[HoursSince]:
        """Everything that an agency has set, the latest day first; also what is still to come."""
        return self._hours.get(agency, [])

    def agencies_with_hours(self) -> list[str]:
        """Those that have set hours of their own."""
        return list(self._hours)


def tables() -> Tables:
    """One small question tells whether what is kept in memory still holds."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISIONS)
        tokens = dict(cursor.fetchall())
    return Tables(
        _register(tokens.get("limits", "")),
        _calendar(tokens.get("calendar", "")),
        _hours(tokens.get("hours", "")),
    )


def _row_of_old(number: int) -> RegisterRow:
    found = Limit.objects.select_related("act").filter(pk=number).first()
    if found is None:
        raise UnknownLimit(key=str(number))
    return _row(found)


def limit_for(key: str, *, region: str, on: dt.date) -> TimeLimit:
    """The limit that binds a place on a day."""
    return tables().limit_for(key, region=region, on=on)


def limits(*, region: str | None = None, on: dt.date | None = None) -> list[RegisterRow]:
    """Rows of the register in the order of their keys: of a place or of everywhere, of a day or of all times."""
    place = place_of(region, on or dt.date.max) if region is not None else None
    within = {"", *place.lineage} if place else None
    return [
        row
        for rows in tables().register.rows.values()
        for row in rows
        if (within is None or row.limit.region in within) and (on is None or row.is_in_force(on))
    ]


def limit_versions(key: str) -> list[RegisterRow]:
    """Every row of a key: the nation's versions and the regions' own. Refused like a limit that is not there."""
    return list(rules.rows_of(tables().register, key))


def reckon_by_release(key: str, start: Moment) -> Reckoned | None:
    """The nation's limit by the files of this release alone, for who asks without a node."""
    days = calendars.seeded_calendar()
    on = days.local_date(start)
    limit = rules.limit_in_force(seed.register(), key, lineage=(), on=on)
    return reckon(limit, start, calendar=days)


def stop_grounds(key: str) -> list[Stop]:
    """What may stop a limit's clock, or begin it anew: a closed list where the law closes it (行政许可法 45)."""
    return [stop for stop in tables().register.stops if key in stop.limits]


def answering_place(region: str, *, on: dt.date) -> Place:
    """Which division answers for a code on a day."""
    return place_of(region, on)


def calendar() -> WorkCalendar:
    """The working calendar as it stands; kept until it changes. Its `revision` names the state."""
    return tables().calendar


def reckon(
    limit: TimeLimit,
    start: Moment,
    *,
    agency: str = "",
    segments: Sequence[Segment] = (),
    extended_by: int = 0,
    calendar: WorkCalendar | None = None,
) -> Reckoned | None:
    """When a limit is over; None while its clock stands still.

    A day ends at 24:00, or with the business of an agency that has set its hours (民法典 203). Whoever reckons many
    hands over one `calendar`.
    """
    hours = None
    if calendar is None or agency:
        now = tables()
        calendar = calendar or now.calendar
        hours = now.own_hours(agency, calendar.local_date(start))
    try:
        return reckon_by(
            limit, start, calendar, segments=segments, extended_by=extended_by, hours=hours
        )
    except ValueError:
        # Looked into only where it was refused: reckoning is done by the hundred thousand.
        rules.check_extension(limit, extended_by, has_segments=bool(segments))
        raise
    except OverflowError as error:
        raise DateOutOfReach(start=start.isoformat()) from error


def code_table(key: str, *, region: str = "") -> dict[str, str]:
    """Names by code; a region's own where it has its own."""
    if not CodeTable.objects.filter(key=key).exists():
        raise UnknownCodeTable(key=key)
    codes = [region[:length] for length in (2, 4, 6, 9, 12) if length <= len(region)]
    entries = CodeEntry.objects.filter(table__key=key, region__in=["", *codes])
    found = entries.order_by("region", "pk").values_list("code", "name")
    return dict(found)


def calendar_years() -> Mapping[int, Year]:
    """The years that are loaded, by number."""
    return {year.year: year for year in _years(list(CalendarYear.objects.all()))}


@lru_cache(maxsize=4)
def _register(token: str) -> Register:
    rows = Limit.objects.filter(superseded=False).select_related("act")
    stops = StopGround.objects.select_related("act")
    return Register.of(map(_row, rows), seed.parts(), map(_stop, stops))


@lru_cache(maxsize=4)
def _calendar(token: str) -> WorkCalendar:
    return calendars.calendar_of(calendar_years().values(), revision=token)


@lru_cache(maxsize=4)
def _hours(token: str) -> Hours:
    found: dict[str, list[HoursSince]] = {}
    for row in AgencyHours.objects.order_by("agency", "-since"):
        found.setdefault(row.agency, []).append(
            HoursSince(row.since, rules.hours_of(row.hours), row.basis)
        )
    return found


def _years(rows: list[CalendarYear]) -> list[Year]:
    special: dict[int, list[CalendarDay]] = {row.year: [] for row in rows}
    known = {row.year: row for row in rows}
    for day in SpecialDay.objects.filter(year__in=list(known)).order_by("on"):
        year = known[day.on.year]
        special[year.year].append(
            CalendarDay(day.on, DayKind(day.kind), DayStatus(year.status), year.source, day.name)
        )
    return [
        Year(row.year, DayStatus(row.status), row.source, tuple(special[row.year])) for row in rows
    ]


def _row(row: Limit) -> RegisterRow:
    unit = Unit(row.unit)
    limit = TimeLimit(
        key=row.key,
        kind=LimitKind(row.kind),
        amount=row.amount,
        unit=unit,
        basis=Basis(row.act.title, row.article),
        extension=seed.extension_of(row.extension, unit, row.approver, row.notify),
        on_expiry=Expiry.DEEMED if row.outcome else Expiry.MISSED,
        outcome=row.outcome,
        outcome_from_start=row.outcome_from_start,
        confidence=Confidence(row.confidence),
        source=row.source,
        region=row.region,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        month_day=seed.month_day_of(row.month_day),
        title=row.title,
        id=row.pk,
    )
    return RegisterRow(limit, row.nature, row.local_most, row.note)


def _stop(row: StopGround) -> Stop:
    basis = Basis(row.act.title, row.article)
    return Stop(row.key, row.title, row.effect, tuple(row.limits), basis, row.tell)

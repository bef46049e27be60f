"""Reading statutes. Law is public, so a viewer is not asked for.

What rarely changes is kept in memory under the revision of its table; one small question tells whether it still holds,
so that every process follows a change at once.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
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
from yitong.base.statutes.rules import Register, RegisterRow, Stop
from yitong.kernel.law import Basis, Confidence, Expiry, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import (
    DEFAULT_HOURS,
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

_REVISIONS = "select part, token from statutes_tablerevision"


def limit_for(key: str, *, region: str, on: dt.date) -> TimeLimit:
    """The limit that binds a place on a day: the nearest region's, unless one above it is stricter."""
    register = register_now()
    place = place_of(region, on) if register.has_local(key) else NATION
    return rules.limit_in_force(register, key, lineage=place.lineage, on=on)


def limit_by_id(row: int) -> TimeLimit:
    """The row under which something was opened, also when it holds no more."""
    found = Limit.objects.select_related("act").filter(pk=row).first()
    if found is None:
        raise UnknownLimit(key=str(row))
    return _row(found).limit


def limits(*, region: str | None = None, on: dt.date | None = None) -> list[RegisterRow]:
    """Rows of the register in the order of their keys: of a place or of everywhere, of a day or of all times."""
    place = place_of(region, on or dt.date.max) if region is not None else None
    within = {"", *place.lineage} if place else None
    return [
        row
        for rows in register_now().rows.values()
        for row in rows
        if (within is None or row.limit.region in within) and (on is None or row.is_in_force(on))
    ]


def limit_versions(key: str) -> list[RegisterRow]:
    """Every row of a key: the nation's versions and the regions' own. Refused like a limit that is not there."""
    return list(rules.rows_of(register_now(), key))


def reckon_by_release(key: str, start: Moment) -> Reckoned | None:
    """The nation's limit by the files of this release alone, for who asks without a node."""
    days = calendars.seeded_calendar()
    on = days.local_date(start)
    limit = rules.limit_in_force(seed.register(), key, lineage=(), on=on)
    return reckon(limit, start, calendar=days)


def stop_grounds(key: str) -> list[Stop]:
    """What may stop a limit's clock, or begin it anew: a closed list where the law closes it (行政许可法 45)."""
    return [stop for stop in register_now().stops if key in stop.limits]


def answering_place(region: str, *, on: dt.date) -> Place:
    """Which division answers for a code on a day."""
    return place_of(region, on)


def calendar() -> WorkCalendar:
    """The working calendar as it stands; kept until it changes. Its `revision` names the state."""
    return _calendar(_revisions().get("calendar", ""))


def hours_for(agency: str, *, on: dt.date | None = None) -> OfficeHours:
    """When an agency is open; the usual hours (practice, not law) where it has set none."""
    return _own_hours(agency, on) or DEFAULT_HOURS


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
    days = calendar or _calendar(_revisions().get("calendar", ""))
    hours = _own_hours(agency, days.local_date(start)) if agency else None
    try:
        return reckon_by(
            limit, start, days, segments=segments, extended_by=extended_by, hours=hours
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


def register_now() -> Register:
    return _register(_revisions().get("limits", ""))


def calendar_years() -> Mapping[int, Year]:
    """The years that are loaded, by number."""
    return {year.year: year for year in _years(list(CalendarYear.objects.all()))}


def _revisions() -> Mapping[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_REVISIONS)
        return dict(cursor.fetchall())


@lru_cache(maxsize=4)
def _register(token: str) -> Register:
    rows = Limit.objects.filter(superseded=False).select_related("act")
    stops = StopGround.objects.select_related("act")
    return Register.of(map(_row, rows), seed.parts(), map(_stop, stops))


@lru_cache(maxsize=4)
def _calendar(token: str) -> WorkCalendar:
    return calendars.calendar_of(calendar_years().values(), revision=token)


@lru_cache(maxsize=4)
def _hours(token: str) -> Mapping[str, list[tuple[dt.date, OfficeHours]]]:
    found: dict[str, list[tuple[dt.date, OfficeHours]]] = {}
    for row in AgencyHours.objects.order_by("agency", "-since"):
        found.setdefault(row.agency, []).append((row.since, rules.hours_of(row.hours)))
    return found


def _own_hours(agency: str, on: dt.date | None) -> OfficeHours | None:
    own = _hours(_revisions().get("hours", "")).get(agency, [])
    return next((hours for since, hours in own if on is None or since <= on), None)


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

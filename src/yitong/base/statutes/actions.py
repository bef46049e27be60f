"""What changes statutes: the release's register, a region's own limit, an announced year, an agency's hours."""

import datetime as dt

from django.db import connection, transaction

from yitong.base.access import api as access
from yitong.base.ledger import api as ledger
from yitong.base.statutes import calendars, events, loading, rules
from yitong.base.statutes.calendar_files import by_year, read_days
from yitong.base.statutes.calendars import CalendarReport, Changes, Year
from yitong.base.statutes.local_limits import NewLimit, end, examined, store
from yitong.base.statutes.models import AgencyHours
from yitong.base.statutes.queries import calendar_years, tables
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.law import TimeLimit
from yitong.kernel.workdays import DayStatus

_LOCK = "select pg_advisory_xact_lock(hashtextextended('yitong.statutes', 0))"


@transaction.atomic
def load_register(*, by: Actor) -> loading.Loaded:
    """Bring the register, its code tables and the calendar to this release. What regions added stays."""
    _begin(by, "register")
    done = loading.load_tables()
    loaded = calendar_years()
    seeded = calendars.seeded_years()
    fresh = [year for number, year in seeded.items() if number not in loaded]
    loading.store_years(fresh)
    if done.is_changed or fresh:
        loading.renew("limits")
        ledger.record(
            events.REGISTER_LOADED,
            by=by,
            about=About("statutes", "register"),
            facts={
                "digest": done.digest,
                "acts": done.acts,
                "added": done.added,
                "corrected": done.corrected,
                "closed": done.closed,
                "years": [year.year for year in fresh],
            },
        )
    for number, year in seeded.items():
        if number in loaded and _brings_news(year, loaded[number]):
            _replace(year, by)
    return done


@transaction.atomic
def add_limit(*, limit: NewLimit, by: Actor) -> TimeLimit:
    """A region's own limit with its basis and dates: stricter than what stands above it, or left to it by law."""
    access.require(by, "statutes.manage", of=access.Thing("limit", limit.key, region=limit.region))
    _lock()
    row = store(limit, examined(limit, tables().register))
    loading.renew("limits")
    ledger.record(
        events.LIMIT_ADDED,
        by=by,
        about=About("limit", f"{row.key}@{row.region}"),
        facts={
            "key": row.key,
            "place": row.region,
            "amount": row.amount,
            "unit": row.unit,
            "act": row.act.title,
            "article": row.article,
            "valid_from": row.valid_from.isoformat(),
            "valid_to": row.valid_to.isoformat() if row.valid_to else "",
            "limit": row.pk,
        },
        region=row.region,
    )
    return tables().row(row.pk).limit


@transaction.atomic
def end_limit(*, key: str, region: str, on: dt.date, reason: str, by: Actor) -> TimeLimit:
    """A region's own limit ends before a day; from that day on what stands above it binds again."""
    access.require(by, "statutes.manage", of=access.Thing("limit", key, region=region))
    _lock()
    row = end(tables().register, key=key, region=region, on=on)
    loading.renew("limits")
    ledger.record(
        events.LIMIT_ENDED,
        by=by,
        about=About("limit", f"{row.key}@{row.region}"),
        facts={
            "key": row.key,
            "place": row.region,
            "valid_to": on.isoformat(),
            "reason": reason,
            "limit": row.pk,
        },
        region=row.region,
    )
    return tables().row(row.pk).limit


@transaction.atomic
def load_calendar(*, text: str | bytes, name: str, by: Actor) -> list[CalendarReport]:
    """Load the years of a file (CSV or JSON): one entry each, which names every day on which work began or ended."""
    _begin(by, "calendar")
    years = by_year(read_days(text, name))
    return [_replace(calendars.year_of(days), by) for _, days in sorted(years.items())]


@transaction.atomic
def set_office_hours(*, agency: str, hours: str, since: dt.date, basis: str, by: Actor) -> None:
    """When an agency is open from a day on; what began before that day keeps the hours it began with."""
    access.require(by, "statutes.set_hours", of=access.Thing("office_hours", agency, agency=agency))
    _lock()
    rules.hours_of(hours)
    AgencyHours.objects.update_or_create(
        agency=agency, since=since, defaults={"hours": hours, "basis": basis}
    )
    loading.renew("hours")
    ledger.record(
        events.HOURS_SET,
        by=by,
        about=About("office_hours", agency),
        facts={"agency": agency, "since": since.isoformat(), "hours": hours, "basis": basis},
    )


def _begin(by: Actor, part: str) -> None:
    access.require(by, "statutes.manage", of=access.Thing("statutes", part))
    _lock()


def _lock() -> None:
    """One change at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def _brings_news(year: Year, loaded: Year) -> bool:
    """A release announces years that were assumed; it never overrules an operator."""
    return loaded.status is DayStatus.PROVISIONAL and loaded.digest != year.digest


def _replace(year: Year, by: Actor) -> CalendarReport:
    before = calendar_years().get(year.year)
    changes = calendars.examined(before, year)
    if changes.days or before is None:
        loading.store_years([year])
        _record(year, changes, by)
    return CalendarReport(year.year, year.status, year.source, changes.days, changes.flipped)


def _record(year: Year, changes: Changes, by: Actor) -> None:
    days = changes.days
    ledger.record(
        events.CALENDAR_LOADED,
        by=by,
        about=About("calendar", str(year.year)),
        facts={
            "year": year.year,
            "status": year.status,
            "source": year.source,
            "digest": year.digest,
            "first_changed": days[0].isoformat() if days else "",
            "last_changed": days[-1].isoformat() if days else "",
            "days": len(days),
            "flipped": [on.isoformat() for on in changes.flipped],
        },
    )

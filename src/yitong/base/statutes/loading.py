"""Bringing the tables to the files of this release. Rows that stand are kept, since duties were opened under them."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from yitong.base.statutes import seed
from yitong.base.statutes.calendars import Year
from yitong.base.statutes.models import (
    Act,
    CalendarYear,
    CodeEntry,
    CodeTable,
    Limit,
    SpecialDay,
    StopGround,
    TableRevision,
)
from yitong.base.statutes.rules import RegisterRow
from yitong.kernel import clock


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. A corrected row gives way to a new one; a closed one is no longer in the files."""

    digest: str
    acts: int
    added: int
    corrected: int
    closed: int

    @property
    def is_changed(self) -> bool:
        return bool(self.added or self.corrected or self.closed)


def load_tables() -> Loaded:
    acts = _load_acts()
    wanted = {_place(row): row for rows in seed.register().rows.values() for row in rows}
    standing = {
        (row.key, row.region, row.valid_from): row
        for row in Limit.objects.filter(superseded=False, from_tree=True)
    }
    stale = [
        row
        for place, row in standing.items()
        if place not in wanted or _differs(row, wanted[place], acts)
    ]
    for row in stale:
        row.superseded = True
    Limit.objects.bulk_update(stale, ["superseded"])
    gone = {place for place in standing if place not in wanted}
    kept = standing.keys() - {(row.key, row.region, row.valid_from) for row in stale}
    fresh = [_limit(row, acts) for place, row in wanted.items() if place not in kept]
    Limit.objects.bulk_create(fresh)
    _load_stops(acts)
    _load_codes()
    corrected = len(stale) - len(gone)
    return Loaded(seed.digest(), len(acts), len(fresh) - corrected, corrected, len(gone))


def act_for(title: str, on: dt.date, acts: Iterable[Act]) -> Act | None:
    """The version of an act in force on a day."""
    return next(
        (
            act
            for act in acts
            if act.title == title
            and act.in_force_from <= on
            and (act.in_force_to is None or on < act.in_force_to)
        ),
        None,
    )


def _load_acts() -> list[Act]:
    _upsert(
        Act,
        ["title", "in_force_from"],
        [
            Act(
                title=act.title,
                in_force_from=act.in_force_from,
                kind=act.kind,
                number=act.number,
                region=act.region,
                in_force_to=act.in_force_to,
                source=act.source,
                confidence=act.confidence,
            )
            for act in seed.acts()
        ],
    )
    return list(Act.objects.all())


def _place(row: RegisterRow) -> tuple[str, str, dt.date]:
    limit = row.limit
    assert limit.valid_from is not None  # noqa: S101 - every row of the files has its date
    return limit.key, limit.region, limit.valid_from


def _limit(row: RegisterRow, acts: list[Act]) -> Limit:
    limit = row.limit
    key, region, since = _place(row)
    act = act_for(limit.basis.act, since, acts)
    if act is None:
        raise LookupError(f"{key} rests on an act that is not in force on {since}")
    extension = limit.extension
    return Limit(
        key=key,
        region=region,
        act=act,
        article=limit.basis.article,
        title=limit.title,
        kind=limit.kind,
        amount=limit.amount,
        unit=limit.unit,
        month_day="{:02}-{:02}".format(*limit.month_day) if limit.month_day else "",
        extension=extension.amount if extension else None,
        approver=extension.approver if extension else "",
        notify=extension.notify if extension else "",
        outcome=limit.outcome,
        outcome_from_start=limit.outcome_from_start,
        nature=row.nature,
        local_most=row.local_most,
        valid_from=since,
        valid_to=limit.valid_to,
        confidence=limit.confidence,
        source=limit.source,
        note=row.note,
        from_tree=True,
    )


_COMPARED = tuple(
    field.attname
    for field in Limit._meta.concrete_fields
    if field.attname not in {"id", "superseded", "from_tree"}
)


def _differs(standing: Limit, wanted: RegisterRow, acts: list[Act]) -> bool:
    fresh = _limit(wanted, acts)
    return any(getattr(standing, name) != getattr(fresh, name) for name in _COMPARED)


def _load_stops(acts: list[Act]) -> None:
    StopGround.objects.exclude(key__in=[stop.key for stop in seed.stops()]).delete()
    latest = {act.title: act for act in sorted(acts, key=lambda act: act.in_force_from)}
    _upsert(
        StopGround,
        ["key"],
        [
            StopGround(
                key=stop.key,
                title=stop.title,
                effect=stop.effect,
                limits=list(stop.limits),
                act=latest[stop.basis.act],
                article=stop.basis.article,
                tell=stop.tell,
            )
            for stop in seed.stops()
        ],
    )


def _upsert(model: type[Model], unique: Sequence[str], rows: Sequence[Model]) -> None:
    others = {field.name for field in model._meta.concrete_fields} - {"id", *unique}
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=unique, update_fields=sorted(others)
    )


def _load_codes() -> None:
    rows = seed.rows_of("code_tables.csv")
    _upsert(
        CodeTable,
        ["key"],
        [
            CodeTable(
                key=row["table"],
                name=row["name"],
                source=row["source"],
                confidence=row["confidence"],
            )
            for row in rows
        ],
    )
    tables = CodeTable.objects.in_bulk([row["table"] for row in rows], field_name="key")
    CodeEntry.objects.filter(table__in=tables.values(), region="").delete()
    CodeEntry.objects.bulk_create(
        CodeEntry(
            table=tables[row["table"]],
            code=row["code"],
            name=row["name"],
            region=row["region"],
            confidence=row["confidence"],
        )
        for row in seed.rows_of("codes.csv")
    )


def store_years(years: Collection[Year]) -> None:
    """Put these years in the place of what stood, and tell every process."""
    if not years:
        return
    CalendarYear.objects.bulk_create(
        (
            CalendarYear(
                year=year.year,
                status=year.status,
                source=year.source,
                digest=year.digest,
                loaded_at=clock.now(),
            )
            for year in years
        ),
        update_conflicts=True,
        unique_fields=["year"],
        update_fields=["status", "source", "digest", "loaded_at"],
    )
    SpecialDay.objects.filter(year__in=[year.year for year in years]).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(year_id=year.year, on=day.on, kind=day.kind, name=day.name)
        for year in years
        for day in year.special
    )
    # Of the calendar the token says the content: two nodes, or two points in time, may compare.
    rows = CalendarYear.objects.order_by("year").values_list("digest", "source")
    content = "\n".join(f"{digest} {source}" for digest, source in rows)
    _put_revision("calendar", hashlib.sha256(content.encode()).hexdigest()[:16])


def renew(*parts: str) -> None:
    """Tell every process to read these parts again."""
    for part in parts:
        _put_revision(part, secrets.token_hex(8))


def _put_revision(part: str, token: str) -> None:
    TableRevision.objects.update_or_create(part=part, defaults={"token": token})

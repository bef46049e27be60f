"""Loading tables of divisions: the nation's, its history, an overlay. Each load is one transaction and one entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from yitong.base.access import api as access
from yitong.base.ledger import api as ledger
from yitong.base.regions import editions, events, loading, rules
from yitong.base.regions.editions import Edition
from yitong.base.regions.errors import (
    CodeTaken,
    DivisionTwice,
    EditionOlder,
    NationalTableMissing,
)
from yitong.base.regions.models import LoadedEdition, Region
from yitong.base.regions.rules import Division
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

_LOCK = "select pg_advisory_xact_lock(hashtextextended('yitong.regions.load', 0))"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. `is_unchanged`: the very same table was there already, so nothing was written."""

    table: str
    edition: str
    digest: str
    rows: int
    added: int = 0
    renamed: int = 0
    closed: int = 0
    is_unchanged: bool = False


@transaction.atomic
def load_national(*, by: Actor, progress: loading.Progress | None = None) -> LoadReport:
    """Load the table in the tree. A newer edition closes what it no longer lists and keeps it."""
    edition, divisions = editions.national()
    return load_edition(edition=edition, divisions=divisions, by=by, progress=progress)


@transaction.atomic
def load_edition(
    *,
    edition: Edition,
    divisions: Sequence[Division],
    by: Actor,
    progress: loading.Progress | None = None,
) -> LoadReport:
    """Load an edition of the national table; the edition before it becomes history where they differ."""
    if known := _begin(edition, divisions, by):
        return known
    latest = _latest(edition.table)
    if latest and latest.as_of and edition.as_of and edition.as_of < latest.as_of:
        raise EditionOlder(edition=edition.title, loaded=latest.title)
    provinces = {division.code[:2] for division in divisions}
    overlaid = Region.objects.exclude(overlay="").filter(level=1, code__in=provinces)
    if taken := overlaid.order_by("code").first():
        raise CodeTaken(code=taken.code)
    changes = loading.merge(divisions, overlay="", edition=edition, progress=progress)
    return _finish(edition, len(divisions), changes, by)


@transaction.atomic
def load_county_history(*, by: Actor) -> LoadReport:
    """Load counties that are no more, as closed rows: an old number's first six digits still say a place."""
    edition, divisions = editions.county_history()
    if known := _begin(edition, divisions, by, once_each=False):
        return known
    if not LoadedEdition.objects.filter(table="national").exists():
        raise NationalTableMissing
    return _finish(edition, len(divisions), loading.append_closed(divisions), by)


@transaction.atomic
def load_overlay(*, rows: Sequence[Division], by: Actor, overlay: str = "demo") -> LoadReport:
    """Load a made-up tree beside the nation's: whole provinces on codes that nobody has, never counted with it."""
    edition = editions.overlay_edition(overlay, list(rows))
    if known := _begin(edition, rows, by):
        return known
    others = Region.objects.exclude(overlay=overlay).filter(level=1)
    rules.check_overlay(rows, frozenset(others.values_list("code", flat=True)))
    changes = loading.merge(rows, overlay=overlay, edition=edition)
    return _finish(edition, len(rows), changes, by)


def _begin(
    edition: Edition, divisions: Sequence[Division], by: Actor, *, once_each: bool = True
) -> LoadReport | None:
    """One load at a time; a report instead of work where the same table is there already."""
    access.require(by, "regions.load", of=access.Thing("region_table", edition.table))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    latest = _latest(edition.table)
    if latest is not None and latest.digest == edition.digest:
        return LoadReport(
            edition.table, edition.title, edition.digest, len(divisions), is_unchanged=True
        )
    if once_each and (twice := _first_twice(divisions)):
        raise DivisionTwice(code=twice)
    return None


def _latest(table: str) -> LoadedEdition | None:
    return LoadedEdition.objects.filter(table=table).order_by("-pk").first()


def _first_twice(divisions: Sequence[Division]) -> str:
    seen: set[str] = set()
    if len({division.code for division in divisions}) == len(divisions):
        return ""
    for division in divisions:
        if division.code in seen:
            return division.code
        seen.add(division.code)
    return ""


def _finish(edition: Edition, rows: int, changes: loading.Changes, by: Actor) -> LoadReport:
    LoadedEdition.objects.create(
        table=edition.table,
        title=edition.title,
        digest=edition.digest,
        as_of=edition.as_of,
        rows=rows,
        loaded_at=clock.now(),
    )
    ledger.record(
        events.LOADED,
        by=by,
        about=About("region_table", edition.table),
        facts={
            "table": edition.table,
            "edition": edition.title,
            "digest": edition.digest,
            "rows": rows,
            "added": changes.added,
            "renamed": changes.renamed,
            "closed": changes.closed,
        },
    )
    return LoadReport(
        edition.table,
        edition.title,
        edition.digest,
        rows,
        added=changes.added,
        renamed=changes.renamed,
        closed=changes.closed,
    )

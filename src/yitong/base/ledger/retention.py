"""How rows leave: by one database function, and never without an entry that says so."""

import calendar
import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction

from yitong.base.ledger.actions import record
from yitong.base.ledger.errors import RemovalStays, RetentionNotOver
from yitong.base.ledger.events import ENTRY_ERASED, MONTH_DISPOSED, REMOVALS
from yitong.base.ledger.queries import allow_long_transaction, entry_at
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

MONTHS_AHEAD = 2


@transaction.atomic
def erase(*, indexes: Sequence[int], reason: str, by: Actor) -> int:
    """Erase entries by their index (PIPL 47); their commitments stay, so the log still verifies.

    RemovalStays for an entry that itself says what was removed: without it the log would not verify.
    """
    found = {index: entry_at(index) for index in indexes}
    for index, stored in found.items():
        if stored.body.event in REMOVALS:
            raise RemovalStays(number=index)
    removed = _remove([stored.id for stored in found.values()])
    record(
        ENTRY_ERASED,
        by=by,
        about=About("ledger", "log"),
        facts={"indexes": [*sorted(found)], "reason": reason},
    )
    return removed


@transaction.atomic
def dispose_month(*, month: dt.date, keep_years: int, by: Actor) -> int:
    """Dispose of a month whose retention is over (共享条例 29: at least three years).

    Entries that say what was removed stay: they are what the gaps of earlier months are explained by.
    """
    first, last = _whole(month.year, month.month)
    _, until = _whole(month.year + keep_years, month.month)
    if clock.today(dt.UTC) <= until:
        raise RetentionNotOver(month=f"{first:%Y-%m}", until=f"{until:%Y-%m-%d}")
    allow_long_transaction()
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(array_agg(id), '{}') from ledger_entry "
            "where at >= %s and at < %s and event <> all(%s)",
            (_midnight(first), _midnight(last + dt.timedelta(days=1)), list(REMOVALS)),
        )
        ids = cursor.fetchone()[0]
        cursor.execute(
            "select min(n * 256 + place - 1), max(n * 256 + place - 1) from ledger_leaf, "
            "unnest(ids) with ordinality as u (id, place) where u.id = any(%s)",
            (ids,),
        )
        first_index, last_index = cursor.fetchone()
    removed = _remove(ids)
    record(
        MONTH_DISPOSED,
        by=by,
        about=About("ledger", "log"),
        facts={
            "month": f"{first:%Y-%m}",
            "entries": removed,
            "first_index": first_index,
            "last_index": last_index,
        },
    )
    return removed


def make_months() -> int:
    """Make next months' partitions; returns how many were new. Daily, and at the node's start."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where ledger_make_month((%s::date + make_interval(months => k))::date)) "
            "from generate_series(0, %s) k",
            (clock.today(dt.UTC).replace(day=1), MONTHS_AHEAD),
        )
        return int(cursor.fetchone()[0])


def rows_in_default() -> int:
    """Rows that found no month's partition: `doctor` warns when there are any."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_entry_default")
        return int(cursor.fetchone()[0])


def _whole(year: int, month: int) -> tuple[dt.date, dt.date]:
    """A month's first and last day."""
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _remove(ids: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select ledger_remove(%s)", (list(ids),))
        return int(cursor.fetchone()[0])

"""The register of this release in a test's database, and local limits of a made-up region."""

import datetime as dt
import json

from django.db import connection, transaction

from yitong.base.statutes import api as statutes
from yitong.base.statutes import calendars, loading
from yitong.base.statutes.api import NewLimit
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
from yitong.kernel.actor import Actor
from yitong.kernel.law import TimeLimit, Unit

OPERATOR = Actor.operator("tests")


def furnish_register() -> None:
    """What `load_register` puts in, without its entry: every test's ledger begins empty."""
    with transaction.atomic():
        loading.load_tables()
        loading.store_years(calendars.seeded_years().values())
        loading.renew("limits")


def empty_register() -> None:
    """A database before its first `load_register`."""
    tables = (Act, Limit, StopGround, CodeTable, CodeEntry, CalendarYear, SpecialDay, TableRevision)
    names = ", ".join(model._meta.db_table for model in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"truncate {names} cascade")


def a_new_limit(key: str = "DSR-21b", **more) -> NewLimit:
    """Stricter than the nation's, in 澜宁, by a document that comes with it."""
    facts = {
        "region": "8901",
        "amount": 5,
        "unit": Unit.WORKDAY,
        "act": "澜宁市政务数据共享管理办法",
        "article": "9",
        "valid_from": dt.date(2026, 1, 1),
        "act_kind": "地方政府规章",
    }
    return NewLimit(key=key, **(facts | more))


def a_local_limit(key: str = "DSR-21b", **more) -> TimeLimit:
    return statutes.add_limit(limit=a_new_limit(key, **more), by=OPERATOR)


def facts_of(event: str) -> list[dict[str, object]]:
    """What was recorded under an event, in order."""
    with connection.cursor() as cursor:
        cursor.execute("select facts from ledger_entry where event = %s order by id", [event])
        return [json.loads(facts) for (facts,) in cursor]

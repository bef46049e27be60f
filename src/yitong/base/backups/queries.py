"""What is here before a restore, and when the last backup was made."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from yitong.base.backups import events
from yitong.base.backups.errors import NodeNotEmpty
from yitong.base.backups.rules import Found
from yitong.base.ledger.api import LedgerEntry, entries_about
from yitong.kernel.declare import About
from yitong.kernel.errors import N_

NODE = About("backup", "node")
_TABLES = """
select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
"""
_STARTED = "select exists (select from ledger_entry where event = %s and facts->>'backup' = %s)"


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """For `doctor`: the last backup that was finished, and one that was begun after it.

    A restored node's last backup is that from which it came: its own record of it was made after the dump.
    """

    made_at: dt.datetime | None
    backup: str
    ledger_size: int
    unfinished_at: dt.datetime | None


def status() -> BackupStatus:
    told = entries_about(NODE)
    finished = [e for e in told if e.event in {events.MADE.name, events.RESTORED.name}]
    made = finished[0] if finished else None
    begun = next((e for e in told if e.event == events.STARTED.name), None)
    done = {e.facts["backup"] for e in finished}
    return BackupStatus(
        made_at=_made_at(made) if made else None,
        backup=str(made.facts["backup"]) if made else "",
        ledger_size=int(str(made.facts["ledger_size"])) if made else 0,
        unfinished_at=begun.at if begun and begun.facts["backup"] not in done else None,
    )


def _made_at(told: LedgerEntry) -> dt.datetime:
    if told.event == events.RESTORED.name:
        return dt.datetime.fromisoformat(str(told.facts["made_at"]))
    return told.at


def found_for(backup: str) -> Found:
    """What the database holds, seen from a restore of this backup. Needs no table of ours."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        if not cursor.fetchone()[0]:
            return Found.EMPTY
        cursor.execute("select to_regclass('ledger_entry') is not null")
        if cursor.fetchone()[0]:
            cursor.execute(_STARTED, (events.STARTED.name, backup))
            if cursor.fetchone()[0]:
                return Found.RESTORED
    return Found.TAKEN


def check_empty(*, backup: str, files: Path, is_ours: bool) -> Found:
    """Refuse any place that is not empty; `is_ours` says that a restore of this very backup was begun in it."""
    found = found_for(backup)
    if found is Found.TAKEN or (found is Found.RESTORED and not is_ours):
        raise NodeNotEmpty(found=N_("数据库里已有表"))
    if not is_ours and files.is_dir() and any(files.iterdir()):
        raise NodeNotEmpty(found=N_("files/ 里已有文件"))
    return found


def known_migrations() -> dict[str, tuple[str, ...]]:
    """What this release knows."""
    return _by_app(MigrationLoader(None).disk_migrations)


def applied_migrations() -> dict[str, tuple[str, ...]]:
    """What the database has been through."""
    return _by_app(MigrationLoader(connection).applied_migrations)


def _by_app(names: object) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(names):  # type: ignore[call-overload]
        found.setdefault(app, []).append(name)
    return {app: tuple(each) for app, each in found.items()}


def server_version() -> str:
    """Such as 18.1."""
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        return str(cursor.fetchone()[0]).split(maxsplit=1)[0]


def address() -> str:
    """The address of Django's own database, for programs."""
    from psycopg.conninfo import make_conninfo

    connection.ensure_connection()
    info = connection.connection.info
    return make_conninfo(**{**info.get_parameters(), "password": info.password})

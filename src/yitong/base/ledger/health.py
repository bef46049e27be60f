"""What `doctor` and the metrics ask of the ledger."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

HELD_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class HorizonHolder:
    """A transaction that keeps later entries from being indexed.

    A prepared one has no process (`pid` 0): `application` is its name, and only `rollback prepared` ends it.
    """

    pid: int
    application: str
    state: str
    age_s: int

    @property
    def ending(self) -> str:
        """The statement that ends it."""
        if self.pid:
            return f"select pg_terminate_backend({self.pid})"
        return "rollback prepared '{}'".format(self.application.replace("'", "''"))


@dataclass(frozen=True, slots=True)
class LedgerHealth:
    """Size, what waits, what was last signed, and who holds the horizon."""

    size: int
    waiting: int
    oldest_waiting_at: dt.datetime | None
    signed_size: int
    signed_at: dt.datetime | None
    rows_in_default: int
    is_elsewhere: bool
    holders: tuple[HorizonHolder, ...]


def health() -> LedgerHealth:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select h.size, h.system_identifier <> s.system_identifier,
                   (select count(*) from ledger_entry_default),
                   (select max(size) from ledger_checkpoint), (select max(at) from ledger_checkpoint)
            from ledger_head h, pg_control_system() s
            """
        )
        size, is_elsewhere, in_default, signed_size, signed_at = cursor.fetchone()
        cursor.execute(
            """
            select count(*), min(at) from ledger_entry e, ledger_head h
            where (e.epoch, e.xid, e.id) > (h.epoch, h.xid, h.entry_id)
            """
        )
        waiting, oldest = cursor.fetchone()
    return LedgerHealth(
        size, waiting, oldest, signed_size or 0, signed_at, in_default, is_elsewhere, _holders()
    )


def _holders() -> tuple[HorizonHolder, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select pid, application_name, coalesce(state, ''), extract(epoch from now() - xact_start)::int
            from pg_stat_activity
            where backend_xid is not null and pid <> pg_backend_pid()
              and xact_start < now() - make_interval(secs => %(after)s)
            union all
            select 0, gid, 'prepared', extract(epoch from now() - prepared)::int
            from pg_prepared_xacts
            where prepared < now() - make_interval(secs => %(after)s)
            order by 4 desc
            """,
            {"after": HELD_AFTER_S},
        )
        return tuple(HorizonHolder(*row) for row in cursor.fetchall())

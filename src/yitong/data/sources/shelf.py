"""The tables that hold copied rows, in the schema `shared_rows`: made, filled, swapped and dropped by plain SQL.

`rows_<key>` is what is read; `stage_<key>` is a load that has not ended. A staging table is never read, and
whoever loads next (or the start of the node) drops what a killed load has left.
"""

import errno
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import DatabaseError, OperationalError, connection, transaction
from psycopg import sql
from psycopg.errors import DiskFull

from yitong.data.sources.cell_fields import END, HEAD
from yitong.data.sources.errors import DropBlocked, LoadRunning, SwapBlocked
from yitong.data.sources.models import DigestForm
from yitong.data.sources.plans import CopyPlan

SCHEMA: Final = "shared_rows"
SWAP_SECONDS: Final = 5
LOCK_SPACE: Final = "yitong.sources.load "
FORM: Final = DigestForm.BINARY
_STAGING_TABLES: Final = (
    "select tablename from pg_tables where schemaname = %s and starts_with(tablename, 'stage_')"
)
# PostgreSQL below 17 does not know the second.
_TIME_LIMITS: Final = (
    "select set_config(name, {}, false) from pg_settings"
    " where name in ('statement_timeout', 'transaction_timeout')"
)
_FIXED: Final = ("key", "line", "region", "sealed")


class RowDigest:
    """SHA-256 over COPY's binary form of the stored rows in the order of their lines.

    Whoever holds the table makes it again with `copy (select … order by line) to stdout (format binary)` and sha256sum.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256(HEAD)

    def add(self, rows: bytes) -> None:
        self._hash.update(rows)

    def value(self) -> bytes:
        whole = self._hash.copy()
        whole.update(END)
        return whole.digest()


@contextmanager
def load_lock(table_key: str) -> Iterator[None]:
    """One load of a table at a time, over all processes; given back by the server when we die."""
    name = LOCK_SPACE + table_key
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise LoadRunning(key=table_key)
    try:
        yield
    finally:
        _unlock(name)


def make_staging(plan: CopyPlan) -> None:
    columns = [
        sql.SQL("key bytea not null"),
        sql.SQL("line bigint not null"),
        sql.SQL('region text collate "C"'),
        sql.SQL("sealed bytea"),
        *(
            sql.SQL("{} " + column.postgres_type).format(sql.Identifier(f"c{place}"))
            for place, column in enumerate(plan.clear)
        ),
    ]
    with transaction.atomic(durable=True):
        _execute(sql.SQL("drop table if exists {}").format(_table(plan.staging)))
        _execute(
            # Nobody reads it yet, so nothing is to be vacuumed; what is swapped in is looked after again.
            sql.SQL("create table {} ({}) with (autovacuum_enabled = off)").format(
                _table(plan.staging), sql.SQL(", ").join(columns)
            )
        )


def add_rows(plan: CopyPlan, rows: bytes) -> None:
    """One committed chunk: no transaction is long, whatever the table's size.

    It need not be on the disk before the swap is, whose commit waits for all of them.
    """
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        _table(plan.staging), _columns(plan)
    )
    with (
        transaction.atomic(durable=True),
        connection.cursor() as cursor,
    ):
        cursor.execute("set local synchronous_commit to off")
        with cursor.copy(statement) as copy:
            copy.write(HEAD)
            copy.write(memoryview(rows))  # cut without being copied
            copy.write(END)


def index_keys(plan: CopyPlan) -> None:
    """Make the staged rows findable, and sure that no key is there twice if one row is to answer.

    An index that grows with the rows is touched in another place by each; this one is sorted. `concurrently`, since
    then no transaction of it lasts: it takes no transaction id until it is ready, so the ledger goes on.
    """
    kind, columns = ("unique", "key") if plan.one_row_per_key else ("", "key, line")
    with _time_enough(), connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("create {} index concurrently on {} ({})").format(
                sql.SQL(kind), _table(plan.staging), sql.SQL(columns)
            )
        )


@contextmanager
def _time_enough() -> Iterator[None]:
    """For what takes longer than a transaction of ours may last, and holds nobody up."""
    with connection.cursor() as cursor:
        cursor.execute(_TIME_LIMITS.format("'0'"))
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(_TIME_LIMITS.format("reset_val"))


def swap(plan: CopyPlan) -> None:
    """The staging table becomes the table. To be called in the transaction that records it."""
    _execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(f"{SWAP_SECONDS}s")))
    try:
        _execute(sql.SQL("drop table if exists {}").format(_table(plan.table)))
    except OperationalError as error:
        raise SwapBlocked(key=plan.table_key, seconds=SWAP_SECONDS) from error
    staging = _table(plan.staging)
    _execute(sql.SQL("alter table {} reset (autovacuum_enabled)").format(staging))
    _execute(sql.SQL("alter table {} rename to {}").format(staging, sql.Identifier(plan.table)))


def drop(table: str) -> None:
    _execute(sql.SQL("drop table if exists {}").format(_table(table)))


def drop_unread(plan: CopyPlan) -> None:
    """Drop the rows and a load that has not ended; refused while somebody reads them for longer than we wait."""
    _execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(f"{SWAP_SECONDS}s")))
    try:
        for table in (plan.table, plan.staging):
            drop(table)
    except OperationalError as error:
        raise DropBlocked(key=plan.table_key, seconds=SWAP_SECONDS) from error


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the server, or we, had no room left."""
    while error is not None:
        if isinstance(error, DiskFull) or getattr(error, "errno", None) == errno.ENOSPC:
            return True
        error = error.__cause__
    return False


def leftovers() -> list[str]:
    """Keys of the staging tables there are; whoever holds the load lock of one is still filling it."""
    rows = _fetched(sql.SQL(_STAGING_TABLES), (SCHEMA,))
    return [str(row[0]).removeprefix("stage_") for row in rows]


def digest_of(plan: CopyPlan, form: DigestForm) -> bytes:
    """The digest made anew from the table, to compare with the one in the ledger."""
    query = sql.SQL("copy (select {} from {} order by line) to stdout (format {})").format(
        _columns(plan), _table(plan.table), sql.SQL(form.value)
    )
    digest = hashlib.sha256()
    with _time_enough(), transaction.atomic(), connection.cursor() as cursor:
        # So that text is what it was.
        cursor.execute(
            "set local timezone to 'UTC'; set local datestyle to 'ISO'; set local bytea_output to 'hex'"
        )
        with cursor.copy(query) as copy:
            for rows in copy:
                digest.update(rows)
    return digest.digest()


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)


def _columns(plan: CopyPlan) -> sql.Composed:
    names = (*_FIXED, *(f"c{place}" for place in range(len(plan.clear))))
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _execute(statement: sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _fetched(query: sql.SQL, parameters: Sequence[str]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _unlock(name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])
    except DatabaseError:
        # A broken session gives its locks back when it is closed.
        if not connection.in_atomic_block:
            connection.close()

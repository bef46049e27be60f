"""A table of somebody's PostgreSQL, read where it stands: bounded in rows and time, never written.

Also openGauss and Kingbase in PostgreSQL mode: only the catalogue tables and SQL that they share are used.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar, cast

import psycopg
from psycopg import errors as pg
from psycopg import sql
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo

from yitong.data.sources.answers import LONGEST_CELL
from yitong.data.sources.errors import (
    SourceFailed,
    SourceForbidden,
    SourceTooSlow,
    SourceUnreachable,
    TableMissing,
)
from yitong.data.sources.locations import ServerLocation
from yitong.data.sources.tables import Batch, Column, Reader
from yitong.kernel.errors import N_

RV = TypeVar("RV")

CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 30
PROFILE_ROWS: Final = 200_000
BATCH_ROWS: Final = 4_000
BATCH_SIGNS: Final = 4 << 20
# The server's own time-out has so long to arrive before we give up a server that says nothing at all.
GRACE_SECONDS: Final = 2
_TABLES_NAMED: Final = 20

_COLUMNS: Final = """
    select a.attname, format_type(a.atttypid, a.atttypmod), coalesce(col_description(c.oid, a.attnum), ''),
           coalesce(a.attnum = any(i.indkey::int2[]), false), coalesce(i.indnatts, 0)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where n.nspname = %s and c.relname = %s and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by a.attnum
"""
_TABLES: Final = """
    select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and has_table_privilege(c.oid, 'select')
    order by 1 limit %s
"""
_TABLES_OF: Final = """
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = %s and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
    order by 1 limit %s
"""
_ESTIMATE: Final = "select greatest(reltuples, 0)::bigint from pg_class where oid = %s::regclass"
_PLAIN: Final = "select (relkind in ('r', 'm'))::int from pg_class where oid = %s::regclass"
_SET_UP: Final = f"""
    set default_transaction_read_only = on;
    set statement_timeout = '{STATEMENT_SECONDS}s';
    set lock_timeout = '{CONNECT_SECONDS}s';
    set idle_in_transaction_session_timeout = '60s'
"""
# Types that hold no long value, whatever stands in them.
_SHORT: Final = re.compile(
    r"(?:smallint|integer|bigint|real|double precision|boolean|date|uuid|oid|inet|cidr|interval.*|time.*"
    r"|numeric\(.*\)|(?:character|character varying|bit|bit varying)\([0-9]{1,3}\)|\"char\")"
)


class Connection(psycopg.Connection[tuple[object, ...]]):
    """A session that is given up when nothing comes: a proxy may hold the line of a server that is long gone.

    The system's time-outs see only the other end of the line, and the server's its own statements.
    """

    patience: float = STATEMENT_SECONDS + GRACE_SECONDS

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except pg._WaitTimeout:
            # What the server will still say belongs to nobody; nothing more is asked on this line.
            self.pgconn.finish()
            raise


class TableReader(Reader):
    """A table or view as a table. "Line" numbers are places in what was read."""

    kind = "postgresql"
    profile_limit = PROFILE_ROWS

    def __init__(self, location: ServerLocation) -> None:
        super().__init__()
        self.location = location
        self.name = location.table or location.name
        with connected(location) as connection:
            rows = connection.execute(_COLUMNS, (location.schema, location.table)).fetchall()
            if not rows:
                raise TableMissing(table=location.qualified, known=_known_tables(connection))
            self._table = sql.Identifier(location.schema, location.table)
            self._check_readable(connection)
        self.columns = tuple(
            Column(
                name=str(name),
                header=str(name),
                index=index,
                declared=str(declared),
                comment=str(comment),
                is_key=bool(in_key) and key_width == 1,
            )
            for index, (name, declared, comment, in_key, key_width) in enumerate(rows)
        )

    def __repr__(self) -> str:
        return f"<TableReader {len(self.columns)} columns>"

    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        self.faults.clear()
        with connected(self.location) as connection, connection.transaction():
            connection.execute("set transaction isolation level repeatable read, read only")
            # Sending a long table takes as long as we need to store it: only silence ends it, by our patience.
            connection.execute("set local statement_timeout = 0")
            query = self._query(connection, limit)
            with streamed(connection, query) as found:
                yield from self._batches(found)

    def _batches(self, found: Iterator[tuple[object, ...]]) -> Iterator[Batch]:
        """One row at a time from the server, so that a few large ones cost no more memory than many small."""
        lines: list[int] = []
        rows: list[list[str]] = []
        signs = 0
        for line, (is_long, *cells) in enumerate(found, start=1):
            if is_long:
                self.faults.add(line, "", "line_too_long")
                continue
            lines.append(line)
            rows.append(["" if cell is None else str(cell) for cell in cells])
            signs += sum(map(len, rows[-1]))
            if len(rows) >= BATCH_ROWS or signs >= BATCH_SIGNS:
                yield Batch(lines, rows)
                lines, rows, signs = [], [], 0
        if rows:
            yield Batch(lines, rows)

    def row_total(self) -> int | None:
        """The exact count where it comes in time, else the server's estimate."""
        with connected(self.location) as connection:
            try:
                return _number(connection, sql.SQL("select count(*) from {}").format(self._table))
            except pg.QueryCanceled:
                return self._estimate(connection)

    def _estimate(self, connection: Connection) -> int:
        return _number(connection, _ESTIMATE, (self._table.as_string(connection),))

    def _check_readable(self, connection: Connection) -> None:
        try:
            connection.execute(sql.SQL("select 1 from {} limit 0").format(self._table))
        except pg.InsufficientPrivilege as error:
            raise SourceForbidden(table=self.location.qualified) from error

    def _query(self, connection: Connection, limit: int | None) -> sql.Composed:
        """All columns as text; of a table far over the limit a spread sample, the same each time."""
        long = [column.name for column in self.columns if not _SHORT.fullmatch(column.declared)]
        cells = [cell_text(column.name, is_long=column.name in long) for column in self.columns]
        query = sql.SQL("select {}, {} from {}").format(
            too_long(long), sql.SQL(", ").join(cells), self._table
        )
        if limit is None:
            return query
        if share := self._sample_percent(connection, limit):
            query += sql.SQL(" tablesample system ({}) repeatable (1)").format(sql.Literal(share))
        return query + sql.SQL(" limit {}").format(sql.Literal(limit))

    def _sample_percent(self, connection: Connection, limit: int) -> float | None:
        """Blocks to read so that about `limit` rows come; None where all can be read, or a view hides them."""
        regclass = (self._table.as_string(connection),)
        estimate = self._estimate(connection)
        if estimate <= 2 * limit or not _number(connection, _PLAIN, regclass):
            return None
        return round(120 * limit / estimate, 4)


@contextmanager
def streamed(
    connection: Connection, query: sql.Composed, parameters: Sequence[str] = ()
) -> Iterator[Iterator[tuple[object, ...]]]:
    """Rows as they come, one at a time; who leaves early leaves no query behind."""
    with connection.cursor() as cursor:
        rows = cast(
            "Generator[tuple[object, ...], None, None]", cursor.stream(query, parameters or None)
        )
        try:
            yield rows
        finally:
            rows.close()


def too_long(columns: Sequence[str]) -> sql.Composable:
    """Whether one of these has a value beyond what a cell may hold; such a value is not sent."""
    lengths = [
        sql.SQL("coalesce(octet_length({}::text) > {}, false)").format(
            sql.Identifier(name), sql.Literal(LONGEST_CELL)
        )
        for name in columns
    ]
    return sql.SQL(" or ").join(lengths) if lengths else sql.SQL("false")


def cell_text(column: str, *, is_long: bool = True) -> sql.Composed:
    """A column as text; what is too long is left out, and its row is at fault."""
    name = sql.Identifier(column)
    if not is_long:
        return sql.SQL("{}::text").format(name)
    return sql.SQL("case when octet_length({name}::text) <= {most} then {name}::text end").format(
        name=name, most=sql.Literal(LONGEST_CELL)
    )


@contextmanager
def connected(location: ServerLocation) -> Iterator[Connection]:
    """A read-only session with time-outs; what goes wrong becomes a refusal that says so."""
    with refused_clearly(location.name):
        connection = open_connection(location)
        try:
            yield connection
        finally:
            connection.close()


def open_connection(location: ServerLocation) -> Connection:
    try:
        connection = Connection.connect(
            make_conninfo(**location.connection),
            connect_timeout=CONNECT_SECONDS,
            application_name="yitong",
            autocommit=True,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=STATEMENT_SECONDS * 1000,
        )
        configure(connection)
    except psycopg.OperationalError as error:
        raise SourceUnreachable(name=location.name, reason=_why(error)) from error
    return connection


def configure(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make a session harmless and impatient."""
    for statement in _SET_UP.split(";"):
        connection.execute(statement.strip())


@contextmanager
def refused_clearly(name: str, *, seconds: int = STATEMENT_SECONDS) -> Iterator[None]:
    """The server's errors as refusals; its message is not repeated, since it may quote a value."""
    try:
        yield
    except (pg.QueryCanceled, pg.LockNotAvailable, pg._WaitTimeout) as error:
        raise SourceTooSlow(name=name, seconds=seconds) from error
    except pg.InsufficientPrivilege as error:
        raise SourceForbidden(table=name) from error
    except psycopg.OperationalError as error:
        raise SourceUnreachable(name=name, reason=_why(error)) from error
    except psycopg.Error as error:
        raise SourceFailed(name=name, reason=error.sqlstate or type(error).__name__) from error


def _why(error: psycopg.OperationalError) -> str:
    """A reason without quoting the server: its text may carry account names and addresses."""
    text = str(error).lower()
    reasons = (
        (("certificate", "root.crt", "host name"), N_("服务器的证书不可信（SSL）")),
        (("password", "authentication", "no pg_hba", "role"), N_("账号、密码或访问规则不对")),
        (("does not exist",), N_("没有这个数据库")),
        (("timeout", "timed out"), N_("连接超时")),
        (
            ("refused", "no such file", "could not translate", "resolve"),
            N_("主机或端口不对，或服务没有启动"),
        ),
        (("ssl",), N_("加密连接（SSL）没有谈成")),
    )
    return next(
        (reason for words, reason in reasons if any(word in text for word in words)),
        N_("连接中断"),
    )


def tables_of(location: ServerLocation, most: int) -> list[str]:
    """Names of the schema's tables and views, readable or not: what may not be read is to be told."""
    with connected(location) as connection:
        rows = connection.execute(_TABLES_OF, (location.schema, most)).fetchall()
        return [str(row[0]) for row in rows]


def _known_tables(connection: psycopg.Connection[tuple[object, ...]]) -> str:
    rows = connection.execute(_TABLES, (_TABLES_NAMED,)).fetchall()
    return "、".join(str(row[0]) for row in rows) or "（没有）"


def _number(
    connection: Connection, query: str | sql.Composed, parameters: tuple[object, ...] = ()
) -> int:
    row = connection.execute(query, parameters).fetchone()
    return int(str(row[0])) if row else 0

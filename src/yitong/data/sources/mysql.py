"""A table of somebody's MySQL or MariaDB, read where it stands: one snapshot, streamed, bounded in time, never written.

A table whose engine keeps no snapshots (MyISAM, Aria) is compared before and after: if it was written meanwhile,
nothing of it is used.
"""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias, cast

import pymysql
from pymysql.constants import CR, ER
from pymysql.cursors import Cursor, SSCursor

from yitong.data.sources.answers import LONGEST_CELL
from yitong.data.sources.errors import (
    BadLocation,
    SourceChanged,
    SourceFailed,
    SourceForbidden,
    SourceTooSlow,
    SourceUnreachable,
    TableMissing,
)
from yitong.data.sources.locations import ServerLocation
from yitong.data.sources.tables import Batch, Column, Reader
from yitong.kernel.errors import N_

Connection: TypeAlias = "pymysql.connections.Connection[Cursor]"

CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 30
PROFILE_ROWS: Final = 200_000
BATCH_ROWS: Final = 4_000
BATCH_SIGNS: Final = 4 << 20
_TABLES_NAMED: Final = 20
_PORT: Final = 3306
_LOST: Final = frozenset({0, 2003, 2006, 2013, 2014, 2055})
_NO_ENTRY: Final = frozenset(
    {ER.ACCESS_DENIED_ERROR, ER.DBACCESS_DENIED_ERROR, ER.HOST_NOT_PRIVILEGED, ER.HANDSHAKE_ERROR}
)
_FORBIDDEN: Final = frozenset({ER.TABLEACCESS_DENIED_ERROR, ER.COLUMNACCESS_DENIED_ERROR})
# Interrupted, lock wait, statement time of MariaDB (1969) and of MySQL (3024).
_TOO_SLOW: Final = frozenset({ER.QUERY_INTERRUPTED, ER.LOCK_WAIT_TIMEOUT, 1969, 3024})

_COLUMNS: Final = """
    select column_name, column_type, column_comment, column_key, data_type
    from information_schema.columns where table_schema = %s and table_name = %s order by ordinal_position
"""
_KEY_WIDTH: Final = """
    select count(*) from information_schema.statistics
    where table_schema = %s and table_name = %s and index_name = 'PRIMARY'
"""
_TABLES: Final = """
    select table_name from information_schema.tables
    where table_schema = %s order by table_name limit %s
"""
_STATE: Final = """
    select engine, table_rows, update_time, checksum from information_schema.tables
    where table_schema = %s and table_name = %s
"""
# Sending a long table takes as long as we need to store it: only silence ends it, by the socket's time-out.
_SET_UP: Final = (
    "set session transaction isolation level repeatable read",
    "set session transaction read only",
    f"set session net_write_timeout = {STATEMENT_SECONDS * 20}",
    f"set session lock_wait_timeout = {CONNECT_SECONDS}",
)
# The one is MariaDB's, in seconds; the other MySQL's, in milliseconds.
_BOUNDS: Final = (
    "set session max_statement_time = {seconds}",
    "set session max_execution_time = {thousandths}",
)
_BINARY: Final = frozenset(
    {"binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob", "geometry", "point", "polygon", "bit"}
)  # fmt: skip

# Types whose one value may be larger than a row of all others together.
_LONG: Final = frozenset({"mediumtext", "longtext", "mediumblob", "longblob", "json", "geometry"})


class MySqlReader(Reader):
    """A table or view as a table. "Line" numbers are places in what was read."""

    kind = "mysql"
    profile_limit = PROFILE_ROWS

    def __init__(self, location: ServerLocation) -> None:
        super().__init__()
        self.location = location
        self.name = location.table or location.name
        with connected(location) as connection:
            named = (location.schema, location.table)
            rows = _rows(connection, _COLUMNS, named) if location.table else []
            if not rows:
                known = "、".join(tables_of(location, _TABLES_NAMED)) or "（没有）"
                raise TableMissing(table=location.qualified, known=known)
            single_key = _number(connection, _KEY_WIDTH, named) == 1
            self._state = self._looked_up(connection)
            _rows(connection, f"select 1 from {self._table} limit 0")  # noqa: S608 - quoted
        self.columns = tuple(
            Column(
                name=str(name),
                header=str(name),
                index=index,
                declared=str(declared),
                comment=str(comment),
                is_key=key == "PRI" and single_key,
            )
            for index, (name, declared, comment, key, _kind) in enumerate(rows)
        )
        kinds = {str(name): str(kind).lower() for name, *_, kind in rows}
        self._binary = frozenset(name for name, kind in kinds.items() if kind in _BINARY)
        self._long = tuple(name for name, kind in kinds.items() if kind in _LONG)

    def __repr__(self) -> str:
        return f"<MySqlReader {len(self.columns)} columns>"

    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        self.faults.clear()
        with connected(self.location, is_long=True) as connection:
            with connection.cursor() as cursor:
                cursor.execute("start transaction with consistent snapshot, read only")
            # No `with`: at its end a streaming cursor reads all that is left.
            cursor = connection.cursor(SSCursor)
            cursor.execute(self._query(limit))
            # The type of what a cursor gives says less than it does.
            yield from self._batches(cast("Iterator[tuple[object, ...]]", iter(cursor)))

    def row_total(self) -> int | None:
        """The exact count where it comes in time, else the server's estimate."""
        with connected(self.location) as connection:
            try:
                return _number(connection, f"select count(*) from {self._table}")  # noqa: S608
            except pymysql.OperationalError as error:
                if error.args[0] not in _TOO_SLOW:
                    raise
                return int(str(self._looked_up(connection)[1] or 0))

    def check_unchanged(self) -> None:
        """An engine without snapshots says when it was last written."""
        with connected(self.location) as connection:
            state = self._looked_up(connection)
        if str(state[0]).lower() != "innodb" and state[2:] != self._state[2:]:
            raise SourceChanged(name=self.name)

    @property
    def _table(self) -> str:
        return f"{quoted(self.location.schema)}.{quoted(self.location.table)}"

    def _looked_up(self, connection: Connection) -> Sequence[object]:
        found = _rows(connection, _STATE, (self.location.schema, self.location.table))
        return found[0] if found else (None, 0, None, None)

    def _query(self, limit: int | None) -> str:
        cells = ", ".join(
            cell_text(column.name, self._binary)
            if column.name in self._long
            else text_of(column.name, self._binary)
            for column in self.columns
        )
        query = f"select {too_long(self._long)}, {cells} from {self._table}"  # noqa: S608 - quoted names only
        return query if limit is None else f"{query} limit {int(limit)}"

    def _batches(self, found: Iterator[tuple[object, ...]]) -> Iterator[Batch]:
        """One row at a time from the server, so that a few large ones cost no more memory than many small."""
        lines: list[int] = []
        texts: list[list[str]] = []
        signs = 0
        for number, (is_long, *row) in enumerate(found, start=1):
            cells = ["" if cell is None else str(cell) for cell in row]
            if is_long or any("\0" in cell for cell in cells):
                self.faults.add(number, "", "line_too_long" if is_long else "nul")
                continue
            lines.append(number)
            texts.append(cells)
            signs += sum(map(len, cells))
            if len(lines) >= BATCH_ROWS or signs >= BATCH_SIGNS:
                yield Batch(lines, texts)
                lines, texts, signs = [], [], 0
        if lines:
            yield Batch(lines, texts)


def too_long(columns: Sequence[str]) -> str:
    """Whether one of these has a value beyond what a cell may hold; such a value is not sent."""
    lengths = (f"coalesce(length({quoted(name)}) > {LONGEST_CELL}, false)" for name in columns)
    return " or ".join(lengths) or "false"


def cell_text(column: str, binary: frozenset[str] = frozenset()) -> str:
    """A column as text; what is too long is left out, and its row is at fault."""
    return f"if(length({quoted(column)}) <= {LONGEST_CELL}, {text_of(column, binary)}, null)"


def text_of(column: str, binary: frozenset[str] = frozenset()) -> str:
    """A column as text, whatever its own character set is; bytes as hexadecimal digits."""
    name = quoted(column)
    return f"hex({name})" if column in binary else f"convert({name} using utf8mb4)"


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def tables_of(location: ServerLocation, most: int) -> list[str]:
    """Names of the database's tables and views."""
    with connected(location) as connection:
        return [str(row[0]) for row in _rows(connection, _TABLES, (location.schema, most))]


@contextmanager
def connected(location: ServerLocation, *, is_long: bool = False) -> Iterator[Connection]:
    """A read-only session with time-outs; what goes wrong becomes a refusal that says so."""
    with refused_clearly(location.name):
        connection = open_connection(location, seconds=STATEMENT_SECONDS, is_long=is_long)
        try:
            yield connection
        finally:
            abandon(connection)


def abandon(connection: Connection) -> None:
    """End a session at once; a plain close would first read what a stream has not sent yet."""
    raw = cast("Any", connection)
    if raw._result is not None:
        raw._result.unbuffered_active = False
    raw._force_close()


def open_connection(location: ServerLocation, *, seconds: int, is_long: bool = False) -> Connection:
    """`is_long`: a stream that may take longer than one statement may."""
    given = location.connection
    host = given.get("host", "localhost")
    is_socket = host.startswith("/")
    connection: Connection = pymysql.connect(
        host=None if is_socket else host,
        unix_socket=host if is_socket else None,
        port=int(given.get("port", _PORT)),
        user=given.get("user") or None,
        password=given.get("password", ""),
        database=given["dbname"],
        charset="utf8mb4",
        connect_timeout=CONNECT_SECONDS,
        read_timeout=seconds,
        write_timeout=seconds,
        local_infile=False,
        ssl=None if is_socket else encryption(given),
        ssl_disabled=given.get("sslmode") == "disable",
        program_name="yitong",
        autocommit=True,
    )
    for statement in _SET_UP:
        _run(connection, statement)
    for bound in () if is_long else _BOUNDS:
        try:
            _run(connection, bound.format(seconds=seconds, thousandths=seconds * 1000))
        except pymysql.OperationalError as error:
            if error.args[0] != ER.UNKNOWN_SYSTEM_VARIABLE:
                raise
    return connection


def encryption(given: Mapping[str, str]) -> ssl.SSLContext | None:
    """What a URL asks for; without a word the driver encrypts where the server can, and verifies nothing."""
    mode = given.get("sslmode", "")
    if mode in {"", "disable", "prefer"}:
        return None
    authority = given.get("sslrootcert", "system")
    try:
        context = ssl.create_default_context(cafile=None if authority == "system" else authority)
    except (OSError, ssl.SSLError) as error:
        raise BadLocation(reason=N_("sslrootcert 指的文件读不了，或者不是证书")) from error
    context.check_hostname = mode == "verify-full"
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def refused_clearly(name: str, *, seconds: int = STATEMENT_SECONDS) -> Iterator[None]:
    """The server's errors as refusals; its message is not repeated, since it may quote a value."""
    try:
        yield
    except (pymysql.Error, OSError) as error:
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        timed_out = isinstance(error, TimeoutError) or "timed out" in str(error)
        if number in _TOO_SLOW or (timed_out and number == 2013):
            raise SourceTooSlow(name=name, seconds=seconds) from error
        if number in _FORBIDDEN:
            raise SourceForbidden(table=name) from error
        reason = _encryption_fault(error) or _why(number, timed_out=timed_out)
        if reason or isinstance(error, (pymysql.InterfaceError, OSError)):
            raise SourceUnreachable(name=name, reason=reason or N_("连接中断")) from error
        raise SourceFailed(name=name, reason=str(number)) from error


def _encryption_fault(error: BaseException) -> str:
    """The driver wraps what the handshake said."""
    said = getattr(error, "original_exception", None) or error
    if isinstance(said, ssl.SSLCertVerificationError):
        return N_("服务器的证书不可信（SSL）")
    no_ssl = error.args and error.args[0] == CR.CR_SSL_CONNECTION_ERROR
    return N_("加密连接（SSL）没有谈成") if isinstance(said, ssl.SSLError) or no_ssl else ""


def _why(number: int, *, timed_out: bool) -> str:
    if number in _NO_ENTRY:
        return N_("账号、密码或访问规则不对")
    if number == ER.BAD_DB_ERROR:
        return N_("没有这个数据库")
    if timed_out:
        return N_("连接超时")
    if number == 2003:
        return N_("主机或端口不对，或服务没有启动")
    return N_("连接中断") if number in _LOST else ""


def _run(connection: Connection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(
    connection: Connection, query: str, parameters: Sequence[object] = ()
) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, tuple(parameters) or None)
        return list(cursor.fetchall())


def _number(connection: Connection, query: str, parameters: Sequence[object] = ()) -> int:
    rows = _rows(connection, query, parameters)
    return int(str(rows[0][0])) if rows else 0

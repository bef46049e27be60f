"""Where a table is: a file's path, or a server, database, schema and table by URL."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

from yitong.data.sources.errors import BadLocation
from yitong.kernel.errors import N_

Driver = Literal["postgresql", "mysql"]

_DRIVERS: Final[Mapping[str, Driver]] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}
# What a URL may say beyond the table; anything else could make a driver read files or skip checks.
_PARAMETERS: Final[Mapping[Driver, frozenset[str]]] = {
    "postgresql": frozenset({"host", "port", "ssl", "sslmode", "sslrootcert", "schema"}),
    "mysql": frozenset({"host", "port", "ssl", "sslmode", "sslrootcert"}),
}
# As PostgreSQL names them, for both. The last two look at the server's certificate, the last at its name too.
_SSL_MODES: Final = ("disable", "prefer", "require", "verify-ca", "verify-full")
_VERIFIED: Final = "verify-full"
_OF_THE_SYSTEM: Final = "system"
_PASSWORDS: Final[Mapping[Driver, str]] = {"postgresql": "PGPASSWORD", "mysql": "MYSQL_PWD"}
_DEFAULT_SCHEMA: Final = "public"


@dataclass(frozen=True, slots=True)
class ServerLocation:
    """A table on a server, or all tables of a schema where none is named. No repr shows password or account."""

    driver: Driver
    connection: Mapping[str, str] = field(repr=False)
    schema: str
    table: str
    is_whole_schema: bool = False

    @property
    def name(self) -> str:
        """Host and database, as may be shown."""
        host = self.connection.get("host", "localhost")
        return f"{'本机' if host.startswith('/') else host}/{self.connection['dbname']}"

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.table}"


def is_url(location: str) -> bool:
    return "://" in location


def server_location(location: str) -> ServerLocation:
    """`postgresql://user:password@host:port/db?table=schema.name`, `…/db?schema=name`, `mysql://…/db?table=name`."""
    parts, port = _parts(location)
    driver = _DRIVERS.get(parts.scheme)
    if driver is None:
        raise BadLocation(reason=N_("目前只支持文件，以及 postgresql:// 和 mysql:// 地址"))
    query = dict(parse_qsl(parts.query))
    table = query.pop("table", "") or unquote(parts.fragment)
    if unknown := sorted(query.keys() - _PARAMETERS[driver]):
        raise BadLocation(reason=f"不支持参数 {'、'.join(unknown)[:60]}")
    database = unquote(parts.path.strip("/"))
    if not database:
        raise BadLocation(reason=N_("没有写数据库名"))
    connection = {
        "dbname": database,
        "host": unquote(parts.hostname or "") or query.get("host", ""),
        "port": str(port or query.get("port", "")),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or "") or os.environ.get(_PASSWORDS[driver], ""),
        **_encryption(query),
    }
    schema, name = (database, table) if driver == "mysql" else _schema_and_name(query, table)
    return ServerLocation(
        driver=driver,
        connection={key: value for key, value in connection.items() if value},
        schema=schema,
        table=name,
        is_whole_schema=not table and (driver == "mysql" or "schema" in query),
    )


def table_location(location: str, table: str) -> str:
    """The URL of one table of the schema that this URL names."""
    parts = urlsplit(location)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}table={quote(table, safe='')}", fragment=""))


def with_password(location: str) -> str:
    """The location as it has to be kept: with a password that came from the environment."""
    if not is_url(location) or urlsplit(location).password:
        return location
    parts, known = urlsplit(location), server_location(location).connection
    if "password" not in known:
        return location
    account = f"{quote(known.get('user', ''), safe='')}:{quote(known['password'], safe='')}"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{account}@{host}"))


def _parts(location: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError as error:
        raise BadLocation(reason=N_("主机或端口写法不对")) from error
    return parts, port


def _encryption(query: Mapping[str, str]) -> dict[str, str]:
    """Who asks for encryption and says no more gets the server's certificate verified, by the system's authorities."""
    mode, authority = query.get("sslmode", ""), query.get("sslrootcert", "")
    wanted = query.get("ssl", "")
    if wanted not in {"", "true"} or (wanted and mode not in {"", _VERIFIED}):
        raise BadLocation(reason=N_("ssl 只能写 true，表示加密并核对证书；别的方式写 sslmode"))
    if wanted or (authority and not mode):
        mode = _VERIFIED
    if mode and mode not in _SSL_MODES:
        raise BadLocation(reason=f"sslmode 只能是 {'、'.join(_SSL_MODES)}")
    if authority and authority != _OF_THE_SYSTEM and not Path(authority).is_absolute():
        raise BadLocation(reason=N_("sslrootcert 要写证书文件的完整路径"))
    if mode == _VERIFIED and not authority:
        authority = _OF_THE_SYSTEM
    return {"sslmode": mode, "sslrootcert": authority}


def _schema_and_name(query: Mapping[str, str], table: str) -> tuple[str, str]:
    """`schema=` says it plainly; else what stands before the last dot of the table."""
    if said := query.get("schema"):
        return said, table
    schema, _, name = table.rpartition(".")
    return schema or _DEFAULT_SCHEMA, name

"""Where a table is: a file's path, or a PostgreSQL server, database and table by URL."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from yitong.data.sources.errors import BadLocation
from yitong.kernel.errors import N_

_SCHEMES: Final = frozenset({"postgresql", "postgres"})
# What a URL may say beyond the table; anything else could make the driver read files or skip checks.
_PARAMETERS: Final = frozenset({"host", "port", "sslmode"})
_DEFAULT_SCHEMA: Final = "public"


@dataclass(frozen=True, slots=True)
class ServerLocation:
    """A table on a PostgreSQL server. No repr shows the password or the account."""

    connection: Mapping[str, str] = field(repr=False)
    schema: str
    table: str

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
    """`postgresql://user:password@host:port/db?table=schema.name`, or `…/db#schema.name`."""
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError as error:
        raise BadLocation(reason=N_("主机或端口写法不对")) from error
    if parts.scheme not in _SCHEMES:
        raise BadLocation(reason=N_("目前只支持 CSV 文件和 postgresql:// 地址"))
    query = dict(parse_qsl(parts.query))
    table = query.pop("table", "") or unquote(parts.fragment)
    if unknown := sorted(query.keys() - _PARAMETERS):
        raise BadLocation(reason=f"不支持参数 {'、'.join(unknown)[:60]}")
    if not parts.path.strip("/"):
        raise BadLocation(reason=N_("没有写数据库名"))
    connection = {
        "dbname": unquote(parts.path.lstrip("/")),
        "host": unquote(parts.hostname or "") or query.get("host", ""),
        "port": str(port or query.get("port", "")),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or "") or os.environ.get("PGPASSWORD", ""),
        "sslmode": query.get("sslmode", ""),
    }
    schema, _, name = table.rpartition(".")
    return ServerLocation(
        {key: value for key, value in connection.items() if value},
        schema or _DEFAULT_SCHEMA,
        name,
    )

"""A table's rows in the order of their keys, a page at a time, by short statements."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection
from psycopg import sql

_NUMBERS: Final = frozenset({"N", "Y", "I"})

Cells = tuple[object, ...]
Entry = tuple[bytes, Cells]  # stored key, what stands in the columns asked for


def pages(table: sql.Identifier, chosen: Sequence[sql.Composable], size: int) -> Iterator[Entry]:
    """All rows in the order of key and line, by short statements."""
    statement = sql.SQL(
        "select key, line, {} from {} where (key, line) > (%s, %s) order by key, line limit {}"
    ).format(sql.SQL(", ").join(chosen), table, sql.Literal(size))
    key, line = b"", -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, (key, line))
            rows = cursor.fetchall()
        for found, _line, *cells in rows:
            yield as_bytes(found), tuple(cells)
        if len(rows) < size:
            return
        key, line = as_bytes(rows[-1][0]), int(rows[-1][1])


def read(place: str, type_letter: str) -> sql.Composed:
    """A column as comparable text: 1.0 and 1.00 are one number."""
    shape = "trim_scale({})::text" if type_letter in _NUMBERS else "{}::text"
    return sql.SQL(shape).format(sql.Identifier(place))


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""

"""The row that nearly every proof reads, in one blocking call of libpq: a cursor costs more than the server does."""

from typing import Final
from weakref import WeakSet

from django.db import connection
from psycopg import Connection, pq
from psycopg.errors import error_from_result

_NAME: Final = b"ledger_leaf_tile"
_STATEMENT: Final = (
    b"select leaf.hashes, tile.inner_nodes from ledger_leaf leaf "
    b"left join ledger_tile tile on tile.level = 0 and tile.n = leaf.n where leaf.n = $1"
)
_prepared: WeakSet[Connection[object]] = WeakSet()  # connections that know the statement


def leaf_tile_row(n: int) -> tuple[bytes | None, bytes | None] | None:
    """Hashes of the leaves of tile `n` and, of a full tile, the nodes above them; None where there is none."""
    connection.ensure_connection()
    database: Connection[object] = connection.connection
    with connection.wrap_database_errors:
        if database not in _prepared:
            _checked(database, database.pgconn.prepare(_NAME, _STATEMENT))
            _prepared.add(database)
        found = _checked(
            database,
            database.pgconn.exec_prepared(_NAME, [b"%d" % n], result_format=pq.Format.BINARY),
        )
    return (found.get_value(0, 0), found.get_value(0, 1)) if found.ntuples else None


def _checked(database: Connection[object], result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status not in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
        raise error_from_result(result, encoding=database.info.encoding)
    return result

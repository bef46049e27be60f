"""Reading rows by key, here or where they stand, and what is known of a table.

Nothing here decides or records a use of personal data: that is the caller's (exchange) before any row leaves.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from yitong.base.keys import api as keys
from yitong.data.sources import shelf
from yitong.data.sources.comparing import RowChanges, compare_rows
from yitong.data.sources.counting import RuleCount, count_by_rule, keys_by_rule
from yitong.data.sources.errors import BadPlan, UnknownSource
from yitong.data.sources.locations import server_location
from yitong.data.sources.models import DigestForm, Source, SourceTable, TableState
from yitong.data.sources.plans import CopyPlan, tidy_key
from yitong.data.sources.profiles import OnProgress
from yitong.data.sources.remote import fetch_by_key
from yitong.data.sources.stored import row_context
from yitong.data.sources.tables import Reader
from yitong.kernel.predicates import Predicate

SCOPE = keys.Scope("app", "sources")


@dataclass(frozen=True, slots=True)
class RowStatement:
    """How the row of a key is read by plain SQL: one parameter, the list of its stored keys.

    The result's columns are the stored key, the region, the sealed value, then those of `clear`, all as text, so
    that a prepared statement lives through a swap of the table. `sealed` maps names to places in the sealed value.
    """

    sql: str
    plan: CopyPlan
    columns: tuple[str, ...]
    clear: tuple[str, ...]
    sealed: Mapping[str, str]

    def keys(self, value: str) -> list[bytes]:
        """What to bind; InvalidCode where the value cannot be a key."""
        return searched_keys(self.plan, value)

    def count(self, predicate: Predicate, *, on: dt.date) -> RuleCount:
        """How many rows a rule over clear columns lets through; nothing is opened and no row leaves."""
        return count_by_rule(self.plan, predicate, on=on)

    def compare(self, reader: Reader, *, progress: OnProgress | None = None) -> RowChanges:
        """What the reader's rows would change in these columns: counts only, in constant memory."""
        return compare_rows(self.plan, reader, columns=self.columns, progress=progress)

    def keys_meeting(self, predicate: Predicate | None, *, on: dt.date, limit: int) -> list[bytes]:
        """Stored keys of rows that meet a rule over clear columns (None: of every row), at most `limit`."""
        return keys_by_rule(self.plan, predicate, on=on, limit=limit)

    def read(self, found: Sequence[object]) -> dict[str, str | None]:
        """The asked columns of a result row, unsealed."""
        key, _region, sealed, *clear = found
        values: dict[str, object] = dict(zip(self.clear, clear, strict=True))
        if (
            self.sealed
            and isinstance(sealed, bytes | memoryview)
            and isinstance(key, bytes | memoryview)
        ):
            context = row_context(self.plan.table_key, bytes(key))
            opened = keys.unseal(bytes(sealed), context=context)
            values |= {name: opened.get(place) for name, place in self.sealed.items()}
        return {
            name: None if values.get(name) is None else str(values[name]) for name in self.columns
        }


def searched_keys(plan: CopyPlan, text: str) -> list[bytes]:
    """Every key under which a row may stand: after a rotation, pseudonyms of every live version."""
    tidy = tidy_key(plan.key_kind, text)
    if plan.key_kind == "person":
        return keys.pseudonyms("person", tidy)
    return [tidy.encode()]


def source_table(table_key: str) -> SourceTable:
    table = SourceTable.objects.select_related("source").filter(table_key=table_key).first()
    if table is None:
        raise UnknownSource(key=table_key)
    return table


def row_statement(table_key: str, columns: Sequence[str] | None = None) -> RowStatement:
    """The statement for a copied table; without `columns`, all of its plan."""
    plan = CopyPlan.from_json(_table_in(table_key, TableState.LOADED).plan)
    wanted = tuple(columns if columns is not None else plan.names)
    _check_known(plan, wanted)
    clear = {
        column.name: f"c{place}" for place, column in enumerate(plan.clear) if column.name in wanted
    }
    sealed = {name: f"s{place}" for place, name in enumerate(plan.sealed) if name in wanted}
    chosen = [
        sql.SQL("key"),
        sql.SQL("region"),
        sql.SQL("sealed" if sealed else "null::bytea"),
        *(sql.SQL("{}::text").format(sql.Identifier(place)) for place in clear.values()),
    ]
    statement = sql.SQL("select {} from {} where key = any(%s) order by line").format(
        sql.SQL(", ").join(chosen), sql.Identifier(shelf.SCHEMA, plan.table)
    )
    return RowStatement(statement.as_string(None), plan, wanted, tuple(clear), sealed)


def remote_row(table_key: str, columns: Sequence[str], value: str) -> list[dict[str, str | None]]:
    """The rows of a key, read in place from the source's own database; at most a page of them."""
    table = _table_in(table_key, TableState.IN_PLACE)
    plan = CopyPlan.from_json(table.plan)
    _check_known(plan, columns)
    return fetch_by_key(server_location(location_of(table.source)), plan, columns, value)


def shared_before(*, location: str, owner: str, fingerprint: str) -> bool:
    """Whether this very table was shared to its end already, and is as it was then."""
    found = Source.objects.filter(blind=source_blind(owner, location)).first()
    if found is None or found.fingerprint != fingerprint:
        return False
    states = {table.state for table in found.tables.all()}
    return not states or states != {TableState.DROPPED.value}


def source_blind(owner: str, location: str) -> bytes:
    """By what a place is found again without being kept in clear."""
    return keys.blind(SCOPE, "location", f"{owner} {location}")


def table_digest(table_key: str) -> bytes:
    """The digest of the rows as they stand now; the ledger has that of the load."""
    table = _table_in(table_key, TableState.LOADED)
    return shelf.digest_of(CopyPlan.from_json(table.plan), DigestForm(table.digest_form))


def location_of(source: Source) -> str:
    """A path or URL, with its password: for connecting only, never for showing."""
    opened = keys.unseal(bytes(source.sealed), context=location_context(bytes(source.blind)))
    return str(opened["location"])


def location_context(blind: bytes) -> bytes:
    return b"source\x00" + blind


def _table_in(table_key: str, state: TableState) -> SourceTable:
    table = source_table(table_key)
    if table.state != state:
        raise UnknownSource(key=table_key)
    return table


def _check_known(plan: CopyPlan, columns: Sequence[str]) -> None:
    if unknown := sorted(set(columns) - set(plan.names)):
        raise BadPlan(reason=f"数据表里没有“{unknown[0]}”列")

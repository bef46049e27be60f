"""Rows of duties by statements that are written once: the ORM would put each together anew, which costs more than all
the rest of an action. Many rows go with one statement, their entries with another.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection
from psycopg import Cursor

from yitong.base.duties.models import Duty
from yitong.base.ledger.api import EntryWriter, SealedEntry, prepare
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Facts

# What an opening fixes for good.
_FIXED = frozenset(
    {"id", "kind", "about_type", "about_key", "step", "family", "subject", "detail", "waits", "region", "agency",
     "started_at", "opened_at", "opened_by", "origin"}
)  # fmt: skip


@cache
def _columns() -> tuple[tuple[str, str, str], ...]:
    """(column, attribute, type) of every column."""
    return tuple(
        (str(field.column), field.attname, str(field.db_type(connection)))
        for field in Duty._meta.concrete_fields
    )


def _typed(columns: Iterable[tuple[str, str, str]]) -> str:
    return ", ".join(f"{name} {kind}" for name, _, kind in columns)


@cache
def _statements() -> dict[str, bytes]:
    """Of our own columns' names only."""
    given = [column for column in _columns() if column[0] != "id"]
    moving = [column for column in _columns() if column[0] not in _FIXED]
    places = {
        "names": ", ".join(name for name, _, _ in given),
        "values": ", ".join("%s::jsonb" if kind == "jsonb" else "%s" for _, _, kind in given),
        "every": ", ".join(name for name, _, _ in _columns()),
        "moving": _typed(moving),
        "sets": ", ".join(f"{name} = g.{name}" for name, _, _ in moving),
    }
    return {name: text.format(**places).encode() for name, text in _TEXTS.items()}


_TEXTS = {
    "insert": "insert into duties_duty ({names}) values ({values}) on conflict do nothing returning id",
    "save": "update duties_duty d set {sets} from json_to_recordset(%s::json) as g (id bigint, {moving}) "
    "where d.id = g.id",
    "by_number": "select {every} from duties_duty where id = %s for update",
    "by_matter": "select {every} from duties_duty where kind = %s and about_type = %s and about_key = %s "
    "and step = %s and closed_at is null for update",
}


@cache
def _change(columns: tuple[str, ...]) -> bytes:
    kinds = {name: kind for name, _, kind in _columns()}
    sets = (f"{name} = %s::jsonb" if kinds[name] == "jsonb" else f"{name} = %s" for name in columns)
    return f"update duties_duty set {', '.join(sets)} where id = %s".encode()  # noqa: S608


def _send(statement: bytes, places: Sequence[Any]) -> None:
    """Parsed and planned once a connection."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(statement, places, prepare=True)


def first_row(statement: bytes, places: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of the answer, parsed and planned once a connection."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(statement, places, prepare=True).fetchone()


def all_rows(statement: bytes, places: Sequence[Any]) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(statement, places, prepare=True).fetchall()


def _plain(value: object) -> object:
    return orjson.dumps(value).decode() if isinstance(value, list) else value


def insert(duty: Duty) -> bool:
    """Put it in and give it its number; False where one of its keys is taken."""
    given = [_plain(getattr(duty, attribute)) for name, attribute, _ in _columns() if name != "id"]
    row = first_row(_statements()["insert"], given)
    if row is not None:
        duty.pk, duty._state.adding, duty._state.db = row[0], False, "default"
    return row is not None


def change(duty: Duty, columns: tuple[str, ...]) -> None:
    """Write these columns of one row, which the caller has locked."""
    places = [_plain(getattr(duty, name)) for name in columns]
    _send(_change(columns), [*places, duty.pk])


def save(duties: Sequence[Duty]) -> None:
    """Write everything of these rows that can change; they are locked by the caller."""
    if not duties:
        return
    moving = [column for column in _columns() if column[0] not in _FIXED]
    given = [
        {"id": duty.pk} | {name: getattr(duty, attribute) for name, attribute, _ in moving}
        for duty in duties
    ]
    _send(_statements()["save"], [orjson.dumps(given).decode()])


def locked_by_number(number: int) -> Duty | None:
    return _locked("by_number", [number])


def locked_by_matter(kind: str, about: About, step: str) -> Duty | None:
    """The open one of this matter."""
    return _locked("by_matter", [kind, about.type, about.key, step])


def _locked(statement: str, places: list[Any]) -> Duty | None:
    """Ours until the commit."""
    row = first_row(_statements()[statement], places)
    if row is None:
        return None
    names = [attribute for _, attribute, _ in _columns()]
    values = [
        json.loads(value) if name == "segments" and isinstance(value, str) else value
        for name, value in zip(names, row, strict=True)
    ]
    return Duty.from_db("default", names, values)


def about_duty(duty: int) -> About:
    return About("duty", str(duty))


def entry_for(duty: Duty, event: Event, facts: Facts, *, by: Actor) -> SealedEntry:
    return prepare(event, by=by, about=about_duty(duty.pk), facts=facts, region=duty.region)


def write(entries: Iterable[SealedEntry]) -> None:
    """Into the ledger, in the running transaction."""
    given = list(entries)
    if not given:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("entries belong inside transaction.atomic")
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        EntryWriter(reserve=0).write(cursor, given)

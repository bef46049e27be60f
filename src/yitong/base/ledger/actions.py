"""Recording: one immutable row in the business transaction, no chain, no waiting."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import orjson
from django.db import connection
from psycopg import Cursor

from yitong.base.ledger.note import Signer
from yitong.base.ledger.rules import SealedEntry, body_for, seal_entry
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Facts

COLUMNS = (
    "at, event, about_type, about_key, account, post, agency, region, "
    "facts, salt, commitment, leaf_hash, mac"
)
INSERT = (
    f"insert into ledger_entry ({COLUMNS}) values "  # noqa: S608 - constant column names
    "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id"
)

_signer: list[Callable[[], Signer]] = []


def install_signer(provider: Callable[[], Signer]) -> None:
    """Tell the ledger where its key is. Called once by `config`: keys stand above the ledger."""
    _signer[:] = [provider]


def signer() -> Signer:
    if not _signer:
        raise RuntimeError("the ledger has no signer: config installs one at start")
    return _signer[0]()


def entry_values(entry: SealedEntry) -> tuple[Any, ...]:
    """The row in the order of COLUMNS; facts as JSON text."""
    body = entry.body
    return (
        body.at,
        body.event,
        body.about.type,
        body.about.key,
        body.account,
        body.post,
        body.agency,
        body.region,
        orjson.dumps(body.facts).decode(),
        entry.salt,
        entry.commitment,
        entry.leaf,
        entry.mac,
    )


def prepare(
    event: Event,
    *,
    by: Actor,
    about: About,
    facts: Facts | None = None,
    region: str | None = None,
) -> SealedEntry:
    """An entry ready to be written; the gateway's committer writes many with one COPY."""
    body = body_for(
        event,
        by=by,
        about=about,
        facts=facts or {},
        region=by.region if region is None else region,
        at=clock.now(),
    )
    return seal_entry(body, signer().mac)


IDS_AT_ONCE = 1_000

# One JSON parameter and one trip for many rows: cheaper than COPY at the sizes a committer gathers, and what
# belongs to the same transaction can be written by the same statement.
INSERT_MANY = f"""
with given as (
    select * from json_to_recordset(%s::json) as given (
        id bigint, at timestamptz, event text, about_type text, about_key text, account text, post text,
        agency text, region text, facts jsonb, salt text, commitment text, leaf_hash text, mac text, beside json
    )
), written as (
    insert into ledger_entry (id, {COLUMNS})
    select id, at, event, about_type, about_key, account, post, agency, region, facts,
           decode(salt, 'hex'), decode(commitment, 'hex'), decode(leaf_hash, 'hex'), decode(mac, 'hex')
    from given
)
"""  # noqa: S608 - constant column names


class Executes(Protocol):
    """A cursor, or what stands for one."""

    def execute(self, statement: str, parameters: Sequence[object], /) -> object: ...

    def fetchall(self) -> Sequence[Sequence[Any]]: ...


class EntryWriter:
    """Writes many prepared entries with one statement, and holds row ids in reserve to save a trip most times.

    An id that is never used leaves no gap in the log, whose indexes are given later.
    """

    def __init__(self, *, reserve: int = IDS_AT_ONCE) -> None:
        self._at_once = reserve
        self._reserve: list[int] = []
        self.drawn: list[int] = []  # of the last write, known even if its answer was lost

    def forget_reserve(self) -> None:
        """After a crash the server may give these ids to others."""
        self._reserve.clear()

    def write(
        self,
        cursor: Executes,
        entries: Sequence[SealedEntry],
        *,
        also: str = "select 1",
        beside: Sequence[object] = (),
    ) -> list[int]:
        """Write them in the running transaction; their row ids, in order.

        `also` ends the statement with what is written with the entries: SQL over `given`, in which each entry has
        its value of `beside` as JSON.
        """
        self.drawn = self._draw(cursor, len(entries))
        rows = [_as_json(id_, entry) for id_, entry in zip(self.drawn, entries, strict=True)]
        if beside:
            rows = [row | {"beside": value} for row, value in zip(rows, beside, strict=True)]
        cursor.execute(INSERT_MANY + also, (orjson.dumps(rows).decode(),))
        return self.drawn

    def _draw(self, cursor: Executes, wanted: int) -> list[int]:
        self.drawn = []
        if len(self._reserve) < wanted:
            more = max(self._at_once, wanted)
            cursor.execute("select nextval('ledger_entry_id') from generate_series(1, %s)", (more,))
            self._reserve += [int(row[0]) for row in cursor.fetchall()]
        drawn, self._reserve = self._reserve[:wanted], self._reserve[wanted:]
        return drawn


def _as_json(id_: int, entry: SealedEntry) -> dict[str, object]:
    body = entry.body
    return {
        "id": id_,
        "at": body.at,
        "event": body.event,
        "about_type": body.about.type,
        "about_key": body.about.key,
        "account": body.account,
        "post": body.post,
        "agency": body.agency,
        "region": body.region,
        "facts": body.facts,
        "salt": entry.salt.hex(),
        "commitment": entry.commitment.hex(),
        "leaf_hash": entry.leaf.hex(),
        "mac": entry.mac.hex(),
    }


def record(
    event: Event,
    *,
    by: Actor,
    about: About,
    facts: Facts | None = None,
    region: str | None = None,
) -> int:
    """Write one entry in the running transaction and return its row id.

    Outside a transaction this is a bug, since a change whose record fails must be undone. Facts carry plain
    values and never a name, number, phone or address: pseudonyms and keys only.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name}: record() belongs inside transaction.atomic")
    entry = prepare(event, by=by, about=about, facts=facts, region=region)
    # psycopg's own cursor: the statement is parsed and planned once a connection, over all partitions.
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        row = cursor.execute(INSERT, entry_values(entry), prepare=True).fetchone()
    return int(row[0]) if row else 0

"""Recording: one immutable row in the business transaction, no chain, no waiting."""

from collections.abc import Callable, Sequence
from typing import Any

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

# One JSON parameter and one trip for many rows: cheaper than COPY at the sizes a committer gathers, and it
# can travel in one pipeline with what belongs to the same transaction.
INSERT_MANY = f"""
insert into ledger_entry (id, {COLUMNS})
select id, at, event, about_type, about_key, account, post, agency, region, facts,
       decode(salt, 'hex'), decode(commitment, 'hex'), decode(leaf_hash, 'hex'), decode(mac, 'hex')
from json_to_recordset(%s::json) as given (
    id bigint, at timestamptz, event text, about_type text, about_key text, account text, post text,
    agency text, region text, facts jsonb, salt text, commitment text, leaf_hash text, mac text
)
"""  # noqa: S608 - constant column names


def write_entries(
    cursor: Cursor[Any], entries: Sequence[SealedEntry], spare: list[int] | None = None
) -> list[int]:
    """Write many prepared entries with one statement in the running transaction; their row ids, in order.

    `spare` is the caller's list of row ids set aside: refilled here when short, it saves a trip most times. An
    id that is never used leaves no gap in the log, whose indexes are given later.
    """
    stock = [] if spare is None else spare
    if len(stock) < len(entries):
        wanted = len(entries) if spare is None else max(IDS_AT_ONCE, len(entries))
        cursor.execute("select nextval('ledger_entry_id') from generate_series(1, %s)", (wanted,))
        stock += [int(row[0]) for row in cursor.fetchall()]
    ids = [stock.pop(0) for _ in entries]
    rows = [_as_json(id_, entry) for id_, entry in zip(ids, entries, strict=True)]
    cursor.execute(INSERT_MANY, (orjson.dumps(rows).decode(),))
    return ids


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

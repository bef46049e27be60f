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


def copy_entries(cursor: Cursor[Any], entries: Sequence[SealedEntry]) -> list[int]:
    """Write many entries with one COPY in the running transaction; their row ids, in order."""
    cursor.execute("select nextval('ledger_entry_id') from generate_series(1, %s)", (len(entries),))
    ids = [int(row[0]) for row in cursor.fetchall()]
    with cursor.copy(f"copy ledger_entry (id, {COLUMNS}) from stdin") as copy:
        for id_, entry in zip(ids, entries, strict=True):
            copy.write_row((id_, *entry_values(entry)))
    return ids


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
    with connection.cursor() as cursor:
        cursor.execute(INSERT, entry_values(entry))
        return int(cursor.fetchone()[0])

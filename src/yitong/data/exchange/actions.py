"""The governed read: token → grant → decision → source → mask → record durable → answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections

from yitong.base.access.api import Decision, fast_decision
from yitong.base.keys.api import pseudonym
from yitong.base.ledger import api as ledger
from yitong.data.exchange.committer import committer, unanswered
from yitong.data.exchange.connections import row_reader
from yitong.data.exchange.errors import NotGranted, RateExceeded, RecordNotDurable, RowUnknown
from yitong.data.exchange.events import DATA_REFUSED, DATA_USED
from yitong.data.exchange.rates import rates
from yitong.data.exchange.register import LoadedGrant, register
from yitong.data.exchange.rules import (
    ReadCall,
    about_uses,
    check_call,
    digest,
    masked,
    people_of,
)
from yitong.data.sharing.api import Call
from yitong.data.sources.api import remote_row
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import InvalidCode
from yitong.kernel.errors import N_

MOST_DECIDED = 1_000
LONGEST_TEXT = 100  # of what a caller wrote and a record repeats


@dataclass(frozen=True, slots=True)
class Found:
    """Rows with their division, and the newest pseudonym of the person asked for where reading made it."""

    rows: Sequence[tuple[str, Mapping[str, str | None]]] = ()
    own: bytes | None = None


NOTHING = Found()


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """What leaves: masked rows, and the number of the record that was durable before."""

    resource: str
    grant: int
    purpose: str
    rows: list[dict[str, str | None]]
    entry_id: int


def read(call: ReadCall, *, by: Actor) -> ReadAnswer:
    """Answer one governed read. The usage record is durable before this returns.

    Raises NotGranted, RateExceeded, RowUnknown, CallMalformed, RecordNotDurable, RegisterStale, and what
    the source refuses. A refusal of an authenticated client is recorded too, without data.
    """
    check_call(call)
    grant = _grant_for(call, by)
    fields = call.fields or tuple(field.name for field in grant.row.fields)
    try:
        rates().take(grant.row.id, grant.row.rate_per_minute)
        found = _found(grant, call.key)
        _decide(grant, call, fields, found, by)
    except (NotGranted, RateExceeded) as refusal:
        _refused(call, by, grant, refusal.code, _subjects(grant, call.key, NOTHING))
        raise
    except psycopg.Error as error:
        raise RecordNotDurable from error
    return _answer(call, by, grant, fields, found)


def _grant_for(call: ReadCall, by: Actor) -> LoadedGrant:
    """The grant for this purpose; without one the refusal names what is nearest."""
    grants = register().grants(by.agency, by.account.removeprefix("client:"), call.resource)
    fitting = [grant for grant in grants if grant.row.purpose == call.purpose]
    if fitting:
        wanted = frozenset(call.fields)
        return next((g for g in fitting if wanted <= g.fields), fitting[0])
    if grants:
        refusal = _not_granted(grants[0], call, call.fields, by)
        _refused(call, by, grants[0], refusal.code, _subjects(grants[0], call.key, NOTHING))
        raise refusal
    _refused(call, by, None, NotGranted.code, ())
    raise NotGranted(N_("没有对这个资源的有效授权"))


def _decision(
    grant: LoadedGrant, call: ReadCall, fields: Sequence[str], region: str, by: Actor
) -> Decision:
    asked = Call(
        client=by.account.removeprefix("client:"),
        agency=by.agency,
        on=clock.today(),
        purpose=call.purpose,
        fields=frozenset(fields),
        row_region=region,
    )
    # The same call under the same grant is decided once: the book of decisions goes with the loaded grant.
    if len(grant.decided) > MOST_DECIDED:
        grant.decided.clear()
    if (decision := grant.decided.get(asked)) is None:
        decision = grant.decided[asked] = fast_decision(grant.row.facts(asked))
    return decision


def _not_granted(
    grant: LoadedGrant, call: ReadCall, fields: Sequence[str], by: Actor
) -> NotGranted:
    decision = _decision(grant, call, fields or tuple(grant.fields), grant.row.row_region, by)
    return NotGranted(decision.reason or N_("超出授权"), decision.policies)


def _decide(
    grant: LoadedGrant, call: ReadCall, fields: Sequence[str], found: Found, by: Actor
) -> None:
    regions = {region for region, _ in found.rows} or {grant.row.row_region}
    for region in regions:
        decision = _decision(grant, call, fields, region, by)
        if not decision.allowed:
            raise NotGranted(decision.reason or N_("超出授权"), decision.policies)


def _found(grant: LoadedGrant, key: str) -> Found:
    """The rows of the key with their division; none where the key cannot be one of this table's."""
    try:
        if grant.statement is None:
            values = remote_row(grant.row.table_key, grant.columns, key)
            connections["default"].close()
            return Found([(grant.row.row_region, row) for row in values])
        keys = grant.statement.keys(key)
    except InvalidCode:
        return NOTHING
    try:
        stored = [row for stored_key in keys for row in _stored(grant.one_key_sql, stored_key)]
    except (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable) as error:
        register().reload()
        raise RecordNotDurable from error
    rows = [(row[1] or "", grant.statement.read(row)) for row in stored]
    return Found(rows, keys[0] if grant.row.key_kind == "person" else None)


def _stored(statement: str, key: bytes) -> Iterator[tuple[Any, ...]]:
    """Key and seal as bytes; division and clear columns as the text the statement makes of them."""
    for stored_key, region, sealed, *clear in row_reader().rows(statement, key):
        texts = [None if value is None else value.decode() for value in (region, *clear)]
        yield (stored_key, texts[0], sealed, *texts[1:])


def _subjects(grant: LoadedGrant, key: str, found: Found) -> frozenset[bytes]:
    """Everyone the call was about: by the key itself, and by the numbers in its rows."""
    known: dict[tuple[str, str], bytes | None] = {}
    if found.own is not None:
        known["person", key] = found.own

    def once(kind: str, number: str) -> bytes | None:
        # The key stands in its row again: a pseudonym costs more than the rest of the masking.
        if (kind, number) not in known:
            known[kind, number] = _pseudonym(kind, number)
        return known[kind, number]

    people = people_of((row for _, row in found.rows), grant.row.subjects, once)
    kind = grant.row.key_kind
    own = once(kind, key) if kind in {"person", "org"} else None
    return people | {own} if own is not None else people


def _pseudonym(kind: str, number: str) -> bytes | None:
    try:
        return pseudonym(kind, number)
    except InvalidCode:
        return None


def _answer(
    call: ReadCall, by: Actor, grant: LoadedGrant, fields: Sequence[str], found: Found
) -> ReadAnswer:
    rows = masked((row for _, row in found.rows), {name: grant.masks[name] for name in fields})
    entry = ledger.prepare(
        DATA_USED,
        by=by,
        about=about_uses(call.resource),
        facts={
            "grant": grant.row.id,
            "resource": call.resource,
            "purpose": call.purpose,
            "basis": grant.row.basis,
            "fields": list(fields),
            "found": len(rows),
            "digest": digest(rows),
            "hidden": grant.row.is_hidden,
        },
        region=found.rows[0][0] if found.rows else grant.row.row_region,
    )
    entry_id = committer().write(entry, tuple(_subjects(grant, call.key, found)))
    if not rows:
        raise RowUnknown
    return ReadAnswer(call.resource, grant.row.id, call.purpose, rows, entry_id)


def _refused(
    call: ReadCall,
    by: Actor,
    grant: LoadedGrant | None,
    reason: str,
    subjects: Sequence[bytes] | frozenset[bytes],
) -> None:
    """A refused call of an authenticated client is on the record, without the data."""
    entry = ledger.prepare(
        DATA_REFUSED,
        by=by,
        about=about_uses(call.resource[:LONGEST_TEXT]),
        facts={
            "grant": grant.row.id if grant else 0,
            "resource": call.resource[:LONGEST_TEXT],
            "purpose": call.purpose[:LONGEST_TEXT],
            "reason": reason,
            "hidden": grant.row.is_hidden if grant else False,
        },
    )
    committer().write(entry, tuple(subjects))


def answer_not_sent(entry_id: int, reason: str) -> None:
    """Follow a durable use whose answer could not leave. RecordNotDurable if even that fails."""
    committer().write(unanswered(entry_id, reason), ())

"""The governed read: token → grant → decision → source → mask → record durable → answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from django.db import connections
from psycopg_pool import PoolTimeout

from yitong.base.access.api import Decision, fast_decision
from yitong.base.keys.api import pseudonym
from yitong.base.ledger import api as ledger
from yitong.data.exchange.committer import committer, unanswered
from yitong.data.exchange.connections import reading_pool
from yitong.data.exchange.errors import NotGranted, RateExceeded, RecordNotDurable, RowUnknown
from yitong.data.exchange.events import DATA_REFUSED, DATA_USED
from yitong.data.exchange.rates import rates
from yitong.data.exchange.register import LoadedGrant, register
from yitong.data.exchange.rules import ReadCall, check_call, digest, masked, people_of
from yitong.data.sharing.api import Call
from yitong.data.sources.api import remote_row
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import InvalidCode
from yitong.kernel.declare import About
from yitong.kernel.errors import N_

LONGEST_TEXT = 100  # of what a caller wrote and a record repeats

FoundRows = Sequence[tuple[str, Mapping[str, str | None]]]  # (division, values)


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
        _refused(call, by, grant, refusal.code, _subjects(grant, call.key, ()))
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
        _refused(call, by, grants[0], refusal.code, _subjects(grants[0], call.key, ()))
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
    return fast_decision(grant.row.facts(asked))


def _not_granted(
    grant: LoadedGrant, call: ReadCall, fields: Sequence[str], by: Actor
) -> NotGranted:
    decision = _decision(grant, call, fields or tuple(grant.fields), grant.row.row_region, by)
    return NotGranted(decision.reason or N_("超出授权"), decision.policies)


def _decide(
    grant: LoadedGrant, call: ReadCall, fields: Sequence[str], found: FoundRows, by: Actor
) -> None:
    regions = {region for region, _ in found} or {grant.row.row_region}
    for region in regions:
        decision = _decision(grant, call, fields, region, by)
        if not decision.allowed:
            raise NotGranted(decision.reason or N_("超出授权"), decision.policies)


def _found(grant: LoadedGrant, key: str) -> FoundRows:
    """The rows of the key with their division; none where the key cannot be one of this table's."""
    try:
        if grant.statement is None:
            values = remote_row(grant.row.table_key, grant.columns, key)
            connections["default"].close()
            return [(grant.row.row_region, row) for row in values]
        keys = grant.statement.keys(key)
    except InvalidCode:
        return []
    try:
        with reading_pool().connection() as connection:
            cursor = connection.execute(grant.statement.sql, (keys,), prepare=True)
            stored = cursor.fetchall()
    except (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable, PoolTimeout) as error:
        register().reload()
        raise RecordNotDurable from error
    return [(row[1] or "", grant.statement.read(row)) for row in stored]


def _subjects(
    grant: LoadedGrant, key: str, rows: Sequence[Mapping[str, str | None]]
) -> frozenset[bytes]:
    """Everyone the call was about: by the key itself, and by the numbers in its rows."""
    found = people_of(rows, grant.row.subjects, _pseudonym)
    kind = grant.row.key_kind
    own = _pseudonym(kind, key) if kind in {"person", "org"} else None
    return found | {own} if own is not None else found


def _pseudonym(kind: str, number: str) -> bytes | None:
    try:
        return pseudonym(kind, number)
    except InvalidCode:
        return None


def _answer(
    call: ReadCall, by: Actor, grant: LoadedGrant, fields: Sequence[str], found: FoundRows
) -> ReadAnswer:
    granted = {field.name: field.mask for field in grant.row.fields}
    raw = [values for _, values in found]
    rows = masked(raw, {name: granted[name] for name in fields})
    entry = ledger.prepare(
        DATA_USED,
        by=by,
        about=About("resource", call.resource),
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
        region=found[0][0] if found else grant.row.row_region,
    )
    entry_id = committer().write(entry, tuple(_subjects(grant, call.key, raw)))
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
        about=About("resource", call.resource[:LONGEST_TEXT]),
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

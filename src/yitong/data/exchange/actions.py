"""The governed read: token → grant → decision → source → mask → record durable → answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psycopg
from django.db import connections

from yitong.base.access.api import Decision, fast_decision
from yitong.base.keys.api import KeyDestroyed, pseudonym
from yitong.base.ledger import api as ledger
from yitong.base.ledger.api import SealedEntry
from yitong.data.exchange.committer import committer, unanswered
from yitong.data.exchange.destruction import is_destroyed
from yitong.data.exchange.errors import (
    DataDestroyed,
    NotGranted,
    RateExceeded,
    RecordNotDurable,
    RowUnknown,
)
from yitong.data.exchange.events import DATA_REFUSED, DATA_USED, DATA_USED_BY_RULE
from yitong.data.exchange.rates import rates
from yitong.data.exchange.reader import StoredRow, reader
from yitong.data.exchange.register import LoadedGrant, register
from yitong.data.exchange.rules import (
    ReadCall,
    RowRule,
    about_uses,
    check_call,
    digest,
    items_said,
    masked,
    people_of,
)
from yitong.data.sharing.api import Call
from yitong.data.sources.api import RowStatement, remote_row
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import InvalidCode
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_

MOST_DECIDED = 1_000
LONGEST_TEXT = 100  # of what a caller wrote and a record repeats
_NO_FACTS: Mapping[str, Value] = {}


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
    use = _Use(call, by, grant, _names(grant, call) or tuple(f.name for f in grant.row.fields))
    try:
        rates().take(grant.row.id, grant.row.rate_per_minute)
        entry_id = _recorded(use)
    except (NotGranted, RateExceeded) as refusal:
        _refused(call, by, grant, refusal.code, _subjects(grant, call.key, NOTHING))
        raise
    except KeyDestroyed as gone:
        _refused(call, by, grant, DataDestroyed.code, _subjects(grant, call.key, NOTHING))
        raise DataDestroyed from gone
    except psycopg.Error as error:
        raise RecordNotDurable from error
    if not use.rows:
        raise RowUnknown
    return ReadAnswer(call.resource, grant.row.id, call.purpose, use.rows, entry_id)


@dataclass(slots=True)
class _Use:
    """A call under its grant, and what it gives once its rows are found."""

    call: ReadCall
    by: Actor
    grant: LoadedGrant
    fields: Sequence[str]
    rows: list[dict[str, str | None]] = field(default_factory=list)

    def record(self, found: Found) -> tuple[SealedEntry, Sequence[bytes]]:
        """What will be durable before the rows leave; NotGranted where a row lies beyond the grant.

        What a rule keeps back is as if it were not there: nobody it is about is in the answer, and the caller learns
        nothing of it, neither that there is such a row nor why it was kept.
        """
        call, grant = self.call, self.grant
        event, given, more = DATA_USED, found, _NO_FACTS
        if grant.rule is not None:
            event, given = DATA_USED_BY_RULE, _let_through(grant.rule, found)
            kept_back = len(found.rows) - len(given.rows)
            more = {"rule": grant.rule.digest, "kept_back": kept_back}
        _decide(grant, call, self.fields, given, self.by)
        masks = {name: grant.masks[name] for name in self.fields}
        self.rows = masked((row for _, row in given.rows), masks)
        entry = ledger.prepare(
            event,
            by=self.by,
            about=about_uses(call.resource),
            facts={
                "grant": grant.row.id,
                "resource": call.resource,
                "purpose": call.purpose,
                "basis": grant.row.basis,
                "fields": list(self.fields),
                "masks": [grant.mask_names[name] for name in self.fields],
                "found": len(self.rows),
                "digest": digest(self.rows),
                "hidden": grant.row.is_hidden,
                **more,
            },
            region=given.rows[0][0] if given.rows else grant.row.row_region,
        )
        return entry, tuple(_subjects(grant, call.key, given))


def _let_through(rule: RowRule, found: Found) -> Found:
    """The rows that meet the rule today."""
    on = clock.today()
    met = [(region, row) for region, row in found.rows if rule.lets_through(region, row, on=on)]
    return Found(met, found.own)


def _recorded(use: _Use) -> int:
    """Find the rows and make their use durable; its number. A key that can be none of this table's finds nothing."""
    grant, key = use.grant, use.call.key
    if grant.statement is not None:
        return _recorded_from_store(use, grant.statement)
    # Read where it stands, on the call's own thread: another's server may be slow.
    try:
        rows = remote_row(grant.row.table_key, grant.columns, key)
        found = Found([(grant.row.row_region, row) for row in rows])
    except InvalidCode:
        found = NOTHING
    finally:
        connections["default"].close()
    return committer().write(*use.record(found))


def _recorded_from_store(use: _Use, statement: RowStatement) -> int:
    is_person = use.grant.row.key_kind == "person"

    def keys() -> Sequence[bytes]:
        try:
            return statement.keys(use.call.key)
        except InvalidCode:
            return ()

    def made(
        keys: Sequence[bytes], stored: Sequence[StoredRow]
    ) -> tuple[SealedEntry, Sequence[bytes]]:
        rows = [(row[1] or "", statement.read(row)) for row in stored]
        return use.record(Found(rows, keys[0] if is_person and keys else None))

    return reader().use(statement.sql, keys, made)


def _grant_for(call: ReadCall, by: Actor) -> LoadedGrant:
    """The grant for this purpose; without one the refusal names what is nearest."""
    grants = register().grants(by.agency, by.account.removeprefix("client:"), call.resource)
    fitting = [grant for grant in grants if grant.row.purpose == call.purpose]
    if fitting:
        wanted = frozenset(call.fields)
        return next((g for g in fitting if wanted <= g.row.words.keys()), fitting[0])
    if grants:
        refusal = _not_granted(grants[0], call, _names(grants[0], call), by)
        _refused(call, by, grants[0], refusal.code, _subjects(grants[0], call.key, NOTHING))
        raise refusal
    if is_destroyed(call.resource):
        _refused(call, by, None, DataDestroyed.code, ())
        raise DataDestroyed
    _refused(call, by, None, NotGranted.code, ())
    raise NotGranted(N_("没有对这个资源的有效授权"))


def _names(grant: LoadedGrant, call: ReadCall) -> tuple[str, ...]:
    """Names of the items asked for, each once; a word that means none of the grant's stays as it is."""
    words = grant.row.words
    return tuple(dict.fromkeys([words.get(word, word) for word in call.fields]))


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
    return _refusal(decision, grant, fields)


def _refusal(decision: Decision, grant: LoadedGrant, fields: Sequence[str]) -> NotGranted:
    """With the items that may be asked for, where others were."""
    known = "" if grant.fields.issuperset(fields) else items_said(grant.row.fields)
    return NotGranted(decision.reason or N_("超出授权"), decision.policies, items=known)


def _decide(
    grant: LoadedGrant, call: ReadCall, fields: Sequence[str], found: Found, by: Actor
) -> None:
    regions = {region for region, _ in found.rows} or {grant.row.row_region}
    for region in regions:
        decision = _decision(grant, call, fields, region, by)
        if not decision.allowed:
            raise _refusal(decision, grant, fields)


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

"""What a rule does to a table now: how many rows it lets through, and for one row why or why not.

For the agency whose data they are. A count reads clear columns and opens nothing. A row that is opened is a use: its
record stands, and the person finds it in the own footprint, before anything of it is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import OperationalError, connection, transaction

from yitong.base.access.api import Thing, allows, require
from yitong.base.keys.api import pseudonym
from yitong.base.ledger import api as ledger
from yitong.data.catalogue.api import Resource
from yitong.data.exchange.errors import CountTooLong, LookUnfounded, RowsInPlace, TooManyToOpen
from yitong.data.exchange.events import DATA_JUDGED
from yitong.data.exchange.rules import RowRule, about_uses, people_of
from yitong.data.sharing.api import row_rules
from yitong.data.sources.api import RowStatement, remote_row, row_statement, source_table
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import InvalidCode
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis
from yitong.kernel.predicates import Predicate, Trace, Tracer, split

LOOKS: Final[dict[str, str]] = {
    "rule-check": N_("核对授权的行规则写得对不对"),
    "person-asks": N_("答复本人的询问"),
    "grantee-asks": N_("答复使用部门的询问"),
    "complaint": N_("处理投诉或者异议"),
}
JUDGED: Final = DATA_JUDGED.name
BASIS: Final = Basis("个人信息保护法", "13")  # 履行法定职责或者法定义务所必需
MOST_OPENED: Final = 500
PATIENCE_S: Final = 5

StoredRow = tuple[
    str, Mapping[str, str | None]
]  # its division, and the columns that were asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule about the rows of an entry; `grant` whose rule it is, 0 where it is only tried."""

    resource: Resource
    text: str
    grant: int = 0

    @property
    def thing(self) -> Thing:
        owner = self.resource.owner
        return Thing("resource", self.resource.code, agency=owner.code, region=owner.region)

    @property
    def predicate(self) -> Predicate:
        return row_rules.read_rule(self.text, self.resource)


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows that a rule lets through, keeps back, and of which it is not known. `sealed` items were not looked at.

    Then `met` is the most that can be, since what is sealed only takes rows away.
    """

    met: int
    unmet: int
    unknown: int
    total: int
    sealed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of each row of a key, and the record of the look."""

    traces: tuple[Trace, ...]
    entry_id: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A count of opened rows, and its record."""

    met: int
    opened: int
    entry_id: int


def may_count(asked: Asked, *, by: Actor) -> bool:
    return allows(by, "exchange.count_by_rule", of=asked.thing).allowed


def tally(asked: Asked, *, by: Actor) -> Tally:
    """How many rows the rule lets through now, by what stands in clear. RowsInPlace, CountTooLong."""
    require(by, "exchange.count_by_rule", of=asked.thing)
    predicate, statement = asked.predicate, _stored(asked.resource)
    sealed = tuple(held.words for held in predicate.sealed_fields)
    clear = split(predicate).clear
    if clear is None:
        total = source_table(asked.resource.table_key).row_count
        return Tally(total, 0, 0, total, sealed)
    try:
        with transaction.atomic():
            _be_impatient()
            found = statement.count(clear, on=clock.today())
    except OperationalError as error:
        raise CountTooLong(seconds=PATIENCE_S) from error
    return Tally(found.met, found.unmet, found.unknown, found.total, sealed)


@transaction.atomic
def count_opened(asked: Asked, *, purpose: str, by: Actor) -> Opened:
    """Count by opening what the clear part does not rule out, at most MOST_OPENED rows: a use of each of them."""
    _check(asked, purpose, by)
    predicate, statement = asked.predicate, _stored(asked.resource, asked.predicate)
    clear = split(predicate).clear
    on = clock.today()
    keys = statement.keys_meeting(clear, on=on, limit=MOST_OPENED + 1)
    if len(keys) > MOST_OPENED:
        raise TooManyToOpen(most=MOST_OPENED)
    rows = _rows(statement, keys)
    rule = _rule(predicate, statement)
    met = sum(rule.lets_through(region, row, on=on) for region, row in rows)
    entry_id = _record(asked, purpose, predicate, rows, by)
    _note(entry_id, people_of((row for _, row in rows), _subjects(asked.resource), pseudonym_of))
    return Opened(met, len(rows), entry_id)


@transaction.atomic
def judge(asked: Asked, *, key: str, purpose: str, by: Actor) -> Judged:
    """Why the rule lets the rows of this key through, or not. InvalidCode where the key can be none of this table's."""
    _check(asked, purpose, by)
    predicate, resource = asked.predicate, asked.resource
    if source_table(resource.table_key).state == "in_place":
        columns = _columns(predicate, resource)
        rows: list[StoredRow] = [("", row) for row in remote_row(resource.table_key, columns, key)]
        rule = RowRule(predicate, predicate.digest)
    else:
        statement = _stored(resource, predicate)
        rows = _rows(statement, statement.keys(key))
        rule = _rule(predicate, statement)
    on, tracer = clock.today(), Tracer(predicate)
    traces = tuple(tracer.trace(rule.row(region, row), on=on) for region, row in rows)
    entry_id = _record(asked, purpose, predicate, rows, by)
    people = people_of((row for _, row in rows), _subjects(resource), pseudonym_of)
    own = {pseudonym(resource.key_kind, key)} if resource.key_kind in {"person", "org"} else set()
    _note(entry_id, people | own)
    return Judged(traces, entry_id)


def pseudonym_of(kind: str, number: str) -> bytes | None:
    try:
        return pseudonym(kind, number)
    except InvalidCode:
        return None


def _check(asked: Asked, purpose: str, by: Actor) -> None:
    if purpose not in LOOKS:
        raise LookUnfounded
    require(by, "exchange.judge_row", of=asked.thing, purpose=purpose)


def _stored(resource: Resource, predicate: Predicate | None = None) -> RowStatement:
    if source_table(resource.table_key).state == "in_place":
        raise RowsInPlace(name=resource.name)
    plan = row_statement(resource.table_key, ()).plan
    if predicate is None:
        return row_statement(resource.table_key, ())
    wanted = [name for name in _columns(predicate, resource) if name in plan.names]
    return row_statement(resource.table_key, wanted)


def _columns(predicate: Predicate, resource: Resource) -> tuple[str, ...]:
    names = [held.name for held in predicate.fields]
    return tuple(dict.fromkeys([*names, *_subjects(resource)]))


def _subjects(resource: Resource) -> dict[str, str]:
    return {item.name: item.subject for item in row_rules.items_of(resource) if item.subject}


def _rule(predicate: Predicate, statement: RowStatement) -> RowRule:
    return RowRule(predicate, predicate.digest, statement.plan.region_column or "")


def _rows(statement: RowStatement, keys: Sequence[bytes]) -> list[StoredRow]:
    """Division and opened columns of the rows of these keys."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, [list(keys)])
        return [(row[1] or "", statement.read(row)) for row in cursor.fetchall()]


def _record(
    asked: Asked, purpose: str, predicate: Predicate, rows: Sequence[object], by: Actor
) -> int:
    masks = {item.name: item.mask for item in row_rules.items_of(asked.resource)}
    names = [held.name for held in predicate.fields]
    return ledger.record(
        DATA_JUDGED,
        by=by,
        about=about_uses(asked.resource.code),
        facts={
            "grant": asked.grant,
            "resource": asked.resource.code,
            "purpose": purpose,
            "basis": str(BASIS),
            "fields": list(names),
            "masks": [masks.get(name, "hidden") for name in names],
            "rule": predicate.digest,
            "found": len(rows),
            "hidden": False,
        },
        region=asked.resource.owner.region,
    )


def _note(entry_id: int, subjects: Iterable[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into exchange_usage (subject, at, entry_id) "
            "select subject, at, id from ledger_entry, unnest(%s::bytea[]) as subject where id = %s",
            (sorted(subjects), entry_id),
        )


def _be_impatient() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, true)", [f"{PATIENCE_S}s"])

"""The register of grants that are in force, by plain SQL: what the gateway keeps in memory.

One query gives everything a call needs, so that nothing but the row itself is read on the way.
"""

import datetime as dt
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from yitong.base.access.api import Decision, GrantFacts, decide_grant
from yitong.data.sharing.row_rules import Item, recompiled
from yitong.data.sharing.rules import effective_mask
from yitong.kernel import clock
from yitong.kernel.predicates import Predicate

_log = logging.getLogger(__name__)


class Answer(Protocol):
    """A psycopg cursor after its statement."""

    def fetchall(self) -> Sequence[Sequence[Any]]: ...


class Executes(Protocol):
    """A psycopg connection or cursor, or Django's own cursor."""

    def execute(self, query: str, params: tuple[dt.date, int | None, int | None], /) -> Answer: ...


@dataclass(frozen=True, slots=True)
class GrantField:
    """One item a call may ask for, with the mask that applies now."""

    name: str
    header: str
    type_letter: str
    mask: str
    personal: str
    grade: str
    is_key: bool


@dataclass(frozen=True, slots=True)
class Call:
    """What one call asks: who, when, what for, which items, in which division its row lies, and whether the row meets
    the rule of a grant that has one.
    """

    client: str
    agency: str
    on: dt.date
    purpose: str
    fields: frozenset[str]
    row_region: str = ""
    rule_met: bool = True


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant with all that a call under it is checked against and answered from.

    `subjects` are the items that hold people's or organisations' numbers, granted or not: by them a use is
    shown to everyone the row is about. It ends at `expires_at`, the end of the local day `until`. `words` are what
    a call may write for each granted item: its name, and its header where that means one item of the entry only.
    `rule` says which rows it gives; None gives every row.
    """

    id: int
    client_id: str
    agency_code: str
    agency_name: str
    resource_id: int
    resource_code: str
    resource_name: str
    table_key: str
    key_field: str
    key_kind: str
    key_unique: bool
    fields: tuple[GrantField, ...]
    words: Mapping[str, str]
    subjects: Mapping[str, str]
    share_type: str
    grade: str
    provider_code: str
    provider_name: str
    purpose: str
    purpose_sentence: str
    is_hidden: bool
    basis: str
    rate_per_minute: int
    row_region: str
    since: dt.date
    until: dt.date
    expires_at: dt.datetime
    rule: Predicate | None = None
    rule_digest: str = ""

    def facts(self, call: Call) -> GrantFacts:
        """What access decides a call on."""
        return GrantFacts(
            client=call.client,
            client_agency=call.agency,
            granted_client=self.client_id,
            granted_agency=self.agency_code,
            resource=self.resource_code,
            provider_agency=self.provider_code,
            share_type=self.share_type,
            in_force=True,
            state="active",
            granted_purposes=frozenset({self.purpose}),
            granted_fields=frozenset(f.name for f in self.fields),
            granted_region=self.row_region,
            since=self.since,
            until=self.until,
            on=call.on,
            purpose=call.purpose,
            requested_fields=call.fields,
            row_region=call.row_region,
            ruled=self.rule is not None,
            rule_met=self.rule is not None and call.rule_met,
        )

    def widest_call(self, on: dt.date) -> Call:
        """The most that the grant could ever be used for: what is decided when it is loaded."""
        fields = frozenset(f.name for f in self.fields)
        return Call(self.client_id, self.agency_code, on, self.purpose, fields, self.row_region)


# A grant of a retired or withheld entry, of a hidden purpose that is not (or no longer) approved, or past its
# day is not in force, whatever its own state says: reactions and jobs only write down later what holds at once.
ACTIVE_GRANTS = """
select g.id, g.client_id, ga.code, ga.name, r.id, r.code, r.name, r.table_key, r.key_field,
       r.key_kind, r.key_unique, r.share_type, r.grade, pa.code, pa.name, p.code, p.sentence,
       p.is_hidden, g.basis, g.rate_per_minute, g.row_region, g.granted_at, g.until,
       g.masks::text, g.masks_decided::text, g.fields, g.row_rule, g.row_rule_digest,
       (select json_agg(json_build_object('name', f.name, 'header', f.header,
                                          'type_letter', f.type_letter, 'mask', f.mask,
                                          'personal', f.personal, 'grade', f.grade,
                                          'is_key', f.is_key, 'subject', f.subject,
                                          'element', f.element)
                        order by f."order")::text
        from catalogue_field f where f.resource_id = r.id)
from sharing_grant g
join identity_agency ga on ga.id = g.agency_id
join catalogue_resource r on r.id = g.resource_id
join identity_agency pa on pa.id = r.owner_id
join sharing_purpose p on p.id = g.purpose_id
where g.state = 'active' and g.until >= %s
  and r.version_in_force is not null and r.state <> 'retired' and r.share_type <> 'withheld'
  and (not p.is_hidden or (p.authority_account <> '' and p.secrecy_account <> ''))
  and (%s::bigint is null or g.id = %s)
order by g.id
"""


def active_grants(
    connection: Executes, *, on: dt.date | None = None, only: int | None = None
) -> list[GrantRow]:
    """Every grant in force on a day (today) that the policies permit, or the `only` one if it is."""
    day = on or clock.today()
    return [row for row, decision in decided_grants(connection, day, only) if decision.allowed]


def decided_grants(
    connection: Executes, on: dt.date, only: int | None
) -> list[tuple[GrantRow, Decision]]:
    """Each loaded grant with what Cedar says of it."""
    answer = connection.execute(ACTIVE_GRANTS, (on, only, only))
    rows = [row for row in map(_grant_row, answer.fetchall()) if row is not None and row.fields]
    return [(row, decide_grant(row.facts(row.widest_call(on)))) for row in rows]


def _grant_row(row: Sequence[Any]) -> GrantRow | None:
    """None where the entry no longer reads the grant's rule as it was given: then it gives nothing."""
    (
        grant_id, client_id, agency_code, agency_name, resource_id, resource_code, resource_name,
        table_key, key_field, key_kind, key_unique, share_type, grade, provider_code,
        provider_name, purpose, sentence, is_hidden, basis, rate, row_region, granted_at, until,
        masks, decided, granted, rule, rule_digest, items,
    ) = row  # fmt: skip
    items = json.loads(items or "[]")
    read = recompiled(rule, rule_digest, [Item.of(item) for item in items]) if rule else None
    if rule and read is None:
        _log.warning("grant %s gives nothing: its rule is no longer that of its entry", grant_id)
        return None
    fields = _granted_fields(items, granted, json.loads(masks), json.loads(decided))
    return GrantRow(
        id=grant_id,
        client_id=client_id,
        agency_code=agency_code,
        agency_name=agency_name,
        resource_id=resource_id,
        resource_code=resource_code,
        resource_name=resource_name,
        table_key=table_key,
        key_field=key_field,
        key_kind=key_kind,
        key_unique=key_unique,
        fields=fields,
        words=item_words(((i["name"], i["header"]) for i in items), (f.name for f in fields)),
        subjects={item["name"]: item["subject"] for item in items if item["subject"]},
        share_type=share_type,
        grade=grade,
        provider_code=provider_code,
        provider_name=provider_name,
        purpose=purpose,
        purpose_sentence=sentence,
        is_hidden=is_hidden,
        basis=basis,
        rate_per_minute=rate,
        row_region=row_region,
        since=clock.local(granted_at).date(),
        until=until,
        expires_at=dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), tzinfo=clock.ZONE),
        rule=read,
        rule_digest=rule_digest,
    )


def item_words(items: Iterable[tuple[str, str]], granted: Iterable[str]) -> dict[str, str]:
    """What may be written for each granted item → its name. `items` are name and header of all items of the entry.

    A header that stands twice in the table, or that is another item's name, says nothing certain and is left out.
    """
    meant: dict[str, set[str]] = defaultdict(set)
    for name, header in items:
        meant[name].add(name)
        meant[header].add(name)
    names = set(granted)
    certain = {word: found for word, found in meant.items() if len(found) == 1 and found <= names}
    return {word: next(iter(found)) for word, found in certain.items()} | {n: n for n in names}


def _granted_fields(
    items: Sequence[Mapping[str, Any]],
    granted: Sequence[str],
    masks: Mapping[str, str],
    decided: Mapping[str, str],
) -> tuple[GrantField, ...]:
    """Granted items that the entry in force still has, under the stricter of the two masks."""
    return tuple(
        GrantField(
            name=item["name"],
            header=item["header"],
            type_letter=item["type_letter"],
            mask=effective_mask(
                masks.get(item["name"], "hidden"),
                item["mask"],
                decided_over=decided.get(item["name"]),
            ),
            personal=item["personal"],
            grade=item["grade"],
            is_key=item["is_key"],
        )
        for item in items
        if item["name"] in granted
    )

"""How one entry of the ledger reads to the person it is about: who, what, why, what was given, on which basis."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yitong.base.identity.api import agencies, delegations
from yitong.base.ledger.api import LedgerEntry
from yitong.data.catalogue.api import Resource
from yitong.data.exchange.api import DATA_REFUSED, row_looks, unanswered_uses, wards
from yitong.data.sharing.api import grants, purposes, row_rules
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.portals.citizen.sentences import (
    BASES,
    LOOKS,
    SEEN,
    SEEN_FOR,
    SENTENCES,
    SENTENCES_FOR,
    Outcome,
)
from yitong.ui.values import Row

READER = Actor.system("footprint")  # reads the terms of grants for the person they were used on
MOST_ABSENT = 3  # items named as not given; beyond it only how many


REASONS: Mapping[str, str] = {
    "not_granted": N_("超出了批准的字段、区划或者期限"),
    "rate_exceeded": N_("超过了每分钟允许的次数"),
}
OTHER_PURPOSE = N_("说明的目的与批准的目的不符")
MASKS: Mapping[str, str] = {
    "name": N_("只显示首尾字"),
    "id": N_("只显示前后各四位"),
    "phone": N_("只显示前三后四位"),
    "address": N_("只到街道、乡镇"),
    "account": N_("只显示末尾几位"),
    "year": N_("只有年份"),
    "region": N_("只到区县"),
    "yesno": N_("只有“是”或者“否”"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One use in words, with what its stamp and its links need."""

    entry_id: int
    at: dt.datetime
    outcome: Outcome
    title: SafeString
    agency: str
    agency_code: str
    resource: str
    resource_code: str
    why: str
    given: str
    basis: str
    source: str
    index: int | None
    commitment: bytes
    rule: str = ""

    @property
    def rows(self) -> list[Row]:
        """The terms below the sentence, in their fixed order; what there is nothing to say about is left out."""
        is_refused = self.outcome is Outcome.REFUSED
        terms = [
            (gettext("原因") if is_refused else gettext("为什么"), self.why),
            (gettext("给了什么"), self.given),
            (gettext("只给这些行"), self.rule),
            (gettext("依据"), self.basis),
            (gettext("从哪来"), "" if is_refused else self.source),
        ]
        return [Row(term, value) for term, value in terms if value]

    @property
    def stamp(self) -> str:
        return "waiting" if self.index is None else "recorded"

    @property
    def nothing_left(self) -> bool:
        return self.outcome in {Outcome.REFUSED, Outcome.UNANSWERED, Outcome.KEPT_BACK}


@dataclass(frozen=True, slots=True)
class _Item:
    header: str
    is_personal: bool


@dataclass(frozen=True, slots=True)
class _Resource:
    name: str
    owner: str
    items: Mapping[str, _Item]
    is_of_one: (
        bool  # its rows hold one person's number, so a use of a row is a use of that person's
    )


@dataclass(frozen=True, slots=True)
class _Grant:
    purpose: str
    sentence: str
    rule: str  # in words; empty where it gives every row


def agency_names(codes: Iterable[str]) -> dict[str, str]:
    return dict(agencies().filter(code__in=set(codes)).values_list("code", "name"))


def uses_in_words(entries: Sequence[LedgerEntry], *, whom: str = "") -> list[Use]:
    """Entries of a footprint as sentences; a fixed number of queries however many there are.

    `whom` is the masked name of whose footprint it is, "" where its reader is that person.
    """
    calls = [entry for entry in entries if entry.event != wards.SEEN]
    looks = [entry for entry in entries if entry.event == wards.SEEN]
    words = _Words(
        agencies=agency_names(e.agency for e in calls),
        resources=_resources({str(e.facts["resource"]) for e in calls}),
        grants=_grants({int(str(e.facts["grant"])) for e in calls}),
        purposes=dict(purposes().values_list("code", "sentence")),
        unanswered=unanswered_uses([e.entry_id for e in calls]),
        delegations=delegations.shown_by_key([str(e.facts["delegation"]) for e in looks]),
        whom=whom,
    )
    return [words.told(entry) for entry in entries]


def _resources(codes: set[str]) -> dict[str, _Resource]:
    # Also entries that are closed to the public: a person may know what was used of them.
    found = Resource.objects.filter(code__in=codes).select_related("owner")
    return {
        row.code: _Resource(
            row.name,
            row.owner.name,
            {f.name: _Item(f.header, bool(f.personal)) for f in row.fields.all()},
            sum(f.subject == "person" for f in row.fields.all()) <= 1,
        )
        for row in found.prefetch_related("fields")
    }


def _grants(keys: set[int]) -> dict[int, _Grant]:
    return {
        grant.pk: _Grant(
            grant.purpose.code, grant.purpose.sentence, _rule(grant.row_rule, grant.resource)
        )
        for grant in grants(viewer=READER).filter(pk__in=keys)
    }


def _rule(text: str, resource: Resource) -> str:
    return row_rules.in_words_of(text, resource, gettext) if text else ""


_NOWHERE = _Resource("", "", {}, is_of_one=True)


@dataclass(frozen=True, slots=True)
class _Words:
    """Everything that entries of one page are told with."""

    agencies: Mapping[str, str]
    resources: Mapping[str, _Resource]
    grants: Mapping[int, _Grant]
    purposes: Mapping[str, str]
    unanswered: set[int]
    delegations: Mapping[str, delegations.Acting]
    whom: str

    def told(self, entry: LedgerEntry) -> Use:
        return self.look(entry) if entry.event == wards.SEEN else self.use(entry)

    def look(self, entry: LedgerEntry) -> Use:
        """Somebody looked for this person: who, by which kind of delegation, how much."""
        kind = delegations.DelegationKind(str(entry.facts["kind"]))
        acting = self.delegations.get(str(entry.facts["delegation"]))
        agent, footprint = acting.agent if acting else "", gettext("数据足迹")
        count = f"{int(str(entry.facts['shown'])):,}"
        return Use(
            entry_id=entry.entry_id,
            at=entry.at,
            outcome=Outcome.SEEN,
            title=format_html(
                gettext(SEEN_FOR if self.whom else SEEN),
                agent=agent,
                whom=self.whom,
                resource=format_html("<strong>{}</strong>", footprint),
            ),
            agency=agent,
            agency_code="",
            resource=footprint,
            resource_code="",
            why=gettext(delegations.KIND_WORDS[kind]),
            given=gettext(LOOKS[str(entry.facts["look"])]).format(count=count),
            basis=str(BASES[kind]),
            source="",
            index=entry.index,
            commitment=entry.commitment,
        )

    def use(self, entry: LedgerEntry) -> Use:
        code = str(entry.facts["resource"])
        resource = self.resources.get(code, _NOWHERE)
        grant = self.grants.get(int(str(entry.facts["grant"])))
        outcome = self._outcome(entry)
        agency = self.agencies.get(entry.agency, entry.agency)
        own, of_several = (SENTENCES_FOR if self.whom else SENTENCES)[outcome]
        return Use(
            entry_id=entry.entry_id,
            at=entry.at,
            outcome=outcome,
            title=format_html(
                gettext(own if resource.is_of_one else of_several),
                agency=agency,
                whom=self.whom,
                resource=format_html("<strong>{}</strong>", resource.name or code),
            ),
            agency=agency,
            agency_code=entry.agency,
            resource=resource.name or code,
            resource_code=code,
            why=self._why(entry, grant),
            given=_given(entry, outcome, resource),
            basis=str(entry.facts.get("basis", "")),
            source=f"{resource.owner} · {resource.name}" if resource.owner else "",
            index=entry.index,
            commitment=entry.commitment,
            # What the record itself says: an older use, or a refused call, was judged by no rule.
            rule=grant.rule if grant and entry.facts.get("rule") else "",
        )

    def _outcome(self, entry: LedgerEntry) -> Outcome:
        if entry.event == DATA_REFUSED.name:
            return Outcome.REFUSED
        if entry.entry_id in self.unanswered:
            return Outcome.UNANSWERED
        if entry.facts["found"] == 0:
            return Outcome.KEPT_BACK if entry.facts.get("kept_back") else Outcome.ABSENT
        if entry.event == row_looks.JUDGED:
            return Outcome.JUDGED
        is_checked = set(_masks(entry).values()) == {"yesno"}
        return Outcome.CHECKED if is_checked else Outcome.RECEIVED

    def _why(self, entry: LedgerEntry, grant: _Grant | None) -> str:
        stated = str(entry.facts["purpose"])
        if entry.event == row_looks.JUDGED:
            return gettext(row_looks.LOOKS.get(stated, stated))
        if entry.event != DATA_REFUSED.name:
            known = grant.sentence if grant else self.purposes.get(stated, "")
            return gettext(known) if known else gettext("说明的用途不在用途清单里")
        if grant and grant.purpose != stated:
            return gettext(OTHER_PURPOSE)
        return gettext(REASONS.get(str(entry.facts["reason"]), REASONS["not_granted"]))


def _given(entry: LedgerEntry, outcome: Outcome, resource: _Resource) -> str:
    if outcome not in {Outcome.RECEIVED, Outcome.CHECKED, Outcome.JUDGED}:
        return gettext("没有给出任何数据")
    masks = _masks(entry)
    shown = [_item(resource, name, mask) for name, mask in masks.items() if mask != "hidden"]
    absent = [
        item.header
        for name, item in resource.items.items()
        if item.is_personal and masks.get(name, "hidden") == "hidden"
    ]
    return _said(shown, absent)


def _masks(entry: LedgerEntry) -> dict[str, str]:
    """The items that left and how each was covered, as the record of the use itself has it."""
    fields, masks = entry.facts.get("fields", []), entry.facts.get("masks", [])
    if not (isinstance(fields, list) and isinstance(masks, list)):
        return {}
    return {str(name): str(mask) for name, mask in zip(fields, masks, strict=True)}


def _item(resource: _Resource, name: str, mask: str) -> str:
    header = resource.items[name].header if name in resource.items else name
    words = MASKS.get(mask, "")
    if not words:
        return header
    return gettext("{item}（{mask}）").format(item=header, mask=gettext(words))


def _said(shown: Sequence[str], absent: Sequence[str]) -> str:
    """What was given, and which personal items were not."""
    comma = gettext("、")
    if not shown:
        return gettext("没有给出任何数据")
    given = comma.join(shown)
    if not absent:
        return given
    named = comma.join(absent[:MOST_ABSENT])
    if len(absent) > MOST_ABSENT:
        return gettext("{given}；没有给{items}等{count}项").format(
            given=given, items=named, count=len(absent)
        )
    return gettext("{given}；没有给{items}").format(given=given, items=named)

"""Reading the catalogue: one entry with its history, and what a table could become. Every read has a viewer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from yitong.base.ledger.api import LedgerEntry, entries_about
from yitong.data.catalogue import drafting, errors, events, rules, ruling
from yitong.data.catalogue.drafting import NO_WISHES, Wishes
from yitong.data.catalogue.models import Assessment, Decision, Field, Resource, ResourceVersion
from yitong.data.catalogue.proposal import Change, Proposal, diff
from yitong.data.catalogue.recognition import recognised_in
from yitong.data.catalogue.search import query_terms
from yitong.data.sources.api import TableProfile
from yitong.data.standards.api import ColumnProposal, proposals
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.predicates import Schema


@dataclass(frozen=True, slots=True)
class Line:
    """One ledger entry about a catalogue entry, with its sentence filled."""

    entry: LedgerEntry
    sentence: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with everything a page about it shows. `pending` is the revision in work, if any.

    `missing` are the entries of art. 13 that the present version lacks, `is_traceable` says whether everyone its
    rows are about can be found.
    """

    resource: Resource
    fields: tuple[Field, ...]
    versions: tuple[ResourceVersion, ...]
    assessments: tuple[Assessment, ...]
    decisions: tuple[Decision, ...]
    timeline: tuple[Line, ...]
    pending: Proposal | None
    changes: tuple[Change, ...]
    steps: tuple[rules.Step, ...]
    missing: tuple[str, ...]
    is_traceable: bool

    def rule_schema(self, clear: Collection[str] | None = None) -> Schema:
        """What a rule about its rows may speak of. `clear` are the columns that its table keeps in clear.

        Without a table, personal items are taken as sealed.
        """
        if clear is None:
            clear = [item.name for item in self.fields if not item.personal]
        return ruling.schema_of(self.fields, clear)


def propose(
    profile: TableProfile,
    *,
    owner: str,
    name: str = "",
    wishes: Wishes = NO_WISHES,
    matched: Mapping[str, ColumnProposal] | None = None,
) -> Proposal:
    """The entry for a profiled table, by the best 数据元 of each column; `name` is the table's unless given.

    `matched` is what standards said of the columns, where that was asked already.
    """
    known = recognised_in(proposals(profile.columns) if matched is None else matched)
    return drafting.propose(profile, known, owner=owner, name=name or profile.name, wishes=wishes)


def about(resource: Resource) -> About:
    return About("resource", resource.code)


def visible_to(viewer: Actor) -> Q:
    """Art. 16: what is published is announced to all departments; drafts are their owner's and the reviewer's.

    The auditor of a division reads everything in it, whatever became of it.
    """
    in_force = Q(version_in_force__isnull=False)
    if viewer.kind in {"operator", "system"} or "data_reviewer" in viewer.roles:
        return Q()
    if viewer.kind == "person":
        return in_force & ~Q(open_type="closed") & ~Q(state=rules.State.RETIRED)
    if "auditor" in viewer.roles:
        in_force |= Q(owner__region__startswith=viewer.region)
    return in_force | Q(owner__code=viewer.agency) if viewer.agency else in_force


def found_by(text: str, *, viewer: Actor) -> QuerySet[Resource]:
    """Entries whose names, summaries, owners or data items have the words of `text`; empty finds all."""
    terms = query_terms(text)
    wanted = Q(terms__contains=terms) if terms else Q()
    return Resource.objects.filter(visible_to(viewer) & wanted)


def resource(asked: str, *, viewer: Actor) -> Resource:
    """By code, number or exact name. Whoever may not see an entry is told the same as if there were none."""
    text = asked.strip()
    seen = Resource.objects.select_related("owner").filter(visible_to(viewer))
    by_key = Q(pk=int(text)) if text.isdecimal() and len(text) < 10 else Q(code=text)
    if found := seen.filter(by_key).first():
        return found
    named = list(seen.filter(name=text).exclude(state=rules.State.RETIRED).order_by("code")[:5])
    if len(named) > 1:
        raise errors.NameShared(asked=text, codes="、".join(r.code for r in named))
    if not named:
        raise errors.ResourceUnknown(asked=text, nearest=_nearest(text, viewer))
    return named[0]


def _nearest(text: str, viewer: Actor) -> str:
    rows = found_by(text, viewer=viewer).order_by("-id")[:3] if text else ()
    return f"相近的有：{'、'.join(f'{r.name}（{r.code}）' for r in rows)}。" if rows else ""


def entry(asked: str, *, viewer: Actor, compare: tuple[int, int] | None = None) -> EntryView:
    """One entry whole. `changes` are the revision's in work, or those between the two versions to `compare`."""
    row = resource(asked, viewer=viewer)
    versions = tuple(row.versions.order_by("-number"))
    pending = _pending(row, versions)
    present = _content(row, versions, row.version)
    pair = compare or (row.version_in_force or row.version, row.version)
    return EntryView(
        resource=row,
        fields=tuple(row.fields.all()),
        versions=versions,
        assessments=tuple(row.assessments.order_by("-at", "-pk")),
        decisions=tuple(row.decisions.order_by("-at", "-pk")),
        timeline=tuple(Line(e, _sentence(e)) for e in entries_about(about(row))),
        pending=pending,
        changes=tuple(diff(_content(row, versions, pair[0]), _content(row, versions, pair[1]))),
        steps=rules.open_steps(rules.State(row.state), in_force=row.version_in_force is not None),
        missing=tuple(rules.missing_entries(present)),
        is_traceable=rules.is_traceable(present),
    )


_SENTENCES = {event.name: event.sentence for event in events.EVENTS}


def _sentence(found: LedgerEntry) -> str:
    # Facts may be words of the program itself, such as the name of an assessment.
    said = {k: gettext(v) if isinstance(v, str) and v else v for k, v in found.facts.items()}
    return gettext(_SENTENCES.get(found.event, found.event)).format(**said)


def _pending(row: Resource, versions: tuple[ResourceVersion, ...]) -> Proposal | None:
    """The content of a revision in work; none while a first draft is the entry itself."""
    if row.version_in_force in {None, row.version} or row.state == rules.State.RETIRED:
        return None
    return _content(row, versions, row.version)


def _content(row: Resource, versions: tuple[ResourceVersion, ...], number: int) -> Proposal:
    found = next((v for v in versions if v.number == number), None)
    if found is None:
        latest = versions[0].number
        raise errors.VersionUnknown(resource=row.code, version=number, latest=latest)
    return found.entry

"""Reading the catalogue: lists, one entry with its history, rows to export. Every read has a viewer."""

from collections.abc import Collection, Iterator
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
from yitong.data.standards.api import proposals
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.predicates import Schema

PAGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means all. `text` finds names, summaries, owners and data items."""

    text: str = ""
    state: str = ""
    owner: str = ""  # an agency's code
    share_type: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; `after` continues, and is 0 at the end."""

    rows: tuple[Resource, ...]
    total: int
    after: int


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
    profile: TableProfile, *, owner: str, name: str = "", wishes: Wishes = NO_WISHES
) -> Proposal:
    """The entry for a profiled table, by the best 数据元 of each column; `name` is the table's unless given."""
    known = recognised_in(proposals(profile.columns))
    return drafting.propose(profile, known, owner=owner, name=name or profile.name, wishes=wishes)


def about(resource: Resource) -> About:
    return About("resource", resource.code)


def visible_to(viewer: Actor) -> Q:
    """Art. 16: what is published is announced to all departments; drafts are their owner's and the reviewer's."""
    in_force = Q(version_in_force__isnull=False)
    if viewer.kind in {"operator", "system"} or "data_reviewer" in viewer.roles:
        return Q()
    if viewer.kind == "person":
        return in_force & ~Q(open_type="closed") & ~Q(state=rules.State.RETIRED)
    return in_force | Q(owner__code=viewer.agency) if viewer.agency else in_force


def entries(
    *, viewer: Actor, filters: Filters = Filters(), after: int = 0, limit: int = 50
) -> Page:
    """A page of the list. The cursor is an entry's number, so nothing is skipped while others are filed."""
    found = _filtered(viewer, filters)
    rows = found.filter(id__lt=after) if after else found
    size = max(1, min(limit, PAGE_LIMIT))
    page = list(rows.select_related("owner").order_by("-id")[: size + 1])
    return Page(
        rows=tuple(page[:size]), total=found.count(), after=page[size - 1].pk if page[size:] else 0
    )


def _filtered(viewer: Actor, filters: Filters) -> QuerySet[Resource]:
    wanted = Q()
    if terms := query_terms(filters.text):
        wanted &= Q(terms__contains=terms)
    if filters.state:
        wanted &= Q(state=filters.state)
    if filters.owner:
        wanted &= Q(owner__code=filters.owner)
    if filters.share_type:
        wanted &= Q(share_type=filters.share_type)
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
    rows = entries(viewer=viewer, filters=Filters(text=text), limit=3).rows if text else ()
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
    return gettext(_SENTENCES.get(found.event, found.event)).format(**found.facts)


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


def export_rows(*, viewer: Actor, filters: Filters = Filters()) -> Iterator[dict[str, str]]:
    """The list as rows with the headings of art. 13, one by one."""
    found = _filtered(viewer, filters).select_related("owner").prefetch_related("fields")
    for row in found.order_by("-id").iterator(chunk_size=200):
        yield {
            "资源代码": row.code,
            "数据目录名称": row.name,
            "数据项": "、".join(f.header for f in row.fields.all()),
            "提供单位": row.owner.name,
            "数据格式": row.data_format,
            "数据更新频率": rules.CYCLE_NAMES.get(row.update_cycle, "")
            + ("（待核实）" if "update_cycle" in row.unverified else ""),
            "共享属性": row.share_type_name,
            "共享方式": "、".join(rules.METHOD_NAMES[m] for m in row.share_methods),
            "使用条件": "；".join(
                t for t in (row.share_scope, row.use_purposes, row.use_condition) if t
            ),
            "数据分类分级": f"{rules.CATEGORY_NAMES[row.category]}，{row.grade_name}",
            "状态": row.state_name,
        }

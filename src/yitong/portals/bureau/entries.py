"""One entry: its tabs, and what stands beside them."""

import json
from collections.abc import Collection

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.access.api import Thing, allows
from yitong.base.ledger.api import LedgerEntry
from yitong.data.catalogue.api import EntryView, Resource, entry
from yitong.data.exchange.api import row_looks, uses_of_resource
from yitong.data.sharing.api import purposes
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis
from yitong.portals.bureau import words
from yitong.portals.bureau.acts import open_acts
from yitong.portals.bureau.fields import field_rows, touched
from yitong.portals.bureau.grants import granted, narrowed
from yitong.portals.bureau.officers import for_officers, frame
from yitong.ui.values import Link, Row

TABS = {
    "": N_("基本信息"),
    "fields": N_("字段"),
    "conditions": N_("共享条件"),
    "quality": N_("质量"),
    "users": N_("谁在用"),
    "versions": N_("各版"),
    "history": N_("沿革"),
}
LIFE = "life"  # for auditors alone
USES_SHOWN = 20


@require_safe
@for_officers
def entry_page(request: HttpRequest, by: Actor, number: int, tab: str = "") -> HttpResponse:
    if tab not in TABS:
        raise Http404
    view = entry(str(number), viewer=by)
    row = view.resource
    rows = field_rows(row, view.pending)
    lines = granted(row, by)
    steps = frozenset(step.value for step in view.steps)
    context = frame(request, by) | {
        "row": row,
        "view": view,
        "trail": trail_of(row),
        "labels": _labels(row, has_personal=any(r.personal for r in rows)),
        "tabs": tabs_of(row, tab, by, live=sum(line.is_live for line in lines)),
        "tab": f"bureau/tabs/{tab or 'basics'}.html",
        "facts": words.facts(row),
        "nine": words.nine_entries(row, [f.header for f in view.fields], view.missing),
        "more": words.more_entries(row),
        "field_rows": rows,
        "touched": touched(rows) if view.pending else "",
        "proposed": view.versions[0] if view.pending else None,
        "checks": words.checks(view),
        "narrowed": narrowed(row, rows, by) if view.pending else [],
        "deciders": _deciders(view),
        "acts": open_acts(row, steps, by),
        "may_edit": may_correct(row, steps, by),
        "newest": view.timeline[0].entry if view.timeline else None,
        "table": words.table_of(row),
        "conditions": _conditions(row),
        "grants": lines,
        "may_try": row_looks.may_count(row_looks.Asked(row, ""), by=by),
        "uses": _uses(row, by) if tab == "users" else None,
        "moments": _moments(view) if tab == "history" else [],
    }
    return render(request, "bureau/entry.html", context)


def may_correct(row: Resource, steps: Collection[str], by: Actor) -> bool:
    """Whether this post may open the editor: the entry can be changed, and is this agency's."""
    matter = Thing(
        "resource",
        row.code,
        agency=row.owner.code,
        region=row.owner.region,
        attributes={"state": row.state},
    )
    return "amend" in steps and allows(by, "catalogue.draft", of=matter).allowed


def trail_of(row: Resource) -> list[Link]:
    owner = f"{reverse('bureau:catalogue')}?owner={row.owner.code}"
    return [Link(gettext("目录"), reverse("bureau:catalogue")), Link(row.owner.name, owner)]


def _labels(row: Resource, *, has_personal: bool) -> list[str]:
    said = [gettext(row.share_type_name), gettext(row.grade_name)]
    return [*said, gettext("个人信息")] if has_personal else said


def tabs_of(row: Resource, tab: str, by: Actor, *, live: int | None = None) -> list[Link]:
    """The entry's pages; its whole life is for who audits."""
    counts = {"fields": row.fields.count(), "users": live, "versions": row.versions.count()}
    base = reverse("bureau:entry", args=[row.pk])
    tabs = TABS | {LIFE: N_("全部经过")} if may_audit(row, by) else TABS
    return [
        Link(gettext(name), f"{base}{key}/" if key else base, key == tab, counts.get(key))
        for key, name in tabs.items()
    ]


def may_audit(row: Resource, by: Actor) -> bool:
    return allows(by, "catalogue.read_life", of=matter_of(row)).allowed


def matter_of(row: Resource) -> Thing:
    return Thing("resource", row.code, agency=row.owner.code, region=row.owner.region)


def _conditions(row: Resource) -> list[Row]:
    said = (
        (gettext("共享属性"), gettext(row.share_type_name)),
        (
            gettext("共享方式"),
            gettext("、").join(words.chosen("share_methods", m) for m in row.share_methods),
        ),
        (gettext("共享范围"), row.share_scope),
        (gettext("使用用途"), row.use_purposes),
        (gettext("使用条件"), row.use_condition),
        (gettext("不予共享的理由"), row.withhold_reason),
        (gettext("依据条文"), row.basis_citation),
    )
    return [Row(term, value) for term, value in said if value]


def _deciders(view: EntryView) -> list[words.Decider]:
    row, drafted_by = view.resource, view.versions[0].post
    taken = {d.step: d for d in reversed(view.decisions) if d.version == row.version}
    named = words.seats([drafted_by, *(d.post for d in taken.values())])
    approved, published = taken.get("approve"), taken.get("publish")
    return [
        words.Decider(
            gettext("编制"), gettext("提供部门的共享工作机构起草"), Basis(words.SHARING, "11"),
            named.get(drafted_by, gettext("运维人员在节点上编制")), row.created_at,
        ),
        words.Decider(
            gettext("部门负责人"), gettext("评估以后审核同意"), Basis(words.SHARING, "13"),
            named.get(approved.post, "") if approved else "", approved.at if approved else None,
        ),
        words.Decider(
            gettext("数据主管部门"), gettext("审核通过后统一通告"), Basis(words.SHARING, "16"),
            named.get(published.post, "") if published else "", published.at if published else None,
        ),
    ]  # fmt: skip


def _uses(row: Resource, by: Actor) -> list[tuple[LedgerEntry, str]] | None:
    """The last uses with their purposes, for those who may look into them (共享条例 29); None for everybody else."""
    if not allows(by, "sharing.read_usage", of=matter_of(row)).allowed:
        return None
    named = row_looks.LOOKS | dict(purposes().values_list("code", "sentence"))
    found = uses_of_resource(row.code, limit=USES_SHOWN)
    # What a caller wrote is its own words; only those of the list are repeated here.
    other = gettext("说明的用途不在用途清单里")
    return [(use, gettext(named.get(str(use.facts["purpose"]), other))) for use in found]


def _moments(view: EntryView) -> list[tuple[str, LedgerEntry, str]]:
    """(what, the entry of the ledger, who) of every step, newest first."""
    named = words.seats(line.entry.post for line in view.timeline)
    operator = gettext("运维人员")
    return [
        (line.sentence, line.entry, named.get(line.entry.post, operator)) for line in view.timeline
    ]


@require_safe
@for_officers
def entry_file(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """The entry's newest version as it is kept, for other programs."""
    view = entry(str(number), viewer=by)
    version = view.versions[0]
    document = {
        "code": view.resource.code,
        "version": version.number,
        "digest": version.digest,
        "entry": version.snapshot,
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    name = f"yitong-entry-{view.resource.pk}-v{version.number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

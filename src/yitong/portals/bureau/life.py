"""The whole life of an entry for who audits: every step with its ledger entry and a proof to take along.

No row of data is in it. Of a use it says who, when, under which grant and what came of it; whose data it was about does
not stand in these entries.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.access.api import require
from yitong.base.identity.api import agencies
from yitong.base.ledger.api import LedgerEntry, entries, entries_about, entry_proof
from yitong.data.catalogue.api import EntryView, Resource, entry
from yitong.data.exchange.api import uses_of_resource
from yitong.data.sharing.api import grants, purposes, requests
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import N_
from yitong.portals.bureau import words
from yitong.portals.bureau.entries import LIFE, matter_of, tabs_of, trail_of
from yitong.portals.bureau.life_words import KINDS, kind_of, sentence_of
from yitong.portals.bureau.officers import for_officers, frame
from yitong.ui.cells import csv_cell
from yitong.ui.values import Choice, Filter, Link

PAGE: Final = 50
MOST: Final = 5_000  # steps of one kind of matter; an entry of many years has hundreds
MOST_USES: Final = 20_000  # the newest; the page says where there are more
_USE: Final = "resource_use"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what happened, of which kind, who did it in which post, and its entry."""

    sentence: str
    kind: str
    who: str
    entry: LedgerEntry


def _audited(number: int, by: Actor) -> EntryView:
    """The entry, for who audits the division; everyone else is told why not."""
    view = entry(str(number), viewer=by)
    require(by, "catalogue.read_life", of=matter_of(view.resource))
    return view


def _matters(row: Resource, by: Actor) -> list[list[About]]:
    """What the life of an entry is about, by type: itself, its tables, the requests for it, its grants."""
    asked = requests(viewer=by).filter(resource=row).values_list("pk", flat=True)
    given = grants(viewer=by, resource=row.code).values_list("pk", flat=True)
    return [
        [About("resource", row.code)],
        [About("source_table", key) for key in sorted(row.table_keys)],
        [About("share_request", str(pk)) for pk in asked],
        [About("grant", str(pk)) for pk in given],
    ]


def _life(view: EntryView, by: Actor) -> list[Step]:
    """Every step, newest first."""
    found = [
        each
        for about in _matters(view.resource, by)
        if about
        for each in entries_about(*about, limit=MOST)
    ]
    found.sort(key=lambda each: (each.at, each.entry_id), reverse=True)
    told = {line.entry.entry_id: line.sentence for line in view.timeline}
    named = words.seats(each.post for each in found)
    node = gettext("节点上的操作")
    return [
        Step(sentence_of(each, told), kind_of(each), named.get(each.post, node), each)
        for each in found
    ]


def _chosen(request: HttpRequest, steps: Sequence[Step]) -> tuple[list[Filter], list[Step]]:
    """The menus, and what they let through."""
    years = sorted({str(clock.local(step.entry.at).year) for step in steps}, reverse=True)
    kinds = {kind: gettext(said) for kind, said in KINDS.items()}
    menus = [
        _menu(request, "kind", gettext("哪一类"), gettext("全部经过"), kinds),
        _menu(request, "year", gettext("年份"), gettext("全部年份"), {y: y for y in years}),
    ]
    kind, year = (menu.chosen for menu in menus)
    found = [
        step
        for step in steps
        if kind in {"", step.kind} and year in {"", str(clock.local(step.entry.at).year)}
    ]
    return menus, found


def _menu(request: HttpRequest, name: str, said: str, every: str, known: dict[str, str]) -> Filter:
    asked = request.GET.get(name, "")
    choices = (Choice("", every), *(Choice(value, text) for value, text in known.items()))
    return Filter(name, said, choices, asked if asked in known else "")


@require_safe
@for_officers
def life_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    view = _audited(number, by)
    row = view.resource
    menus, steps = _chosen(request, _life(view, by))
    uses = uses_of_resource(row.code, limit=MOST_USES)
    query = request.GET.copy()
    query.pop("page", None)
    context = frame(request, by) | {
        "row": row,
        "trail": trail_of(row),
        "tabs": tabs_of(row, LIFE, by),
        "menus": menus,
        "page": Paginator(steps, PAGE).get_page(request.GET.get("page")),
        "kinds": {kind: gettext(said) for kind, said in KINDS.items()},
        "total": len(steps),
        "query": f"?{query.urlencode()}" if query else "",
        "months": _months(uses),
        "is_cut": len(uses) == MOST_USES,
        "most": MOST_USES,
    }
    return render(request, "bureau/life.html", context)


@dataclass(slots=True)
class Month:
    """What one client did in one month: answers given, and calls that were refused."""

    month: str
    client: str
    agency: str
    given: int = 0
    refused: int = 0


def _months(uses: Iterable[LedgerEntry]) -> list[Month]:
    """Counts by month and client, newest first."""
    found: dict[tuple[str, str], Month] = {}
    for use in uses:
        key = (_month(use), use.account)
        line = found.setdefault(key, Month(key[0], use.account, use.agency))
        if use.event == "data.refused":
            line.refused += 1
        else:
            line.given += 1
    named = _names(line.agency for line in found.values())
    for line in found.values():
        line.agency = named.get(line.agency, line.agency)
    return sorted(found.values(), key=lambda line: (line.month, line.client), reverse=True)


def _month(use: LedgerEntry) -> str:
    return f"{clock.local(use.at):%Y-%m}"


def _names(codes: Iterable[str]) -> dict[str, str]:
    found = agencies().filter(code__in={code for code in codes if code})
    return dict(found.values_list("code", "name"))


@require_safe
@for_officers
def uses_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """The uses of one client in one month, one by one: under which grant, for what, and what came of it."""
    row = _audited(number, by).resource
    month, client = request.GET.get("month", ""), request.GET.get("client", "")
    uses = [
        use
        for use in uses_of_resource(row.code, limit=MOST_USES)
        if _month(use) == month and use.account == client
    ]
    said = dict(purposes(with_hidden=True).values_list("code", "sentence"))
    other = gettext("说明的用途不在用途清单里")
    page = Paginator(uses, PAGE).get_page(request.GET.get("page"))
    context = frame(request, by) | {
        "row": row,
        "trail": [*trail_of(row), Link(row.name, reverse("bureau:life", args=[row.pk]))],
        "page": page,
        "uses": [
            (use, gettext(said.get(str(use.facts.get("purpose", "")), other))) for use in page
        ],
        "month": month,
        "client": client,
        "agency": _names(use.agency for use in uses[:1]).get(uses[0].agency, "") if uses else "",
    }
    return render(request, "bureau/life_uses.html", context)


@require_safe
@for_officers
def proof(request: HttpRequest, by: Actor, number: int, entry: int) -> HttpResponse:
    """The proof of one step or use of this entry, as the stand-alone script reads it."""
    row = _audited(number, by).resource
    require(by, "ledger.prove", of=matter_of(row))
    known = {about for matter in _matters(row, by) for about in matter}
    found = entries([entry])
    if not found or found[0].about not in known | {About(_USE, row.code)}:
        raise Http404
    document = dict(entry_proof(entry).document)
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return _attached(
        HttpResponse(text, content_type="application/json"),
        f"yitong-proof-{document['index']}.json",
    )


HEADINGS: Final = (
    N_("时间"), N_("类别"), N_("经过"), N_("经办"), N_("账本编号"), N_("记录号"), N_("事件")
)  # fmt: skip


@require_safe
@for_officers
def export(request: HttpRequest, by: Actor, number: int, form: str) -> HttpResponse:
    """Every step that the filters let through, not only the page that is shown."""
    if form not in {"csv", "json"}:
        raise Http404
    view = _audited(number, by)
    _menus, steps = _chosen(request, _life(view, by))
    name = f"yitong-life-{view.resource.pk}-{clock.today():%Y%m%d}.{form}"
    if form == "csv":
        lines = StreamingHttpResponse(_csv(steps), content_type="text/csv; charset=utf-8")
        return _attached(lines, name)
    document = {"resource": view.resource.code, "steps": [_plain(step) for step in steps]}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return _attached(HttpResponse(text, content_type="application/json"), name)


def _attached(response: HttpResponseBase, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]


def _plain(step: Step) -> dict[str, object]:
    return {
        "at": clock.local(step.entry.at).isoformat(timespec="seconds"),
        "kind": step.kind,
        "sentence": step.sentence,
        "post": step.entry.post,
        "ledger_index": step.entry.index,
        "entry": step.entry.entry_id,
        "event": step.entry.event,
        "commitment": step.entry.commitment.hex(),
    }


def _csv(steps: Iterable[Step]) -> Iterator[str]:
    yield "\ufeff" + _line([gettext(heading) for heading in HEADINGS])
    for step in steps:
        index = "" if step.entry.index is None else str(step.entry.index)
        yield _line([
            clock.local(step.entry.at).isoformat(timespec="seconds"), gettext(KINDS[step.kind]),
            step.sentence, step.who, index, str(step.entry.entry_id), step.entry.event,
        ])  # fmt: skip


def _line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(csv_cell, values))
    return line.getvalue()

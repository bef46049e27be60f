"""我的: the home of a person's own things, 我的数据足迹 with its downloads, and how to ask about a use."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.data.exchange.api import Footprint, footprint, own_use, use_proof
from yitong.kernel import clock
from yitong.portals.citizen import downloads
from yitong.portals.citizen.selection import PAGE, Selection
from yitong.portals.citizen.uses import agency_names, uses_in_words
from yitong.portals.citizen.visitors import for_oneself, for_persons, frame_person, me
from yitong.ui.values import Figure, Link


@require_safe
@for_persons
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "citizen/home.html", {"person": frame_person(request)})


@require_safe
@for_oneself
def footprint_page(request: HttpRequest) -> HttpResponse:
    """Who used my data, when and why. Works without a script; every figure is the count of the rows below."""
    as_of = clock.now()
    chosen = Selection.from_query(request.GET)
    found = footprint(me(request), chosen.of_page())
    if found.total and not found.uses:
        return redirect(reverse("citizen:footprint") + replace(chosen, page=1).query())
    last = min(chosen.page * PAGE, found.total)
    context = {
        "person": frame_person(request),
        "trail": [_mine()],
        "figures": _figures(found, chosen),
        "menus": chosen.menus(agency_names([*found.agencies, chosen.agency])),
        "as_of": as_of,
        "uses": uses_in_words(found.uses),
        "first": (chosen.page - 1) * PAGE + 1,
        "last": last,
        "total": found.total,
        "more": min(PAGE, found.total - last),
        "more_url": chosen.query(page=chosen.page + 1),
        "back_url": chosen.query(page=chosen.page - 1) if chosen.page > 1 else "",
        "export": chosen.query(),
        "is_narrowed": bool(chosen.period != "all" or chosen.agency),
    }
    return render(request, "citizen/footprint.html", context)


def _mine() -> Link:
    return Link(gettext("我的"), reverse("citizen:home"))


def _figures(found: Footprint, chosen: Selection) -> list[Figure]:
    departments = min(1, found.total) if chosen.agency else len(found.agencies)
    return [
        Figure(f"{found.total:,}", gettext("条记录")),
        Figure(f"{departments:,}", gettext("个部门")),
        Figure(f"{found.refused:,}", gettext("次被拒绝")),
    ]


@require_safe
@for_oneself
def question(request: HttpRequest, entry_id: int) -> HttpResponse:
    """How to ask about one use: whom, with which number, and what the law says."""
    (use,) = uses_in_words([own_use(me(request), entry_id)])
    context = {
        "person": frame_person(request),
        "trail": [_mine(), Link(gettext("我的数据足迹"), reverse("citizen:footprint"))],
        "use": use,
    }
    return render(request, "citizen/question.html", context)


@require_safe
@for_oneself
def proof(request: HttpRequest, entry_id: int) -> HttpResponse:
    return downloads.as_proof(use_proof(me(request), entry_id))


@require_safe
@for_oneself
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Everything of the chosen period and department, not only the page that is shown."""
    chosen = Selection.from_query(request.GET)
    uses = uses_in_words(footprint(me(request), chosen.whole()).uses)
    if form == "csv":
        return downloads.as_csv(uses)
    return downloads.as_json(uses, period=chosen.words)

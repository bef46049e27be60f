"""我的: the home of a person's own things, 我的数据足迹 with its downloads, and how to ask about a use."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.data.exchange.api import Footprint
from yitong.kernel import clock
from yitong.portals.citizen import downloads
from yitong.portals.citizen.selection import PAGE, Selection
from yitong.portals.citizen.subject import Subject, for_subject
from yitong.portals.citizen.uses import agency_names, uses_in_words
from yitong.portals.citizen.visitors import for_persons, frame_person
from yitong.ui.values import Figure, Link


@require_safe
@for_persons
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "citizen/home.html", {"person": frame_person(request)})


@require_safe
@for_subject
def footprint_page(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Who used the data, when and why. Works without a script; every figure is the count of the rows below."""
    as_of = clock.now()
    chosen = Selection.from_query(request.GET)
    found = subject.footprint(chosen.of_page())
    if found.total and not found.uses:
        return redirect(reverse("citizen:footprint") + replace(chosen, page=1).query())
    last = min(chosen.page * PAGE, found.total)
    context = {
        "person": frame_person(request),
        "trail": [_mine()],
        "here": title_of(subject),
        "whom": subject.name,
        "figures": _figures(found, chosen),
        "menus": chosen.menus(agency_names([*found.agencies, chosen.agency])),
        "as_of": as_of,
        "uses": uses_in_words(found.uses, whom=subject.name),
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


def title_of(subject: Subject) -> str:
    """What the page is called: mine, or whose."""
    if not subject.name:
        return gettext("我的数据足迹")
    return gettext("“{whom}”的数据足迹").format(whom=subject.name)


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
@for_subject
def question(request: HttpRequest, subject: Subject, entry_id: int) -> HttpResponse:
    """How to ask about one use: whom, with which number, and what the law says."""
    (use,) = uses_in_words([subject.use(entry_id)], whom=subject.name)
    context = {
        "person": frame_person(request),
        "trail": [_mine(), Link(title_of(subject), reverse("citizen:footprint"))],
        "use": use,
    }
    return render(request, "citizen/question.html", context)


@require_safe
@for_subject
def proof(request: HttpRequest, subject: Subject, entry_id: int) -> HttpResponse:
    return downloads.as_proof(subject.proof(entry_id))


@require_safe
@for_subject
def export(request: HttpRequest, subject: Subject, form: str) -> HttpResponse:
    """Everything of the chosen period and department, not only the page that is shown."""
    chosen = Selection.from_query(request.GET)
    found = subject.footprint(chosen.whole(), takes_along=True)
    uses = uses_in_words(found.uses, whom=subject.name)
    if form == "csv":
        return downloads.as_csv(uses)
    return downloads.as_json(uses, period=chosen.words)

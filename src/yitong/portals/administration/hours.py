"""Agencies' office hours as they are kept: listed, looked at before they are set, and set from a day on."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from yitong.base.access.api import NotAllowed, Thing, require
from yitong.base.duties.api import recounts
from yitong.base.identity.api import Agency, agencies, agency, agency_named
from yitong.base.statutes import api as statutes
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.kernel.workdays import DEFAULT_HOURS
from yitong.portals.administration.law_forms import HoursForm
from yitong.portals.administration.listing import Cell, Listing, answer, menu, searched
from yitong.portals.administration.officers import (
    for_administrators,
    frame,
    may_set_all_hours,
    require_hours,
)
from yitong.ui.components.words import date_words
from yitong.ui.refusals import with_remedy
from yitong.ui.terms import hours_words
from yitong.ui.values import Link, Row


@require_safe
@for_administrators
def hours_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    require_hours(by)
    states = menu(
        request,
        "state",
        gettext("办公时间"),
        {
            "": gettext("全部机构"),
            "own": gettext("登记了自己的办公时间的"),
            "usual": gettext("按通常的办公时间的"),
        },
    )
    listing = Listing(
        name="hours",
        title=gettext("办公时间"),
        unit=gettext("个"),
        order=gettext("按区划和代码"),
        columns=(
            gettext("机构"),
            gettext("办公时间"),
            gettext("从哪天起"),
            gettext("依据"),
            gettext("可以办的"),
        ),
        rows=_found(by, searched(request), states.chosen),
        cells=_cells,
        menus=(states,),
        new=Link(gettext("登记办公时间"), reverse("administration:set_hours")),
    )
    return answer(request, by, listing)


def _found(by: Actor, text: str, state: str) -> QuerySet[Agency]:
    """The agencies whose hours are the visitor's to set: all, or the own."""
    found = agencies() if may_set_all_hours(by) else agencies().filter(code=by.agency)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(code__icontains=text))
    if state:
        is_own = Q(code__in=statutes.tables().agencies_with_hours())
        found = found.filter(is_own if state == "own" else ~is_own)
    return found


def _cells(rows: Sequence[Agency]) -> list[list[Cell]]:
    days = statutes.tables()
    return [_row(each, days) for each in rows]


def _row(each: Agency, days: statutes.Tables) -> list[Cell]:
    """What holds today, and below it what was set for a day to come."""
    versions = days.hours_of(each.code)
    now = next((row for row in versions if row.since <= clock.today()), None)
    later = versions[0] if versions and versions[0] is not now else None
    coming = ""
    if later is not None:
        coming = gettext("{since}起：{hours}").format(
            since=date_words(later.since, form="full"), hours=hours_words(later.hours)
        )
    address = f"{reverse('administration:set_hours')}?{urlencode({'agency': each.name})}"
    return [
        Cell(each.name, each.code),
        Cell(hours_words(now.hours if now else DEFAULT_HOURS), coming),
        Cell(date_words(now.since, form="full") if now else ""),
        Cell(now.basis if now else gettext("惯例")),
        Cell(gettext("登记办公时间"), href=address),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def set_hours(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Filled in, looked at beside what holds now, then set."""
    require_hours(by)
    asked = {"agency": request.GET.get("agency", "")[:120] or _own_name(by)}
    form = HoursForm(request.POST if request.method == "POST" else None, initial=asked)
    step = request.POST.get("step", "check")
    summary = None
    if form.is_bound and form.is_valid() and step != "change":
        try:
            whose = _agency(form, by)
            if step == "confirm":
                return _set(request, by, form, whose)
            summary = _summary(form, whose)
        except Refusal as refusal:
            _mend(form, refusal)
    context = frame(request, by, "hours") | {
        "form": form,
        "summary": summary,
        "trail": [Link(gettext("办公时间"), reverse("administration:hours"))],
    }
    status = 422 if form.errors else 200
    return render(request, "administration/set_hours.html", context, status=status)


def _own_name(by: Actor) -> str:
    """Who keeps one agency only need not write which."""
    return "" if may_set_all_hours(by) else agency(by.agency).name


def _agency(form: HoursForm, by: Actor) -> Agency:
    """By name or by code, and the visitor's to keep."""
    named = form.cleaned_data["agency"]
    found = agency(named) if named.isascii() else agency_named(named)
    require(by, "statutes.set_hours", of=Thing("office_hours", found.code, agency=found.code))
    return found


def _set(request: HttpRequest, by: Actor, form: HoursForm, whose: Agency) -> HttpResponseBase:
    given = form.cleaned_data
    hours = statutes.previews.hours_preview(given["hours"])
    is_there = any(
        (row.since, row.hours, row.basis) == (given["since"], hours, given["basis"])
        for row in statutes.tables().hours_of(whose.code)
    )
    if not is_there:  # else a second click
        statutes.set_office_hours(
            agency=whose.code,
            hours=given["hours"],
            since=given["since"],
            basis=given["basis"],
            by=by,
        )
    messages.success(
        request, gettext("已登记{agency}的办公时间，公开的页面上同时改了").format(agency=whose.name)
    )
    return redirect("administration:hours")


def _mend(form: forms.Form, refusal: Refusal) -> None:
    field = "hours" if refusal.code == "hours_malformed" else None
    if isinstance(refusal, NotAllowed) or "agency" in refusal.code:
        field = "agency"
    form.add_error(field, with_remedy(refusal))


def _summary(form: HoursForm, whose: Agency) -> list[Row]:
    given = form.cleaned_data
    since = given["since"]
    hours = statutes.previews.hours_preview(given["hours"])
    versions = statutes.tables().hours_of(whose.code)
    before = next((row for row in versions if row.since < since), None)
    replaced = next((row for row in versions if row.since == since), None)
    change = recounts.Change(recounts.HOURS, "", first_on=since, agency=whose.code)
    touched = recounts.all_regions_touched(change)
    rows = [
        Row(gettext("机构"), whose.name, (whose.code,)),
        Row(
            gettext("办公时间"),
            hours_words(hours),
            (gettext("工作日；{closing}停止办公").format(closing=f"{hours.closing:%H:%M}"),),
        ),
        Row(gettext("从哪天起"), date_words(since, form="full")),
        Row(gettext("依据"), given["basis"]),
        Row(
            gettext("在那以前的"),
            hours_words(before.hours if before else DEFAULT_HOURS),
            (before.basis if before else gettext("惯例"),),
        ),
    ]
    if replaced is not None:
        said = gettext("同一天起登记过的，由这一次代替")
        rows.append(Row(gettext("代替"), hours_words(replaced.hours), (replaced.basis, said)))
    rows.append(Row(gettext("要重新计算的"), gettext("{count}件").format(count=f"{touched:,}")))
    return rows

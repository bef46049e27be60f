"""The announced calendar of a year: a file is looked at, compared, loaded; open duties are then counted anew."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yitong.base.access.api import NotAllowed
from yitong.base.duties.api import recounts
from yitong.base.statutes import api as statutes
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.workdays import DayStatus
from yitong.portals.administration.law_forms import CalendarForm, ConfirmForm, packed
from yitong.portals.administration.officers import for_administrators, frame, require_keeper
from yitong.ui.refusals import with_remedy
from yitong.ui.values import Link

DAYS_SHOWN: Final = 60
STATUS_WORDS: Final = {DayStatus.OFFICIAL: N_("已公布"), DayStatus.PROVISIONAL: N_("暂定")}
CAUSES: Final = {
    recounts.CALENDAR: N_("放假安排公布了"),
    recounts.LIMIT: N_("时限的规定变了"),
    recounts.HOURS: N_("办公时间变了"),
}


@dataclass(frozen=True, slots=True)
class YearChange:
    """What loading would do to a year: days on which work begins or ends, and how many open duties cross it."""

    year: int
    status: str
    source: str
    changed: int
    turned: list[tuple[dt.date, str]]
    more: int
    touched: int


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def calendar_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    require_keeper(by)
    step = request.POST.get("step", "")
    if request.method == "POST" and step == "confirm":
        return _confirmed(request, by)
    if request.method == "POST" and step != "change":
        form = CalendarForm(request.POST, request.FILES)
        if form.is_valid():
            content, name = form.file_bytes(), str(form.cleaned_data["file"].name)
            return _preview(request, by, form, content, name)
        return _page(request, by, form)
    return _page(request, by, CalendarForm())


def _preview(
    request: HttpRequest, by: Actor, form: forms.Form, content: bytes, name: str
) -> HttpResponseBase:
    try:
        changes = _changes(content, name)
    except Refusal as refusal:
        _say(form, refusal)
        return _page(request, by, form)
    initial = {"name": name, "packed": packed(content), "revision": statutes.calendar().revision}
    context = frame(request, by, "calendar") | {
        "name": name,
        "changes": changes,
        "has_changes": any(change.changed for change in changes),
        "touched": sum(change.touched for change in changes),
        "confirm": ConfirmForm(initial=initial),
        "trail": [Link(gettext("工作日历"), reverse("administration:calendar"))],
    }
    return render(request, "administration/calendar_preview.html", context)


def _changes(content: bytes, name: str) -> list[YearChange]:
    now = statutes.calendar()
    return [
        YearChange(
            report.year,
            gettext(STATUS_WORDS[DayStatus(report.status)]),
            gettext(report.source),
            len(report.changed),
            [
                (on, gettext("上班改为放假") if now.is_workday(on) else gettext("放假改为上班"))
                for on in report.flipped[:DAYS_SHOWN]
            ],
            max(len(report.flipped) - DAYS_SHOWN, 0),
            _touched(report.changed),
        )
        for report in statutes.previews.calendar_preview(text=content, name=name)
    ]


def _touched(changed: tuple[dt.date, ...]) -> int:
    if not changed:
        return 0
    change = recounts.Change(recounts.CALENDAR, "", first_on=changed[0], last_on=changed[-1])
    return recounts.all_regions_touched(change)


def _confirmed(request: HttpRequest, by: Actor) -> HttpResponseBase:
    confirm = ConfirmForm(request.POST)
    if not confirm.is_valid():  # what came back is not what was looked at
        return _page(request, by, CalendarForm({}))
    given = confirm.cleaned_data
    try:
        changes = _changes(given["packed"], given["name"])
        if not any(change.changed for change in changes):
            return _done(request, gettext("已经载入，没有别的变化"))  # a second click
        if given["revision"] != statutes.calendar().revision:
            messages.warning(request, gettext("核对期间日历有了变化，请重新核对"))
            return _preview(request, by, _empty(), given["packed"], given["name"])
        statutes.load_calendar(text=given["packed"], name=given["name"], by=by)
    except Refusal as refusal:
        form = _empty()
        _say(form, refusal)
        return _page(request, by, form)
    return _done(request, gettext("已载入；跨过变动日子的责任正在重新计算，负责人会收到消息"))


def _empty() -> CalendarForm:
    """Without a file and without a complaint of that: what is wrong is said by a refusal."""
    form = CalendarForm({})
    form.errors.clear()
    return form


def _done(request: HttpRequest, said: str) -> HttpResponseBase:
    messages.success(request, said)
    return redirect("administration:calendar")


def _say(form: forms.Form, refusal: Refusal) -> None:
    if isinstance(refusal, NotAllowed):
        raise refusal
    form.add_error("file", with_remedy(refusal))


def _page(request: HttpRequest, by: Actor, form: forms.Form) -> HttpResponseBase:
    context = frame(request, by, "calendar") | {
        "form": form,
        "years": _years(),
        "recounts": [
            (progress, gettext(CAUSES[progress.work.cause]))
            for progress in recounts.all_regions_recounts()
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "administration/calendar.html", context, status=status)


def _years() -> list[tuple[int, str, bool, str]]:
    """The newest years first: number, state, whether provisional, source."""
    days = statutes.calendar()
    numbers = sorted({on.year for on in days.days}, reverse=True)[:6]
    firsts = [days.day(dt.date(number, 1, 1)) for number in numbers]
    return [
        (day.on.year, gettext(STATUS_WORDS[day.status]), day.is_provisional, gettext(day.source))
        for day in firsts
    ]

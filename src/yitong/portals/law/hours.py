"""When agencies are open, for anyone: what each has set with its basis, and the usual hours of the others."""

from dataclasses import dataclass
from typing import Final

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yitong.base.identity.api import Agency, agencies
from yitong.base.statutes import api as statutes
from yitong.kernel import clock
from yitong.kernel.workdays import DEFAULT_HOURS
from yitong.portals.law.forms import plain
from yitong.portals.law.words import DAY_WORDS
from yitong.ui.components.words import date_words
from yitong.ui.terms import hours_words
from yitong.ui.values import Choice, Filter

PAGE: Final = 25
OWN, USUAL = "own", "usual"


class AgencyForm(forms.Form):
    """Which agency."""

    q = forms.CharField(
        label=_("找哪个机构"),
        help_text=_("机构的名称，或者其中的几个字"),
        max_length=60,
        required=False,
        error_messages={"max_length": _("少写几个字，最多60个")},
    )

    def clean_q(self) -> str:
        return plain(self.cleaned_data["q"])


@dataclass(frozen=True, slots=True)
class Open:
    """An agency as the list draws it; `later` are hours that begin on a day to come."""

    agency: Agency
    hours: str
    basis: str
    since: str
    is_own: bool
    later: tuple[str, ...]


@require_safe
def hours_page(request: HttpRequest) -> HttpResponse:
    form = AgencyForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    days = statutes.tables()
    menu = _menu(request.GET.get("set", ""))
    found = agencies().filter(name__icontains=text) if text else agencies()
    if menu.chosen:
        own = days.agencies_with_hours()
        found = found.filter(code__in=own) if menu.chosen == OWN else found.exclude(code__in=own)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    today = days.calendar.day(clock.today())
    context = {
        "form": form,
        "menus": [menu],
        "kept": [(menu.name, menu.chosen)] if menu.chosen else [],
        "is_narrowed": bool(text or menu.chosen),
        "page": page,
        "rows": [opened(agency, days) for agency in page.object_list],
        "count": gettext("{count}个").format(count=f"{page.paginator.count:,}"),
        "usual": hours_words(DEFAULT_HOURS),
        "today": today,
        "today_words": gettext(DAY_WORDS[today.kind]),
        "today_name": gettext(today.name) if today.name else "",
    }
    return render(request, "law/hours.html", context, status=422 if form.errors else 200)


def _menu(asked: str) -> Filter:
    choices = (
        Choice("", gettext("全部机构")),
        Choice(OWN, gettext("登记了自己的办公时间的")),
        Choice(USUAL, gettext("按通常的办公时间的")),
    )
    return Filter("set", gettext("办公时间"), choices, asked if asked in {OWN, USUAL} else "")


def opened(agency: Agency, days: statutes.Tables) -> Open:
    today = clock.today()
    versions = days.hours_of(agency.code)
    now = next((row for row in versions if row.since <= today), None)
    later = tuple(
        gettext("{since}起：{hours}").format(
            since=date_words(row.since, form="full"), hours=hours_words(row.hours)
        )
        for row in reversed(versions)
        if row.since > today
    )
    if now is None:
        return Open(agency, hours_words(DEFAULT_HOURS), "", "", is_own=False, later=later)
    since = date_words(now.since, form="full")
    return Open(agency, hours_words(now.hours), now.basis, since, is_own=True, later=later)

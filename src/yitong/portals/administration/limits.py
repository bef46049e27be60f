"""Limits of regions: listed, added after a look at what they change, ended on a date."""

from collections.abc import Mapping
from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from yitong.base.access.api import NotAllowed, Thing, require
from yitong.base.duties.api import recounts
from yitong.base.statutes import api as statutes
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.kernel.law import TimeLimit
from yitong.portals.administration.errors import LimitUnknown
from yitong.portals.administration.law_forms import EndForm, LimitForm
from yitong.portals.administration.officers import for_administrators, frame, require_keeper
from yitong.ui.components.words import article, spoken
from yitong.ui.refusals import with_remedy
from yitong.ui.terms import CONFIDENCE_WORDS, amount_words, count_words
from yitong.ui.values import Link, Row

PAGE: Final = 50
# The answer at which a refusal stands; the others stand above the form.
_FIELDS: Final[Mapping[str, str]] = {
    "limit_laxer": "amount",
    "limits_conflict": "valid_from",
    "limit_without_act": "act",
    "limit_split": "key",
    "limit_not_in_force": "on",
}


@require_safe
@for_administrators
def limits_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    require_keeper(by)
    found = [row for row in statutes.limits() if row.limit.region]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = frame(request, by, "limits") | {
        "page": page,
        "rows": [(row, amount_words(row.limit), article(row.limit.basis)) for row in page],
    }
    return render(request, "administration/limits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_limit(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Filled in, looked at beside what stands above it, then registered."""
    require_keeper(by)
    key = request.GET.get("key", "")[:24]
    form = LimitForm(request.POST if request.method == "POST" else None, {"key": key})
    step = request.POST.get("step", "check")
    summary = None
    if form.is_bound and form.is_valid() and step != "change":
        try:
            if step == "confirm":
                return _added(request, by, form)
            summary = _summary(form, by)
        except Refusal as refusal:
            _mend(form, refusal)
    context = frame(request, by, "limits") | {
        "form": form,
        "summary": summary,
        "trail": _trail(),
    }
    status = 422 if form.errors else 200
    return render(request, "administration/new_limit.html", context, status=status)


def _added(request: HttpRequest, by: Actor, form: LimitForm) -> HttpResponseBase:
    wanted = form.limit()
    try:
        statutes.add_limit(limit=wanted, by=by)
    except Refusal as refusal:
        if refusal.code != "limits_conflict" or not _stands_already(form):
            raise
    messages.success(request, gettext("已登记；在登记簿里和全国的规定并列"))
    return redirect("law:limit", wanted.key)


def _stands_already(form: LimitForm) -> bool:
    """A second click: the first has registered exactly this."""
    wanted = form.limit()
    return any(
        row.limit.valid_from == wanted.valid_from
        and row.limit.valid_to == wanted.valid_to
        and (row.limit.amount, row.limit.unit) == (wanted.amount, wanted.unit)
        and row.limit.basis.article == wanted.article
        and wanted.region.startswith(row.limit.region or "-")
        for row in statutes.limit_versions(wanted.key)
    )


def _mend(form: forms.Form, refusal: Refusal) -> None:
    """At its field, with what to do. Who keeps the law may yet not do so for another division: that is the region's."""
    field = _FIELDS.get(refusal.code)
    if isinstance(refusal, NotAllowed) or "region" in refusal.code:
        field = "region"
    form.add_error(field if field in form.fields else None, with_remedy(refusal))


def _summary(form: LimitForm, by: Actor) -> list[Row]:
    wanted = form.limit()
    proposed = statutes.previews.limit_preview(wanted)
    limit, above = proposed.limit, proposed.above
    require(by, "statutes.manage", of=Thing("limit", limit.key, region=limit.region))
    there = gettext("没有；这是地方自己的时限")
    touched = recounts.all_regions_touched(
        recounts.Change(recounts.LIMIT, "", limit_key=limit.key, region=limit.region)
    )
    return [
        *limit_rows(limit),
        Row(
            gettext("上级的规定"),
            amount_words(above.limit) if above else there,
            (article(above.limit.basis),) if above else (),
        ),
        Row(
            gettext("依据在登记簿里"),
            gettext("已有") if proposed.act else gettext("没有；随这条时限登记"),
            (gettext(wanted.act_kind),) if wanted.act_kind and not proposed.act else (),
        ),
        Row(gettext("要重新计算的"), gettext("{count}件").format(count=f"{touched:,}")),
    ]


def limit_rows(limit: TimeLimit) -> list[Row]:
    extension = limit.extension
    longest = count_words(extension.unit, extension.amount) if extension else gettext("不能延长")
    return [
        Row(gettext("时限"), limit.key, (spoken(limit.title),)),
        Row(gettext("区划代码"), limit.region),
        Row(pgettext("limit", "期限"), amount_words(limit)),
        Row(gettext("可延长"), longest),
        Row(gettext("依据"), article(limit.basis)),
        Row(gettext("生效日期"), str(limit.valid_from)),
        Row(gettext("失效日期"), str(limit.valid_to or gettext("没有定"))),
        Row(
            gettext("出处"),
            spoken(limit.source) or "—",
            (gettext(CONFIDENCE_WORDS[limit.confidence]),),
        ),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def end_page(request: HttpRequest, by: Actor, number: int) -> HttpResponseBase:
    require_keeper(by)
    limit = _local(number)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _end(by, limit, form)
        except Refusal as refusal:
            _mend(form, refusal)
        else:
            messages.success(request, gettext("已登记失效的日子"))
            return redirect("administration:limits")
    context = frame(request, by, "limits") | {
        "form": form,
        "question": gettext("终止{region}的时限{key}？").format(region=limit.region, key=limit.key),
        "verb": gettext("终止时限"),
        "consequence": gettext(
            "从那一天起恢复适用上级的规定。那一天以后起算的责任重新计算，已经逾期的不变。"
        ),
        "is_danger": True,
        "trail": _trail(),
        "rows": limit_rows(limit),
        "back": reverse("administration:limits"),
    }
    status = 422 if form.errors else 200
    return render(request, "administration/step.html", context, status=status)


def _end(by: Actor, limit: TimeLimit, form: EndForm) -> None:
    on = form.cleaned_data["on"]
    if limit.valid_to == on:
        return  # a second click: it ends there already
    statutes.end_limit(
        key=limit.key, region=limit.region, on=on, reason=form.cleaned_data["reason"], by=by
    )


def _local(number: int) -> TimeLimit:
    for row in statutes.limits():
        if row.limit.id == number and row.limit.region:
            return row.limit
    raise LimitUnknown(number=str(number)[:12])


def _trail() -> list[Link]:
    return [Link(gettext("地方时限"), reverse("administration:limits"))]

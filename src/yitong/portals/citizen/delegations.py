"""代办授权: give it, see it, end it, and say for whom one acts now."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yitong.base.identity.api import delegations, sessions
from yitong.kernel import clock
from yitong.kernel.errors import Refusal
from yitong.kernel.law import Basis
from yitong.portals.citizen.forms import DelegationForm, day_words
from yitong.portals.citizen.visitors import actor, for_oneself, for_persons, frame_person, me
from yitong.ui.values import Link, Row


@require_safe
@for_persons
def index(request: HttpRequest) -> HttpResponse:
    chosen = sessions.acting_in(request)
    context = {
        "person": frame_person(request),
        "trail": [Link(gettext("我的"), reverse("citizen:home"))],
        "received": [_entry(one, chosen) for one in delegations.delegations_received(me(request))],
        "given": [_entry(one, None) for one in delegations.delegations_given(me(request))],
    }
    return render(request, "citizen/delegations.html", context)


def _entry(one: delegations.Acting, chosen: delegations.Acting | None) -> dict[str, object]:
    return {
        "acting": one,
        "kind": gettext(delegations.KIND_WORDS[one.kind]),
        "state": "running" if one.is_in_force else "done",
        "state_words": gettext("有效") if one.is_in_force else gettext("已结束"),
        "is_chosen": chosen is not None and chosen.key == one.key,
        "rows": _rows(one),
    }


def _rows(one: delegations.Acting) -> list[Row]:
    rows = [
        Row(gettext("事项"), _powers([power.value for power in one.powers])),
        Row(gettext("期限"), gettext("到{day}为止").format(day=_last_day(one.over_at))),
    ]
    if one.officer:
        seen = gettext("核对了：{papers}").format(papers=one.evidence)
        rows.append(Row(gettext("窗口登记"), one.officer, (one.post, seen)))
    return rows


def _powers(values: list[str]) -> str:
    known = delegations.POWER_WORDS
    return gettext("；").join(gettext(known[delegations.Power(value)]) for value in values)


def _last_day(end: dt.datetime) -> str:
    """The day that still counts: an end at midnight is the day before."""
    return day_words(clock.local(end - dt.timedelta(microseconds=1)).date())


@require_http_methods(["GET", "HEAD", "POST"])
@for_oneself
def give(request: HttpRequest) -> HttpResponse:
    """Written down, read once more, then given: nothing with legal effect happens on one click."""
    delegations.require_giving(by=actor(request), principal=me(request))
    organisations = delegations.organisations_of(me(request))
    form = DelegationForm(request.POST or None, organisations=organisations)
    step = request.POST.get("step", "check")
    if request.method != "POST" or not form.is_valid() or step == "change":
        return _form(request, form, status=422 if form.errors else 200)
    if step != "confirm":
        return _form(request, form, summary=form.summary())
    try:
        _give(request, form)
    except Refusal as refusal:
        if refusal.kind not in {"invalid", "not_found"}:
            raise
        form.add_error(None, refusal.say(gettext))
        return _form(request, form, status=422)
    messages.success(request, gettext("代办授权已生效"))
    return redirect("citizen:delegations")


def _give(request: HttpRequest, form: DelegationForm) -> None:
    by, account = actor(request), me(request)
    organisation = form.cleaned_data["principal"]
    if organisation:
        delegations.appoint_handler(
            by=by, representative=account, organisation=organisation, wish=form.wish()
        )
    else:
        delegations.give_delegation(by=by, principal=account, wish=form.wish())


def _form(
    request: HttpRequest,
    form: DelegationForm,
    *,
    summary: list[Row] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": frame_person(request),
        "trail": [
            Link(gettext("我的"), reverse("citizen:home")),
            Link(gettext("代办授权"), reverse("citizen:delegations")),
        ],
        "form": form,
        "summary": summary,
        "basis": Basis("民法典", "162"),
    }
    return render(request, "citizen/give_delegation.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_persons
def end(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "POST":
        delegations.end_delegation(by=actor(request), account=me(request), key=str(key))
        messages.success(request, gettext("代办授权已结束"))
        return redirect("citizen:delegations")
    context = {
        "person": frame_person(request),
        "trail": [Link(gettext("代办授权"), reverse("citizen:delegations"))],
        "one": delegations.concerning(me(request), str(key)),
    }
    return render(request, "citizen/end_delegation.html", context)


@require_POST
@for_persons
def act_for(request: HttpRequest) -> HttpResponse:
    """From now on for the chosen principal, or for oneself again; every page says so."""
    acting = sessions.act_for(request, request.POST.get("key", ""))
    if acting:
        messages.success(request, gettext("正在代“{whom}”办事").format(whom=acting.principal))
    else:
        messages.success(request, gettext("已换回本人"))
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if is_ours else "citizen:delegations")

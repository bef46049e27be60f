"""核对 and then the act: nothing with legal effect happens on one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yitong.data.catalogue.api import Resource, entry, resource
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.bureau import words
from yitong.portals.bureau.acts import ACTS, Act, take
from yitong.portals.bureau.entries import trail_of
from yitong.portals.bureau.errors import StepUnknown, VersionMoved
from yitong.portals.bureau.forms import AgreementForm
from yitong.portals.bureau.officers import for_officers, frame
from yitong.ui.values import Link, Row


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def act_page(request: HttpRequest, by: Actor, number: int, step: str) -> HttpResponse:
    act = ACTS.get(step)
    if act is None:
        raise StepUnknown(step=step)
    row = resource(str(number), viewer=by)
    form = act.form(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("version") != row.version:
            raise VersionMoved(name=row.name, version=row.version)
        try:
            take(act, row, form, by)
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext(act.done))
            return redirect("bureau:entry", number)
    return _asking(request, by, row, act, form)


def _asking(
    request: HttpRequest, by: Actor, row: Resource, act: Act, form: AgreementForm
) -> HttpResponse:
    view = entry(row.code, viewer=by)
    context = frame(request, by) | {
        "row": row,
        "act": act,
        "form": form,
        "trail": [*trail_of(row), Link(row.name, reverse("bureau:entry", args=[row.pk]))],
        "summary": _summary(row, view.versions[0].entry.name),
        "nine": words.nine_entries(row, [f.header for f in view.fields], view.missing),
        "checks": words.checks(view),
        "question": gettext(act.question),
        "verb": gettext(act.verb),
        "consequence": gettext(act.consequence),
    }
    return render(request, "bureau/act.html", context, status=422 if form.errors else 200)


def _summary(row: Resource, name: str) -> list[Row]:
    return [
        Row(gettext("目录"), name, (row.code,)),
        Row(gettext("提供单位"), row.owner.name),
        Row(gettext("现在的状态"), gettext(row.state_name)),
        Row(gettext("要办的是"), gettext("第{version}版").format(version=row.version)),
    ]

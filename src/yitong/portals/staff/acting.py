"""More time by whom the act names, and the reasons of a miss: each a page that says what will follow."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yitong.base.duties.api import Extending, admonitions, duty, extend
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.staff import words
from yitong.portals.staff.forms import ExplanationForm, ExtensionForm
from yitong.portals.staff.inbox import preview_rows
from yitong.portals.staff.officers import for_officials, frame
from yitong.ui.values import Link


@require_http_methods(["GET", "HEAD", "POST"])
@for_officials
def extend_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    view = duty(number, viewer=by)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            extend(number, given=Extending(**form.cleaned_data), by=by)
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext("已同意延长，新的到期日见本页"))
            return redirect("staff:duty", number)
    extension = view.limit.extension
    most = words.amount_words(extension.amount, extension.unit) if extension else ""
    return _asking(
        request,
        form,
        {
            "view": view,
            "question": gettext("同意延长这件事的时限？"),
            "verb": gettext("同意延长"),
            "consequence": gettext("只能延长一次，最多{most}；原来的到期日留在记录里。").format(
                most=most
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_officials
def explain_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    view = duty(number, viewer=by)
    form = ExplanationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        admonitions.explain(duty=number, words=form.cleaned_data["words"], by=by)
        messages.success(request, gettext("理由已记入履责台账"))
        return redirect("staff:duty", number)
    return _asking(
        request,
        form,
        {
            "view": view,
            "question": gettext("这件事为什么逾期"),
            "verb": gettext("记入台账"),
            "consequence": gettext("理由和记录一并留在履责台账上；逾期的记录不因此取消。"),
        },
    )


def _asking(
    request: HttpRequest, form: ExtensionForm | ExplanationForm, more: dict[str, object]
) -> HttpResponse:
    view = more["view"]
    face = view.face  # type: ignore[attr-defined]
    here = reverse("staff:duty", args=[face.duty.pk])
    context = (
        frame(request)
        | more
        | {
            "form": form,
            "face": face,
            "summary": preview_rows(face),
            "back": here,
            "trail": [Link(gettext("我的事"), reverse("staff:inbox")), Link(face.title, here)],
        }
    )
    return render(request, "staff/act.html", context, status=422 if form.errors else 200)

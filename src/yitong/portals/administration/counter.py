"""代办登记: at a counter, an officer records who may act for whom, and stands for what was seen."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yitong.base.identity.api import delegations, persons
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.kernel.masking import mask_person_number
from yitong.portals.administration.forms import CounterForm
from yitong.portals.administration.officers import for_administrators, frame
from yitong.ui.values import Row

MENDED = frozenset({"invalid", "not_found", "conflict"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def counter_page(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Filled in from the papers, read out to those who came, then recorded."""
    form = CounterForm(request.POST or None)
    step = request.POST.get("step", "check")
    if request.method == "POST" and form.is_valid() and step == "confirm":
        try:
            _record(by, form)
        except Refusal as refusal:
            if refusal.kind not in MENDED:
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext("已登记，双方在“代办授权”里都看得到"))
            return redirect("administration:counter")
    is_read = request.method == "POST" and form.is_valid() and step == "check"
    context = frame(request, by, "counter") | {
        "form": form,
        "summary": _summary(form) if is_read else None,
    }
    return render(
        request, "administration/counter.html", context, status=422 if form.errors else 200
    )


def _record(by: Actor, form: CounterForm) -> None:
    found = form.cleaned_data
    delegations.record_at_counter(
        by=by,
        kind=found["kind"],
        wish=delegations.Wish(
            found["number"], found["name"], frozenset(found["powers"]), found["until"]
        ),
        counter=delegations.Counter(
            persons.PersonPapers(found["principal_number"], found["principal_name"]),
            found["evidence"],
        ),
    )


def _summary(form: CounterForm) -> list[Row]:
    found, known = form.cleaned_data, delegations.POWER_WORDS
    kind = delegations.KIND_WORDS[delegations.DelegationKind(found["kind"])]
    matters = [gettext(known[delegations.Power(one)]) for one in found["powers"]]
    return [
        Row(gettext("代办类别"), gettext(kind)),
        Row(
            gettext("被代办人"),
            found["principal_name"],
            (mask_person_number(found["principal_number"]),),
        ),
        Row(gettext("代办人"), found["name"], (mask_person_number(found["number"]),)),
        Row(gettext("可以办什么"), gettext("；").join(matters)),
        Row(gettext("到哪一天为止"), found["until"].isoformat()),
        Row(gettext("核对了哪些材料"), found["evidence"]),
    ]

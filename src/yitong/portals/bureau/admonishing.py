"""督办 and 通报: proposed by the system or here, signed by a named person on a page that says what will follow."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yitong.base.duties.api import admonitions
from yitong.base.duties.api import book as books
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.performance import asked_of
from yitong.ui.values import Link, Row

FORMS = {"urge": N_("督办"), "notice": N_("通报")}


class SigningForm(forms.Form):
    """The words under which a name stands."""

    words = forms.CharField(
        label=_("意见"),
        help_text=_("签发的，写明要求何时改正；不签发的，写明理由"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": _("写明意见")},
    )


class ProposalForm(forms.Form):
    """督办 of what is still owed, 通报 of what happened."""

    form = forms.ChoiceField(
        label=_("建议什么"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选督办或者通报")},
    )
    ground = forms.CharField(
        label=_("事实和理由"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": _("写明事实和理由")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["form"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, gettext(said)) for name, said in FORMS.items()]


def _trail() -> list[Link]:
    return [Link(gettext("履责台账"), reverse("bureau:performance"))]


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def sign_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    view = books.admonition(number, viewer=by)
    form = SigningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        declines = request.POST.get("act") == "decline"
        words = form.cleaned_data["words"]
        admonitions.sign(admonition=number, words=words, by=by, declines=declines)
        said = gettext("没有签发，意见已记录") if declines else gettext("已签发，对方收到消息")
        messages.success(request, said)
        return redirect("bureau:performance")
    row = view.admonition
    context = frame(request, by) | {
        "form": form,
        "trail": _trail(),
        "summary": [
            Row(gettext("签发什么"), gettext(FORMS[row.form])),
            Row(gettext("对哪个单位"), row.agency.name),
            Row(gettext("涉及"), gettext("{count}件").format(count=len(row.duties))),
            Row(gettext("由谁提出"), _proposer(row.proposed_by)),
        ],
        "duties": view.duties,
        "question": gettext("签发对{agency}的{form}？").format(
            agency=row.agency.name, form=gettext(FORMS[row.form])
        ),
        "is_settled": row.state != "proposed",
        "words": row.words,
    }
    return render(request, "bureau/sign.html", context, status=422 if form.errors else 200)


def _proposer(account: str) -> str:
    return gettext("系统按逾期记录提出") if account.startswith("system:") else gettext("由人提出")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def propose_page(request: HttpRequest, by: Actor) -> HttpResponse:
    asked = asked_of(request.GET)
    found = books.book(viewer=by, asked=books.narrowed(asked, "missed", 100)).rows
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = [int(text) for text in request.POST.getlist("duty") if text.isdecimal()]
        given = form.cleaned_data
        try:
            made = admonitions.propose(
                form=given["form"], duties=chosen, ground=given["ground"], by=by
            )
        except Refusal as refusal:
            if refusal.kind not in {"invalid", "conflict"}:
                raise
            form.add_error(None, gettext("选同一个单位的、已经逾期的事"))
        else:
            return redirect("bureau:sign", made.pk)
    context = frame(request, by) | {"form": form, "trail": _trail(), "duties": found}
    return render(request, "bureau/propose.html", context, status=422 if form.errors else 200)

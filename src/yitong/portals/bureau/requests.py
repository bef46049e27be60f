"""A 共享申请 as its provider answers it (共享条例 20 to 22): what is asked, which rows a rule would give, yes or no."""

from collections.abc import Mapping
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yitong.base.access.api import Thing, allows
from yitong.data.catalogue.api import Resource, resource
from yitong.data.exchange.api import row_looks
from yitong.data.sharing import api as sharing
from yitong.data.sharing.api import application, row_rules
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis
from yitong.kernel.predicates import PredicateRefusal
from yitong.portals.bureau.entries import trail_of
from yitong.portals.bureau.errors import RequestUnseen
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.row_rules import Told, explained, fault_of, items_told
from yitong.portals.bureau.words import SHARING
from yitong.ui.values import Link, Row

BASIS: Final = Basis(SHARING, "21")
ANSWERABLE: Final = frozenset({"submitted", "consulting", "coordinating", "government"})
AGREED: Final = "agreed"
EXPLAIN, ANSWER, DELIVER = "explain", "answer", "deliver"
DECISIONS: Final[Mapping[str, str]] = {"agree": N_("同意共享"), "refuse": N_("不同意共享")}


class AnswerForm(forms.Form):
    """Yes, perhaps for fewer rows than asked; or no, with a ground of the list and a reason."""

    row_rule = forms.CharField(
        label=_("只给这些行（再加一个条件）"),
        help_text=_("和申请里的条件都符合的行才给；不写就照申请给。先看意思，再答复"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        max_length=20_000,
        required=False,
    )
    decision = forms.ChoiceField(
        label=_("怎么答复"),
        widget=forms.RadioSelect,
        required=False,
    )
    ground = forms.ChoiceField(
        label=_("不同意的理由"),
        help_text=_("不同意的，选一项依法成立的理由"),
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=_("说明"),
        help_text=_("不同意的，写清楚事实；对方会看到原文"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: object, act: str = "") -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.act = act
        for name, words in (("decision", DECISIONS), ("ground", application.GROUND_NAMES)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(key, gettext(said)) for key, said in words.items()]

    def clean(self) -> dict[str, object]:
        given = self.cleaned_data
        if self.act == ANSWER and not given.get("decision"):
            self.add_error("decision", gettext("选同意或者不同意"))
        if self.act == ANSWER and given.get("decision") == "refuse":
            if not given.get("ground"):
                self.add_error("ground", gettext("选一项依法成立的理由"))
            if not given.get("reason"):
                self.add_error("reason", gettext("用一两句话写清楚理由"))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def request_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    asked = sharing.requests(viewer=by).filter(pk=number).first()
    if asked is None:
        raise RequestUnseen(number=number)
    row = resource(str(asked.resource_id), viewer=by)
    act = request.POST.get("act", EXPLAIN)
    if act == DELIVER:
        return _delivered(request, row, number, by)
    form = AnswerForm(request.POST, act=act)
    told, fault = None, None
    if form.is_valid():
        rule = form.cleaned_data["row_rule"]
        try:
            told = _told(row, asked.row_rule, rule or asked.row_rule_agreed, by)
            if act == ANSWER:
                return _answered(request, number, form, by)
        except PredicateRefusal as refusal:
            fault = fault_of(refusal, rule)
            form.add_error("row_rule", refusal.say(gettext))
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error("row_rule", f"{refusal.say(gettext)}{refusal.say_remedy(gettext)}")
    state = asked.state
    thing = Thing("share_request", str(number), agency=row.owner.code, region=row.owner.region)
    context = frame(request, by) | {
        "form": form,
        "told": told,
        "fault": fault,
        "row": row,
        "trail": [*trail_of(row), Link(row.name, reverse("bureau:entry", args=[row.pk, "users"]))],
        "title": gettext("{agency}申请共享“{name}”").format(
            agency=asked.requester.name, name=row.name
        ),
        "summary": [
            Row(gettext("用途"), gettext(asked.purpose.sentence)),
            Row(gettext("使用依据"), asked.basis),
            Row(gettext("使用场景"), asked.scene),
            Row(gettext("使用范围"), asked.scope),
            Row(gettext("使用时限"), f"{asked.until:%Y-%m-%d}"),
            Row(gettext("现在的状态"), gettext(asked.state_name)),
        ],
        "basis": BASIS,
        "can_answer": state in ANSWERABLE and allows(by, "sharing.answer", of=thing).allowed,
        "can_deliver": state == AGREED and allows(by, "sharing.grant", of=thing).allowed,
        "items": items_told(row),
    }
    return render(request, "bureau/request.html", context, status=422 if form.errors else 200)


def _told(row: Resource, asked: str, added: str, by: Actor) -> Told | None:
    """Both conditions together, in words and numbers; None where every row is asked for and nothing is added."""
    given = row_rules.accepted(added, row)
    try:
        rule = row_rules.both(row_rules.accepted(asked, row), added, row)
    except PredicateRefusal:
        # What was asked no longer reads; the delivery says so, the words of the range stand above.
        rule = given
    return explained(row_looks.Asked(row, rule.text), by=by) if rule.text else None


def _answered(request: HttpRequest, number: int, form: AnswerForm, by: Actor) -> HttpResponse:
    given = form.cleaned_data
    sharing.answer(
        request_id=number,
        is_agreed=given["decision"] == "agree",
        ground=given["ground"],
        reason=given["reason"],
        agreed=application.Agreed(row_rule=given["row_rule"]),
        by=by,
    )
    messages.success(request, gettext("已答复，对方收到消息"))
    return redirect("bureau:request", number)


def _delivered(request: HttpRequest, row: Resource, number: int, by: Actor) -> HttpResponse:
    grant = sharing.deliver(request_id=number, by=by)
    messages.success(request, gettext("已共享，一秒之内可以使用"))
    if grant.row_rule:
        return redirect("bureau:grant_rule", grant.pk)
    return redirect("bureau:entry", row.pk, "users")

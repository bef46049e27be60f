"""The steps of a 共享申请 (共享条例 20–22): who may take them, and the page that asks first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yitong.base.access.api import Thing, allows
from yitong.data.sharing import api as sharing
from yitong.data.sharing.api import Agreed, ShareRequest
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis
from yitong.portals.bureau.errors import RequestUnseen, StepUnknown
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.request_forms import (
    EXPLAIN,
    AgreeForm,
    DeclineForm,
    RequestForm,
    SupplementForm,
    SupplementsForm,
)
from yitong.portals.bureau.request_rules import NOTHING_TOLD, told_of
from yitong.portals.bureau.words import SHARING, mask_words
from yitong.ui.values import Link, Row

ASKER, PROVIDER = "asker", "provider"


@dataclass(frozen=True, slots=True)
class RequestAct:
    """A step on a request, in the words of the page that asks first; `side` says whose step it is."""

    key: str
    power: str
    side: str
    verb: str
    question: str
    consequence: str
    article: str
    done: str
    form: type[RequestForm] = RequestForm
    kind: str = "primary"

    @property
    def basis(self) -> Basis:
        return Basis(SHARING, self.article)


_LISTED = (
    RequestAct(
        "approve", "sharing.approve_request", ASKER, N_("同意提出申请"), N_("同意向提供部门提出这项申请？"),
        N_("申请送到提供部门，答复的时限从这一刻起算。"), "20", N_("已同意，申请送到提供部门"),
    ),
    RequestAct(
        "agree", "sharing.answer", PROVIDER, N_("同意共享数据"), N_("同意共享这些数据？"),
        N_("对方看到答复；提供数据的时限从这一刻起算，提供以前对方还读不到数据。"), "21",
        N_("已同意，接下来按时提供"), AgreeForm,
    ),
    RequestAct(
        "refuse", "sharing.answer", PROVIDER, N_("答复不同意"), N_("不同意共享？"),
        N_("对方看到您选的理由和说明；对方不服的，可以和您协商，再报主管部门协调。"), "21",
        N_("已答复不同意，理由已告知对方"), DeclineForm, "danger",
    ),
    RequestAct(
        "ask_supplement", "sharing.answer", PROVIDER, N_("请对方补正"), N_("告诉对方要补正什么？"),
        N_("答复的时钟停下，对方补齐以后接着走；只能要求一次，所以请一次说全。"), "21",
        N_("已告知补正，时钟停着"), SupplementForm, "secondary",
    ),
    RequestAct(
        "supplement", "sharing.request", ASKER, N_("提交补正"), N_("补正这项申请"),
        N_("补正以后提供部门答复的时钟接着走。"), "21", N_("已补正，等提供部门答复"), SupplementsForm,
    ),
    RequestAct(
        "deliver", "sharing.grant", PROVIDER, N_("提供数据"), N_("现在提供这些数据？"),
        N_("授权一秒之内生效，对方的系统可以读；每读一行都有记录，本人看得到。"), "22",
        N_("授权已生效"),
    ),
)  # fmt: skip
REQUEST_ACTS: Mapping[str, RequestAct] = {act.key: act for act in _LISTED}


def open_request_acts(row: ShareRequest, by: Actor) -> list[RequestAct]:
    """The steps that the request's state has and this post may take, the usual next one first."""
    return [act for act in _LISTED if act.key in row.steps and _may(by, act, row)]


def _may(by: Actor, act: RequestAct, row: ShareRequest) -> bool:
    agency = row.requester if act.side == ASKER else row.resource.owner
    matter = Thing("share_request", str(row.pk), agency=agency.code, region=agency.region)
    return allows(by, act.power, of=matter).allowed


def request_seen(number: int, by: Actor) -> ShareRequest:
    """The request, for one of its two sides, the data authority or an auditor."""
    row = sharing.requests(viewer=by).filter(pk=number).first()
    if row is None:
        raise RequestUnseen(number=number)
    return row


def asked_rows(row: ShareRequest) -> list[Row]:
    """What art. 20 asks a request to state, and how much of each item would be seen."""
    known = {item.name: item for item in row.resource.fields.all()}
    masks = {name: item.mask for name, item in known.items()} | dict(row.masks_asked)
    said = [
        gettext("{item}（{mask}）").format(
            item=known[name].header if name in known else name,
            mask=mask_words(masks.get(name, "hidden")),
        )
        for name in row.fields
    ]
    purpose = gettext(row.purpose.sentence)
    return [
        Row(gettext("数据"), row.resource.name, (row.resource.code,)),
        Row(gettext("需求部门"), row.requester.name, (row.client_id,)),
        Row(gettext("提供部门"), row.resource.owner.name),
        Row(gettext("使用依据"), row.basis),
        Row(gettext("使用场景"), row.scene, (purpose,) if purpose != row.scene else ()),
        Row(gettext("使用范围"), row.scope),
        Row(gettext("数据项"), gettext("、").join(said)),
        Row(gettext("共享方式"), gettext(row.resource.CHOICES["share_methods"][row.method])),
        Row(gettext("使用时限"), f"{row.until:%Y-%m-%d}"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def request_act_page(request: HttpRequest, by: Actor, number: int, step: str) -> HttpResponse:
    """核对, then the act: an answer has legal effect, so nothing happens on one click."""
    act = REQUEST_ACTS.get(step)
    if act is None:
        raise StepUnknown(step=step)
    row = request_seen(number, by)
    form = act.form(request.POST if request.method == "POST" else None, row=row)
    told = told_of(row, form, by) if act.key == "agree" else NOTHING_TOLD
    if request.method == "POST" and form.is_valid() and request.POST.get("act") != EXPLAIN:
        try:
            _take(act, row, form, by)
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext(act.done))
            return redirect("bureau:request", number)
    back = reverse("bureau:request", args=[number])
    context = frame(request, by) | {
        "act": act,
        "form": form,
        "back": back,
        "trail": [
            Link(gettext("共享申请"), reverse("bureau:requests")),
            Link(row.resource.name, back),
        ],
        "summary": asked_rows(row),
        "entry": row.resource_id,
        "told": told.told,
        "fault": told.fault,
        "question": gettext(act.question),
        "verb": gettext(act.verb),
        "consequence": gettext(act.consequence),
    }
    return render(request, "bureau/request_act.html", context, status=422 if form.errors else 200)


def _take(act: RequestAct, row: ShareRequest, form: RequestForm, by: Actor) -> None:
    given = form.cleaned_data
    match act.key:
        case "approve":
            sharing.approve_request(request_id=row.pk, by=by)
        case "agree" if isinstance(form, AgreeForm):
            agreed = Agreed(masks=form.masks(), row_rule=given["row_rule"])
            sharing.answer(request_id=row.pk, is_agreed=True, agreed=agreed, by=by)
        case "refuse":
            sharing.answer(
                request_id=row.pk,
                is_agreed=False,
                ground=given["ground"],
                reason=given["reason"],
                by=by,
            )
        case "ask_supplement":
            sharing.ask_supplement(request_id=row.pk, items=given["items"], by=by)
        case "supplement":
            stated = {"basis": given["basis"], "scene": given["scene"]}
            sharing.supplement(request_id=row.pk, stated=stated, by=by)
        case "deliver":
            sharing.deliver(request_id=row.pk, by=by)

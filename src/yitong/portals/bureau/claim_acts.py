"""The steps of a claim (共享条例 19): who may take them, the page that asks first, and making one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yitong.base.access.api import Thing, allows, require
from yitong.data.catalogue.api import Resource, resource
from yitong.data.standards.api import SourceClaim, claims, edition, live_claims
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis
from yitong.portals.bureau.claim_words import said_rows
from yitong.portals.bureau.errors import StepUnknown
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.words import SHARING
from yitong.ui.values import Link, Row

BASIS = Basis(SHARING, "19")
MOST_OFFERED = 500


@dataclass(frozen=True, slots=True)
class ClaimAct:
    """A step on a claim, in the words of the page that asks first."""

    key: str
    power: str
    verb: str
    question: str
    consequence: str
    done: str
    hint: str
    kind: str = "primary"
    basis: Basis = BASIS


_LISTED = (
    ClaimAct(
        "decide", "standards.decide", N_("确定为数源"), N_("确定这一项为数源？"),
        N_("与它相争的登记不再是数源，理由写进账本，几个部门都看得到。"), N_("已确定数源"),
        N_("依据哪一条、为什么是这个部门"),
    ),
    ClaimAct(
        "refer", "standards.decide", N_("转机构编制部门"), N_("涉及职责争议，转机构编制部门？"),
        N_("裁定的时钟停下，机构编制部门答复以后再确定数源。"), N_("已转机构编制部门，时钟停着"),
        N_("争的是哪一项职责，请机构编制部门明确什么"), "secondary",
    ),
    ClaimAct(
        "withdraw", "standards.claim", N_("撤回登记"), N_("撤回这项登记？"),
        N_("这项数据不再以本部门为数源；没有别的登记相争的，由留下的那一项作为数源。"), N_("已撤回登记"),
        N_("为什么不再由本部门采集"), "danger",
    ),
)  # fmt: skip
CLAIM_ACTS: Mapping[str, ClaimAct] = {act.key: act for act in _LISTED}


class ClaimReasonForm(forms.Form):
    """Words that others can judge."""

    reason = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("用一两句话写清楚理由")},
    )


def open_claim_acts(row: SourceClaim, by: Actor) -> list[ClaimAct]:
    """The steps that the claim's state has and this post may take, the usual next one first."""
    is_live = row.state in {"in_force", "contested"}
    is_contested = is_live and claims.is_contested(row)
    opened = {
        "decide": is_contested,
        "refer": row.state == "contested",
        "withdraw": is_live,
    }
    thing = Thing("source_claim", str(row.pk), row.agency.code, row.agency.region)
    return [a for a in _LISTED if opened[a.key] and allows(by, a.power, of=thing).allowed]


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def claim_act_page(request: HttpRequest, by: Actor, number: int, step: str) -> HttpResponse:
    """核对, then the act: who is the source of what has legal effect."""
    act = CLAIM_ACTS.get(step)
    if act is None:
        raise StepUnknown(step=step)
    row = claims.claim(number)
    form = ClaimReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].help_text = gettext(act.hint)
    if request.method == "POST" and form.is_valid():
        _take(act, number, form.cleaned_data["reason"], by)
        messages.success(request, gettext(act.done))
        return redirect("bureau:claim", number)
    back = reverse("bureau:claim", args=[number])
    context = frame(request, by) | {
        "act": act,
        "form": form,
        "back": back,
        "trail": [
            Link(gettext("数源登记"), reverse("bureau:claims")),
            Link(row.element.name, back),
        ],
        "summary": [*said_rows(row), *_against(row)],
        "question": gettext(act.question),
        "verb": gettext(act.verb),
        "consequence": gettext(act.consequence),
    }
    return render(request, "bureau/claim_act.html", context, status=422 if form.errors else 200)


def _against(row: SourceClaim) -> list[Row]:
    return [
        Row(gettext("与它相争的"), rival.agency.name, (rival.resource, rival.basis))
        for rival in claims.against(row)
    ]


def _take(act: ClaimAct, number: int, reason: str, by: Actor) -> None:
    match act.key:
        case "decide":
            claims.decide_source(claim_id=number, reason=reason, by=by)
        case "refer":
            claims.refer_conflict(claim_id=number, reason=reason, by=by)
        case "withdraw":
            claims.withdraw_claim(claim_id=number, reason=reason, by=by)


class ClaimForm(forms.Form):
    """What of a resource the agency is the source of, for whom, and by what provision. Nothing is preselected."""

    element = forms.ChoiceField(
        label=_("哪一项数据"),
        help_text=_("这项资源里对上了数据元的数据项；后面写着现在谁是数源"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选一项数据")},
    )
    subject = forms.ChoiceField(
        label=_("说的是什么"),
        help_text=_("人的状态和证照的状态不是一项数据"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选这项数据说的是什么")},
    )
    basis = forms.CharField(
        label=_("依据"),
        help_text=_("法律、法规或者“三定”规定的哪一条把它的采集交给本部门"),
        max_length=300,
        error_messages={"required": _("写明哪一条，别的部门和主管部门要看")},
    )
    region = forms.RegexField(
        label=_("区划代码"),
        help_text=_("这些行是哪个区划的；不写就是本单位的区划"),
        regex=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$",
        required=False,
        error_messages={"invalid": _("写2、4、6、9或者12位区划代码")},
    )

    def offer(self, row: Resource) -> None:
        for name, choices in (("element", _offered(row)), ("subject", _subjects())):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


def _subjects() -> list[tuple[str, str]]:
    return [(value, gettext(words)) for value, words in claims.SUBJECTS.items()]


def _offered(row: Resource) -> list[tuple[str, str]]:
    """The elements of its items, each with who is the source now."""
    items = {item.element: item.header for item in row.fields.all() if item.element}
    sources: dict[str, list[str]] = {}
    for claim in live_claims():
        if claim.element.code in items:
            sources.setdefault(claim.element.code, []).append(claim.agency.name)
    named = {each.code: each.name for each in edition().elements}
    return [
        (code, _offer_words(header, named.get(code, code), code, sources.get(code, [])))
        for code, header in items.items()
    ]


def _offer_words(header: str, name: str, code: str, sources: list[str]) -> str:
    said = gettext("{header}（{name}，{code}）").format(header=header, name=name, code=code)
    if not sources:
        return said
    agencies = gettext("、").join(dict.fromkeys(sources))
    return gettext("{said}：已有{agencies}登记").format(said=said, agencies=agencies)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def make_claim_page(request: HttpRequest, by: Actor) -> HttpResponse:
    """First which resource, then what of it."""
    require(by, "standards.claim", of=Thing("source_claim", "", agency=by.agency, region=by.region))
    chosen = request.GET.get("resource", "").replace("\0", "")[:60]
    row = resource(chosen, viewer=by) if chosen else None
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if row is not None:
        form.offer(row)
        if request.method == "POST" and form.is_valid() and (made := _made(form, row, by)):
            messages.success(
                request, gettext("已登记，状态：{state}").format(state=gettext(made.state_name))
            )
            return redirect("bureau:claim", made.pk)
    own = Resource.objects.filter(owner__code=by.agency).exclude(state="retired").order_by("name")
    context = frame(request, by) | {
        "trail": [Link(gettext("数源登记"), reverse("bureau:claims"))],
        "row": row,
        "form": form if row is not None else None,
        "own": own[:MOST_OFFERED],
        "basis": BASIS,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/make_claim.html", context, status=status)


def _made(form: ClaimForm, row: Resource, by: Actor) -> SourceClaim | None:
    given = form.cleaned_data
    new = claims.NewClaim(
        element=given["element"],
        subject=given["subject"],
        resource=row.code,
        agency=row.owner.code,
        basis=given["basis"],
        region=given["region"] or None,
    )
    try:
        return claims.claim_source(claim=new, by=by)
    except Refusal as refusal:
        if refusal.kind == "refused":
            raise
        form.add_error(None, refusal.say(gettext))
        return None

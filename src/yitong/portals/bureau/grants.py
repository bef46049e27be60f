"""Who uses an entry: its grants, and stopping, resuming or ending one (共享条例 27)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yitong.base.access.api import Thing, allows
from yitong.data.catalogue.api import Resource
from yitong.data.sharing import api as sharing
from yitong.data.sharing.api import row_rules
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis
from yitong.portals.bureau.errors import GrantUnseen, StepUnknown
from yitong.portals.bureau.fields import REMOVED, FieldRow
from yitong.portals.bureau.forms import EndingForm, ReasonForm
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.words import SHARING, mask_words
from yitong.ui.values import Link, Row

BASIS = Basis(SHARING, "27")


@dataclass(frozen=True, slots=True)
class GrantAct:
    """A step on a grant, in the words of the page that asks first."""

    key: str
    power: str
    states: frozenset[str]
    verb: str
    question: str
    consequence: str
    done: str
    form: type[ReasonForm] = ReasonForm
    kind: str = "primary"
    basis: Basis = BASIS


_LISTED = (
    GrantAct(
        "suspend", "sharing.suspend", frozenset({"active"}), N_("暂停"), N_("暂停这项授权？"),
        N_("一秒之内不再给出数据；整改以后可以恢复。使用部门看到您写的理由。"), N_("已暂停授权"),
    ),
    GrantAct(
        "resume", "sharing.suspend", frozenset({"suspended"}), N_("恢复"), N_("恢复这项授权？"),
        N_("一秒之内恢复给出数据，字段、遮盖、期限和原来一样。"), N_("已恢复授权"),
    ),
    GrantAct(
        "end", "sharing.revoke", frozenset({"active", "suspended"}), N_("终止"), N_("终止这项授权？"),
        N_("一秒之内不再给出数据，不能恢复；再要使用必须重新申请。已经取得的数据应当按约定处置。"),
        N_("已终止授权"), EndingForm, "danger",
    ),
)  # fmt: skip
GRANT_ACTS: Mapping[str, GrantAct] = {act.key: act for act in _LISTED}
_LIVE = frozenset({"active", "suspended"})
_STATES = {"active": "running", "suspended": "paused", "ended": "done", "expired": "done"}


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant in a list, with the steps that this post may take."""

    number: int
    agency: str
    client: str
    purpose: str
    items: str
    until: object
    state: str
    state_words: str
    reason: str
    acts: tuple[GrantAct, ...]
    is_live: bool
    rule: str  # in words; empty where every row is given


def granted(row: Resource, by: Actor) -> list[GrantLine]:
    """Grants of an entry that the viewer may see, the newest first."""
    headers = {field.name: field.header for field in row.fields.all()}
    return [
        GrantLine(
            number=grant.pk,
            agency=grant.agency.name,
            client=grant.client_id,
            purpose=gettext(grant.purpose.sentence),
            items=_items(grant.fields, grant.masks, headers),
            until=grant.until,
            state=_STATES.get(grant.state, "done"),
            state_words=gettext(grant.state_name),
            reason=grant.state_reason,
            is_live=grant.state in _LIVE,
            rule=row_rules.in_words_of(grant.row_rule, row, gettext) if grant.row_rule else "",
            acts=tuple(
                a for a in _LISTED if grant.state in a.states and _may(by, a, row, grant.pk)
            ),
        )
        for grant in sharing.grants(viewer=by, resource=row.code)
    ]


def narrowed(row: Resource, rows: Sequence[FieldRow], by: Actor) -> list[str]:
    """Agencies whose grants give less, or the same otherwise masked, once the revision is published."""
    touched = {item.name for item in rows if item.mask.is_changed or item.change == REMOVED}
    live = sharing.grants(viewer=by, resource=row.code).filter(state__in=_LIVE)
    return sorted({grant.agency.name for grant in live if touched & set(grant.fields)})


def _items(fields: list[str], masks: Mapping[str, str], headers: Mapping[str, str]) -> str:
    said = [
        headers.get(name, name)
        if masks.get(name) == "none"
        else gettext("{item}（{mask}）").format(
            item=headers.get(name, name), mask=mask_words(masks.get(name, "hidden"))
        )
        for name in fields
    ]
    return gettext("、").join(said)


def _may(by: Actor, act: GrantAct, row: Resource, number: int) -> bool:
    matter = Thing("grant", str(number), agency=row.owner.code, region=row.owner.region)
    return allows(by, act.power, of=matter).allowed


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def grant_act_page(request: HttpRequest, by: Actor, number: int, step: str) -> HttpResponse:
    """核对, then the act: who is stopped from using what, since when, and why."""
    act = GRANT_ACTS.get(step)
    if act is None:
        raise StepUnknown(step=step)
    grant = sharing.grants(viewer=by).filter(pk=number).first()
    if grant is None:
        raise GrantUnseen(number=number)
    form = act.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _take(act, number, form, by)
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext(act.done))
            return redirect("bureau:entry", grant.resource_id, "users")
    back = reverse("bureau:entry", args=[grant.resource_id, "users"])
    headers = {field.name: field.header for field in grant.resource.fields.all()}
    context = frame(request, by) | {
        "act": act,
        "form": form,
        "back": back,
        "trail": [
            Link(gettext("目录"), reverse("bureau:catalogue")),
            Link(grant.resource.name, back),
        ],
        "summary": [
            Row(gettext("使用部门"), grant.agency.name, (grant.client_id,)),
            Row(gettext("数据"), grant.resource.name, (grant.resource.code,)),
            Row(gettext("用途"), gettext(grant.purpose.sentence)),
            Row(gettext("数据项"), _items(grant.fields, grant.masks, headers)),
            Row(gettext("期限"), f"{grant.until:%Y-%m-%d}"),
            Row(gettext("现在的状态"), gettext(grant.state_name)),
        ],
        "question": gettext(act.question),
        "verb": gettext(act.verb),
        "consequence": gettext(act.consequence),
    }
    return render(request, "bureau/grant_act.html", context, status=422 if form.errors else 200)


def _take(act: GrantAct, number: int, form: ReasonForm, by: Actor) -> None:
    given = form.cleaned_data
    match act.key:
        case "suspend":
            sharing.endings.suspend(grant_id=number, reason=given["reason"], by=by)
        case "resume":
            sharing.endings.resume(grant_id=number, reason=given["reason"], by=by)
        case "end":
            sharing.endings.revoke(
                grant_id=number,
                cause=given["cause"],
                reason=given["reason"],
                consultation=given["consultation"],
                filing=given["filing"],
                by=by,
            )

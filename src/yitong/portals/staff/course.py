"""One duty: the date, the strip of its days, how its clock ran, what follows, and what may be done with it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.access.api import Thing, allows
from yitong.base.duties.api import DutyView, duty
from yitong.kernel.actor import Actor
from yitong.portals.staff import words
from yitong.portals.staff.inbox import act_of, preview_rows
from yitong.portals.staff.moments import moments_of
from yitong.portals.staff.officers import for_officials, frame
from yitong.ui.components.clocks import clock_words
from yitong.ui.components.words import article, date_words
from yitong.ui.values import Link, Row

LONGEST_STRIP = 45  # days: beyond that boxes are no picture, and the bar says it


@require_safe
@for_officials
def duty_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    view = duty(number, viewer=by)
    face = view.face
    strip = face.facts if face.facts and _days(face.facts) <= LONGEST_STRIP else None
    context = frame(request) | {
        "view": view,
        "face": face,
        "duty": face.duty,
        "deadline": words.deadline(face),
        "side": words.due_side(face),
        "strip": strip,
        "counted": clock_words(face.clock),
        "trail": [Link(gettext("我的事"), reverse("staff:inbox"))],
        "act": act_of(face),
        "acts": list(_acts(view, by)),
        "facts": [*preview_rows(face), *_consequence(view)],
        "moments": moments_of(view),
        "newest": view.timeline[0] if view.timeline else None,
        "changes": len(view.timeline),
    }
    return render(request, "staff/duty.html", context)


def _days(facts: object) -> int:
    due, received = facts.due_on, facts.received_on  # type: ignore[attr-defined]
    return int((max(due, facts.today) - received).days)  # type: ignore[attr-defined]


def _acts(view: DutyView, by: Actor) -> list[Link]:
    """What may be done here, by whom the policies let do it."""
    row = view.face.duty
    links = []
    if row.closed_at is None and (row.post == by.post or _may(by, "duties.hand_over", view)):
        address = f"{reverse('staff:hand_over')}?duty={row.pk}"
        links.append(Link(gettext("转给别人"), address))
    if _may_be_extended(view):
        state = view.approver
        if _may(by, "duties.extend", view, state=state):
            links.append(Link(gettext("同意延长"), reverse("staff:extend", args=[row.pk])))
    if view.miss is not None and not view.miss.explanation and _may(by, "duties.explain", view):
        links.append(Link(gettext("陈述理由"), reverse("staff:explain", args=[row.pk])))
    return links


def _may_be_extended(view: DutyView) -> bool:
    row = view.face.duty
    is_open = row.state == "running" and row.missed_at is None and row.extended_at is None
    return is_open and view.limit.extension is not None


def _may(by: Actor, action: str, view: DutyView, **attributes: str) -> bool:
    row = view.face.duty
    thing = Thing("duty", str(row.pk), row.agency_id, row.region, attributes)
    return allows(by, action, of=thing).allowed


def _consequence(view: DutyView) -> list[Row]:
    """逾期会怎样, and who has been told."""
    rows = []
    extension = view.limit.extension
    if extension is not None and view.face.duty.extended_at is None:
        said = gettext("一次，最多{amount}，须经{approver}同意").format(
            amount=words.amount_words(extension.amount, extension.unit),
            approver=gettext(extension.approver),
        )
        rows.append(Row(gettext("可以延长"), said))
    if view.miss is not None:
        rows.append(Row(gettext("违反"), article(view.breached)))
    elif view.face.duty.closed_at is None:
        said = gettext("记入履责台账：{article}").format(article=article(view.breached))
        rows.append(Row(gettext("逾期会怎样"), said))
    rows += [
        Row(gettext("已告知"), told.agency.name, (date_words(told.at, form="minute"),))
        for told in view.escalations
    ]
    return rows

"""Telling owners and superiors: one message a warning and a miss, one for many duties that move together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min

from yitong.base.duties import messages as templates
from yitong.base.duties.declared import kind_or_plain
from yitong.base.duties.ends import Gathered
from yitong.base.duties.models import Admonition, Duty, Escalation, Recount
from yitong.base.duties.rows import about_duty
from yitong.base.duties.rules import (
    ADMONITION_NAMES,
    WARNING_NAMES,
    AdmonitionForm,
    State,
)
from yitong.base.duties.seats import is_seat
from yitong.base.messages.api import MessageTemplate, Recipient, send
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import N_

CAUSES = {
    "calendar": N_("放假安排公布了"),
    "limit": N_("时限的规定变了"),
    "hours": N_("办公时间变了"),
}
Facts = dict[str, str | int | dt.date | dt.datetime]


def tell_settled(found: Gathered, *, by: Actor) -> None:
    """Who has to know of a batch of warnings, ends and tellings."""
    ended = {miss.duty_id for miss in found.misses}
    for duty, flag in found.warned:
        if duty.pk in ended or duty.state == State.DEEMED:
            continue  # the end says more than a warning that comes with it
        facts = _known(duty) | {"point": WARNING_NAMES[flag]}
        _send(duty, templates.WARNED, facts, f"warn/{flag.value}/{duty.due_on}", by=by)
    for miss in found.misses:
        _send(miss.duty, templates.MISSED, _known(miss.duty), "missed", by=by)
    for duty in found.deemed:
        _send(duty, templates.DEEMED, _known(duty), "deemed", by=by)
    for escalation in found.escalations:
        _tell_superior(escalation, by=by)


def _known(duty: Duty) -> Facts:
    kind = kind_or_plain(duty.kind)
    return {"duty": str(duty.pk), "kind": kind.title, "due": duty.due_at or duty.opened_at}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a post is to be told, once under its key."""

    post: str
    template: MessageTemplate
    facts: Facts
    about: About
    key: str


def _tell(notice: Notice, *, by: Actor) -> None:
    """To whoever holds the post, now or later; a seat that was never set up has no inbox."""
    if is_seat(notice.post):
        send(
            by=by,
            to=Recipient(post=notice.post),
            template=notice.template,
            facts=notice.facts,
            about=notice.about,
            key=notice.key,
        )


def _send(duty: Duty, template: MessageTemplate, facts: Facts, key: str, *, by: Actor) -> None:
    notice = Notice(duty.post, template, facts, about_duty(duty.pk), f"duty/{duty.pk}/{key}")
    _tell(notice, by=by)


def _tell_superior(escalation: Escalation, *, by: Actor) -> None:
    duty = escalation.duty
    facts = _known(duty) | {"agency": duty.agency_id}
    key = f"duty/{duty.pk}/rung/{escalation.rung}"
    about = about_duty(duty.pk)
    _tell(Notice(escalation.post, templates.ESCALATED, facts, about, key), by=by)


def tell_handed_over(duties: Sequence[Duty], post: str, *, by: Actor) -> None:
    """One message to the new owner, however many came."""
    if not duties:
        return
    first = min(duty.pk for duty in duties)
    key = f"handed/{post}/{first}/{clock.now().timestamp():.6f}"
    facts: Facts = {"count": len(duties)}
    _tell(Notice(post, templates.HANDED_OVER, facts, About("post", post), key), by=by)


def tell_recounted(work: Recount, *, by: Actor) -> None:
    """One message a post, whose duties' dates a change has moved."""
    posts = work.changes.order_by().values("post").annotate(n=Count("pk"), due=Min("new_due_at"))
    about = About("recount", str(work.pk))
    for row in posts:
        post = row["post"]
        facts: Facts = {"count": row["n"], "cause": CAUSES[work.cause], "due": row["due"]}
        key = f"recount/{work.pk}/{post}"
        _tell(Notice(post, templates.RECOUNTED, facts, about, key), by=by)


def tell_admonished(admonition: Admonition, post: str, *, by: Actor) -> None:
    facts: Facts = {
        "issuer": admonition.issuer_id,
        "form": ADMONITION_NAMES[AdmonitionForm(admonition.form)],
        "number": str(admonition.pk),
        "count": len(admonition.duties),
    }
    about = About("admonition", str(admonition.pk))
    key = f"admonition/{admonition.pk}"
    _tell(Notice(post, templates.ADMONISHED, facts, about, key), by=by)

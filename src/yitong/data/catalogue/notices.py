"""Who is told of a change before it happens, what they answer, and what waits for it (政务数据共享条例 27).

Telling comes with the submission to the department's own head, and he cannot approve before everyone concerned has
been told and either agreed or had the time of DSR-27: so the two workdays of the data authority (17) begin only when
nothing stands in the way of publishing. A loss once told in this revision need not be told again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from yitong.base.access.api import Thing, require
from yitong.base.identity.api import Agency
from yitong.base.messages.api import MessageTemplate, Recipient, send
from yitong.base.statutes.api import limit_for, reckon
from yitong.data.catalogue import consumers, errors, events, messages, rules
from yitong.data.catalogue.losses import ANSWERS, Loss, losses
from yitong.data.catalogue.models import ChangeNotice, Resource
from yitong.data.catalogue.proposal import Proposal
from yitong.data.catalogue.queries import about
from yitong.data.catalogue.rows import locked, note, thing
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_

__all__ = [
    "ANSWERS",
    "ChangeNotice",
    "Concerned",
    "Loss",
    "answer",
    "check_told",
    "coming",
    "concerned_by",
    "notice",
    "notices",
    "tell",
    "tell_concerned",
    "tell_dropped",
    "tell_made",
    "untold",
]

NOTICE_PERIOD = "DSR-27"
_ROLES = ("sharing_contact", "sharing_head", "dept_head")


@dataclass(frozen=True, slots=True)
class Concerned:
    """An agency that loses something by a change: what, and under which grants."""

    agency: str
    losses: tuple[Loss, ...]
    grants: tuple[int, ...]


def concerned(row: Resource, found: Sequence[Loss]) -> list[Concerned]:
    """Who of those who are given the entry loses something, by the standing grants."""
    if not found:
        return []
    lost: dict[str, set[Loss]] = defaultdict(set)
    grants: dict[str, list[int]] = defaultdict(list)
    for each in consumers.standing(row.code):
        if mine := {loss for loss in found if not loss.field or loss.field in each.fields}:
            lost[each.agency] |= mine
            grants[each.agency].append(each.grant)
    return [
        Concerned(
            agency, tuple(loss for loss in found if loss in lost[agency]), tuple(grants[agency])
        )
        for agency in sorted(lost)
    ]


def concerned_by(row: Resource, content: Proposal) -> list[Concerned]:
    """Who would lose something if this content took the place of the one in force."""
    if row.version_in_force is None:
        return []
    in_force = row.versions.get(number=row.version_in_force).entry
    return concerned(row, losses(in_force, content))


def coming(row: Resource) -> list[Concerned]:
    """Who loses something by the version in work."""
    if row.version_in_force in {None, row.version}:
        return []
    return concerned_by(row, row.versions.get(number=row.version).entry)


def notices(row: Resource, *, viewer: Actor) -> list[ChangeNotice]:
    """Who was told of which version and when, newest first. An agency that was told sees what it was told."""
    found = _notices(row).reverse()
    sees_all = viewer.agency == row.owner.code or viewer.roles & {"data_reviewer", "auditor"}
    if viewer.kind in {"operator", "system"} or sees_all:
        return list(found)
    return list(found.filter(agency__code=viewer.agency))


def notice(number: int, *, viewer: Actor) -> ChangeNotice:
    """One notice, for the agency that was told."""
    found = ChangeNotice.objects.select_related("resource__owner", "agency").filter(pk=number)
    row = found.filter(agency__code=viewer.agency).first() if viewer.agency else None
    if row is None:
        raise errors.NoticeUnknown(number=number)
    return row


def _notices(row: Resource) -> QuerySet[ChangeNotice]:
    found = ChangeNotice.objects.select_related("agency").filter(resource=row)
    return found.order_by("version", "pk")


@transaction.atomic
def tell(*, code: str, by: Actor) -> list[ChangeNotice]:
    """Tell everyone concerned who has not been told of the version in work. Once told is told."""
    row = locked(code)
    require(by, "catalogue.submit", of=thing(row.owner, row.code, state=row.state))
    return tell_concerned(row, by=by)


def tell_concerned(row: Resource, *, by: Actor) -> list[ChangeNotice]:
    """To be called in the action that goes on with the version in work."""
    return [_tell(row, each, by) for each in untold(row)]


def _tell(row: Resource, whom: Concerned, by: Actor) -> ChangeNotice:
    agency = Agency.objects.get(code=whom.agency)
    posts = _posts(agency)
    if not posts:
        raise errors.ConsumerUnreachable(agency=agency.name)
    until = _until(row, agency)
    notice = ChangeNotice.objects.create(
        resource=row,
        version=row.version,
        agency=agency,
        losses=[{"field": x.field, "kind": x.kind, "header": x.header} for x in whom.losses],
        grants=list(whom.grants),
        until=until,
    )
    _send(notice, messages.CHANGE_COMING, {"version": row.version, "until": until}, by)
    facts: dict[str, Value] = {
        "agency": agency.name,
        "losses": [loss.mark for loss in whom.losses],
        "grants": list(whom.grants),
        "until": until.isoformat(),
    }
    note(events.CONSUMER_TOLD, row, by, facts)
    return notice


def _until(row: Resource, agency: Agency) -> dt.date:
    now = clock.now()
    limit = limit_for(NOTICE_PERIOD, region=row.owner.region, on=clock.local(now).date())
    reckoned = reckon(limit, now)
    if reckoned is None:  # no stop is given, so the clock never stands still
        raise errors.ConsumerUnreachable(agency=agency.name)
    return reckoned.due_on


def _posts(agency: Agency) -> list[str]:
    """Those who see to sharing, else the head."""
    found = dict(agency.posts.filter(role__in=_ROLES).order_by("pk").values_list("key", "role"))
    for roles in (set(_ROLES[:2]), {_ROLES[2]}):
        if posts := [key for key, role in found.items() if role in roles]:
            return posts
    return []


def _send(
    notice: ChangeNotice,
    template: MessageTemplate,
    more: dict[str, str | int | dt.date],
    by: Actor,
) -> None:
    row = notice.resource
    facts = {"provider": row.owner.code, "resource": row.code, "items": len(notice.losses), **more}
    for post in _posts(notice.agency):
        send(
            by=by,
            to=Recipient(post=post),
            template=template,
            facts=facts,
            about=about(row),
            key=f"change/{notice.pk}/{template.key.rpartition('_')[2]}",
        )


@transaction.atomic
def answer(*, number: int, given: str, words: str, by: Actor) -> ChangeNotice:
    """An agency that was told agrees, which ends the waiting, or says what stands against it."""
    notice = (
        ChangeNotice.objects.select_for_update(of=("self",))
        .select_related("resource__owner", "agency")
        .filter(pk=number)
        .first()
    )
    if notice is None:
        raise errors.NoticeUnknown(number=number)
    row, agency = notice.resource, notice.agency
    matter = Thing("resource", row.code, agency=agency.code, region=agency.region)
    require(by, "catalogue.answer_notice", of=matter)
    if given not in ANSWERS:
        raise errors.NoticeUnknown(number=number)
    if notice.answer:
        raise errors.NoticeAnswered(agency=agency.name, answer=ANSWERS[notice.answer])
    if row.version_in_force is not None and row.version_in_force >= notice.version:
        raise errors.NoticeOver(version=notice.version)
    if given == "objected":
        rules.check_reason(words, N_("意见"))
    notice.answer, notice.answer_words = given, words.strip()
    notice.answered_at, notice.answered_by, notice.answered_post = clock.now(), by.account, by.post
    notice.save()
    facts: dict[str, Value] = {"agency": agency.name, "answer": ANSWERS[given], "notice": notice.pk}
    note(events.NOTICE_ANSWERED, row, by, facts)
    return notice


def untold(row: Resource) -> list[Concerned]:
    """Who loses something by the version in work and has not been told of all of it."""
    known = _told(row)
    return [x for x in coming(row) if {loss.mark for loss in x.losses} - known[x.agency]]


def check_told(row: Resource) -> None:
    """Refuse while somebody concerned has not been told, or has neither agreed nor had the time to answer."""
    found = coming(row)
    if not found:
        return
    if left := untold(row):
        raise errors.ConsumersUntold(agencies=_names(each.agency for each in left))
    today = clock.today()
    waiting = [n for n in _of_revision(row) if n.agency.code in {x.agency for x in found}]
    waiting = [n for n in waiting if n.answer != "agreed" and n.until >= today]
    if waiting:
        raise errors.NoticeRuns(
            agencies=_names(n.agency.code for n in waiting),
            until=max(n.until for n in waiting).isoformat(),
        )


def tell_made(row: Resource, *, since: int | None, by: Actor) -> None:
    """Published: everyone told since the version that was in force before learns that it holds now."""
    _tell_end(row, messages.CHANGE_MADE, since, by)


def tell_dropped(row: Resource, *, by: Actor) -> None:
    """The revision was dropped: everyone told of it learns that nothing changes."""
    _tell_end(row, messages.CHANGE_DROPPED, row.version_in_force, by)


def _tell_end(row: Resource, template: MessageTemplate, since: int | None, by: Actor) -> None:
    latest = {
        n.agency.code: n for n in _notices(row) if n.version > (since or 0) and not n.ended_at
    }
    for notice in latest.values():
        _send(notice, template, {"version": row.version}, by)
    ChangeNotice.objects.filter(resource=row, ended_at__isnull=True).update(ended_at=clock.now())


def _of_revision(row: Resource) -> list[ChangeNotice]:
    """Notices that still count: of this revision, and not ended with an earlier one."""
    return [n for n in _notices(row) if n.ended_at is None]


def _told(row: Resource) -> dict[str, set[str]]:
    known: dict[str, set[str]] = defaultdict(set)
    for notice in _of_revision(row):
        known[notice.agency.code] |= {loss.mark for loss in notice.items}
    return known


def _names(codes: Iterable[str]) -> str:
    found = (
        Agency.objects.filter(code__in=set(codes)).order_by("code").values_list("name", flat=True)
    )
    return "、".join(found)

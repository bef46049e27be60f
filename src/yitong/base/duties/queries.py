"""One duty with its whole clock, for whoever may see it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yitong.base.access.api import Thing, allows
from yitong.base.duties import errors
from yitong.base.duties.clocks import Counting, excluded_of
from yitong.base.duties.declared import kind_or_plain
from yitong.base.duties.faces import Face, face_of
from yitong.base.duties.models import Admonition, DateChange, Duty, Escalation, Miss
from yitong.base.duties.oversight import breached
from yitong.base.duties.rows import about_duty
from yitong.base.duties.rules import approver_kind
from yitong.base.identity.api import Agency
from yitong.base.ledger.api import LedgerEntry, entries_about
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.law import Basis, TimeLimit
from yitong.kernel.workdays import Excluded

MOST = 500  # rows of one page; exports page through


def titles_of(posts: Iterable[str]) -> dict[str, str]:
    rows = Agency.objects.filter(posts__key__in=set(posts))
    return dict(rows.order_by().values_list("posts__key", "posts__title"))


@dataclass(frozen=True, slots=True)
class DutyView:
    """One duty with everything that explains its date."""

    face: Face
    limit: TimeLimit
    approver: str  # who may allow more time, as the policies know them
    breached: Basis  # by a miss
    excluded: tuple[Excluded, ...]
    due_without_unverified: dt.date | None  # where a stop rests on no article
    miss: Miss | None
    escalations: Sequence[Escalation]
    admonitions: Sequence[Admonition]
    date_changes: Sequence[DateChange]
    timeline: Sequence[LedgerEntry]


def duty(number: int, *, viewer: Actor) -> DutyView:
    row = Duty.objects.select_related("agency").filter(pk=number).first()
    if row is None or not may_see(row, viewer):
        raise errors.UnknownDuty(duty=number)
    kind = kind_or_plain(row.kind)
    counting = Counting()
    course = counting.course(row)
    bare = course.without_unverified_stops()
    other = counting.timing(bare, kind).due_on if bare != course else None
    owner = titles_of([row.post]).get(row.post, "")
    return DutyView(
        face=face_of(row, counting.days, clock.now(), owner=owner),
        limit=course.limit,
        approver=_approver(course.limit),
        breached=breached(row),
        excluded=excluded_of(counting, course),
        due_without_unverified=other,
        miss=Miss.objects.filter(duty=row).first(),
        escalations=list(row.escalations.select_related("agency").order_by("rung")),
        admonitions=list(Admonition.objects.filter(duties__contains=[row.pk]).order_by("pk")),
        date_changes=list(row.date_changes.select_related("recount").order_by("pk")),
        timeline=entries_about(about_duty(row.pk)),
    )


def _approver(limit: TimeLimit) -> str:
    return approver_kind(limit.extension.approver).value if limit.extension else ""


def is_of_post(row: Duty, viewer: Actor) -> bool:
    """Whether the viewer's post has it now, or had it before it was handed over."""
    return bool(viewer.post) and viewer.post in (row.post, row.home_post)


def may_see(row: Duty, viewer: Actor) -> bool:
    if is_of_post(row, viewer):
        return True
    thing = Thing("duty", str(row.pk), agency=row.agency_id, region=row.region)
    return allows(viewer, "duties.read", of=thing).allowed

"""How duties change hands: by a person, by a post that fell empty, and back. During a leave the deputy acts in the post."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from yitong.base.access.api import Thing, allows, require
from yitong.base.duties import errors, events, rules
from yitong.base.duties.models import Duty
from yitong.base.duties.notices import tell_handed_over
from yitong.base.duties.rows import entry_for, write
from yitong.base.duties.seats import VACANCY, Seat, is_manned, seat_for
from yitong.base.identity.api import Agency
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_

AT_ONCE = 1_000  # duties moved in one transaction
BY_HAND, BY_RETURN, BY_VACANCY = "hand", "return", "vacancy"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Which duties went over, and which stayed, each with the reason."""

    moved: tuple[int, ...]
    stayed: tuple[tuple[int, str], ...]


def data_authority_of(owner: Agency) -> Agency:
    """同级政务数据共享主管部门; where a division has none yet, the nearest above it, else the owner's government."""
    places = [
        owner.region[:length] for length in (12, 9, 6, 4, 2, 0) if length <= len(owner.region)
    ]
    found = Agency.objects.filter(is_data_authority=True, region__in=places)
    nearest = max(found, key=lambda each: len(each.region), default=None)
    return nearest or owner.government or owner


@transaction.atomic
def hand_over(*, duties: Sequence[int], to_post: str, reason: str, by: Actor) -> HandedOver:
    """Give duties to another post of the agency. What is closed or not theirs to give stays, and says so."""
    rules.check_reason(reason, N_("转办"))
    rows = list(_locked_open(Duty.objects.filter(pk__in=list(duties)[:AT_ONCE])))
    agency = to_post.partition("/")[0]
    if not is_manned(to_post):
        raise errors.PostUnfit(post=to_post, agency=agency)
    stayed: list[tuple[int, str]] = [
        (pk, N_("已经办结")) for pk in sorted(set(duties) - {row.pk for row in rows})
    ]
    moved = []
    for duty in rows:
        if agency not in {duty.agency_id, by.agency}:
            raise errors.PostUnfit(post=to_post, agency=duty.agency_id)
        if not _may_give(duty, by):
            stayed.append((duty.pk, N_("不归您转办")))
        elif duty.post == to_post and not duty.is_unassigned:
            stayed.append((duty.pk, N_("已经在这个岗位")))
        else:
            moved.append(duty)
    _move(moved, Seat(to_post, to_post, ""), (BY_HAND, reason), by=by)
    tell_handed_over(moved, to_post, by=by)
    return HandedOver(tuple(duty.pk for duty in moved), tuple(stayed))


def _may_give(duty: Duty, by: Actor) -> bool:
    """Its own post may, and whoever the policies let dispose of the agency's work."""
    if by.post and by.post == duty.post:
        return True
    thing = Thing("duty", str(duty.pk), agency=duty.agency_id, region=duty.region)
    return allows(by, "duties.hand_over", of=thing).allowed


def _locked_open(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """In the order of their numbers, so that two of us never wait for each other."""
    return rows.filter(closed_at__isnull=True).order_by("pk").select_for_update()


def _move(duties: Sequence[Duty], seat: Seat, cause: tuple[str, str], *, by: Actor) -> None:
    """Write the new owner of each, with an entry for each."""
    entries = []
    for duty in duties:
        facts: dict[str, Value] = {"duty": duty.pk, "before": duty.post, "after": seat.post}
        facts |= {"cause": cause[0], "reason": cause[1]}
        entries.append(entry_for(duty, events.HANDED_OVER, facts, by=by))
    changes: dict[str, object] = {
        "post": seat.post,
        "moved_by": seat.moved_by,
        "is_unassigned": seat.is_unassigned,
    }
    if cause[0] == BY_HAND:
        changes["home_post"] = seat.home
    Duty.objects.filter(pk__in=[duty.pk for duty in duties]).update(**changes)
    write(entries)


def open_duties_of(post: str, *, viewer: Actor) -> list[int]:
    """What a post has now, for whoever may give it away."""
    agency = post.partition("/")[0]
    if viewer.post != post:
        region = viewer.region
        require(viewer, "duties.hand_over", of=Thing("post", post, agency=agency, region=region))
    rows = Duty.objects.filter(post=post, closed_at__isnull=True).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True))


def _bring_home(rows: Sequence[Duty], cause: tuple[str, str], *, by: Actor) -> int:
    """Each to whoever is to have it now; how many moved."""
    moved = 0
    by_home: dict[tuple[str, str], list[Duty]] = {}
    for duty in rows:
        by_home.setdefault((duty.agency_id, duty.home_post), []).append(duty)
    for (agency, home), duties in by_home.items():
        seat = seat_for(agency, post=home)
        changed = [duty for duty in duties if duty.post != seat.post]
        _move(changed, seat, cause, by=by)
        tell_handed_over(changed, seat.post, by=by)
        moved += len(changed)
    return moved


@transaction.atomic
def reseat(*, post: str, by: Actor) -> int:
    """After somebody took or left a post: its duties go up while it is empty, and come back; how many moved."""
    if is_manned(post):
        rows = list(_locked_open(Duty.objects.filter(home_post=post, moved_by=VACANCY)))
        cause = (BY_RETURN, N_("岗位有人了"))
    else:
        rows = list(_locked_open(Duty.objects.filter(post=post)))
        cause = (BY_VACANCY, N_("岗位没有人"))
    return _bring_home(rows, cause, by=by)


@transaction.atomic
def reseat_all(*, by: Actor) -> int:
    """Every post with open duties, looked at again: holdings may begin and end at an instant of their own."""
    posts = Duty.objects.filter(closed_at__isnull=True).values_list("post", flat=True).distinct()
    away = Duty.objects.filter(closed_at__isnull=True, moved_by=VACANCY)
    empty = [post for post in posts.order_by() if not is_manned(post)]
    homes = away.order_by().values_list("home_post", flat=True).distinct()
    back = [post for post in homes if is_manned(post)]
    return sum(reseat(post=post, by=by) for post in dict.fromkeys([*empty, *back]))

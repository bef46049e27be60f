"""Who acts in a post now: its holder, the deputy of one who is away, or nobody; and how that changes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from yitong.base.access.api import Thing, require
from yitong.base.identity import events, queries
from yitong.base.identity.actions import (
    appoint,
    create_post,
    end_holding,
    hand_over,
    may_hold,
)
from yitong.base.identity.apart import attempt
from yitong.base.identity.errors import InvalidPeriod, LeaveInTheWay, PostNotHeld, UnknownPost
from yitong.base.identity.models import Account, Agency, Holding, Leave, Post
from yitong.base.identity.rules import ROLE_TITLES, AgencyKind, Role
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

__all__ = [
    "ROLE_TITLES",
    "AgencyKind",
    "Post",
    "Role",
    "Seat",
    "agencies_found",
    "appoint",
    "appointments_found",
    "create_post",
    "end_holding",
    "end_leave",
    "hand_over",
    "post_numbered",
    "posts_found",
    "record_leave",
    "seat",
    "seats_of",
    "superior",
]


@dataclass(frozen=True, slots=True)
class Seat:
    """A post as of now. `acting` is who does its work: the deputy of one who is away, else the holder."""

    post: Post
    holder: Account | None
    held_from: dt.datetime | None
    deputy: Account | None
    away_until: dt.datetime | None

    @property
    def is_away(self) -> bool:
        return self.away_until is not None

    @property
    def acting(self) -> Account | None:
        return self.deputy if self.is_away else self.holder

    @property
    def is_vacant(self) -> bool:
        """Nobody does the work: what is due here goes up."""
        return self.acting is None


def seat(key: str) -> Seat:
    """The post with this key, and who acts in it."""
    return seat_of(queries.post(key))


def seat_of(post: Post) -> Seat:
    return seats_of([post])[0]


def seats_of(posts: Sequence[Post]) -> list[Seat]:
    """Posts with who acts in each, in two questions however many there are."""
    holdings = {
        held.post_id: held
        for held in queries.current_holdings().select_related("account").filter(post__in=posts)
    }
    leaves = {
        leave.holding_id: leave
        for leave in queries.current_leaves()
        .select_related("deputy")
        .filter(holding__in=holdings.values())
    }
    return [_seat(post, holdings.get(post.pk), leaves) for post in posts]


def _seat(post: Post, held: Holding | None, leaves: Mapping[int, Leave]) -> Seat:
    if held is None:
        return Seat(post, None, None, None, None)
    leave = leaves.get(held.pk)
    if leave is None:
        return Seat(post, held.account, held.held_from, None, None)
    return Seat(post, held.account, held.held_from, leave.deputy, leave.away_until)


def post_numbered(number: int, *, viewer: Actor) -> Post:
    """One post that the viewer may oversee."""
    found = posts_found(viewer=viewer).filter(pk=number).first()
    if found is None:
        raise UnknownPost(key=number)
    return found


def appointments_found(
    *, viewer: Actor, text: str = "", agency: str = "", state: str = ""
) -> QuerySet[Holding]:
    """Who held which post from when until when, the latest first. `state`: "current" or "past"."""
    now = clock.now()
    found = Holding.objects.select_related("post__agency", "account").order_by("-held_from", "-pk")
    found = found.filter(post__agency__in=queries.agencies_overseen(viewer))
    if agency:
        found = found.filter(post__agency__code=agency)
    if text:
        found = found.filter(
            Q(account__username__icontains=text)
            | Q(post__title__icontains=text)
            | Q(post__key__icontains=text)
        )
    is_past = Q(held_until__isnull=False, held_until__lte=now)
    if state:
        found = found.filter(is_past if state == "past" else ~is_past)
    return found


def agencies_found(*, viewer: Actor, text: str = "", kind: str = "") -> QuerySet[Agency]:
    """Agencies that the viewer may oversee, by region and code."""
    found = queries.agencies_overseen(viewer).select_related("government", "line")
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__icontains=text)
        )
    return found.order_by("region", "code")


def superior(key: str) -> Post | None:
    """To which post work goes up from a vacant one: the head of the agency, then of the one above, that is not vacant.

    Up the 块 first (its government), else along the 条 (its line).
    """
    post = queries.post(key)
    agency: Agency | None = post.agency
    seen: set[int] = set()
    while agency is not None and agency.pk not in seen:
        seen.add(agency.pk)
        heads = agency.posts.filter(role=Role.DEPT_HEAD).exclude(pk=post.pk).order_by("pk")
        for head in heads.select_related("agency"):
            if not seat_of(head).is_vacant:
                return head
        agency = agency.government or agency.line
    return None


def record_leave(
    *,
    by: Actor,
    post: str,
    away_from: dt.datetime,
    away_until: dt.datetime,
    deputy: AbstractBaseUser | None = None,
) -> Leave:
    """The holder is away for a time; a deputy acts meanwhile, held to the same rules as a holder."""
    place = queries.post(post)
    stand_in = queries.account_key(deputy) if deputy else ""
    with attempt(events.POST_REFUSED, by=by, about=About("post", post), account=stand_in):
        require(by, "identity.manage_posts", of=_thing(place))
        if away_until <= max(away_from, clock.now()):
            raise InvalidPeriod
        holding = queries.current_holdings().select_for_update().filter(post=place).first()
        if holding is None:
            raise PostNotHeld(key=post)
        known = may_hold(by, place, deputy, away_from, away_until) if deputy else None
        if known is not None and known.pk == holding.account_id:
            raise LeaveInTheWay(key=post)
        return _leave(by, holding, known, away_from, away_until)


def _leave(
    by: Actor, holding: Holding, deputy: Account | None, since: dt.datetime, until: dt.datetime
) -> Leave:
    try:
        with transaction.atomic():
            leave = Leave.objects.create(
                holding=holding, deputy=deputy, away_from=since, away_until=until
            )
    except IntegrityError as error:  # the exclusion constraint: two leaves at a time
        raise LeaveInTheWay(key=holding.post.key) from error
    record(
        events.LEAVE_RECORDED,
        by=by,
        about=About("post", holding.post.key),
        facts={
            "account": f"account:{holding.account_id}",
            "deputy": queries.account_key(deputy) if deputy else "",
            "away_from": since.isoformat(timespec="seconds"),
            "away_until": until.isoformat(timespec="seconds"),
        },
        region=holding.post.agency.region,
    )
    return leave


@transaction.atomic
def end_leave(*, by: Actor, post: str) -> None:
    """Back earlier than was written down."""
    place = queries.post(post)
    require(by, "identity.manage_posts", of=_thing(place))
    leave = queries.current_leaves().select_for_update().filter(holding__post=place).first()
    if leave is None:
        raise PostNotHeld(key=post)
    leave.away_until = max(clock.now(), leave.away_from)
    leave.save(update_fields=["away_until"])
    record(
        events.LEAVE_ENDED,
        by=by,
        about=About("post", post),
        facts={"account": f"account:{leave.holding.account_id}"},
        region=place.agency.region,
    )


def posts_found(
    *, viewer: Actor, text: str = "", agency: str = "", role: str = "", vacant: bool | None = None
) -> QuerySet[Post]:
    """Posts that the viewer may oversee, by agency and key. `vacant`: only such, or only others."""
    found = Post.objects.select_related("agency").order_by("agency__region", "agency__code", "key")
    found = found.filter(agency__in=queries.agencies_overseen(viewer))
    if agency:
        found = found.filter(agency__code=agency)
    if role:
        found = found.filter(role=role)
    if text:
        found = found.filter(
            Q(title__icontains=text) | Q(key__icontains=text) | Q(agency__name__icontains=text)
        )
    if vacant is not None:
        held = Exists(queries.current_holdings().filter(post=OuterRef("pk")))
        found = found.filter(~held if vacant else held)
    return found


def _thing(post: Post) -> Thing:
    return Thing(
        "agency",
        post.agency.code,
        agency=post.agency.code,
        region=post.agency.region,
        attributes={"role": post.role},
    )

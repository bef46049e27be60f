"""Agencies, posts and who holds them. Accounts, persons and clients have modules of their own beside this one."""

import datetime as dt
from typing import TypedDict, Unpack

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q

from yitong.base.access.api import Thing, require
from yitong.base.identity import events, queries
from yitong.base.identity.administrators import refuse_excluded, refuse_oneself
from yitong.base.identity.apart import attempt
from yitong.base.identity.errors import (
    AgencyExists,
    DataAuthorityExists,
    InvalidPeriod,
    NotStaff,
    PostNotHeld,
    PostTaken,
    UnknownAgencyKind,
    UnknownRole,
)
from yitong.base.identity.models import Account, Agency, Holding, Post
from yitong.base.identity.rules import (
    ROLE_TITLES,
    AccountKind,
    AgencyKind,
    Role,
    normalise_title,
    post_key,
)
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import parse_credit_code
from yitong.kernel.declare import About


class AgencyMore(TypedDict, total=False):
    """What an agency may have besides code, name, kind and region; parents by their codes."""

    short_name: str
    government: str
    line: str
    is_data_authority: bool
    is_demo: bool


@transaction.atomic
def register_agency(
    *, by: Actor, code: str, name: str, kind: str, region: str, **more: Unpack[AgencyMore]
) -> Agency:
    """Register an agency under its 统一社会信用代码. `government` is its 块, `line` its 条."""
    require(by, "identity.manage", of=Thing("agency", code, region=region))
    if kind not in set(AgencyKind):
        raise UnknownAgencyKind(kind=kind, known=queries.known_values(AgencyKind))
    parsed = parse_credit_code(code).code
    wanted = normalise_title(name)
    if Agency.objects.filter(Q(code=parsed) | Q(name=wanted)).exists():
        raise AgencyExists(name=wanted)
    government, line = more.get("government", ""), more.get("line", "")
    if more.get("is_data_authority", False):
        _refuse_second_authority(region)
    agency = Agency(
        code=parsed,
        name=wanted,
        short_name=normalise_title(more.get("short_name", "")),
        kind=kind,
        government=queries.agency(government) if government else None,
        line=queries.agency(line) if line else None,
        region=region,
        is_data_authority=more.get("is_data_authority", False),
        is_demo=more.get("is_demo", False),
    )
    try:
        with transaction.atomic():
            agency.save(force_insert=True)
    except IntegrityError as error:  # another transaction was first
        raise AgencyExists(name=wanted) from error
    record(
        events.AGENCY_REGISTERED,
        by=by,
        about=About("agency", parsed),
        facts={
            "kind": kind,
            "region": region,
            "government": government,
            "line": line,
            "is_data_authority": agency.is_data_authority,
            "is_demo": agency.is_demo,
        },
        region=region,
    )
    return agency


def _refuse_second_authority(region: str) -> None:
    other = Agency.objects.filter(region=region, is_data_authority=True).first()
    if other is not None:
        raise DataAuthorityExists(region=region, name=other.name)


@transaction.atomic
def create_post(*, by: Actor, agency: Agency, role: str, title: str = "") -> Post:
    """Set up one more seat of a role in an agency."""
    require(by, "identity.manage_posts", of=_seat_thing(agency, role))
    if role not in set(Role):
        raise UnknownRole(role=role, known=queries.known_values(Role))
    held = Agency.objects.select_for_update().get(pk=agency.pk)  # numbers are given one at a time
    number = Post.objects.filter(agency=held, role=role).count() + 1
    post = Post.objects.create(
        agency=held,
        key=post_key(held.code, Role(role), number),
        role=role,
        title=title or ROLE_TITLES[Role(role)],
    )
    record(
        events.POST_CREATED,
        by=by,
        about=About("post", post.key),
        facts={"agency": held.code, "role": role},
        region=held.region,
    )
    return post


def appoint(
    *,
    by: Actor,
    post: str,
    account: AbstractBaseUser,
    held_from: dt.datetime | None = None,
    held_until: dt.datetime | None = None,
) -> Holding:
    """Give a post to a member of staff, from now unless said otherwise. An overreaching attempt is recorded."""
    seat = queries.post(post)
    start = held_from or clock.now()
    key = queries.account_key(account)
    with attempt(events.POST_REFUSED, by=by, about=About("post", post), account=key):
        holder = may_hold(by, seat, account, start, held_until)
        try:
            with transaction.atomic():
                holding = Holding.objects.create(
                    post=seat, account=holder, held_from=start, held_until=held_until
                )
        except IntegrityError as error:  # the exclusion constraint: two holders at a time
            raise PostTaken(key=post) from error
        record(
            events.POST_TAKEN,
            by=by,
            about=About("post", post),
            facts={"account": key},
            region=seat.agency.region,
        )
    return holding


def may_hold(
    by: Actor, seat: Post, account: AbstractBaseUser, start: dt.datetime, end: dt.datetime | None
) -> Account:
    """The account, locked, if `by` may put it into the post for this time; for holders and deputies alike."""
    holder = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    thing = _seat_thing(seat.agency, seat.role, appointee=queries.account_key(holder))
    require(by, "identity.manage_posts", of=thing)
    refuse_oneself(by, holder)
    if holder.kind != AccountKind.STAFF:
        raise NotStaff
    if end is not None and end <= start:
        raise InvalidPeriod
    refuse_excluded(seat, holder, start, end)
    return holder


@transaction.atomic
def end_holding(*, by: Actor, post: str, at: dt.datetime | None = None) -> None:
    """The holder leaves the post, now unless said otherwise; a leave that runs ends with it."""
    seat = queries.post(post)
    require(by, "identity.manage_posts", of=_seat_thing(seat.agency, seat.role))
    holding = queries.current_holdings().select_for_update().filter(post=seat).first()
    if holding is None:
        raise PostNotHeld(key=post)
    end = max(at or clock.now(), holding.held_from)
    holding.held_until = end
    holding.save(update_fields=["held_until"])
    holding.leaves.filter(away_from__gte=end).delete()
    holding.leaves.filter(away_until__gt=end).update(away_until=end)
    record(
        events.POST_LEFT,
        by=by,
        about=About("post", post),
        facts={"account": f"account:{holding.account_id}"},
        region=seat.agency.region,
    )


@transaction.atomic
def hand_over(
    *, by: Actor, post: str, account: AbstractBaseUser, at: dt.datetime | None = None
) -> Holding:
    """交接: one leaves and the next begins at the same instant, or neither; no gap, no overlap."""
    instant = at or clock.now()
    end_holding(by=by, post=post, at=instant)
    return appoint(by=by, post=post, account=account, held_from=instant)


def _seat_thing(agency: Agency, role: str, appointee: str = "") -> Thing:
    return Thing(
        "agency",
        agency.code,
        agency=agency.code,
        region=agency.region,
        attributes={"role": role, "appointee": appointee},
    )

"""三员: the administrators of system, security and audit are three persons, through whatever accounts and at all times.

GB/T 22239 (等保) level 3 asks for three administrators with separate rights. An account says little: one person may
have several, may stand in for a colleague, and may leave one role to take another. So the person counts, deputies
count, and a role is left only when somebody else has taken it over.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from yitong.base.identity.errors import (
    HandOverMissing,
    HolderUnknown,
    NotOneself,
    ThreeAdministratorsApart,
)
from yitong.base.identity.models import Account, Holding, Leave, Person, Post
from yitong.base.identity.rules import ROLE_TITLES, THREE_ADMINISTRATORS, Role, excluded_by
from yitong.kernel.actor import Actor


def accounts_of_one(account: Account) -> list[Account]:
    """The account and every other staff account of the same person."""
    if account.holder_id is None:
        return [account]
    return list(Account.objects.filter(holder_id=account.holder_id).order_by("pk"))


def refuse_oneself(by: Actor, account: Account) -> None:
    """Nobody gives herself rights, through whichever of her accounts."""
    if by.account in {f"account:{own.pk}" for own in accounts_of_one(account)}:
        raise NotOneself


def refuse_excluded(
    seat: Post, holder: Account, start: dt.datetime, end: dt.datetime | None
) -> None:
    """For as long as holdings and deputies overlap; the person's row is locked against a second appointment."""
    role = Role(seat.role)
    if role not in THREE_ADMINISTRATORS:
        return
    if holder.holder_id is None:
        raise HolderUnknown(wanted=ROLE_TITLES[role])
    Person.objects.select_for_update().get(pk=holder.holder_id)
    accounts = accounts_of_one(holder)
    held = set(_held(accounts, start, end)) | set(_deputised(accounts, start, end))
    if other := excluded_by(role, held):
        raise ThreeAdministratorsApart(held=ROLE_TITLES[other], wanted=ROLE_TITLES[role])
    _refuse_unfinished(role, accounts, start)


def _held(accounts: list[Account], start: dt.datetime, end: dt.datetime | None) -> Iterator[Role]:
    found = Holding.objects.filter(account__in=accounts).filter(
        Q(held_until__isnull=True) | Q(held_until__gt=start)
    )
    if end is not None:
        found = found.filter(held_from__lt=end)
    yield from (Role(role) for role in found.values_list("post__role", flat=True))


def _deputised(
    accounts: list[Account], start: dt.datetime, end: dt.datetime | None
) -> Iterator[Role]:
    found = Leave.objects.filter(deputy__in=accounts, away_until__gt=start)
    if end is not None:
        found = found.filter(away_from__lt=end)
    yield from (Role(role) for role in found.values_list("holding__post__role", flat=True))


def _refuse_unfinished(role: Role, accounts: list[Account], start: dt.datetime) -> None:
    """Who left another of the three roles has handed it over: somebody holds it when the new one begins."""
    others = THREE_ADMINISTRATORS - {role}
    left = Holding.objects.filter(
        account__in=accounts, post__role__in=others, held_until__lte=start
    ).select_related("post")
    for holding in left:
        successors = Holding.objects.filter(post=holding.post, held_from__lte=start).filter(
            Q(held_until__isnull=True) | Q(held_until__gt=start)
        )
        if not successors.exclude(account__in=accounts).exists():
            raise HandOverMissing(
                held=ROLE_TITLES[Role(holding.post.role)], wanted=ROLE_TITLES[role]
            )

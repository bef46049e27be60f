"""Whose a duty is: a post that somebody holds, else the head of the agency, else that of its parent.

A duty without an owner cannot exist. Where nobody holds anything up to the top, it stays with the seat that was named,
as unassigned, until somebody takes that seat.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from yitong.base.duties import rows
from yitong.base.duties.errors import NobodyAtAll
from yitong.base.identity.api import Agency
from yitong.kernel import clock

HEAD = "dept_head"
DEEPEST = 6  # agencies stand on fewer levels than this; a ring of parents must not hold us
VACANCY = "vacancy"


@dataclass(frozen=True, slots=True)
class Seat:
    """Who has a duty, to which post it belongs, why it is elsewhere, and whether it waits to be assigned."""

    home: str
    post: str
    region: str  # of the agency that owes it
    moved_by: str = ""
    is_unassigned: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """An agency as owners are looked for: its region, its parent, and who is in which seat."""

    code: str
    name: str
    region: str
    parent: str
    seats: tuple[tuple[str, str], ...]  # (post, role)
    held: frozenset[str]

    def holders_of(self, role: str) -> list[str]:
        return [post for post, its_role in self.seats if its_role == role and post in self.held]


_COLUMNS = (
    "code", "name", "region", "government__code", "line__code", "posts__key", "posts__role",
    "posts__holdings__held_from", "posts__holdings__held_until", "posts__holdings__leaves__away_from",
    "posts__holdings__leaves__away_until", "posts__holdings__leaves__deputy",
)  # fmt: skip


@cache
def _statement() -> bytes:
    """Put together once: it is asked at every opening."""
    found = Agency.objects.filter(code="?").order_by("posts__key").values_list(*_COLUMNS)
    return str(found.query.sql_with_params()[0]).encode()


def office(code: str) -> Office:
    """One statement."""
    found = _known_office(code)
    if found is None:
        raise NobodyAtAll
    return found


def _known_office(code: str) -> Office | None:
    found = rows.all_rows(_statement(), [code])
    return _office(found, clock.now()) if found else None


def _office(found: Sequence[tuple[Any, ...]], now: dt.datetime) -> Office:
    code, name, region, government, line = found[0][:5]
    seats = {str(row[5]): str(row[6]) for row in found if row[5]}
    held = {str(row[5]) for row in found if _covers(row[7], row[8], now)}
    # Who is away without a deputy leaves the seat empty for that time.
    empty = {str(row[5]) for row in found if _covers(row[9], row[10], now) and row[11] is None}
    parent = str(government or line or "")
    return Office(code, name, region, parent, tuple(seats.items()), frozenset(held - empty))


def _covers(since: dt.datetime | None, until: dt.datetime | None, now: dt.datetime) -> bool:
    return since is not None and since <= now and (until is None or now < until)


def seat_for(agency: str, *, post: str = "", role: str = HEAD) -> Seat:
    """The seat of a new duty of `agency`: its `post`, or the one holder of `role`."""
    own = office(agency)
    if post:
        return Seat(post, post, own.region) if post in own.held else _with_head(own, post)
    holders = own.holders_of(role)
    if len(holders) == 1:
        return Seat(holders[0], holders[0], own.region)
    if holders:  # several could: the head says who
        head = _head_of(own) or holders[0]
        return Seat(head, head, own.region, is_unassigned=True)
    return _with_head(own, next((p for p, r in own.seats if r == role), f"{agency}/{role}/1"))


def _with_head(own: Office, home: str) -> Seat:
    """The nearest head above an empty seat; the seat itself where there is nobody at all."""
    for above in _upwards(own):
        head = _head_of(above)
        if head and head != home:
            return Seat(home, head, own.region, moved_by=VACANCY, is_unassigned=True)
    return Seat(home, home, own.region, is_unassigned=True)


def _head_of(found: Office) -> str:
    return next(iter(found.holders_of(HEAD)), "")


def _upwards(own: Office) -> Iterator[Office]:
    at = own
    for _ in range(DEEPEST):
        yield at
        above = _known_office(at.parent) if at.parent else None
        if above is None:
            return
        at = above


def is_manned(post: str) -> bool:
    """Whether somebody acts in this post now: its holder, or the deputy of one who is away."""
    own = _known_office(post.partition("/")[0])
    return own is not None and post in own.held


def is_seat(post: str) -> bool:
    """Whether the post was set up; an agency without any has duties that wait for a seat."""
    return Agency.objects.filter(posts__key=post).exists()

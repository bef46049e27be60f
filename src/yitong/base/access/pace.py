"""How many calls a caller has left in the running minute, over all processes of the node: one row each, counted by SQL."""

from dataclasses import dataclass
from typing import Final

from django.db import connection

from yitong.kernel import clock

MINUTE: Final = 60
# Counters of callers who have not come for so long say nothing any more.
FORGOTTEN_AFTER_MINUTES: Final = 60

_TAKE = """
insert into access_pace as p (who, minute, used) values (%(who)s, %(minute)s, 1)
on conflict (who) do update set
    minute = greatest(p.minute, %(minute)s),
    used = case when p.minute >= %(minute)s then p.used + 1 else 1 end
returning used
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One counted call: what is left after it, and in how many seconds the minute begins anew."""

    left: int
    seconds: int
    is_over: bool


def take(who: str, limit: int) -> Turn:
    """Count one call of this caller; it is over when the minute's calls were used up before it."""
    second = int(clock.epoch())
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"who": who, "minute": second // MINUTE})
        used = int(cursor.fetchone()[0])
    return Turn(max(0, limit - used), MINUTE - second % MINUTE, used > limit)


def forget_idle() -> None:
    """Drop counters that have stood still; they hold addresses and are kept no longer than they count."""
    before = int(clock.epoch()) // MINUTE - FORGOTTEN_AFTER_MINUTES
    with connection.cursor() as cursor:
        cursor.execute("delete from access_pace where minute < %s", [before])

"""Counting open duties anew when the calendar, a limit or an agency's hours change.

A change is noted by a reaction and worked off in batches, each a short transaction: readers never wait, and a node that
stops in between goes on where it was. Only duties that cross the changed days are looked at.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import orjson
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from yitong.base.duties import events
from yitong.base.duties.clocks import Counting, write_limit, write_timing
from yitong.base.duties.declared import kind_or_plain
from yitong.base.duties.models import Duty, Recount
from yitong.base.duties.notices import tell_recounted
from yitong.base.duties.rows import entry_for, save, write
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Value

BATCH = 2_000
CALENDAR, LIMIT, HOURS = "calendar", "limit", "hours"


@dataclass(frozen=True, slots=True)
class Change:
    """What changed: days of the calendar, or a limit of a region, or the hours of an agency, from a day on."""

    cause: str
    source: str
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    limit_key: str = ""
    region: str = ""
    agency: str = ""


def note_change(change: Change) -> Recount:
    """Put it in line; the same entry read again finds it there."""
    found, _ = Recount.objects.get_or_create(source=change.source, defaults=asdict(change))
    return found


def _work(change: Change) -> Recount:
    return Recount(**asdict(change))


@dataclass(frozen=True, slots=True)
class Progress:
    """A recount and how far it is."""

    work: Recount
    left: int

    @property
    def whole(self) -> int:
        return self.work.examined + self.left


def all_regions_touched(change: Change) -> int:
    """How many open duties a change would have counted anew; a number, whosever they are."""
    return _touched(_work(change)).count()


def all_regions_recounts(at_most: int = 10) -> list[Progress]:
    """The newest recounts, whatever caused them."""
    rows = Recount.objects.order_by("-pk")[:at_most]
    return [Progress(work, _left(work)) for work in rows]


def _left(work: Recount) -> int:
    return 0 if work.finished_at else _touched(work).filter(pk__gt=work.after_id).count()


@transaction.atomic
def recount_some(*, by: Actor, batch: int = BATCH) -> int:
    """One batch of the oldest unfinished recount; how many duties were counted, 0 when none is left."""
    work = (
        Recount.objects.select_for_update(skip_locked=True)
        .filter(finished_at__isnull=True)
        .order_by("pk")
        .first()
    )
    if work is None:
        return 0
    rows = _touched(work).filter(pk__gt=work.after_id).order_by("pk")
    duties = list(rows.select_for_update(of=("self",))[:batch])
    changed = _recounted(duties, work, by)
    work.after_id = duties[-1].pk if duties else work.after_id
    work.examined += len(duties)
    work.changed += changed
    if len(duties) < batch:
        _finish(work, by)
    work.save()
    return max(len(duties), 1)


def _touched(work: Recount) -> QuerySet[Duty]:
    """Open duties whose clock runs over the changed days; what is missed stays missed."""
    rows = Duty.objects.filter(closed_at__isnull=True, due_on__isnull=False, missed_at__isnull=True)
    if work.limit_key:
        rows = rows.filter(limit_key=work.limit_key, region__startswith=work.region)
    if work.agency:
        rows = rows.filter(agency_id=work.agency)
    if work.first_on is not None:  # a limit's start may lie behind its end: what leads to an event
        rows = rows.filter(Q(due_on__gte=work.first_on) | Q(started_at__gte=_begin(work.first_on)))
    if work.last_on is not None:
        end = _begin(work.last_on + dt.timedelta(days=1))
        rows = rows.filter(Q(started_at__lt=end) | Q(due_on__lte=work.last_on))
    return rows


def _begin(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time.min, clock.ZONE)


def _recounted(duties: Sequence[Duty], work: Recount, by: Actor) -> int:
    """Count each again; those whose end or warnings moved are written, with an entry for a moved end."""
    now, counting = clock.now(), Counting()
    moved, changes, entries = [], [], []
    for duty in duties:
        before, old_on = duty.due_at, duty.due_on
        seen = _shape(duty)
        if work.cause == LIMIT:
            limit = counting.limit_now(duty, duty.limit_key)
            write_limit(duty, limit, counting.standing(limit))
        write_timing(duty, counting.timing_of(duty, kind_or_plain(duty.kind)), now=now)
        if _shape(duty) != seen:
            moved.append(duty)
        if duty.due_at == before or duty.due_at is None or before is None:
            continue
        changes.append(
            {
                "duty": duty.pk,
                "post": duty.post,
                "old": before.isoformat(),
                "new": duty.due_at.isoformat(),
            }
        )
        facts: dict[str, Value] = {"duty": duty.pk, "recount": work.pk, "cause": work.cause}
        facts |= {"old_due_on": str(old_on), "due_on": str(duty.due_on)}
        entries.append(entry_for(duty, events.RECOUNTED, facts, by=by))
    save(moved)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [work.pk, orjson.dumps(changes).decode()])
    write(entries)
    return len(changes)


_CHANGES = """
insert into duties_datechange (recount_id, duty_id, post, old_due_at, new_due_at)
select %s, duty, post, old, new
from json_to_recordset(%s::json) as g (duty bigint, post text, old timestamptz, new timestamptz)
"""


def _shape(duty: Duty) -> tuple[object, ...]:
    """What a recount may change."""
    return (duty.due_at, duty.risk_at, duty.next_at, duty.is_provisional, duty.limit_id)


def _finish(work: Recount, by: Actor) -> None:
    work.finished_at = clock.now()
    record(
        events.RECOUNT_DONE,
        by=by,
        about=About("recount", str(work.pk)),
        facts={
            "recount": work.pk,
            "cause": work.cause,
            "source": work.source,
            "examined": work.examined,
            "changed": work.changed,
        },
    )
    tell_recounted(work, by=by)

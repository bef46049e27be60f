"""Running what is declared: schedules once a due instant, reactions once an entry."""

import datetime as dt
import logging

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.jobs import declared, events
from yitong.base.jobs.errors import NotParked, UnknownSchedule
from yitong.base.jobs.models import ReactionCursor, ReactionParked, ScheduleRun
from yitong.base.jobs.queueing import defer, task
from yitong.base.jobs.rules import latest_due
from yitong.base.ledger.api import SequencedEntry, record, sequenced
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Reaction, Schedule

log = logging.getLogger(__name__)

RUN_SCHEDULE = "jobs.run_schedule"
BATCH = 50
# Two machines of one node may differ by this much without either being wrong.
AHEAD = dt.timedelta(minutes=2)
TRIES = 2
RUNNER = Actor.system("jobs")


def notice_due() -> int:
    """Queue every schedule that has fallen due since its last run; how many. Any number of workers may ask."""
    return sum(_notice(schedule) for schedule in declared.schedules())


@transaction.atomic
def _notice(schedule: Schedule) -> bool:
    now = clock.now()
    due = latest_due(schedule.cron, now, clock.ZONE)
    runs = ScheduleRun.objects.filter(name=schedule.name)
    # A run that was noticed after now belongs to a clock that was ahead and has been set right since.
    ScheduleRun.objects.filter(name=schedule.name, noticed_at__gt=now + AHEAD).delete()
    last = runs.order_by("-due_at").first()
    if last is not None and last.due_at >= due:
        return False
    # A schedule that is new here begins now: instants before the node had it are not made up.
    finished_at = now if last is None else None
    _, is_ours = ScheduleRun.objects.get_or_create(
        name=schedule.name, due_at=due, defaults={"finished_at": finished_at, "noticed_at": now}
    )
    if is_ours and finished_at is None:
        defer(RUN_SCHEDULE, name=schedule.name, due=due.isoformat())
        return True
    return False


@task(RUN_SCHEDULE)
def run_schedule(name: str, due: str) -> None:
    """Run a schedule for a due instant: its effects and the mark that it ran are one transaction.

    Work too long for one transaction answers True after each part, and the mark comes with the last.
    """
    schedule, due_at = declared.schedule(name), dt.datetime.fromisoformat(due)
    if schedule is None:  # an app that was removed since
        log.warning("schedule %s is not declared any more", name)
        return
    try:
        while _run_part(schedule, due_at):
            pass
    except Exception as error:
        _note_failure(name, due_at, error)
        raise


@transaction.atomic
def _run_part(schedule: Schedule, due_at: dt.datetime) -> bool:
    """One part; whether there is another. A run that the clock's correction took back is over."""
    run = ScheduleRun.objects.select_for_update().filter(name=schedule.name, due_at=due_at).first()
    if run is None or run.finished_at is not None:
        return False
    if schedule.run():
        return True
    run.finished_at, run.error = clock.now(), ""
    run.attempts += 1
    run.save(update_fields=["finished_at", "error", "attempts"])
    return False


@transaction.atomic
def _note_failure(name: str, due_at: dt.datetime, error: Exception) -> None:
    run = ScheduleRun.objects.select_for_update().filter(name=name, due_at=due_at).first()
    if run is not None:
        run.attempts, run.error = run.attempts + 1, _class_of(error)
        run.save(update_fields=["attempts", "error"])


@transaction.atomic
def run_now(*, by: Actor, name: str) -> None:
    """Run a schedule out of turn, here and at once; its own instants stay as they are."""
    require(by, "jobs.manage", of=Thing("schedule", name))
    schedule = declared.schedule(name)
    if schedule is None:
        raise UnknownSchedule(name=name)
    record(events.SCHEDULE_RUN, by=by, about=About("schedule", name), facts={"schedule": name})
    while schedule.run():
        pass


def react() -> int:
    """Let every reaction read on by one batch; how many entries were read."""
    return sum(advance(reaction) for reaction in declared.reactions())


@transaction.atomic
def advance(reaction: Reaction, *, limit: int = BATCH) -> int:
    """Read the next batch: effects, parkings and the cursor's move are one transaction."""
    cursor = _own_cursor(reaction.name)
    if cursor is None:
        return 0
    entries = sequenced(reaction.events, after=cursor.index, limit=limit)
    done: list[int] = []
    for entry in entries:
        error = _fault_of(reaction, entry)
        if error is None:
            done.append(entry.index)
        else:
            _park(reaction, entry, error)
    if entries:
        ReactionParked.objects.filter(reaction=reaction.name, index__in=done).delete()
        cursor.index = entries[-1].index
        cursor.save(update_fields=["index"])
    return len(entries)


def _own_cursor(name: str) -> ReactionCursor | None:
    """The reaction's cursor, ours until the commit; None while another worker has it."""
    ReactionCursor.objects.bulk_create([ReactionCursor(name=name)], ignore_conflicts=True)
    return ReactionCursor.objects.select_for_update(skip_locked=True).filter(name=name).first()


def _fault_of(reaction: Reaction, entry: SequencedEntry) -> Exception | None:
    """Run one entry in a savepoint; the error that undid it, or None. A lost connection is not its fault."""
    fault: Exception | None = None
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                reaction.run(entry)
        except (OperationalError, InterfaceError) as error:
            if not _is_alive():
                raise
            fault = error  # a deadlock, a lock not given in time: that passes
        except Exception as error:  # noqa: BLE001 - it must not stop the entries behind it
            return error
        else:
            return None
    return fault


def _is_alive() -> bool:
    """Whether the connection and its transaction still answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def _park(reaction: Reaction, entry: SequencedEntry, error: Exception) -> None:
    name = _class_of(error)
    log.error("reaction %s failed on entry %d: %s; parked", reaction.name, entry.index, name)
    parked, is_new = ReactionParked.objects.get_or_create(
        reaction=reaction.name,
        index=entry.index,
        defaults={"entry_id": entry.entry_id, "error": name},
    )
    if not is_new:  # the ledger is being read again
        parked.error, parked.attempts, parked.parked_at = name, parked.attempts + 1, clock.now()
        parked.save(update_fields=["error", "attempts", "parked_at"])
    record(
        events.ENTRY_PARKED,
        by=RUNNER,
        about=About("reaction", reaction.name),
        facts={"reaction": reaction.name, "index": entry.index, "error": name},
    )


@transaction.atomic
def retry_parked(*, by: Actor, reaction: str, index: int) -> bool:
    """Try a parked entry again; True if it went well now and is parked no more."""
    require(by, "jobs.manage", of=Thing("reaction", reaction))
    declared_reaction = declared.reaction(reaction)
    parked = (
        ReactionParked.objects.select_for_update().filter(reaction=reaction, index=index).first()
    )
    if parked is None:
        raise NotParked(name=reaction, index=index)
    record(
        events.PARKED_RETRIED,
        by=by,
        about=About("reaction", reaction),
        facts={"reaction": reaction, "index": index},
    )
    found = sequenced(declared_reaction.events, after=index - 1, limit=1)
    error = _fault_of(declared_reaction, found[0]) if found else None
    if error is None:  # done, or erased by law since: nothing is left to do
        parked.delete()
        return True
    parked.error, parked.attempts, parked.parked_at = (
        _class_of(error),
        parked.attempts + 1,
        clock.now(),
    )
    parked.save(update_fields=["error", "attempts", "parked_at"])
    return False


@transaction.atomic
def replay(*, by: Actor, reaction: str, after: int = -1) -> None:
    """Let a reaction read the ledger again from behind `after`; its effects are unique by (reaction, index)."""
    require(by, "jobs.manage", of=Thing("reaction", reaction))
    declared.reaction(reaction)
    ReactionCursor.objects.update_or_create(name=reaction, defaults={"index": after})
    record(
        events.REACTION_REPLAYED,
        by=by,
        about=About("reaction", reaction),
        facts={"reaction": reaction, "after": after},
    )


def _class_of(error: Exception) -> str:
    """The kind of an error without its text, which may quote a person's data."""
    return f"{type(error).__module__}.{type(error).__qualname__}"[:200]

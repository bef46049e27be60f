"""How the queue, the schedules and the reactions are: what `doctor` and the metrics ask."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from procrastinate.contrib.django.models import ProcrastinateJob

from yitong.base.jobs import declared
from yitong.base.jobs.models import ReactionCursor, ReactionParked, ScheduleRun
from yitong.base.jobs.rules import latest_due
from yitong.kernel import clock
from yitong.kernel.declare import Schedule


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """A schedule's last due instant, and how long its run has been wanting."""

    name: str
    due_at: dt.datetime
    finished_at: dt.datetime | None
    late_s: int
    error: str


@dataclass(frozen=True, slots=True)
class ReactionStatus:
    """How far a reaction has read, and what it set aside."""

    name: str
    index: int
    parked: int


@dataclass(frozen=True, slots=True)
class JobsStatus:
    """The queue's depth and age, and everything that is late or parked."""

    waiting: int
    oldest_waiting_s: int
    running: int
    failed: int
    schedules: tuple[ScheduleStatus, ...]
    reactions: tuple[ReactionStatus, ...]

    @property
    def parked(self) -> int:
        return sum(reaction.parked for reaction in self.reactions)

    @property
    def latest_s(self) -> int:
        """The lateness of the schedule that is latest."""
        return max((schedule.late_s for schedule in self.schedules), default=0)


def status() -> JobsStatus:
    now = clock.now()
    waiting, oldest, running, failed = _queue(now)
    return JobsStatus(
        waiting,
        int((now - oldest).total_seconds()) if oldest else 0,
        running,
        failed,
        tuple(_schedule_status(schedule, now) for schedule in declared.schedules()),
        tuple(_reaction_statuses()),
    )


def _queue(now: dt.datetime) -> tuple[int, dt.datetime | None, int, int]:
    """Jobs that could run now, since when the oldest waits, and jobs that run or have failed for good."""
    ready = Q(status="todo") & (Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=now))
    counted = ProcrastinateJob.objects.aggregate(
        waiting=Count("pk", filter=ready),
        oldest=Min("procrastinateevent__at", filter=ready & Q(procrastinateevent__type="deferred")),
        running=Count("pk", filter=Q(status="doing"), distinct=True),
        failed=Count("pk", filter=Q(status="failed"), distinct=True),
    )
    return counted["waiting"], counted["oldest"], counted["running"], counted["failed"]


def _schedule_status(schedule: Schedule, now: dt.datetime) -> ScheduleStatus:
    run = ScheduleRun.objects.filter(name=schedule.name).order_by("-due_at").first()
    due = latest_due(schedule.cron, now, clock.ZONE)
    if run is None:  # no worker has run here yet
        return ScheduleStatus(schedule.name, due, None, 0, "")
    is_done = run.due_at >= due and run.finished_at is not None
    finished_at = run.finished_at if is_done else None
    late_s = 0 if is_done else int((now - max(due, run.due_at)).total_seconds())
    return ScheduleStatus(schedule.name, due, finished_at, late_s, run.error)


def _reaction_statuses() -> list[ReactionStatus]:
    indexes = dict(ReactionCursor.objects.values_list("name", "index"))
    counts = ReactionParked.objects.values_list("reaction").annotate(entries=Count("pk"))
    parked = {str(name): entries for name, entries in counts}
    return [
        ReactionStatus(reaction.name, indexes.get(reaction.name, -1), parked.get(reaction.name, 0))
        for reaction in declared.reactions()
    ]

"""The only door of jobs."""

from yitong.base.jobs.actions import advance, notice_due, react, replay, retry_parked, run_now
from yitong.base.jobs.declared import install
from yitong.base.jobs.errors import NotParked, UnknownReaction, UnknownSchedule
from yitong.base.jobs.queries import JobsStatus, status
from yitong.base.jobs.queueing import defer, task
from yitong.base.jobs.worker import run_worker

__all__ = [
    "JobsStatus",
    "NotParked",
    "UnknownReaction",
    "UnknownSchedule",
    "advance",
    "defer",
    "install",
    "notice_due",
    "react",
    "replay",
    "retry_parked",
    "run_now",
    "run_worker",
    "status",
    "task",
]

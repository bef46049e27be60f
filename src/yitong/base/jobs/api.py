"""The only door of jobs."""

from yitong.base.jobs.actions import advance, notice_due, react, replay, retry_parked
from yitong.base.jobs.declared import install
from yitong.base.jobs.errors import NotParked, UnknownReaction
from yitong.base.jobs.queries import JobsStatus, status
from yitong.base.jobs.queueing import defer, task
from yitong.base.jobs.worker import run_worker

__all__ = [
    "JobsStatus",
    "NotParked",
    "UnknownReaction",
    "advance",
    "defer",
    "install",
    "notice_due",
    "react",
    "replay",
    "retry_parked",
    "run_worker",
    "status",
    "task",
]

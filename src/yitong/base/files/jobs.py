"""Scheduled work of files."""

from yitong.base.files.actions import sweep
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule


def _sweep() -> None:
    sweep(by=Actor.system("files"))


SCHEDULES = (Schedule("files.sweep", "17 3 * * *", _sweep),)

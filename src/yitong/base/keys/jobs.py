"""Scheduled work of keys."""

from yitong.base.keys.actions import sweep
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule


def _sweep() -> None:
    sweep(by=Actor.system("keys"))


SCHEDULES = (Schedule("keys.sweep", "17 3 * * *", _sweep),)

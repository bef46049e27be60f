"""Scheduled work of keys."""

from yitong.base.keys.actions import sweep
from yitong.base.keys.rotation import go_on
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule


def _sweep() -> None:
    sweep(by=Actor.system("keys"))


def _go_on() -> bool:
    return go_on(by=Actor.system("keys"))


SCHEDULES = (
    Schedule("keys.sweep", "17 3 * * *", _sweep),
    Schedule("keys.finish_rotation", "*/10 * * * *", _go_on),
)

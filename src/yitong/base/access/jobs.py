"""Scheduled work of access."""

from yitong.base.access import pace
from yitong.base.access.actions import forget_old_answers
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule


def _forget() -> None:
    forget_old_answers(by=Actor.system("access"))
    pace.forget_idle()


SCHEDULES = (Schedule("access.forget", "43 3 * * *", _forget),)

"""Scheduled work of sharing."""

from yitong.data.sharing.endings import expire_grants
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule


def _expire() -> None:
    expire_grants(by=Actor.system("schedules"))


SCHEDULES = (Schedule("sharing.expire", "5 0 * * *", _expire),)

"""Scheduled work of duties. Each returns whether more is left; the runner then comes again in a new transaction."""

from yitong.base.duties.expiry import expire_due
from yitong.base.duties.owners import reseat_all
from yitong.base.duties.recounts import recount_some
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule

TIMER = Actor.system("duties")


def _expire() -> bool:
    return expire_due(by=TIMER) > 0


def _recount() -> bool:
    return recount_some(by=TIMER) > 0


def _seats() -> None:
    reseat_all(by=TIMER)


SCHEDULES = (
    Schedule("duties.expire", "* * * * *", _expire),
    Schedule("duties.recount", "* * * * *", _recount),
    Schedule("duties.seats", "*/5 * * * *", _seats),
)

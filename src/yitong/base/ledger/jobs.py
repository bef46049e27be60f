"""The ledger's scheduled work."""

from yitong.base.ledger.retention import make_months
from yitong.kernel.declare import Schedule


def _make_months() -> None:
    make_months()


SCHEDULES = (Schedule("ledger.make_months", "17 3 * * *", _make_months),)

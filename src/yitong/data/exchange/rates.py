"""A grant's rate over all processes of the node: each leases a share of the running minute.

The counter is one row in PostgreSQL; a process takes a share at a time, so the total is never passed and the
database is asked once in many calls.
"""

import threading
from dataclasses import dataclass

from yitong.data.exchange.connections import PerDatabase, reading_pool
from yitong.data.exchange.errors import RateExceeded
from yitong.kernel import clock

SHARES = (
    60  # a lease is this part of the minute's calls, so that idle leases starve nobody for long
)

_LEASE = """
insert into exchange_rate as r (grant_id, minute, used) values (%(grant)s, %(minute)s, %(share)s)
on conflict (grant_id) do update set
    minute = %(minute)s,
    used = case when r.minute = %(minute)s then r.used + %(share)s else %(share)s end
where r.minute < %(minute)s or (r.minute = %(minute)s and r.used + %(share)s <= %(limit)s)
returning used
"""


@dataclass(slots=True)
class _Lease:
    minute: int = -1
    left: int = 0
    is_spent: bool = False


class Rates:
    """The leases of one process."""

    def __init__(self) -> None:
        self._leases: dict[int, _Lease] = {}
        self._lock = threading.Lock()

    def take(self, grant_id: int, limit: int) -> None:
        """Count one call; RateExceeded when the minute's calls are used up."""
        second = int(clock.epoch())
        minute = second // 60
        with self._lock:
            lease = self._leases.setdefault(grant_id, _Lease())
            if lease.minute != minute:
                lease.minute, lease.left, lease.is_spent = minute, 0, False
            if not lease.left and not lease.is_spent:
                lease.left = self._more(grant_id, minute, limit)
                lease.is_spent = not lease.left
            if not lease.left:
                raise RateExceeded(limit=limit, seconds=60 - second % 60)
            lease.left -= 1

    def _more(self, grant_id: int, minute: int, limit: int) -> int:
        for share in sorted({max(1, limit // SHARES), 1}, reverse=True):
            facts = {"grant": grant_id, "minute": minute, "share": share, "limit": limit}
            with reading_pool().connection() as connection:
                if connection.execute(_LEASE, facts).fetchone():
                    return share
        return 0


def rates() -> Rates:
    """The process's leases from the node's database."""
    return _rates.here()


_rates = PerDatabase("yitong-rates", lambda _: Rates(), lambda _: None)

"""What access records. Decisions are recorded by whoever acts on them."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

FORGOTTEN = Event(
    "access.once_forgotten", N_("清理{before}以前的幂等记录{keys}条"), ("before", "keys")
)

EVENTS = (FORGOTTEN,)

"""The only place that reads the clock. Tests set it; law is computed in the node's zone."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen", default=None)


def now() -> dt.datetime:
    """The instant, aware, in UTC."""
    return _frozen.get() or dt.datetime.now(dt.UTC)


def today(zone: dt.tzinfo = ZONE) -> dt.date:
    """The local date in `zone`."""
    return now().astimezone(zone).date()


def epoch() -> float:
    """Seconds since 1970, for expiry and caches."""
    frozen = _frozen.get()
    return frozen.timestamp() if frozen else time.time()


def local(instant: dt.datetime, zone: dt.tzinfo = ZONE) -> dt.datetime:
    return instant.astimezone(zone)


@contextmanager
def frozen(instant: dt.datetime) -> Iterator[None]:
    """Within the block `now()` is `instant` (aware)."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    token = _frozen.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)

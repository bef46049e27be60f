"""A source that fails five times in a row is left alone for thirty seconds; then one call tries again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from yitong.data.sources.errors import SourceResting, SourceTooSlow, SourceUnreachable
from yitong.kernel import clock

CALL_SECONDS: Final = 3
FAILURES: Final = 5
REST_SECONDS: Final = 30


class Breaker:
    """Counts failures in a row; open for a while after too many."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def guarding(self, name: str) -> Iterator[None]:
        self._admit(name)
        try:
            yield
        except (SourceUnreachable, SourceTooSlow):
            self._fail()
            raise
        self._failures = 0

    def _admit(self, name: str) -> None:
        with self._lock:
            left = self._open_until - clock.epoch()
            if left > 0:
                raise SourceResting(name=name, seconds=int(left) + 1)
            if self._failures >= FAILURES:
                # One call tries; the others wait for its outcome.
                self._open_until = clock.epoch() + CALL_SECONDS

    def _fail(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._open_until = clock.epoch() + REST_SECONDS

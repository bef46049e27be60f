"""How many different values a column has: exact up to a bound, then by adaptive sampling (Wegman; Flajolet 1990).

Only hashes are held. When they pass the bound, those whose low bit is not zero are let go and each of the rest
stands for twice as many; the error with a bound of b is about 1.2/√b.
"""

from collections.abc import Iterable


class DistinctCount:
    """Hashes of values, all of them or a known share."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._depth = 0
        self._hashes: set[int] = set()

    def add(self, values: Iterable[str]) -> None:
        if not self._depth:
            self._hashes.update(map(hash, values))
        else:
            mask = (1 << self._depth) - 1
            self._hashes.update([h for h in map(hash, values) if not h & mask])
        while len(self._hashes) > self._bound:
            self._depth += 1
            mask = (1 << self._depth) - 1
            self._hashes = {h for h in self._hashes if not h & mask}

    @property
    def is_exact(self) -> bool:
        return not self._depth

    def count(self) -> int:
        """The number; an estimate is given with two digits, since more would be pretended."""
        number = len(self._hashes) << self._depth
        if self.is_exact:
            return number
        return int(float(f"{number:.2g}"))

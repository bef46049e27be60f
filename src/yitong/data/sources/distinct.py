"""How many different values a column has: exact up to a bound, then by adaptive sampling (Wegman; Flajolet 1990).

Only hashes are held. When they pass the bound, those whose low bit is not zero are let go and each of the rest
stands for twice as many; the error with a bound of b is about 1.2/√b.
"""

from collections.abc import Callable, Iterable

Hashes = Callable[[Iterable[str]], Iterable[int]]


def own_hashes(values: Iterable[str]) -> Iterable[int]:
    return map(hash, values)


class DistinctCount:
    """Hashes of values, all of them or a known share. All come from one function, whoever reckons them."""

    def __init__(self, bound: int, hashes: Hashes = own_hashes) -> None:
        self.bound = bound
        self._hashes_of = hashes
        self._depth = 0
        self._hashes: set[int] = set()

    def add(self, values: Iterable[str]) -> None:
        self.add_hashes(self._hashes_of(values))

    def add_hashes(self, hashes: Iterable[int]) -> None:
        mask = self.mask
        self._hashes.update([h for h in hashes if not h & mask] if mask else hashes)
        while len(self._hashes) > self.bound:
            self._depth += 1
            mask = self.mask
            self._hashes = {h for h in self._hashes if not h & mask}

    @property
    def mask(self) -> int:
        """A hash with one of these bits is not wanted any more."""
        return (1 << self._depth) - 1

    @property
    def is_exact(self) -> bool:
        return not self._depth

    def count(self) -> int:
        """The number; an estimate is given with two digits, since more would be pretended."""
        number = len(self._hashes) << self._depth
        if self.is_exact:
            return number
        return int(float(f"{number:.2g}"))

"""Which keys a load has taken: exact, and in bounded memory whatever the table's size.

A Bloom filter answers "never" for all but one key in a thousand. Of the others, marks of 16 bytes are kept in buckets,
in memory first and then in a file without a name, so that one look reads a few kilobytes.
"""

import os
import tempfile
from array import array
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import IO, Final

from rbloom import Bloom

from yitong.data.sources.plans import KeyKind

_MARK: Final = 16
# The first 12 bits of a mark.
_BUCKETS: Final = 1 << 12
_HELD_AT_MOST: Final = 1 << 19
# Of the filter: 15 bits a key at this rate of mistakes, so at most 120 MB.
_MISTAKEN: Final = 0.001
_FEW, _MANY = 1 << 16, 1 << 26


class TakenKeys:
    """The keys of one load; `expected` is how many there may be, too few only means more looks."""

    def __init__(self, kind: KeyKind, expected: int) -> None:
        self._filter = Bloom(min(max(expected * 5 // 4, _FEW), _MANY), _MISTAKEN)
        # A pseudonym is a keyed hash; of other keys one is made with a key that nobody keeps, so the file tells nothing.
        self._secret = b"" if kind == "person" else os.urandom(32)
        self._held = 0
        self._buckets = [bytearray() for _ in range(_BUCKETS)]
        self._put = [bucket.extend for bucket in self._buckets]
        self._file: IO[bytes] | None = None
        # Where each bucket of what was written begins, and the last one's end.
        self._written: list[array[int]] = []

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def take(self, keys: Sequence[bytes]) -> list[bool]:
        """Of each key, whether it is the first of its like; they are all taken then."""
        marks = self._marks(keys)
        known, different = self._filter, set(marks)
        maybe = set(filter(known.__contains__, marks))
        seen = set(filter(self._is_taken, maybe))
        known.update(marks)
        self._keep(different - seen if seen else different)
        if not seen and len(different) == len(marks):
            return [True] * len(marks)
        firsts = []
        for mark in marks:
            firsts.append(mark not in seen)
            seen.add(mark)
        return firsts

    def _marks(self, keys: Sequence[bytes]) -> list[bytes]:
        if not self._secret:  # any part of it will do, behind the byte for its version
            return [key[1 : 1 + _MARK] for key in keys]
        return [blake2b(key, digest_size=_MARK, key=self._secret).digest() for key in keys]

    def _keep(self, marks: set[bytes]) -> None:
        put = self._put
        for mark in marks:
            put[mark[0] << 4 | mark[1] >> 4](mark)
        self._held += len(marks)
        if self._held >= _HELD_AT_MOST:
            self._write_out()

    def _write_out(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the load
        start = self._file.tell()
        self._file.write(b"".join(self._buckets))
        self._file.flush()
        self._written.append(array("Q", accumulate(map(len, self._buckets), initial=start)))
        for bucket in self._buckets:
            bucket.clear()
        self._held = 0

    def _is_taken(self, mark: bytes) -> bool:
        place = mark[0] << 4 | mark[1] >> 4
        if _has(self._buckets[place], mark):
            return True
        return any(_has(self._read(at[place], at[place + 1]), mark) for at in self._written)

    def _read(self, start: int, end: int) -> bytes:
        return os.pread(self._file.fileno(), end - start, start) if self._file else b""


def _has(bucket: bytes | bytearray, mark: bytes) -> bool:
    at = bucket.find(mark)
    while at % _MARK and at >= 0:
        at = bucket.find(mark, at + 1)
    return at >= 0

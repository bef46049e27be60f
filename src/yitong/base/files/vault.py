"""The folder of files: names are digests, writes are whole or not at all.

A file is written below `incoming/`, flushed, and renamed to `ab/cd/<sha256>`; the folder is flushed after it, so what a
row names is on the disk before the row is. A crash leaves at most a file without a row, which `sweep` removes.
"""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Self

from django.conf import settings

from yitong.base.files.errors import NoSpace

_FULL = {errno.ENOSPC, errno.EDQUOT}
INCOMING = "incoming"
_PAIR = re.compile("[0-9a-f]{2}")


def folder() -> Path:
    return Path(settings.DATA_DIR) / "files"


def place_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256[2:4] / sha256


class Incoming:
    """A file on its way in: removed again unless it was kept."""

    def __init__(self) -> None:
        home = folder() / INCOMING
        with _space():
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path = home / token_hex(16)
            self._file = os.fdopen(
                os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            )
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A disk that is full refuses the last bytes once more at closing; the file goes away all the same.
        try:
            self._file.close()
        except OSError:
            if error is None:
                raise
        finally:
            self.path.unlink(missing_ok=True)

    def put(self, piece: bytes) -> None:
        with _space():
            self._file.write(piece)
        self._digest.update(piece)

    def finish(self) -> str:
        """Everything flushed to the disk; the digest of what lies there."""
        with _space():
            self._file.flush()
            os.fsync(self._file.fileno())
        return self._digest.hexdigest()

    def keep(self, sha256: str) -> None:
        """Rename to its place. One that is there already stays, with a new date so that no sweep takes it."""
        place = place_of(sha256)
        with _space():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if place.exists() and place.stat().st_size == self.path.stat().st_size:
                os.utime(place)
                return
            self.path.rename(place)
            for changed in (place.parent, place.parent.parent, folder()):
                _flush_folder(changed)


@contextmanager
def _space() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoSpace from error
        raise


def _flush_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(stream: BufferedReader) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def kept() -> Iterator[Path]:
    """Every file in its place."""
    yield from folder().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")


def kept_files() -> Iterator[Path]:
    """The same in the order of their names, a folder at a time: for a backup of any size."""
    for first in _in_order(folder()):
        if _PAIR.fullmatch(first.name):
            for second in _in_order(first):
                yield from _in_order(second)


def _in_order(place: Path) -> list[Path]:
    return sorted(place.iterdir()) if place.is_dir() else []


def incoming() -> Iterator[Path]:
    """What is on its way in, or was left by a crash."""
    yield from (folder() / INCOMING).glob("*")

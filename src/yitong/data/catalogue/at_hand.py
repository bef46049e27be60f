"""A sealed upload as a file that a reader can open: in memory only, without a name on any disk, gone with the process."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from yitong.base.files.api import opened, stored

_PIECE = 1 << 20
_LONGEST = 200  # bytes of a name that every file system takes


@contextmanager
def at_hand(sha256: str) -> Iterator[Path]:
    """A path at which the file can be read as long as the block lasts; its name is the sender's."""
    with opened(sha256) as sealed, _nameless() as plain, TemporaryDirectory() as folder:
        shutil.copyfileobj(sealed, plain, _PIECE)
        plain.flush()
        path = Path(folder) / _short(stored(sha256).name)
        path.symlink_to(f"/proc/{os.getpid()}/fd/{plain.fileno()}")
        yield path


def _nameless() -> BinaryIO:
    """Memory of this process that has a descriptor and no name."""
    return os.fdopen(os.memfd_create("upload"), "w+b")


def _short(name: str) -> str:
    """The name as one that may stand in a folder, its ending kept: readers go by it where content leaves it open."""
    path = Path(name)
    suffix = path.suffix[:12]
    stem = path.name.removesuffix(path.suffix).encode()[: _LONGEST - len(suffix.encode())]
    return (stem.decode(errors="ignore").strip(". ") or "table") + suffix

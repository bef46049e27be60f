"""What every table in a file has: a plain file whose name bears no mark of secrecy, and that must not change."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yitong.base.files.api import MarkedSecret, secrecy_mark_in_name
from yitong.data.sources.errors import (
    FileMissing,
    FileUnreadable,
    NotARegularFile,
    SourceChanged,
)
from yitong.data.sources.heads import clean_header
from yitong.data.sources.tables import Reader

Identity = tuple[int, int, int]


class FileReader(Reader):
    """A table in a file."""

    kind = "file"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.name = clean_header(path.stem) or "表"
        refuse_marked_name(path.name)
        self._identity = identity_of(path)
        self.bytes_total = self._identity[1]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self.columns)} columns>"

    def check_unchanged(self) -> None:
        if identity_of(self.path) != self._identity:
            raise SourceChanged(name=self.name)

    def fingerprint(self) -> str:
        _inode, size, changed_at = self._identity
        return f"{size}-{changed_at}"


def refuse_marked_name(name: str) -> None:
    """共享条例 3: a file or sheet whose name says that it is secret is not even opened."""
    if mark := secrecy_mark_in_name(name):
        raise MarkedSecret(mark=mark, where="name")


def identity_of(path: Path) -> Identity:
    """Inode, size and time of change of a plain file; refuses everything else."""
    name = clean_header(path.name)
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissing(name=name) from error
    except (OSError, ValueError) as error:
        raise FileUnreadable(name=name, reason=type(error).__name__) from error
    if not stat.S_ISREG(facts.st_mode):
        raise NotARegularFile(name=name)
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


@contextmanager
def read_errors_told(name: str) -> Iterator[None]:
    """What the system says against reading becomes a refusal."""
    try:
        yield
    except OSError as error:
        raise FileUnreadable(name=name, reason=os.strerror(error.errno or 0)) from error

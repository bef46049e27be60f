"""The only door of files."""

from yitong.base.files.actions import (
    DEFAULT_MAX_BYTES,
    record_refusal,
    refuse_marks,
    remove,
    store,
    sweep,
)
from yitong.base.files.errors import (
    FileDamaged,
    Infected,
    MarkedSecret,
    NoSpace,
    TooLarge,
    TypeNotAccepted,
    UnknownFile,
)
from yitong.base.files.models import StoredFile
from yitong.base.files.queries import health, opened, stored
from yitong.base.files.rules import secrecy_mark, secrecy_mark_in_name
from yitong.base.files.vault import kept_files

__all__ = [
    "DEFAULT_MAX_BYTES",
    "FileDamaged",
    "Infected",
    "MarkedSecret",
    "NoSpace",
    "StoredFile",
    "TooLarge",
    "TypeNotAccepted",
    "UnknownFile",
    "health",
    "kept_files",
    "opened",
    "record_refusal",
    "refuse_marks",
    "remove",
    "secrecy_mark",
    "secrecy_mark_in_name",
    "store",
    "stored",
    "sweep",
]

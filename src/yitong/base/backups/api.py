"""The only door of backups."""

from yitong.base.backups.actions import (
    Made,
    Restored,
    check_keys,
    check_restorable,
    conclude,
    make,
)
from yitong.base.backups.queries import (
    BackupStatus,
    address,
    check_empty,
    found_for,
    server_version,
    status,
)
from yitong.base.backups.rules import Found

__all__ = [
    "BackupStatus",
    "Found",
    "Made",
    "Restored",
    "address",
    "check_empty",
    "check_keys",
    "check_restorable",
    "conclude",
    "found_for",
    "make",
    "server_version",
    "status",
]

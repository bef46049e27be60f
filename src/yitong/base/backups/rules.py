"""May this backup come in here? Pure: what the manifest says and what is here in, refusals out."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from yitong.base.backups.errors import BackupTooNew, ServerTooOld


class Found(StrEnum):
    """What a database holds before a restore."""

    EMPTY = "empty"
    RESTORED = "restored"  # this very backup, by a restore that was cut short afterwards
    TAKEN = "taken"


def check_release(
    theirs: Mapping[str, Iterable[str]], ours: Mapping[str, Iterable[str]], *, version: str
) -> None:
    """Every migration of the backup must be known here; older ones are brought up to date afterwards."""
    for app, names in theirs.items():
        known = set(ours.get(app, ()))
        for name in names:
            if name not in known:
                raise BackupTooNew(migration=f"{app}.{name}", version=version)


def check_server(theirs: str, ours: str) -> None:
    """By major version."""
    if int(theirs.split(".", maxsplit=1)[0]) > int(ours.split(".", maxsplit=1)[0]):
        raise ServerTooOld(theirs=theirs, ours=ours)

"""Making a backup, and what is recorded when one was restored."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from secrets import token_hex
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.backups import events, rules
from yitong.base.backups.errors import KeysOfAnotherNode, RestoredLedgerBroken
from yitong.base.backups.queries import (
    NODE,
    address,
    applied_migrations,
    known_migrations,
    server_version,
)
from yitong.base.files.api import kept_files
from yitong.base.keys.api import custody, ledger_signer
from yitong.base.ledger import api as ledger
from yitong.hosting.api import Manifest, archive, dumping
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Event, Value

Tell = Callable[[int, int | None], None]
THING: Final = Thing("backup", "node")


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    path: Path
    digest: str
    size: int
    manifest: Manifest


def make(*, target: Path, by: Actor, progress: Tell) -> Made:
    """Write the whole node into one signed file. Keys are not in it.

    The record says that it was begun before a byte is read, and that it was finished once the file has its name;
    a file that cannot be recorded is taken back.
    """
    require(by, "backups.make", of=THING)
    backup = token_hex(8)
    with archive.ArchiveWriter(target) as writer:
        _note(events.STARTED, by, {"backup": backup})
        ledger.sequence_all()
        manifest = _written(writer, backup, progress)
        text, signature = manifest.signed(ledger_signer().sign)
        writer.finish(text, signature)
    made = Made(target, hashlib.sha256(text).hexdigest(), target.stat().st_size, manifest)
    try:
        _note(
            events.MADE,
            by,
            {
                "backup": backup,
                "digest": made.digest,
                "ledger_size": manifest.ledger_size,
                "files": manifest.parts[archive.FILES].count,
                "bytes": made.size,
            },
        )
    except BaseException:
        target.unlink()
        raise
    return made


def _written(writer: archive.ArchiveWriter, backup: str, progress: Tell) -> Manifest:
    """The database first: what its rows name was in the files store before them."""
    checkpoint, held = ledger.PublicLog.checkpoint(), custody.holdings()
    version, applied = server_version(), applied_migrations()
    major, url = int(version.split(".")[0]), address()
    _path, program = dumping.find_client("pg_dump", major)
    done = _Told(progress, _database_bytes())
    connection.close()  # nothing of ours waits while the programs work
    database = writer.part(archive.DATABASE, done.over(dumping.dump(url, server_major=major)))
    for path in kept_files():
        done.add(writer.stored(path))
    note = writer.part(archive.CHECKPOINT, [checkpoint.note.encode()])
    return Manifest(
        backup=backup,
        made_at=f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        node=held.node,
        public_key=held.public_key,
        profile=settings.PROFILE,
        versions={"yitong": metadata.version("yitong"), "postgresql": version, "pg_dump": program},
        migrations=applied,
        ledger_size=checkpoint.size,
        scopes=held.scopes,
        key_print=held.key_print,
        parts={archive.DATABASE: database, archive.FILES: writer.files, archive.CHECKPOINT: note},
    )


class _Told:
    """Bytes done, of about how many."""

    def __init__(self, progress: Tell, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def add(self, size: int) -> None:
        self._done += size
        self._progress(self._done, max(self._total, self._done))

    def over(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.add(len(chunk))
            yield chunk


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def check_restorable(manifest: Manifest, *, by: Actor) -> None:
    """Whether this program, this server and these keys can take the backup; nothing is changed."""
    require(by, "backups.restore", of=THING)
    rules.check_release(
        manifest.migrations, known_migrations(), version=manifest.versions.get("yitong", "?")
    )
    rules.check_server(manifest.versions["postgresql"], server_version())


def check_keys(manifest: Manifest) -> bool:
    """Whether the node's key store is here; KeysOfAnotherNode if it is another's."""
    if not custody.is_there():
        return False
    signer = ledger_signer()
    if (signer.public_key.hex(), signer.name) != (manifest.public_key, manifest.node):
        raise KeysOfAnotherNode(theirs=manifest.node, ours=signer.name)
    return True


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, as it is kept until the restore is over."""

    backup: str
    digest: str
    made_at: str
    ledger_size: int
    lost: int
    checkpoint: str
    kept: tuple[str, ...] = ()


def conclude(*, restored: Restored, by: Actor, progress: Tell) -> int:
    """Hold the ledger against its checkpoints, then write down what was restored. How many entries were verified.

    A checkpoint beyond the backup cannot fit: it is what proves the loss, which the record states.
    """
    require(by, "backups.restore", of=THING)
    older = [
        note for note in restored.kept if archive.checkpoint_size(note) <= restored.ledger_size
    ]
    found = ledger.verify(kept=[restored.checkpoint, *older], progress=progress)
    if found.first_fault:
        raise RestoredLedgerBroken(fault=f"{found.first_fault.index} {found.first_fault.code}")
    facts: dict[str, Value] = {
        "backup": restored.backup,
        "digest": restored.digest,
        "made_at": restored.made_at,
        "ledger_size": restored.ledger_size,
        "lost": restored.lost,
    }
    told = (e for e in ledger.entries_about(NODE) if e.event == events.RESTORED.name)
    if not any(e.facts["digest"] == restored.digest for e in told):
        _note(events.RESTORED, by, facts)
    ledger.sequence_all()
    return found.size


@transaction.atomic
def _note(event: Event, by: Actor, facts: dict[str, Value]) -> None:
    ledger.record(event, by=by, about=NODE, facts=facts)

"""Taking files in. What is refused leaves nothing on the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from yitong.base.access import api as access
from yitong.base.files import events, headings, media, rules, scanner, vault
from yitong.base.files.errors import (
    EmptyFile,
    Infected,
    MarkedSecret,
    TooLarge,
    UnknownFile,
    Where,
)
from yitong.base.files.models import StoredFile, name_context
from yitong.base.files.queries import unsealed
from yitong.base.files.sealing import SealedWriter
from yitong.base.keys import api as keys
from yitong.base.keys.api import Scope
from yitong.base.ledger import api as ledger
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Facts, Value

MEBIBYTE = 1024 * 1024
DEFAULT_MAX_BYTES = 100 * MEBIBYTE
NAMES = Scope("app", "files")
LEFT_BEHIND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Received:
    """A file that came whole: its plain size, the digest of what lies on the disk, and its beginning."""

    path: Path
    sha256: str
    size: int
    head: bytes
    is_sealed: bool

    def content(self) -> BinaryIO:
        raw = self.path.open("rb")
        return unsealed(raw) if self.is_sealed else raw


def store(
    *,
    by: Actor,
    name: str,
    stream: BinaryIO,
    max_bytes: int = DEFAULT_MAX_BYTES,
    personal: Scope | None = None,
) -> StoredFile:
    """Take a file in: bounded, typed by content, looked through for marks, scanned, then kept and recorded.

    With `personal` it lies sealed under that scope, and goes when the scope's key is destroyed. The disk comes before
    the row; a transaction of the caller that is undone leaves a file that `sweep` removes.
    """
    access.require(by, "files.store", of=access.Thing("file", ""))
    name = rules.clean_name(name)
    _refuse(rules.secrecy_mark_in_name(name), "name", by)
    with vault.Incoming() as incoming:
        received = _receive(incoming, stream, max_bytes, personal, by)
        with received.content() as content:
            kind = media.media_type(received.head, content, name)
            words = headings.heading(received.head, content, kind)
            _refuse(rules.secrecy_mark(words), "text", by)
            _scan(content, kind, by)
        incoming.keep(received.sha256)
    return _written(received, kind, name, personal, by)


def _receive(
    incoming: vault.Incoming, stream: BinaryIO, max_bytes: int, personal: Scope | None, by: Actor
) -> _Received:
    """The stream on the disk. The beginning is judged before its first byte is written."""
    head = _beginning(stream)
    if not head:
        raise EmptyFile
    if (charset := media.charset_of(head)) is not None:
        _refuse(rules.secrecy_mark(head.decode(charset, "replace")), "text", by)
    writer = SealedWriter(personal, incoming.put) if personal else None
    put = writer.write if writer else incoming.put
    size = 0
    piece = head
    while piece:
        size += len(piece)
        if size > max_bytes:
            raise TooLarge(limit_mib=max_bytes // MEBIBYTE)
        put(piece)
        piece = stream.read(media.HEAD)
    if writer:
        writer.close()
    return _Received(incoming.path, incoming.finish(), size, head, is_sealed=writer is not None)


def _beginning(stream: BinaryIO) -> bytes:
    """The first 64 KiB, also from a stream that gives less at a time."""
    head = b""
    while len(head) < media.HEAD and (piece := stream.read(media.HEAD - len(head))):
        head += piece
    return head


def _scan(content: BinaryIO, kind: str, by: Actor) -> None:
    scans = scanner.configured()
    if scans is None:
        return
    content.seek(0)
    if threat := scans.scan(content, media_type=kind):
        facts = {"threat": threat, "scanner": scans.name, "media_type": kind}
        _record_apart(events.INFECTED_REFUSED, by, About("upload", "refused"), facts)
        raise Infected(threat=threat)


@transaction.atomic
def _written(
    received: _Received, kind: str, name: str, personal: Scope | None, by: Actor
) -> StoredFile:
    scope = personal or NAMES
    row, is_new = StoredFile.objects.get_or_create(
        sha256=received.sha256,
        defaults={
            "size": received.size,
            "media_type": kind,
            "sealed_name": keys.seal(scope, {"name": name}, context=name_context(received.sha256)),
            "is_sealed": received.is_sealed,
            "scope_kind": scope.kind,
            "scope_key": scope.key,
            "stored_at": clock.now(),
        },
    )
    ledger.record(
        events.STORED,
        by=by,
        about=About("file", row.sha256),
        facts={
            "media_type": row.media_type,
            "size": row.size,
            "sealed": row.is_sealed,
            "again": not is_new,
        },
    )
    return row


def refuse_marks(text: str, *, by: Actor | None = None) -> None:
    """Refuse a text whose heading, or a file's name that, carries a mark of secrecy.

    With `by` the refusal is recorded. A reader that does not know who asks leaves it out; then the door that catches
    the refusal records it by `record_refusal`.
    """
    if mark := rules.secrecy_mark(text):
        refusal = MarkedSecret(mark=mark, where="text")
        if by is not None:
            record_refusal(refusal=refusal, by=by)
        raise refusal


def record_refusal(*, refusal: MarkedSecret, by: Actor) -> None:
    """Tell the 保密员 by the ledger, once: the mark and a reference, nothing of the content or the name."""
    if refusal.is_recorded:
        return
    facts = {"mark": refusal.mark, "where": refusal.where, "reference": refusal.reference}
    _record_apart(events.SECRET_REFUSED, by, About("upload", refusal.reference), facts)
    refusal.is_recorded = True


def _refuse(mark: str | None, where: Where, by: Actor) -> None:
    if mark is not None:
        refusal = MarkedSecret(mark=mark, where=where)
        record_refusal(refusal=refusal, by=by)
        raise refusal


def _record_apart(event: Event, by: Actor, about: About, facts: Facts) -> None:
    """Record in a transaction that the refusal's own rollback does not undo."""
    with _own_connection(), transaction.atomic():
        ledger.record(event, by=by, about=about, facts=facts)


@contextmanager
def _own_connection() -> Iterator[None]:
    """Within a running transaction: another connection to the same database, for this thread and this block."""
    running = connections[DEFAULT_DB_ALIAS]
    if not running.in_atomic_block:
        yield
        return
    connections[DEFAULT_DB_ALIAS] = running.copy()
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = running


@transaction.atomic
def remove(*, sha256: str, reason: str, by: Actor) -> None:
    """Take a sealed file away for good, on the record: the row now, the bytes once that is certain.

    Sealed ones only, since each is one owner's: plain files of equal content are one file. Whether it may go, the
    calling app knows.
    """
    access.require(by, "files.store", of=access.Thing("file", ""))
    rows = StoredFile.objects.select_for_update().filter(sha256=sha256, is_sealed=True)
    if (row := rows.first()) is None:
        raise UnknownFile(sha256=sha256)
    facts: dict[str, Value] = {"size": row.size, "reason": reason}
    ledger.record(events.REMOVED, by=by, about=About("file", sha256), facts=facts)
    row.delete()
    transaction.on_commit(lambda: vault.place_of(sha256).unlink(missing_ok=True))


@transaction.atomic
def sweep(*, by: Actor) -> int:
    """Remove what a crash or an undone transaction left: files without a row, a day old. How many."""
    access.require(by, "jobs.manage", of=access.Thing("file_vault", ""))
    before = (clock.now() - LEFT_BEHIND).timestamp()
    old = [path for path in (*vault.kept(), *vault.incoming()) if path.stat().st_mtime < before]
    known = set(
        StoredFile.objects.filter(sha256__in=[path.name for path in old]).values_list(
            "sha256", flat=True
        )
    )
    lost = [path for path in old if path.name not in known]
    for path in lost:
        path.unlink(missing_ok=True)
    if lost:
        ledger.record(
            events.SWEPT, by=by, about=About("file_vault", "node"), facts={"removed": len(lost)}
        )
    return len(lost)

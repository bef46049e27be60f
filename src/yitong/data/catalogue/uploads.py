"""Files that stewards hand in on the page: taken in sealed, read and loaded by the worker, stopped, gone on with, let go.

What is done here is asked for; `reading` does the work. No bytes are kept longer than they are needed: they go, with
their key, when the last table is filed, when the file is given up, or after `KEPT`.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.db import transaction
from django.db.models import QuerySet

from yitong.base.access.api import Thing, allows, require
from yitong.base.files import api as files
from yitong.base.identity.api import Agency, agency
from yitong.base.jobs.api import defer
from yitong.base.keys import api as keys
from yitong.base.ledger.api import record
from yitong.data.catalogue import errors, events
from yitong.data.catalogue.models import Upload, UploadTable
from yitong.data.catalogue.upload_models import AT_WORK, TableState, UploadState
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Value
from yitong.kernel.errors import N_

__all__ = [
    "JOB",
    "KEPT",
    "LARGEST",
    "MOST",
    "STATE_NAMES",
    "Upload",
    "UploadTable",
    "Words",
    "choose",
    "discard",
    "expire",
    "go_on",
    "is_silent",
    "may_upload",
    "name_of",
    "refusal_of",
    "stop",
    "table_of",
    "take",
    "upload",
    "uploads_of",
]

JOB: Final = "catalogue.work_upload"
KEPT: Final = dt.timedelta(days=7)
MOST: Final = 20
LARGEST: Final = files.DEFAULT_MAX_BYTES
# A worker tells how far it is every second; after so long without a word it is taken for gone.
SILENT: Final = dt.timedelta(minutes=2)
STATE_NAMES: Final[Mapping[str, str]] = {
    UploadState.RECEIVING: N_("正在接收"),
    UploadState.WAITING: N_("排队等后台处理"),
    UploadState.WORKING: N_("正在处理"),
    UploadState.CHOOSING: N_("等着选表"),
    UploadState.STOPPING: N_("正在停止"),
    UploadState.STOPPED: N_("已停止"),
    UploadState.READ: N_("建议已提出"),
    UploadState.REFUSED: N_("没有读成"),
    UploadState.CLOSED: N_("已结束，文件已删除"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Why something was refused, as the person reads it."""

    sentence: str
    remedy: str


def thing(owner: Agency, number: int | str = "") -> Thing:
    return Thing("upload", str(number), agency=owner.code, region=owner.region)


def may_upload(by: Actor) -> bool:
    """Whether this post hands files in at all."""
    return bool(by.agency) and allows(by, "catalogue.upload", of=thing(agency(by.agency))).allowed


def take(*, by: Actor, name: str, stream: BinaryIO, kind: str = "table") -> Upload:
    """Take a file in, sealed under a key of its own, and queue the work on it.

    Not one transaction: while a large file is sealed, nothing else shall wait. What a crash leaves is let go by `expire`.
    """
    owner = agency(by.agency)
    require(by, "catalogue.upload", of=thing(owner))
    row = _begun(owner, by, kind)
    try:
        stored = files.store(by=by, name=name, stream=stream, max_bytes=LARGEST, personal=row.scope)
    except BaseException:
        Upload.objects.filter(pk=row.pk, state=UploadState.RECEIVING).delete()
        raise
    return _received(row, stored.sha256, stored.size, by)


def _begun(owner: Agency, by: Actor, kind: str) -> Upload:
    waiting = Upload.objects.filter(owner=owner).exclude(state=UploadState.CLOSED).count()
    if waiting >= MOST:
        raise errors.TooManyUploads(count=waiting, most=MOST)
    return Upload.objects.create(
        owner=owner,
        account=by.account,
        post=by.post,
        kind=kind,
        keep_until=clock.now() + KEPT,
    )


@transaction.atomic
def _received(row: Upload, sha256: str, size: int, by: Actor) -> Upload:
    row.sha256, row.size, row.state = sha256, size, UploadState.WAITING.value
    row.progress_at = clock.now()
    row.save(update_fields=["sha256", "size", "state", "progress_at"])
    until = f"{clock.local(row.keep_until):%Y-%m-%d}"
    facts: dict[str, Value] = {"kind": row.kind, "size": size, "keep_until": until}
    note(events.UPLOADED, row, by, facts)
    defer(JOB, upload=row.pk)
    return row


def uploads_of(viewer: Actor) -> QuerySet[Upload]:
    """The agency's files that are not over, newest first."""
    if not may_upload(viewer):
        return Upload.objects.none()
    rows = Upload.objects.filter(owner__code=viewer.agency).exclude(state=UploadState.CLOSED)
    return rows.prefetch_related("tables").order_by("-pk")


def upload(number: int, *, viewer: Actor) -> Upload:
    """One file of the viewer's agency, over or not."""
    row = Upload.objects.select_related("owner").filter(pk=number).first()
    if row is None or not allows(viewer, "catalogue.upload", of=thing(row.owner, row.pk)).allowed:
        raise errors.UploadUnknown
    return row


def table_of(row: Upload, number: int) -> UploadTable:
    """One of its tables."""
    found = row.tables.select_related("resource").filter(number=number).first()
    if found is None:
        raise errors.UploadUnknown
    return found


def name_of(row: Upload) -> str:
    """The sender's name of the file; empty once the file is gone."""
    return files.stored(row.sha256).name if row.sha256 else ""


def is_silent(row: Upload) -> bool:
    """Whether nothing was heard of the work for so long that it has to be asked for again."""
    return row.is_at_work and clock.now() - row.progress_at > SILENT


def refusal_of(row: Upload | UploadTable) -> Words | None:
    """Why it was refused; None where it was not, or where its key is destroyed."""
    if row.sealed_refusal is None:
        return None
    try:
        opened = keys.unseal(bytes(row.sealed_refusal), context=refusal_context(row))
    except keys.KeyDestroyed:
        return None
    return Words(str(opened["sentence"]), str(opened["remedy"]))


def refusal_context(row: Upload | UploadTable) -> bytes:
    return f"catalogue.refusal|{type(row).__name__}|{row.pk}".encode()


@transaction.atomic
def choose(*, number: int, tables: Collection[int], by: Actor) -> Upload:
    """Say which tables of the file are meant; those are read."""
    row = locked(number, by)
    _in(row, N_("选表"), UploadState.CHOOSING, UploadState.READ)
    chosen = row.tables.filter(number__in=tables, state=TableState.LISTED)
    count = chosen.update(state=TableState.CHOSEN)
    if not count:
        raise errors.NoTableChosen
    return ask(row, by, N_("读取"), count)


@transaction.atomic
def stop(*, number: int, by: Actor) -> Upload:
    """Stop the work after the rows at hand. What was found of tables that are done stays."""
    row = locked(number, by)
    _in(row, N_("停止"), *AT_WORK)
    is_begun = row.state == UploadState.WORKING and not is_silent(row)
    row.state = (UploadState.STOPPING if is_begun else UploadState.STOPPED).value
    row.save(update_fields=["state"])
    note(events.UPLOAD_ASKED, row, by, {"step": N_("停止"), "tables": row.tables.count()})
    return row


@transaction.atomic
def go_on(*, number: int, by: Actor) -> Upload:
    """Go on with what was stopped, or with what nobody seems to work on any more."""
    row = locked(number, by)
    if not is_silent(row):
        _in(row, N_("接着做"), UploadState.STOPPED)
    return ask(row, by, N_("接着做"), row.tables.count())


@transaction.atomic
def discard(*, number: int, by: Actor) -> Upload:
    """Give the file up: it goes with its key; drafts that came of it stay."""
    row = locked(number, by)
    if row.is_at_work and not is_silent(row):
        raise errors.UploadBusy(step=N_("丢弃"), state=STATE_NAMES[row.state])
    if row.state != UploadState.CLOSED:
        close(row, reason=N_("按要求丢弃"), by=by)
    return row


def expire(*, by: Actor) -> int:
    """Let go of files that nobody has gone on with in time. How many."""
    due = Upload.objects.filter(keep_until__lte=clock.now()).exclude(state=UploadState.CLOSED)
    count = 0
    for number in due.values_list("pk", flat=True):
        with transaction.atomic():
            rows = Upload.objects.select_for_update(of=("self",)).select_related("owner")
            row = rows.exclude(state=UploadState.CLOSED).filter(pk=number).first()
            if row is None or (row.is_at_work and not is_silent(row)):
                continue
            close(row, reason=N_("到期没有处理"), by=by)
            count += 1
    return count


def close(row: Upload, *, reason: str, by: Actor) -> None:
    """Remove bytes and key. The row stays with counts only, and its tables with what was proposed."""
    let_go(row, reason=reason, by=by)
    keys.destroy(scope=row.scope, by=by, reason=reason)
    row.state, row.closed_at = UploadState.CLOSED.value, clock.now()
    row.save(update_fields=["sha256", "state", "closed_at"])
    note(events.UPLOAD_CLOSED, row, by, {"reason": reason})


def let_go(row: Upload, *, reason: str, by: Actor) -> None:
    """Remove the bytes at once; what is known of the file stays. A crash may have left bytes that no row names yet."""
    scope = {"scope_kind": row.scope.kind, "scope_key": row.scope.key}
    for sha256 in files.StoredFile.objects.filter(**scope).values_list("sha256", flat=True):
        files.remove(sha256=sha256, reason=reason, by=by)
    row.sha256 = ""


def locked(number: int, by: Actor) -> Upload:
    row = Upload.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=number)
    found = row.first()
    if found is None or not allows(by, "catalogue.upload", of=thing(found.owner, number)).allowed:
        raise errors.UploadUnknown
    return found


def _in(row: Upload, step: str, *states: UploadState) -> None:
    if row.state not in states:
        raise errors.UploadBusy(step=step, state=STATE_NAMES[row.state])


def ask(row: Upload, by: Actor, step: str, tables: int) -> Upload:
    """Queue the work on a locked row; the worker acts for whoever asked."""
    row.state, row.account, row.post = UploadState.WAITING.value, by.account, by.post
    row.progress, row.progress_at = {}, clock.now()
    row.save(update_fields=["state", "account", "post", "progress", "progress_at"])
    note(events.UPLOAD_ASKED, row, by, {"step": step, "tables": tables})
    defer(JOB, upload=row.pk)
    return row


def note(event: Event, row: Upload, by: Actor, facts: dict[str, Value]) -> None:
    """Record it; the region is the owner's."""
    known: dict[str, Value] = {"upload": row.pk}
    region = row.owner.region
    record(
        event, by=by, about=About("upload", str(row.pk)), facts={**known, **facts}, region=region
    )

"""Doing a thing once: a repeated request gets the first one's answer and has no second effect."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from yitong.base.access import events
from yitong.base.access.errors import KeyReused, OnceKeyInvalid, StillRunning
from yitong.base.access.models import OnceKey
from yitong.base.ledger import api as ledger
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Value

# A client that lost its answer asks again within minutes; a day covers a night and a restart.
KEPT_FOR = dt.timedelta(hours=24)
# A double click waits for the first click's answer; a long run is told to come back.
WAIT = "3s"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(slots=True)
class Once:
    """`answer` is what was answered before, or None; then the block sets it. No personal data: it is stored."""

    answer: Mapping[str, Value] | None
    repeated: bool


@contextmanager
def once(*, key: str, by: Actor, request: bytes) -> Iterator[Once]:
    """Run the block's effect at most once for this account and key, in one transaction with the answer.

    A refusal or fault in the block undoes both, so the key stays free. A read is never stored for replay.
    """
    if not _KEY.fullmatch(key):
        raise OnceKeyInvalid
    digest = hashlib.sha256(request).digest()
    with transaction.atomic():
        _wait_for_others(key, by)
        found = OnceKey.objects.filter(account=by.account, key=key).first()
        if found is not None:
            if bytes(found.digest) != digest:
                raise KeyReused(key=key)
            yield Once(found.answer, repeated=True)
            return
        first = Once(None, repeated=False)
        yield first
        if first.answer is None:
            raise RuntimeError("the block has to set the answer that a repetition will get")
        OnceKey.objects.create(
            account=by.account, key=key, digest=digest, answer=first.answer, at=clock.now()
        )


@transaction.atomic
def forget_old_answers(*, by: Actor, kept_for: dt.timedelta = KEPT_FOR) -> int:
    """Drop answers older than a day or more; their keys may be used anew. How many."""
    before = clock.now() - max(kept_for, KEPT_FOR)
    keys, _ = OnceKey.objects.filter(at__lt=before).delete()
    if keys:
        ledger.record(
            events.FORGOTTEN,
            by=by,
            about=About("access", "once"),
            facts={"before": before.isoformat(timespec="seconds"), "keys": keys},
        )
    return keys


def _wait_for_others(key: str, by: Actor) -> None:
    """Have the key to ourselves until the commit, or say that it is in use."""
    with connection.cursor() as cursor:
        cursor.execute("show lock_timeout")
        before = cursor.fetchone()[0]
        try:
            with transaction.atomic():
                cursor.execute("select set_config('lock_timeout', %s, true)", [WAIT])
                cursor.execute(
                    "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
                    [f"yitong.once {by.account} {key}"],
                )
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise StillRunning(key=key) from error
            raise
        cursor.execute("select set_config('lock_timeout', %s, true)", [before])

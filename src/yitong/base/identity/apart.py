"""Refusals that are recorded although their own transaction is undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from yitong.base.access.api import NotAllowed
from yitong.base.identity.errors import (
    HandOverMissing,
    HolderUnknown,
    NotOneself,
    ThreeAdministratorsApart,
)
from yitong.base.ledger.api import record
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Facts

# Attempts to get or to give rights that nobody may have; a typing mistake is none.
OVERREACHING = (NotAllowed, ThreeAdministratorsApart, HolderUnknown, HandOverMissing, NotOneself)


def record_apart(event: Event, *, by: Actor, about: About, facts: Facts | None = None) -> None:
    """In a transaction that the refusal's rollback does not undo."""
    with _own_connection(), transaction.atomic():
        record(event, by=by, about=about, facts=facts)


@contextmanager
def attempt(event: Event, *, by: Actor, about: About, **facts: str) -> Iterator[None]:
    """One transaction; an overreaching attempt in it is refused, undone and recorded with its reason."""
    try:
        with transaction.atomic():
            yield
    except OVERREACHING as refusal:
        record_apart(event, by=by, about=about, facts={**facts, "reason": refusal.code})
        raise


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

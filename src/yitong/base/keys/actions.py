"""Making, using and destroying keys. Who may do so is asked by the caller: access stands above keys."""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from yitong.base.keys import events
from yitong.base.keys.ciphers import keyed_hash
from yitong.base.keys.errors import KeyDestroyed, KeyStoreMissing
from yitong.base.keys.held import HeldKey
from yitong.base.keys.keyring import keyring
from yitong.base.keys.models import DataKey, PseudonymKey
from yitong.base.keys.row_keys import RowKeys
from yitong.base.keys.rules import Column, Purpose, Scope, State, blind_message
from yitong.base.keys.wrapping import (
    ALONE,
    about_scope,
    add_pseudonym_key,
    lock_masters,
    new_data_key,
)
from yitong.base.ledger import api as ledger
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About


@transaction.atomic
def initialise(*, by: Actor) -> bool:
    """The node's first start: make the store and the first pseudonym key, once. True if it was done now.

    A database that already has keys is never given new ones: then the store must be there and open them.
    A store that is there before the database (prepared by the operator, or a device) is taken over as it is.
    """
    lock_masters(ALONE)
    ring = keyring()
    if PseudonymKey.objects.exists() or DataKey.objects.exists():
        if not ring.store.exists():
            raise KeyStoreMissing(place=ring.store.place)
        ring.pseudonym_keys()
        return False
    adopted = ring.store.exists()
    ring.store.create()
    row = add_pseudonym_key(1)
    ledger.record(
        events.INITIALISED,
        by=by,
        about=About("keys", "node"),
        facts={
            "store": type(ring.store).__name__,
            "master_version": row.master_version,
            "adopted": adopted,
            "ledger_key": ring.store.public_key().hex(),
        },
    )
    return True


def seal(scope: Scope, columns: Mapping[str, Column], *, context: bytes) -> bytes:
    """Seal a row's personal columns under the scope's key, made on first use.

    `context` says where the value belongs (table and row key); it must be given again to open it.
    """
    return _sealing_key(scope, Purpose.SEAL).seal(columns, context)


class Sealer:
    """Seals many rows of one scope without a look-up per row; use it for one run, then let it go."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._held = _sealing_key(scope, Purpose.SEAL)

    def __repr__(self) -> str:
        return f"<Sealer of {self.scope}>"

    def seal(self, columns: Mapping[str, Column], *, context: bytes) -> bytes:
        return self._held.seal(columns, context)


def sealer(scope: Scope) -> Sealer:
    return Sealer(scope)


def row_keys(scope: Scope | None) -> RowKeys:
    """For a run over many rows: the newest pseudonym key and, of a scope, the key that seals (made on first use)."""
    sealing_key = None if scope is None else _sealing_key(scope, Purpose.SEAL)
    return RowKeys(keyring().pseudonym_keys()[0], sealing_key)


def blind(scope: Scope, field: str, value: str) -> bytes:
    """The blind index of a value: equal values of one field and scope are found, nothing else is told."""
    held = _sealing_key(scope, Purpose.BLIND)
    return keyed_hash(held.hashing, held.secret, blind_message(field, value))


@transaction.atomic
def destroy(*, scope: Scope, by: Actor, reason: str) -> int:
    """Destroy every data key of a scope, here and in every backup of the database. How many there were.

    The shares leave the key store after the commit; a crash between is made good by `sweep`.
    """
    rows = DataKey.objects.select_for_update().filter(scope_kind=scope.kind, scope_key=scope.key)
    live = [row for row in rows if row.state != State.DESTROYED]
    if not live:
        if rows:
            raise KeyDestroyed(scope=scope)
        return 0
    key_ids = [row.pk for row in live]
    DataKey.objects.filter(pk__in=key_ids).update(
        state=State.DESTROYED, wrapped=b"", destroyed_at=clock.now()
    )
    ring = keyring()
    ring.forget(*key_ids)
    ledger.record(
        events.SCOPE_DESTROYED,
        by=by,
        about=about_scope(scope),
        facts={"scope": str(scope), "keys": list(key_ids), "reason": reason},
    )
    shares = [row.share for row in live]
    transaction.on_commit(lambda: _destroy_shares(shares))
    return len(live)


@transaction.atomic
def sweep(*, by: Actor) -> int:
    """Finish destructions that a crash cut short between the commit and the key store. How many shares."""
    store = keyring().store
    if not store.exists():
        return 0
    rows = DataKey.objects.filter(state=State.DESTROYED).values_list("share", flat=True)
    left = [share for share in rows if store.has_share(share)]
    if left:
        ledger.record(
            events.DESTRUCTION_FINISHED,
            by=by,
            about=About("keys", "node"),
            facts={"keys": len(left)},
        )
        transaction.on_commit(lambda: _destroy_shares(left))
    return len(left)


def _sealing_key(scope: Scope, purpose: Purpose) -> HeldKey:
    return keyring().active(scope, purpose) or _first_key(scope, purpose)


@transaction.atomic
def _first_key(scope: Scope, purpose: Purpose) -> HeldKey:
    """Make a scope's key, unless another transaction was first: then wait for it and take that one."""
    with connection.cursor() as cursor:
        name = f"yitong.keys.scope {purpose} {scope}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    held = keyring().active(scope, purpose)
    if held is not None:
        return held
    row = new_data_key(scope, purpose)
    ledger.record(
        events.DATA_KEY_CREATED,
        by=Actor.system("keys"),
        about=about_scope(scope),
        facts={
            "scope": str(scope),
            "purpose": purpose.value,
            "key": row.pk,
            "algorithm": row.algorithm,
            "master_version": row.master_version,
        },
    )
    return keyring().key(row.pk)


def _destroy_shares(shares: Iterable[str]) -> None:
    store = keyring().store
    for share in shares:
        store.destroy_share(share)

"""The unwrapped keys that this process holds.

Bounded, and compared with the database twice a second: a key that another process destroys stops working here
within a second, on every thread. Only committed keys are held; one made in a transaction that is still open is
looked up each time, so a rolled-back key never seals anything.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections, transaction

from yitong.base.keys.errors import (
    KeyDestroyed,
    KeysNotInitialised,
    KeyStoreStrange,
    SealBroken,
)
from yitong.base.keys.held import HeldKey, HeldPseudonymKey
from yitong.base.keys.models import DataKey, PseudonymKey
from yitong.base.keys.rules import (
    Algorithm,
    Hashing,
    Purpose,
    Scope,
    State,
    pseudonym_wrap_context,
    wrap_context,
)
from yitong.base.keys.store import KeyStore, SoftwareKeyStore, Wrapped
from yitong.kernel import clock

T = TypeVar("T")

HELD_AT_MOST: Final = 4096
COMPARE_AFTER: Final = 0.5
COMPARE_AT_LATEST: Final = 0.9


class Keyring:
    """Unwrapped keys of one store and one database."""

    def __init__(self, store: KeyStore) -> None:
        self.store = store
        self._by_id: dict[int, HeldKey] = {}
        self._active: dict[tuple[Scope, Purpose], HeldKey] = {}
        self._pseudonyms: tuple[HeldPseudonymKey, ...] = ()
        self._uncommitted: set[int] = set()
        self._pseudonyms_uncommitted = False
        self._compared = clock.epoch()
        self._comparing = threading.Lock()

    def __repr__(self) -> str:
        return f"<Keyring of {self.store.place}>"

    def key(self, key_id: int) -> HeldKey:
        """The key that a sealed value names."""
        self._compare_if_due()
        held = self._by_id.get(key_id) or self._read(
            lambda: DataKey.objects.filter(pk=key_id).first()
        )
        if held is None:
            raise SealBroken
        return held

    def active(self, scope: Scope, purpose: Purpose) -> HeldKey | None:
        """The key that seals for a scope now; None before its first use; KeyDestroyed after its end."""
        self._compare_if_due()
        return self._active.get((scope, purpose)) or self._read(lambda: _newest_row(scope, purpose))

    def pseudonym_keys(self) -> Sequence[HeldPseudonymKey]:
        """Every live version, newest first."""
        self._compare_if_due()
        if self._pseudonyms:
            return self._pseudonyms
        try:
            held = tuple(map(self.unwrapped_pseudonym_key, _fetched(_live_pseudonym_rows)))
        except KeyStoreStrange:
            # Wrapped anew and the old master removed since the rows were read.
            held = tuple(map(self.unwrapped_pseudonym_key, _fetched(_live_pseudonym_rows)))
        if not held:
            raise KeysNotInitialised(place=self.store.place)
        if not self._pseudonyms_uncommitted:
            self._pseudonyms = held
        return held

    def withhold(self, key_id: int) -> None:
        """Do not hold a key until its transaction is committed (never, if it is rolled back)."""
        self._uncommitted.add(key_id)
        transaction.on_commit(lambda: self._uncommitted.discard(key_id))

    def withhold_pseudonyms(self) -> None:
        self._pseudonyms = ()
        self._pseudonyms_uncommitted = True

        def release() -> None:
            self._pseudonyms, self._pseudonyms_uncommitted = (), False

        transaction.on_commit(release)

    def forget(self, *key_ids: int) -> None:
        """Stop using these keys here, at once and again when the change is committed."""
        self._drop(key_ids)
        transaction.on_commit(lambda: self._drop(key_ids))

    def _drop(self, key_ids: Sequence[int]) -> None:
        for key_id in key_ids:
            held = self._by_id.pop(key_id, None)
            if held is not None:
                self._active.pop((held.scope, held.purpose), None)

    def _read(self, query: Callable[[], DataKey | None]) -> HeldKey | None:
        row = _fetched(query)
        try:
            return None if row is None else self._hold(row)
        except KeyStoreStrange:
            # Wrapped anew and the old master removed since the row was read.
            again = _fetched(query)
            if again is None or row is None or again.master_version == row.master_version:
                raise
            return self._hold(again)

    def _hold(self, row: DataKey) -> HeldKey:
        held = self.unwrapped(row)
        if row.pk in self._uncommitted:
            return held
        while len(self._by_id) >= HELD_AT_MOST:
            self._drop([next(iter(self._by_id))])
        self._by_id[row.pk] = held
        if held.active:
            self._active[held.scope, held.purpose] = held
        return held

    def unwrapped(self, row: DataKey) -> HeldKey:
        scope, purpose = Scope(row.scope_kind, row.scope_key), Purpose(row.purpose)
        algorithm = Algorithm(row.algorithm)
        if row.state == State.DESTROYED:
            raise KeyDestroyed(scope=scope)
        if self.store.exists() and not self.store.has_share(row.share):
            # An older backup of the database was restored after the share was destroyed.
            raise KeyDestroyed(scope=scope)
        secret = self.store.unwrap(
            Wrapped(row.master_version, bytes(row.wrapped)),
            algorithm=algorithm,
            context=wrap_context(scope, purpose),
            share=row.share,
        )
        return HeldKey.of(
            row.pk, scope, purpose, algorithm, secret, active=row.state == State.ACTIVE
        )

    def unwrapped_pseudonym_key(self, row: PseudonymKey) -> HeldPseudonymKey:
        secret = self.store.unwrap(
            Wrapped(row.master_version, bytes(row.wrapped)),
            algorithm=Algorithm(row.algorithm),
            context=pseudonym_wrap_context(row.version),
            share="",
        )
        return HeldPseudonymKey(row.version, Hashing(row.hashing), secret)

    def _compare_if_due(self) -> None:
        """Compare with the database; one thread does it while the others go on, for less than a second."""
        age = clock.epoch() - self._compared
        if 0 <= age < COMPARE_AFTER:
            return
        must_wait = not 0 <= age < COMPARE_AT_LATEST
        if not self._comparing.acquire(blocking=must_wait):
            return
        try:
            if not 0 <= clock.epoch() - self._compared < COMPARE_AFTER:
                self._compare()
        finally:
            self._comparing.release()

    def _compare(self) -> None:
        started = clock.epoch()
        if self._by_id:
            ids = list(self._by_id)
            live = _fetched(lambda: _states_of(ids))
            self._drop(
                [key_id for key_id in ids if live.get(key_id) != _state_of(self._by_id.get(key_id))]
            )
        if self._pseudonyms:
            versions = _fetched(lambda: [row.version for row in _live_pseudonym_rows()])
            if versions != [held.version for held in self._pseudonyms]:
                self._pseudonyms = ()
        self._compared = started


_keyrings: dict[tuple[str, ...], Keyring] = {}


def keyring() -> Keyring:
    """The ring of the configured store and database."""
    database = connections.settings["default"]
    place = str(settings.YITONG_KEYS)
    identity = (place, str(database["NAME"]), str(database["HOST"]), str(database["PORT"]))
    ring = _keyrings.get(identity)
    if ring is None:
        ring = _keyrings.setdefault(identity, Keyring(SoftwareKeyStore(Path(place))))
    return ring


def _state_of(held: HeldKey | None) -> str | None:
    if held is None:
        return None
    return State.ACTIVE if held.active else State.RETIRED


def _states_of(key_ids: list[int]) -> dict[int, str]:
    return dict(DataKey.objects.filter(pk__in=key_ids).values_list("pk", "state"))


def _newest_row(scope: Scope, purpose: Purpose) -> DataKey | None:
    return (
        DataKey.objects.filter(scope_kind=scope.kind, scope_key=scope.key, purpose=purpose)
        .order_by("-pk")
        .first()
    )


def _live_pseudonym_rows() -> list[PseudonymKey]:
    return list(PseudonymKey.objects.exclude(state=State.DESTROYED).order_by("-version"))


def _fetched(query: Callable[[], T]) -> T:
    """Read, on a fresh connection where a restarted server has cut the old one."""
    try:
        return query()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return query()

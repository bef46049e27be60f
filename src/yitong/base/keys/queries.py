"""Reading with keys: opening what is sealed, pseudonyms, the ledger's signer, and how the keys are.

Opening records nothing here: who may see a row, and its usage entry, is the caller's matter.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import orjson
from django.conf import settings
from django.db.models import Count, QuerySet

from yitong.base.keys.errors import SealBroken
from yitong.base.keys.keyring import keyring
from yitong.base.keys.models import DataKey, PseudonymKey
from yitong.base.keys.rules import (
    HEADER,
    SHORTEST,
    Column,
    Profile,
    Purpose,
    Scope,
    State,
    pseudonym_message,
)
from yitong.base.keys.store import KeyStore
from yitong.kernel.errors import Refusal


def unseal(sealed: bytes, *, context: bytes) -> dict[str, Column]:
    """Open a sealed value in the context in which it was sealed; SealBroken in any other."""
    if len(sealed) < SHORTEST:
        raise SealBroken
    _, key_id = HEADER.unpack_from(sealed)
    if key_id >= 1 << 63:
        raise SealBroken
    held = keyring().key(key_id)
    if held.purpose is not Purpose.SEAL:
        raise SealBroken
    columns: dict[str, Column] = orjson.loads(held.open(sealed, context))
    return columns


def pseudonym(kind: str, number: str) -> bytes:
    """The newest pseudonym of a person ("person") or an organisation ("org"): 33 bytes, version first."""
    return keyring().pseudonym_keys()[0].pseudonym(pseudonym_message(kind, number))


def pseudonyms(kind: str, number: str) -> list[bytes]:
    """Under every live version, newest first: old records are found before they are re-keyed."""
    message = pseudonym_message(kind, number)
    return [held.pseudonym(message) for held in keyring().pseudonym_keys()]


def is_destroyed(scope: Scope) -> bool:
    """Whether the scope had keys and all of them were destroyed."""
    states = set(
        DataKey.objects.filter(scope_kind=scope.kind, scope_key=scope.key).values_list(
            "state", flat=True
        )
    )
    return states == {State.DESTROYED.value}


@dataclass(frozen=True, slots=True)
class LedgerSigner:
    """The ledger's key as the ledger sees it: signs and checks, never shows."""

    name: str
    key_id: bytes
    public_key: bytes
    store: KeyStore = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        return self.store.sign(message)

    def mac(self, message: bytes) -> bytes:
        return self.store.mac(message)


def ledger_signer() -> LedgerSigner:
    """The signer of the configured store; cheap to ask for at every entry."""
    return _signer(keyring().store, settings.YITONG_NODE)


@lru_cache(maxsize=16)
def _signer(store: KeyStore, node: str) -> LedgerSigner:
    public = store.public_key()
    # A witness knows a log by its name, so a node without one takes it from its own key.
    name = node or f"yitong-{hashlib.sha256(public).hexdigest()[:16]}"
    # C2SP signed-note: 0x01 stands for Ed25519.
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return LedgerSigner(name, key_id, public, store)


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """What `doctor` asks: the store, its versions, and whether every key can still be opened."""

    place: str
    profile: str
    exists: bool
    initialised: bool
    fault: str | None
    master_versions: tuple[int, ...] = ()
    data_keys: dict[str, int] = field(default_factory=dict)
    pseudonym_versions: tuple[int, ...] = ()
    under_older_master: int = 0
    unopened: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.exists and self.initialised and self.fault is None and not self.unopened


def status() -> KeyStatus:
    """How the keys are; opens every wrapped key once and never raises for what it finds."""
    store = keyring().store
    versions = store.master_versions()
    live_data = DataKey.objects.exclude(state=State.DESTROYED)
    live_pseudonyms = PseudonymKey.objects.exclude(state=State.DESTROYED).order_by("-version")
    newest = versions[-1] if versions else 0
    older = [
        live.filter(master_version__lt=newest).count() for live in (live_data, live_pseudonyms)
    ]
    states = DataKey.objects.values_list("state").annotate(keys=Count("pk"))
    return KeyStatus(
        place=store.place,
        profile=Profile(settings.YITONG_CRYPTO).value,
        exists=store.exists(),
        initialised=PseudonymKey.objects.exists(),
        fault=store.fault() if store.exists() else None,
        master_versions=versions,
        data_keys={str(state): keys for state, keys in states},
        pseudonym_versions=tuple(live_pseudonyms.values_list("version", flat=True)),
        under_older_master=sum(older),
        unopened=tuple(_unopened(live_data, live_pseudonyms)),
    )


def _unopened(
    data_keys: QuerySet[DataKey], pseudonym_keys: QuerySet[PseudonymKey]
) -> Iterator[str]:
    """The keys that the store cannot open, by name."""
    ring = keyring()
    for row in data_keys.iterator():
        try:
            ring.unwrapped(row)
        except Refusal:
            yield str(row)
    for version in pseudonym_keys:
        try:
            ring.unwrapped_pseudonym_key(version)
        except Refusal:
            yield str(version)

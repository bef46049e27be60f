"""A copy of the key store outside the node: written under a passphrase, read back on whatever machine.

    yitong-keys-1
    {"kdf": …, "salt": …, "node": …, "public_key": …, "key_print": …}
    <base64>

The second line is in clear and authenticated: it says which node the copy belongs to before anybody types a
passphrase. Without the passphrase the third line opens nothing.
"""

import hashlib
import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.db import transaction

from yitong.base.keys import events
from yitong.base.keys.ciphers import InvalidTag, cipher_for, new_nonce
from yitong.base.keys.errors import (
    KeyCopyDamaged,
    KeyCopyLocked,
    KeysDiffer,
    PassphraseWeak,
)
from yitong.base.keys.keyring import keyring
from yitong.base.keys.models import DataKey
from yitong.base.keys.queries import ledger_signer
from yitong.base.keys.rules import (
    KEY_BYTES,
    PASSPHRASE_SHORTEST,
    Algorithm,
    Profile,
    State,
    key_print,
)
from yitong.base.ledger import api as ledger
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Value

FORMAT: Final = "yitong-keys-1"
# RFC 7914: 128 MiB for each guess.
_COST: Final = {"n": 1 << 17, "r": 8, "p": 1}
_COSTLIEST: Final = {"n": 1 << 20, "r": 16, "p": 4}
_NAME: Final = re.compile(
    r"master-\d{4}\.key|share-[0-9a-f]{32}\.key|ledger-(?:signing|check)\.key"
)
ABOUT: Final = About("keys", "copy")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the store holds and what is sealed by it, without any key."""

    node: str
    public_key: str
    key_print: str
    keys: int
    scopes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class KeyCopy:
    """What a copy says of itself."""

    node: str
    public_key: str
    key_print: str
    keys: int
    made_at: str


def is_there() -> bool:
    """Whether there is a whole key store; asks no database."""
    return keyring().store.exists()


def holdings() -> Holdings:
    """The store as it is now: a copy or a backup made now needs these keys."""
    rows = DataKey.objects.exclude(state=State.DESTROYED).values_list("scope_kind", "scope_key")
    scopes: dict[str, int] = {}
    for kind, key in rows:
        scopes[f"{kind}:{key}"] = scopes.get(f"{kind}:{key}", 0) + 1
    signer, names = ledger_signer(), keyring().store.names()
    public = signer.public_key.hex()
    return Holdings(signer.name, public, key_print(public, names), len(names), scopes)


def export(*, passphrase: str, deliver: Callable[[bytes], None], by: Actor) -> KeyCopy:
    """Hand a sealed copy of the store to `deliver`. What cannot be recorded was not handed out for long:
    the caller takes back what it wrote when this raises.
    """
    check_passphrase(passphrase)
    held = holdings()
    copy = KeyCopy(
        held.node, held.public_key, held.key_print, held.keys, f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    )
    document = _sealed(copy, keyring().store.handed_out(), passphrase)
    with transaction.atomic():
        facts: dict[str, Value] = {
            "keys": copy.keys,
            "key_print": copy.key_print,
            "digest": _digest(document),
        }
        ledger.record(events.EXPORTED, by=by, about=ABOUT, facts=facts)
        deliver(document)
    return copy


def check_passphrase(passphrase: str) -> None:
    if len(passphrase) < PASSPHRASE_SHORTEST:
        raise PassphraseWeak(shortest=PASSPHRASE_SHORTEST)


def take_in(document: bytes, *, passphrase: str) -> KeyCopy:
    """Put the keys of a copy into the configured store: all of them, or none where one differs from what is there.

    Needs no database, which may still have to be restored; `note_import` records it when there is one.
    """
    copy, secrets = _opened(document, passphrase)
    store = keyring().store
    if differing := store.take_in(secrets):
        raise KeysDiffer(place=store.place, file=differing)
    return copy


@transaction.atomic
def note_import(*, copy: KeyCopy, by: Actor) -> None:
    facts: dict[str, Value] = {"keys": copy.keys, "key_print": copy.key_print}
    ledger.record(events.IMPORTED, by=by, about=ABOUT, facts=facts)


@dataclass(frozen=True, slots=True)
class CopyStatus:
    """Whether there is a copy of the store outside, and whether it is of the store as it is now."""

    exported_at: str
    is_current: bool
    copies: int


def copy_status() -> CopyStatus:
    made = [e for e in ledger.entries_about(ABOUT) if e.event == events.EXPORTED.name]
    if not made:
        return CopyStatus("", is_current=False, copies=0)
    now = holdings().key_print
    return CopyStatus(
        f"{made[0].at:%Y-%m-%d}",
        is_current=any(e.facts["key_print"] == now for e in made),
        copies=len(made),
    )


def _sealed(copy: KeyCopy, secrets: Mapping[str, bytes], passphrase: str) -> bytes:
    algorithm = Profile(settings.YITONG_CRYPTO).algorithm
    salt, nonce = os.urandom(16), new_nonce()
    head: dict[str, object] = {
        "algorithm": algorithm.value,
        "kdf": "scrypt",
        **_COST,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        **asdict(copy),
    }
    clear = f"{FORMAT}\n{json.dumps(head, ensure_ascii=False, sort_keys=True)}\n".encode()
    key = _stretched(passphrase, salt, algorithm, _COST)
    plain = json.dumps({name: secret.hex() for name, secret in secrets.items()}).encode()
    body = cipher_for(algorithm, key).encrypt(nonce, plain, clear)
    return clear + b64encode(body) + b"\n"


def _opened(document: bytes, passphrase: str) -> tuple[KeyCopy, dict[str, bytes]]:
    try:
        label, line, body = document.decode().split("\n", 2)
        if label != FORMAT:
            raise KeyCopyDamaged
        head: dict[str, Any] = json.loads(line)
        algorithm = Algorithm(head["algorithm"])
        cost = {name: int(head[name]) for name in _COST}
        if head["kdf"] != "scrypt" or any(cost[name] > _COSTLIEST[name] for name in cost):
            raise KeyCopyDamaged
        key = _stretched(passphrase, bytes.fromhex(head["salt"]), algorithm, cost)
        clear = f"{label}\n{line}\n".encode()
        sealed = b64decode(body, validate=False)
        plain = cipher_for(algorithm, key).decrypt(bytes.fromhex(head["nonce"]), sealed, clear)
        secrets = {name: bytes.fromhex(text) for name, text in json.loads(plain).items()}
        copy = KeyCopy(**{name: head[name] for name in KeyCopy.__dataclass_fields__})
    except InvalidTag as error:
        raise KeyCopyLocked from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyCopyDamaged from error
    if not secrets or not all(_NAME.fullmatch(name) for name in secrets):
        raise KeyCopyDamaged
    return copy, secrets


def _stretched(
    passphrase: str, salt: bytes, algorithm: Algorithm, cost: Mapping[str, int]
) -> bytes:
    scrypt = Scrypt(salt=salt, length=KEY_BYTES[algorithm], **cost)
    return scrypt.derive(passphrase.encode())


def _digest(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()

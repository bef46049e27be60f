"""The key store: what never enters the database.

It keeps the master keys, the ledger's signing key and check key, and for every data key a share without which
the wrapped form in the database opens nothing: destroying the share destroys the data key in every backup of the
database too. `KeyStore` is the one interface; a device (PKCS#11, SDF of GM/T 0018) comes in behind it.
"""

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yitong.base.keys.ciphers import InvalidTag, cipher_for, keyed_hash, new_nonce
from yitong.base.keys.errors import (
    KeyDestroyed,
    KeyStoreDamaged,
    KeyStoreMissing,
    KeyStoreStrange,
    KeyStoreUnsafe,
    MasterInUse,
)
from yitong.base.keys.rules import KEY_BYTES, NONCE_BYTES, Algorithm, Hashing

MAC_BYTES: Final = 16
SECRET_BYTES: Final = 32
_LABEL: Final = "yitong-key-1"
_MASTER: Final = re.compile(r"master-(\d{4})\.key")
_SHARE: Final = re.compile(r"[0-9a-f]{32}")
_SIGNING: Final = "ledger-signing.key"
_CHECKING: Final = "ledger-check.key"
_LAXER: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key as the database keeps it: useless without the store."""

    master_version: int
    value: bytes


class KeyStore(Protocol):
    """One interface for files and devices. A device refuses `handed_out` (KeysStayInside): its keys never leave it."""

    def __hash__(self) -> int: ...
    @property
    def place(self) -> str: ...
    def exists(self) -> bool: ...
    def create(self) -> None: ...
    def fault(self) -> str | None: ...
    def names(self) -> tuple[str, ...]: ...
    def handed_out(self) -> Mapping[str, bytes]: ...
    def take_in(self, secrets: Mapping[str, bytes]) -> str: ...
    def master_versions(self) -> tuple[int, ...]: ...
    def create_master(self) -> int: ...
    def remove_master(self, version: int) -> None: ...
    def create_share(self) -> str: ...
    def has_share(self, share: str) -> bool: ...
    def destroy_share(self, share: str) -> None: ...
    def wrap(self, key: bytes, *, algorithm: Algorithm, context: bytes, share: str) -> Wrapped: ...
    def unwrap(
        self, wrapped: Wrapped, *, algorithm: Algorithm, context: bytes, share: str
    ) -> bytes: ...
    def public_key(self) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...
    def mac(self, message: bytes) -> bytes: ...


class SoftwareKeyStore:
    """Keys as files of mode 0600 in one directory of mode 0700, never overwritten."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._secrets: dict[str, bytes] = {}
        self._signing_key: Ed25519PrivateKey | None = None

    def __repr__(self) -> str:
        return f"<SoftwareKeyStore {self._directory}>"

    @property
    def place(self) -> str:
        return str(self._directory)

    def exists(self) -> bool:
        return bool(self.master_versions())

    def create(self) -> None:
        """Make what is missing; the master key comes last, so an interrupted start is finished by the next."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check(self._directory)
        for name in (_SIGNING, _CHECKING):
            self._write(name, secrets.token_bytes(SECRET_BYTES))
        if not self.exists():
            self._write(_master_name(1), secrets.token_bytes(SECRET_BYTES))

    def fault(self) -> str | None:
        """The first thing wrong with the files, in words, or None."""
        try:
            self._check(self._directory)
            for file in sorted(self._directory.glob("*.key")):
                self._check(file)
                self._read(file)
        except (KeyStoreUnsafe, KeyStoreDamaged) as refusal:
            return refusal.say()
        return None

    def names(self) -> tuple[str, ...]:
        """What each key is called, in order."""
        return tuple(sorted(file.name for file in self._directory.glob("*.key")))

    def handed_out(self) -> Mapping[str, bytes]:
        """Every key, for a copy under a passphrase and nothing else."""
        found = {}
        for name in self.names():
            self._check(self._directory / name)
            found[name] = self._read(self._directory / name)
        return found

    def take_in(self, secrets: Mapping[str, bytes]) -> str:
        """Put keys back, all of them unless one differs from what is here: its name, else "".

        The masters come last: until they are there, nobody takes this for a whole store.
        """
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check(self._directory)
        for name in self.names():
            if name in secrets and self._read(self._directory / name) != secrets[name]:
                return name
        masters = [name for name in sorted(secrets) if _MASTER.fullmatch(name)]
        for name in [*sorted(secrets.keys() - set(masters)), *masters]:
            self._write(name, secrets[name])
        self._secrets.clear()
        self._signing_key = None
        return ""

    def master_versions(self) -> tuple[int, ...]:
        """Every version present, oldest first."""
        if not self._directory.is_dir():
            return ()
        names = (_MASTER.fullmatch(file.name) for file in self._directory.iterdir())
        return tuple(sorted(int(found[1]) for found in names if found))

    def create_master(self) -> int:
        version = self._newest() + 1
        self._write(_master_name(version), secrets.token_bytes(SECRET_BYTES))
        return version

    def remove_master(self, version: int) -> None:
        """Remove a version that is not the newest; the caller knows that nothing is wrapped by it."""
        if version >= self._newest():
            raise MasterInUse(version=version, reason="它是最新的一版")
        self._remove(_master_name(version))

    def create_share(self) -> str:
        share = secrets.token_hex(16)
        self._write(_share_name(share), secrets.token_bytes(SECRET_BYTES))
        return share

    def has_share(self, share: str) -> bool:
        return (self._directory / _share_name(share)).exists()

    def destroy_share(self, share: str) -> None:
        self._remove(_share_name(share))

    def wrap(self, key: bytes, *, algorithm: Algorithm, context: bytes, share: str) -> Wrapped:
        version = self._newest()
        nonce = new_nonce()
        cipher = cipher_for(algorithm, self._wrapping_key(version, algorithm, share))
        return Wrapped(version, nonce + cipher.encrypt(nonce, key, context))

    def unwrap(
        self, wrapped: Wrapped, *, algorithm: Algorithm, context: bytes, share: str
    ) -> bytes:
        version = wrapped.master_version
        if version not in self.master_versions():
            if not self.exists():
                raise KeyStoreMissing(place=self.place)
            raise KeyStoreStrange(place=self.place, version=version)
        cipher = cipher_for(algorithm, self._wrapping_key(version, algorithm, share))
        nonce, body = wrapped.value[:NONCE_BYTES], wrapped.value[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, body, context)
        except (InvalidTag, ValueError) as error:
            raise KeyStoreStrange(place=self.place, version=version) from error

    def public_key(self) -> bytes:
        return self._ed25519().public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Ed25519 by the ledger's key."""
        return self._ed25519().sign(message)

    def mac(self, message: bytes) -> bytes:
        """The ledger's check value: HMAC-SHA-256 cut to 16 bytes."""
        return keyed_hash(Hashing.SHA256, self._secret(_CHECKING), message)[:MAC_BYTES]

    def _ed25519(self) -> Ed25519PrivateKey:
        if self._signing_key is None:
            self._signing_key = Ed25519PrivateKey.from_private_bytes(self._secret(_SIGNING))
        return self._signing_key

    def _newest(self) -> int:
        versions = self.master_versions()
        if not versions:
            raise KeyStoreMissing(place=self.place)
        return versions[-1]

    def _wrapping_key(self, version: int, algorithm: Algorithm, share: str) -> bytes:
        """Derived from master and share, so that without either nothing opens."""
        part = b""
        if share:
            if not self.has_share(share):
                raise KeyDestroyed(scope=share)
            part = self._read(self._directory / _share_name(share))
        label = b"yitong wrap\x00" + algorithm.encode() + b"\x00" + part
        hashing = Hashing.SM3 if algorithm is Algorithm.SM4_GCM else Hashing.SHA256
        derived = keyed_hash(hashing, self._secret(_master_name(version)), label)
        return derived[: KEY_BYTES[algorithm]]

    def _secret(self, name: str) -> bytes:
        """A key of the store itself; kept in memory after the first use. Shares are never kept."""
        if name not in self._secrets:
            file = self._directory / name
            if not file.exists():
                raise KeyStoreMissing(place=self.place)
            self._check(self._directory)
            self._check(file)
            self._secrets[name] = self._read(file)
        return self._secrets[name]

    def _check(self, path: Path) -> None:
        """Refuse what anybody else could read, replace or have put there."""
        found = path.lstat()
        allowed = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
        if stat.S_ISLNK(found.st_mode):
            raise KeyStoreUnsafe(fault=f"{path}是一个链接", fix=f"rm {path}，再放回密钥文件本身")
        if found.st_mode & _LAXER:
            raise KeyStoreUnsafe(
                fault=f"{path}的权限是{stat.S_IMODE(found.st_mode):04o}，同一台机器上的别人也能用",
                fix=f"chmod {allowed:04o} {path}",
            )
        if found.st_uid not in (os.geteuid(), 0):
            raise KeyStoreUnsafe(
                fault=f"{path}属于另一个用户（{found.st_uid}）", fix=f"chown {os.geteuid()} {path}"
            )

    def _read(self, file: Path) -> bytes:
        label, _, rest = file.read_text(encoding="ascii", errors="replace").strip().partition(" ")
        text, _, check = rest.partition(" ")
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            secret = b""
        if label != _LABEL or len(secret) != SECRET_BYTES or check != _check_digits(secret):
            raise KeyStoreDamaged(file=file, fault="内容不完整，或者不是密钥文件")
        return secret

    def _write(self, name: str, secret: bytes) -> None:
        """Durable before it is used, whole or not at all, and never over an existing key."""
        target = self._directory / name
        if target.exists():
            return
        scratch = self._directory / f".new-{secrets.token_hex(8)}"
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(f"{_LABEL} {secret.hex()} {_check_digits(secret)}\n")
                file.flush()
                os.fsync(file.fileno())
            with _tolerating_existing():
                os.link(scratch, target)
        finally:
            scratch.unlink()
        self._settle()

    def _remove(self, name: str) -> None:
        (self._directory / name).unlink(missing_ok=True)
        self._secrets.pop(name, None)
        self._settle()

    def _settle(self) -> None:
        """Make the directory's entries durable."""
        handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _tolerating_existing() -> Iterator[None]:
    """Another process made the same key first: theirs stands."""
    try:
        yield
    except FileExistsError:
        return


def _master_name(version: int) -> str:
    return f"master-{version:04d}.key"


def _share_name(share: str) -> str:
    if not _SHARE.fullmatch(share):
        raise ValueError("a share's name is 32 hexadecimal digits")
    return f"share-{share}.key"


def _check_digits(secret: bytes) -> str:
    """Tells a damaged file from a whole one; says nothing about a random key of 32 bytes."""
    return hashlib.sha256(b"yitong key check\x00" + secret).hexdigest()[:8]

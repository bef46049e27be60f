"""Unwrapped keys and what they do. Without a database: how they are found and let go is the keyring's matter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yitong.base.keys.ciphers import (
    InvalidTag,
    SealingCipher,
    cipher_for,
    keyed_hash,
    keyed_hashes,
    new_nonce,
    new_nonces,
)
from yitong.base.keys.errors import SealBroken
from yitong.base.keys.rules import (
    BODY_AT,
    HEADER,
    Algorithm,
    Column,
    Hashing,
    Purpose,
    Scope,
    column_payloads,
    key_header,
    payload,
)


@dataclass(frozen=True, slots=True, repr=False)
class HeldKey:
    """An unwrapped data key. Never shown, never compared, never pickled into a log."""

    key_id: int
    scope: Scope
    purpose: Purpose
    active: bool
    algorithm: Algorithm
    header: bytes
    cipher: SealingCipher
    secret: bytes

    @classmethod
    def of(
        cls,
        key_id: int,
        scope: Scope,
        purpose: Purpose,
        algorithm: Algorithm,
        secret: bytes,
        *,
        active: bool,
    ) -> "HeldKey":
        header, cipher = key_header(algorithm, key_id), cipher_for(algorithm, secret)
        return cls(key_id, scope, purpose, active, algorithm, header, cipher, secret)

    @property
    def parts(self) -> tuple[int, Scope, Purpose, Algorithm, bytes]:
        """What `of` makes it of again."""
        return self.key_id, self.scope, self.purpose, self.algorithm, self.secret

    @property
    def hashing(self) -> Hashing:
        return Hashing.SM3 if self.algorithm is Algorithm.SM4_GCM else Hashing.SHA256

    def __repr__(self) -> str:
        return f"<HeldKey {self.key_id} of {self.scope}>"

    def seal(self, columns: Mapping[str, Column], context: bytes) -> bytes:
        nonce = new_nonce()
        body = self.cipher.encrypt(nonce, payload(columns), self.header + context)
        return self.header + nonce + body

    def seal_columns(
        self, columns: Mapping[str, Sequence[bytes]], context: bytes, ends: Sequence[bytes]
    ) -> list[bytes]:
        header, encrypt = self.header, self.cipher.encrypt
        bound = header + context
        return [
            header + nonce + encrypt(nonce, body, bound + end)
            for nonce, body, end in zip(
                new_nonces(len(ends)), column_payloads(columns), ends, strict=True
            )
        ]

    def open(self, sealed: bytes, context: bytes) -> bytes:
        if not sealed.startswith(self.header):
            raise SealBroken
        nonce = sealed[HEADER.size : BODY_AT]
        try:
            return self.cipher.decrypt(nonce, sealed[BODY_AT:], self.header + context)
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error


@dataclass(frozen=True, slots=True, repr=False)
class HeldPseudonymKey:
    """An unwrapped pseudonym key."""

    version: int
    hashing: Hashing
    secret: bytes

    @property
    def parts(self) -> tuple[int, Hashing, bytes]:
        return self.version, self.hashing, self.secret

    def __repr__(self) -> str:
        return f"<HeldPseudonymKey {self.version}>"

    def pseudonym(self, message: bytes) -> bytes:
        return bytes((self.version,)) + keyed_hash(self.hashing, self.secret, message)

    def pseudonyms(self, prefix: bytes, messages: Iterable[bytes]) -> list[bytes]:
        """`pseudonym` of the prefix and each message."""
        version = bytes((self.version,))
        hashed = keyed_hashes(self.hashing, self.secret, prefix, messages)
        return [version + each for each in hashed]

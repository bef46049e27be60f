"""SM2 signatures (GB/T 32918.2): keys, providers, and the two forms of a signature.

A private key is 32 bytes, a public key 04 ‖ x ‖ y (65 bytes), a signature r ‖ s (64 bytes) unless it says DER.
"""

import secrets
from functools import cache
from typing import ClassVar, Final, Protocol

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from yitong.kernel.errors import N_, Kind, Refusal
from yitong.kernel.sm import curve
from yitong.kernel.sm.libcrypto import CannotBind, LibCrypto, Pkey

# GM/T 0009: the ID of a signer who has none of their own.
DEFAULT_SIGNER_ID: Final = b"1234567812345678"


class Sm2Unavailable(Refusal):
    """No library here makes SM2 signatures; they are verified all the same."""

    code = "sm2_unavailable"
    kind: ClassVar[Kind] = "unavailable"
    sentence = N_("本机没有可用的 OpenSSL 3 密码库，不能做 SM2 签名；验签不受影响。")
    remedy = N_("请安装系统的 OpenSSL 3（libcrypto）或接入密码设备；不要求国密时可改用国际算法。")


class Sm2Key(Protocol):
    """Something that signs: a key in memory here, a device elsewhere."""

    @property
    def public_key(self) -> bytes: ...

    def sign(self, message: bytes, signer_id: bytes = DEFAULT_SIGNER_ID) -> bytes: ...


class Sm2Provider(Protocol):
    """A library that loads keys and verifies."""

    name: str

    def key(self, private_key: bytes) -> Sm2Key: ...

    def verify(
        self,
        public_key: bytes,
        message: bytes,
        signature: bytes,
        signer_id: bytes = DEFAULT_SIGNER_ID,
    ) -> bool: ...


def signature_der(raw: bytes) -> bytes:
    """SEQUENCE of r and s, as certificates and seals carry it."""
    if len(raw) != 64:
        raise ValueError("a raw signature has 64 bytes")
    return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))


def signature_raw(der: bytes) -> bytes:
    """R ‖ s, as GB/T 32918 and devices carry it. Numbers too large for it, or not DER, are a ValueError."""
    numbers = decode_dss_signature(der)
    if not all(0 <= number < curve.N for number in numbers):
        raise ValueError("a signature's numbers lie below the order of the curve")
    return b"".join(number.to_bytes(32) for number in numbers)


def generate_private_key() -> bytes:
    """Uniform in 1 … n-2 (GB/T 32918.1, 6.1)."""
    return (secrets.randbelow(curve.N - 2) + 1).to_bytes(32)


def _point(public_key: bytes) -> curve.Point:
    x, y = int.from_bytes(public_key[1:33]), int.from_bytes(public_key[33:])
    if len(public_key) != 65 or public_key[0] != 4 or not curve.is_on_curve((x, y)):
        raise ValueError("a public key is 04, x, y of a point on the curve")
    return x, y


def _check_id(signer_id: bytes) -> None:
    if len(signer_id) >= 1 << 13:
        raise ValueError("a signer's ID has at most 8,191 bytes: its length in bits takes two")


class PlainVerifier:
    """Plain Python: verifies everywhere, signs nowhere."""

    name = "plain"

    def key(self, private_key: bytes) -> Sm2Key:
        raise Sm2Unavailable

    def verify(
        self,
        public_key: bytes,
        message: bytes,
        signature: bytes,
        signer_id: bytes = DEFAULT_SIGNER_ID,
    ) -> bool:
        _check_id(signer_id)
        point = _point(public_key)
        if len(signature) != 64:
            return False
        numbers = (int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
        return curve.verifies(point, message, numbers, signer_id)


class OpenSslKey:
    """A private key held by OpenSSL."""

    def __init__(self, library: LibCrypto, private_key: bytes) -> None:
        if len(private_key) != 32 or not 0 < int.from_bytes(private_key) < curve.N - 1:
            raise ValueError("a private key is 32 bytes in 1 … n-2")
        self._library = library
        self._key: Pkey = library.private_key(private_key)
        self._public_key = library.point_of(self._key)

    @property
    def public_key(self) -> bytes:
        return self._public_key

    def sign(self, message: bytes, signer_id: bytes = DEFAULT_SIGNER_ID) -> bytes:
        _check_id(signer_id)
        return signature_raw(self._library.sign(self._key, message, signer_id))


class OpenSslProvider:
    """The system's OpenSSL 3."""

    name = "openssl"

    def __init__(self, library: LibCrypto) -> None:
        self._library = library

    def key(self, private_key: bytes) -> Sm2Key:
        return OpenSslKey(self._library, private_key)

    def verify(
        self,
        public_key: bytes,
        message: bytes,
        signature: bytes,
        signer_id: bytes = DEFAULT_SIGNER_ID,
    ) -> bool:
        _check_id(signer_id)
        _point(public_key)
        if len(signature) != 64:
            return False
        key = self._library.public_key(public_key)
        return self._library.verify(key, message, signature_der(signature), signer_id)


@cache
def provider() -> Sm2Provider:
    """The best provider of this machine."""
    try:
        return OpenSslProvider(LibCrypto())
    except CannotBind:
        return PlainVerifier()


def sm2_key(private_key: bytes) -> Sm2Key:
    """A key that signs, or `Sm2Unavailable`."""
    return provider().key(private_key)


def sm2_verify(
    public_key: bytes, message: bytes, signature: bytes, signer_id: bytes = DEFAULT_SIGNER_ID
) -> bool:
    return provider().verify(public_key, message, signature, signer_id)

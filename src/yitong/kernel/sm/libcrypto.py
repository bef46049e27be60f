"""A thin binding to the system's OpenSSL 3: as much of EVP as SM2 signing and verifying take.

Every handle is freed; no context is shared between calls, so threads need no lock. Keys go in as DER, so that
OpenSSL alone does arithmetic with a private key.
"""

import ctypes
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from typing import Final

_MAJOR: Final = 3
_NAMES: Final = ("libcrypto.so.3", "libcrypto.3.dylib")

# id-ecPublicKey on sm2p256v1 (1.2.156.10197.1.301), as AlgorithmIdentifier.
_ALGORITHM: Final = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
_PUBLIC: Final = bytes.fromhex("3059") + _ALGORITHM + bytes.fromhex("034200")
_PRIVATE: Final = bytes.fromhex("3041020100") + _ALGORITHM + bytes.fromhex("042730250201010420")

_SIGNATURES: Final[dict[str, tuple[type | None, tuple[type, ...]]]] = {
    "OpenSSL_version_num": (c_ulong, ()),
    "ERR_clear_error": (None, ()),
    "EVP_sm3": (c_void_p, ()),
    "d2i_AutoPrivateKey": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "d2i_PUBKEY": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_get_octet_string_param": (
        c_int,
        (c_void_p, c_char_p, c_char_p, c_size_t, POINTER(c_size_t)),
    ),
    "EVP_PKEY_CTX_new": (c_void_p, (c_void_p, c_void_p)),
    "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, c_char_p, c_int)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_set_pkey_ctx": (None, (c_void_p, c_void_p)),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_DigestSignInit": (c_int, (c_void_p,) * 5),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (c_void_p,) * 5),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
}


class CannotBind(OSError):
    """There is no OpenSSL 3 with SM2 to bind, for example below a statically linked Python."""


class OpenSslFault(RuntimeError):
    """OpenSSL refused a call that should have worked."""


class Pkey:
    """An EVP_PKEY, freed with its owner."""

    def __init__(self, library: "LibCrypto", handle: int) -> None:
        self.handle = handle
        weakref.finalize(self, library.free, handle)


class LibCrypto:
    """The bound library."""

    def __init__(self, names: tuple[str, ...] = _NAMES) -> None:
        self._c = _bound(names)

    def free(self, handle: int) -> None:
        self._c.EVP_PKEY_free(handle)

    def private_key(self, scalar: bytes) -> Pkey:
        return self._pkey("d2i_AutoPrivateKey", _PRIVATE + scalar)

    def public_key(self, point: bytes) -> Pkey:
        """A key from 04 ‖ x ‖ y; a point off the curve is a ValueError."""
        return self._pkey("d2i_PUBKEY", _PUBLIC + point)

    def point_of(self, key: Pkey) -> bytes:
        """04 ‖ x ‖ y of a private key's public point."""
        buffer, length = ctypes.create_string_buffer(65), c_size_t()
        self._must(
            self._c.EVP_PKEY_get_octet_string_param(key.handle, b"pub", buffer, 65, byref(length))
        )
        return buffer.raw[: length.value]

    def sign(self, key: Pkey, message: bytes, signer_id: bytes) -> bytes:
        """A DER signature; the nonce is OpenSSL's own."""
        with self._context(key, signer_id) as context:
            self._must(
                self._c.EVP_DigestSignInit(context, None, self._c.EVP_sm3(), None, key.handle)
            )
            buffer, length = ctypes.create_string_buffer(80), c_size_t(80)
            self._must(
                self._c.EVP_DigestSign(context, buffer, byref(length), message, len(message))
            )
            return buffer.raw[: length.value]

    def verify(self, key: Pkey, message: bytes, der: bytes, signer_id: bytes) -> bool:
        with self._context(key, signer_id) as context:
            self._must(
                self._c.EVP_DigestVerifyInit(context, None, self._c.EVP_sm3(), None, key.handle)
            )
            outcome = self._c.EVP_DigestVerify(context, der, len(der), message, len(message))
            self._c.ERR_clear_error()
            return bool(outcome == 1)

    def _pkey(self, reader: str, der: bytes) -> Pkey:
        handle = getattr(self._c, reader)(None, byref(c_char_p(der)), len(der))
        if not handle:
            self._c.ERR_clear_error()
            raise ValueError("not an SM2 key")
        return Pkey(self, handle)

    @contextmanager
    def _context(self, key: Pkey, signer_id: bytes) -> Iterator[int]:
        """A digest context that knows the signer's ID before it is initialised, as SM2 wants it."""
        digest = self._c.EVP_MD_CTX_new()
        keyed = self._c.EVP_PKEY_CTX_new(key.handle, None)
        try:
            self._must(self._c.EVP_PKEY_CTX_set1_id(keyed, signer_id, len(signer_id)))
            self._c.EVP_MD_CTX_set_pkey_ctx(digest, keyed)
            yield digest
        finally:
            self._c.EVP_MD_CTX_free(digest)
            self._c.EVP_PKEY_CTX_free(keyed)

    def _must(self, outcome: int) -> None:
        if outcome != 1:
            self._c.ERR_clear_error()
            raise OpenSslFault("OpenSSL refused an SM2 operation")


def _bound(names: tuple[str, ...]) -> ctypes.CDLL:
    for name in names:
        try:
            library = ctypes.CDLL(name)
            for function, (result, arguments) in _SIGNATURES.items():
                bound = getattr(library, function)
                bound.restype, bound.argtypes = result, arguments
        except (OSError, AttributeError):
            continue
        if library.OpenSSL_version_num() >> 28 >= _MAJOR:
            return library
    raise CannotBind("no OpenSSL 3 library found")

"""SM4 (GB/T 32907) in GCM, and HMAC over SM3, both by `cryptography`."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

_BLOCK: Final = 16
_NONCE: Final = 12
_TAG: Final = 16


class NotAuthentic(ValueError):
    """What was sealed is not what was given to open: changed, another key, or another context."""


def sm4_seal(key: bytes, plaintext: bytes, context: bytes = b"") -> bytes:
    """Nonce ‖ ciphertext ‖ tag (RFC 8998, AEAD_SM4_GCM), the nonce fresh; `context` is bound but not contained."""
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(context)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return nonce + ciphertext + encryptor.tag


def sm4_open(key: bytes, sealed: bytes, context: bytes = b"") -> bytes:
    """The plaintext of what `sm4_seal` made with the same key and context."""
    if len(sealed) < _NONCE + _TAG:
        raise NotAuthentic("shorter than a nonce and a tag")
    nonce, ciphertext, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
    decryptor = Cipher(SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(context)
    try:
        return decryptor.update(ciphertext) + decryptor.finalize()
    except InvalidTag:
        raise NotAuthentic("the tag does not fit") from None


def sm4_encrypt_block(key: bytes, block: bytes) -> bytes:
    """One block, for test vectors and key check values; messages are sealed."""
    encryptor = Cipher(SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block has no pattern to show
    return encryptor.update(_one(block)) + encryptor.finalize()


def sm4_decrypt_block(key: bytes, block: bytes) -> bytes:
    """The inverse of `sm4_encrypt_block`."""
    decryptor = Cipher(SM4(key), modes.ECB()).decryptor()  # noqa: S305 - as above
    return decryptor.update(_one(block)) + decryptor.finalize()


def _one(block: bytes) -> bytes:
    if len(block) != _BLOCK:
        raise ValueError("a block has 16 bytes")
    return block


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """HMAC (GB/T 15852.2) over SM3."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(message)
    return mac.finalize()

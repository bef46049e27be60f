"""The national algorithms: SM2 signatures, SM3 digests, SM4 encryption, by libraries that others keep.

SM2 comes from the system's OpenSSL 3; where there is none, plain Python still verifies but never signs. A device
joins by being an `Sm2Key`. No function takes a nonce: one nonce used twice gives a key away.
"""

from yitong.kernel.hashing import sm3
from yitong.kernel.sm.sm2 import (
    DEFAULT_SIGNER_ID,
    PlainVerifier,
    Sm2Key,
    Sm2Provider,
    Sm2Unavailable,
    generate_private_key,
    provider,
    signature_der,
    signature_raw,
    sm2_key,
    sm2_verify,
)
from yitong.kernel.sm.sm4 import (
    NotAuthentic,
    hmac_sm3,
    sm4_decrypt_block,
    sm4_encrypt_block,
    sm4_open,
    sm4_seal,
)

__all__ = [
    "DEFAULT_SIGNER_ID",
    "NotAuthentic",
    "PlainVerifier",
    "Sm2Key",
    "Sm2Provider",
    "Sm2Unavailable",
    "generate_private_key",
    "hmac_sm3",
    "provider",
    "signature_der",
    "signature_raw",
    "sm2_key",
    "sm2_verify",
    "sm3",
    "sm4_decrypt_block",
    "sm4_encrypt_block",
    "sm4_open",
    "sm4_seal",
]

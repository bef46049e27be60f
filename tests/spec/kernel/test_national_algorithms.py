"""SM2 and SM4 by the examples of their standards."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from yitong.kernel.sm import (
    DEFAULT_SIGNER_ID,
    NotAuthentic,
    PlainVerifier,
    curve,
    provider,
    sm2_key,
    sm4_decrypt_block,
    sm4_encrypt_block,
    sm4_open,
)

D = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
X, Y = curve.times(int.from_bytes(D), curve.G) or (0, 0)
PUBLIC = b"\x04" + X.to_bytes(32) + Y.to_bytes(32)
BOTH = pytest.mark.parametrize("one", [provider(), PlainVerifier()], ids=lambda one: one.name)

BLOCK = bytes.fromhex("0123456789abcdeffedcba9876543210")


def test_the_example_s_public_key_follows_from_its_private_key():
    """GB/T 32918.5-2017, A.2."""
    assert f"{X:064X}".startswith("09F9DF31")
    assert f"{X:064X}".endswith("F35020")
    assert f"{Y:064X}".startswith("CCEA490C")
    assert f"{Y:064X}".endswith("DA9AD13")
    assert sm2_key(D).public_key == PUBLIC


def test_the_signer_s_digest_binds_identity_curve_and_key():
    """GB/T 32918.2-2016, 5.5: Z of the ID 1234567812345678."""
    digest = curve.identity_digest((X, Y), DEFAULT_SIGNER_ID)

    assert (
        digest.hex().upper() == "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3"
    )


@BOTH
def test_the_standard_s_own_signature_verifies(one):
    """GB/T 32918.5-2017, A.2."""
    assert one.verify(PUBLIC, b"message digest", SIGNATURE)
    assert not one.verify(PUBLIC, b"message digest.", SIGNATURE)


@BOTH
def test_our_signature_verifies(one):
    """GB/T 32918.2-2016, 6 and 7."""
    assert one.verify(PUBLIC, b"message digest", sm2_key(D).sign(b"message digest"))


def test_the_default_signer_id():
    """GM/T 0009-2012: 1234567812345678 where a signer has no other."""
    assert DEFAULT_SIGNER_ID == b"1234567812345678"


def test_sm4_of_the_standard_s_block():
    """GB/T 32907-2016, A.1."""
    encrypted = sm4_encrypt_block(BLOCK, BLOCK)

    assert encrypted.hex() == "681edf34d206965e86b3e94f536e4246"
    assert sm4_decrypt_block(BLOCK, encrypted) == BLOCK


def test_sm4_of_the_standard_s_block_a_million_times():
    """GB/T 32907-2016, A.2. Zeros in CBC encrypt the block before: a million rounds in one call."""
    encryptor = Cipher(SM4(BLOCK), modes.CBC(BLOCK)).encryptor()

    assert encryptor.update(bytes(16_000_000))[-16:].hex() == "595298c7c6fd271f0402f804c33d3f66"


def test_sm4_gcm_of_the_published_example():
    """RFC 8998, A.1."""
    nonce = bytes.fromhex("00001234567800000000ABCD")
    context = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plaintext = b"".join(
        bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA)
    )
    ciphertext = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    tag = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")

    assert sm4_open(BLOCK, nonce + ciphertext + tag, context) == plaintext
    with pytest.raises(NotAuthentic):
        sm4_open(BLOCK, nonce + ciphertext + tag, context + b"\0")

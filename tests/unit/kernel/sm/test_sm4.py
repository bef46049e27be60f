import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel.sm import (
    NotAuthentic,
    hmac_sm3,
    sm4_decrypt_block,
    sm4_encrypt_block,
    sm4_open,
    sm4_seal,
)

KEY = bytes(range(16))
KEYS = st.binary(min_size=16, max_size=16)


@given(KEYS, st.binary(max_size=100), st.binary(max_size=40))
def test_what_is_sealed_opens_with_its_key_and_context(key, plaintext, context):
    assert sm4_open(key, sm4_seal(key, plaintext, context), context) == plaintext


@given(st.binary(max_size=60), st.data())
def test_one_changed_bit_is_found(plaintext, data):
    sealed = sm4_seal(KEY, plaintext, b"row 1")
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    changed = (int.from_bytes(sealed) ^ (1 << bit)).to_bytes(len(sealed))

    with pytest.raises(NotAuthentic):
        sm4_open(KEY, changed, b"row 1")


def test_another_key_or_context_does_not_open():
    sealed = sm4_seal(KEY, b"text", b"row 1")

    with pytest.raises(NotAuthentic):
        sm4_open(KEY, sealed, b"row 2")
    with pytest.raises(NotAuthentic):
        sm4_open(bytes(16), sealed, b"row 1")


def test_what_is_too_short_to_be_sealed_does_not_open():
    with pytest.raises(NotAuthentic):
        sm4_open(KEY, bytes(27))


def test_sealing_twice_never_gives_the_same():
    assert sm4_seal(KEY, b"text") != sm4_seal(KEY, b"text")


@given(KEYS, KEYS)
def test_a_block_comes_back(key, block):
    assert sm4_decrypt_block(key, sm4_encrypt_block(key, block)) == block


@pytest.mark.parametrize("block", [b"", bytes(15), bytes(32)])
def test_a_block_has_sixteen_bytes(block):
    with pytest.raises(ValueError, match="16"):
        sm4_encrypt_block(KEY, block)


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_hmac_equals_python_s_own(key, message):
    assert hmac_sm3(key, message) == hmac.digest(key, message, "sm3")

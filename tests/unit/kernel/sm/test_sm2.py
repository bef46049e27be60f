import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yitong.kernel.sm import (
    DEFAULT_SIGNER_ID,
    PlainVerifier,
    Sm2Unavailable,
    curve,
    generate_private_key,
    libcrypto,
    provider,
    signature_der,
    signature_raw,
    sm2,
    sm2_key,
    sm2_verify,
)

KEY = sm2_key(bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"))
SIGNED = KEY.sign(b"message")
PROVIDERS = [provider(), PlainVerifier()]
few = settings(max_examples=8, deadline=None)


@few
@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_openssl_signs_plain_python_verifies(message, signer_id):
    signature = KEY.sign(message, signer_id)

    assert len(signature) == 64
    assert sm2_verify(KEY.public_key, message, signature, signer_id)
    assert PlainVerifier().verify(KEY.public_key, message, signature, signer_id)


@few
@given(st.integers(0, 511))
def test_one_changed_bit_is_found_by_both(bit):
    changed = (int.from_bytes(SIGNED) ^ (1 << bit)).to_bytes(64)

    assert [one.verify(KEY.public_key, b"message", changed) for one in PROVIDERS] == [False, False]


@pytest.mark.parametrize("one", PROVIDERS, ids=lambda one: one.name)
class TestProvider:
    """What every provider must refuse."""

    def test_another_message_id_or_key_is_no_signature(self, one):
        other = sm2_key(generate_private_key()).public_key

        assert one.verify(KEY.public_key, b"message", SIGNED)
        assert not one.verify(KEY.public_key, b"massage", SIGNED)
        assert not one.verify(KEY.public_key, b"message", SIGNED, b"another")
        assert not one.verify(other, b"message", SIGNED)

    @pytest.mark.parametrize(
        "signature",
        [
            b"",
            SIGNED[:-1],
            SIGNED + b"\0",
            bytes(64),
            b"\xff" * 64,
            bytes(32) + SIGNED[32:],
            SIGNED[:32] + bytes(32),
            # r + s = n makes t zero.
            SIGNED[:32] + (curve.N - int.from_bytes(SIGNED[:32])).to_bytes(32),
        ],
        ids=["empty", "short", "long", "zeros", "ones", "r is 0", "s is 0", "t is 0"],
    )
    def test_what_is_no_pair_of_numbers_in_range_is_no_signature(self, one, signature):
        assert not one.verify(KEY.public_key, b"message", signature)

    @pytest.mark.parametrize(
        "public_key",
        [
            b"",
            KEY.public_key[:-1],
            b"\x02" + KEY.public_key[1:],
            b"\x04" + bytes(64),
            b"\x04" + b"\xff" * 64,
        ],
    )
    def test_a_point_off_the_curve_is_no_key(self, one, public_key):
        with pytest.raises(ValueError, match="curve"):
            one.verify(public_key, b"message", SIGNED)

    def test_an_id_must_fit_its_length_field(self, one):
        with pytest.raises(ValueError, match="8,191"):
            one.verify(KEY.public_key, b"message", SIGNED, bytes(8192))


def test_signing_the_same_twice_gives_two_signatures():
    """The nonce is fresh: equal ones would give the key away."""
    assert KEY.sign(b"message") != KEY.sign(b"message")


def test_an_id_must_fit_its_length_field_when_signing():
    with pytest.raises(ValueError, match="8,191"):
        KEY.sign(b"message", bytes(8192))


@pytest.mark.parametrize(
    "private_key", [b"", bytes(31), bytes(32), (curve.N - 1).to_bytes(32), b"\xff" * 32]
)
def test_a_private_key_lies_in_its_range(private_key):
    with pytest.raises(ValueError, match="n-2"):
        sm2_key(private_key)


@few
@given(st.integers(1, curve.N - 2))
def test_openssl_and_plain_python_derive_the_same_public_key(scalar):
    x, y = curve.times(scalar, curve.G) or (0, 0)

    assert sm2_key(scalar.to_bytes(32)).public_key == b"\x04" + x.to_bytes(32) + y.to_bytes(32)


def test_the_curve_s_group_has_its_order():
    assert curve.times(curve.N, curve.G) is None
    assert curve.times(0, curve.G) is None
    assert curve.times(curve.N + 1, curve.G) == curve.G
    assert curve.times(curve.N - 1, curve.G) == (curve.G[0], curve.P - curve.G[1])


@given(st.integers(0, curve.N - 1), st.integers(0, curve.N - 1))
def test_both_forms_of_a_signature_come_to_each_other(r, s):
    raw = r.to_bytes(32) + s.to_bytes(32)

    assert signature_raw(signature_der(raw)) == raw


@pytest.mark.parametrize(
    "der",
    [b"", b"\x30\x00", signature_der(SIGNED) + b"\0", signature_der(b"\xff" * 64)],
    ids=["empty", "no numbers", "long", "out of range"],
)
def test_what_is_no_der_of_two_numbers_is_refused(der):
    with pytest.raises(ValueError, match=r".*"):
        signature_raw(der)


def test_a_raw_signature_has_64_bytes():
    with pytest.raises(ValueError, match="64"):
        signature_der(SIGNED[:63])


def test_without_openssl_verifying_goes_on_and_signing_says_why(monkeypatch):
    def nothing_to_bind() -> None:
        raise libcrypto.CannotBind

    monkeypatch.setattr(sm2, "LibCrypto", nothing_to_bind)
    plain = provider.__wrapped__()

    assert plain.verify(KEY.public_key, b"message", SIGNED, DEFAULT_SIGNER_ID)
    with pytest.raises(Sm2Unavailable) as refused:
        plain.key(bytes(32))
    assert "OpenSSL 3" in str(refused.value)
    assert refused.value.kind == "unavailable"


def test_a_library_that_is_missing_or_is_not_openssl_3_is_passed_over():
    with pytest.raises(libcrypto.CannotBind):
        libcrypto.LibCrypto(("no-such-library.so", "libc.so.6"))


def test_an_older_openssl_is_passed_over(monkeypatch):
    monkeypatch.setattr(libcrypto, "_MAJOR", 99)
    with pytest.raises(libcrypto.CannotBind):
        libcrypto.LibCrypto()


def test_what_openssl_refuses_is_an_error_and_not_a_signature():
    library = libcrypto.LibCrypto()
    with pytest.raises(ValueError, match="SM2"):
        library.public_key(b"\x04" + bytes(64))
    with pytest.raises(libcrypto.OpenSslFault):
        library.sign(library.public_key(KEY.public_key), b"message", DEFAULT_SIGNER_ID)

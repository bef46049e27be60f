"""SM2, SM3 and SM4 before libraries that we do not use: each takes what we make, and we take what it makes.

OpenSSL's own program, Node's crypto (which knows no signer's ID and takes it as empty) and sm-crypto, which is written in
JavaScript throughout and takes the default ID. DER against r ‖ s is minded on both sides.
"""

import json
import random
import shutil

import pytest

from tests.conformance.conftest import HERE, needs, run_program
from yitong.kernel.sm import (
    DEFAULT_SIGNER_ID,
    generate_private_key,
    hmac_sm3,
    libcrypto,
    signature_der,
    signature_raw,
    sm2_key,
    sm2_verify,
    sm3,
    sm4_decrypt_block,
    sm4_encrypt_block,
    sm4_seal,
)

pytestmark = pytest.mark.conformance

CHANCE = random.Random(8918)
TEXTS = [CHANCE.randbytes(size) for size in (0, 1, 16, 31, 32, 55, 56, 63, 64, 65, 119, 300, 4096)]
SECRETS = [generate_private_key() for _ in TEXTS]
SIGNERS = [sm2_key(secret) for secret in SECRETS]
SIGNER_IDS = pytest.mark.parametrize(
    "signer_id", [DEFAULT_SIGNER_ID, "澜宁市民政局".encode()], ids=["default", "own"]
)
BOTH = pytest.mark.parametrize("who", ["node", "sm-crypto"])


@pytest.fixture(scope="module")
def ask(npm_programs):
    """Put one question for each of the texts; gives the answers."""

    def put(who, what, **more):
        asked = [
            {"who": who, "what": what, "text": text.hex()}
            | {name: values[i] for name, values in more.items()}
            for i, text in enumerate(more.pop("texts", TEXTS))
        ]
        done = run_program(
            "node", HERE / "national_crypto.js", input=json.dumps(asked), env={"NODE_PATH": str(npm_programs), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return put


def spki(public_key: bytes) -> bytes:
    return libcrypto._PUBLIC + public_key


def pkcs8(secret: bytes) -> bytes:
    return libcrypto._PRIVATE + secret


def changed(signature: bytes) -> bytes:
    return signature[:-1] + bytes([signature[-1] ^ 1])


@BOTH
def test_sm3_is_the_same(ask, who):
    assert ask(who, "sm3") == [sm3(text).hex() for text in TEXTS]


@BOTH
def test_hmac_over_sm3_is_the_same(ask, who):
    keys = [CHANCE.randbytes(CHANCE.choice((1, 16, 32, 64, 65, 100))) for _ in TEXTS]
    expected = [hmac_sm3(key, text).hex() for key, text in zip(keys, TEXTS, strict=True)]
    assert ask(who, "hmac", key=[key.hex() for key in keys]) == expected


@BOTH
def test_sm4_is_the_same_in_both_directions(ask, who):
    blocks = [CHANCE.randbytes(16) for _ in range(40)]
    keys = [CHANCE.randbytes(16) for _ in blocks]
    pairs = list(zip(keys, blocks, strict=True))
    given = {"texts": blocks, "key": [key.hex() for key in keys]}
    assert ask(who, "encrypt", **given) == [sm4_encrypt_block(k, b).hex() for k, b in pairs]
    assert ask(who, "decrypt", **given) == [sm4_decrypt_block(k, b).hex() for k, b in pairs]


def test_what_we_seal_by_gcm_is_nodes_sm4_in_counter_mode(ask):
    """Node 20's OpenSSL has no SM4-GCM; under the tag, which the vectors of RFC 8998 judge, GCM is counter mode from 2."""
    keys = [CHANCE.randbytes(16) for _ in TEXTS]
    sealed = [sm4_seal(key, text, b"context") for key, text in zip(keys, TEXTS, strict=True)]
    streams = ask(
        "node",
        "counter",
        key=[key.hex() for key in keys],
        iv=[(one[:12] + (2).to_bytes(4)).hex() for one in sealed],
    )
    assert streams == [one[12:-16].hex() for one in sealed]


def test_node_verifies_our_signatures_and_refuses_changed_ones(ask):
    keys = [spki(key.public_key).hex() for key in SIGNERS]
    made = [key.sign(text, b"") for key, text in zip(SIGNERS, TEXTS, strict=True)]
    whole = [signature_der(one).hex() for one in made]
    altered = [signature_der(changed(one)).hex() for one in made]
    assert ask("node", "verify", spki=keys, signature=whole) == [True] * len(TEXTS)
    assert ask("node", "verify", spki=keys, signature=altered) == [False] * len(TEXTS)


def test_we_verify_nodes_signatures_and_refuse_changed_ones(ask):
    made = ask("node", "sign", pkcs8=[pkcs8(secret).hex() for secret in SECRETS])
    for key, text, der in zip(SIGNERS, TEXTS, made, strict=True):
        signature = signature_raw(bytes.fromhex(der))
        assert sm2_verify(key.public_key, text, signature, b"")
        assert not sm2_verify(key.public_key, text, signature, DEFAULT_SIGNER_ID)
        assert not sm2_verify(key.public_key, text, changed(signature), b"")


def test_sm_crypto_derives_our_public_keys(ask):
    found = ask("sm-crypto", "public", secret=[secret.hex() for secret in SECRETS])
    assert found == [key.public_key.hex() for key in SIGNERS]


@SIGNER_IDS
def test_sm_crypto_verifies_our_signatures_and_refuses_changed_ones(ask, signer_id):
    made = [key.sign(text, signer_id) for key, text in zip(SIGNERS, TEXTS, strict=True)]
    given = {
        "point": [key.public_key.hex() for key in SIGNERS],
        "id": [signer_id.decode()] * len(TEXTS),
    }
    whole, altered = [one.hex() for one in made], [changed(one).hex() for one in made]
    assert ask("sm-crypto", "verify", signature=whole, **given) == [True] * len(TEXTS)
    assert ask("sm-crypto", "verify", signature=altered, **given) == [False] * len(TEXTS)


@SIGNER_IDS
def test_we_verify_sm_cryptos_signatures_and_refuse_changed_ones(ask, signer_id):
    secrets, ids = [secret.hex() for secret in SECRETS], [signer_id.decode()] * len(TEXTS)
    made = ask("sm-crypto", "sign", secret=secrets, id=ids)
    for key, text, one in zip(SIGNERS, TEXTS, made, strict=True):
        signature = bytes.fromhex(one)
        assert sm2_verify(key.public_key, text, signature, signer_id)
        assert not sm2_verify(key.public_key, text, changed(signature), signer_id)
        assert not sm2_verify(key.public_key, text, signature, b"another")


@pytest.fixture
def openssl(tmp_path):
    """OpenSSL's program, with a key of ours in files."""
    if not shutil.which("openssl"):
        needs("OpenSSL 3's program: apt-get install openssl")
    (tmp_path / "public.der").write_bytes(spki(SIGNERS[0].public_key))
    (tmp_path / "secret.der").write_bytes(pkcs8(SECRETS[0]))

    def run(*arguments):
        return run_program("openssl", *arguments, cwd=tmp_path)

    return run


_SM2 = (
    "-rawin",
    "-digest",
    "sm3",
    "-pkeyopt",
    f"distid:{DEFAULT_SIGNER_ID.decode()}",
    "-in",
    "text",
)


@pytest.mark.parametrize("text", TEXTS[1:6], ids=lambda text: f"{len(text)} bytes")
def test_openssl_s_program_verifies_ours_and_we_verify_its(openssl, tmp_path, text):
    (tmp_path / "text").write_bytes(text)
    check = ("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "public.der", *_SM2)
    signature = SIGNERS[0].sign(text)
    for one, ends in ((signature, 0), (changed(signature), 1)):
        (tmp_path / "signature").write_bytes(signature_der(one))
        assert openssl(*check, "-sigfile", "signature").returncode == ends
    made = openssl("pkeyutl", "-sign", "-keyform", "DER", "-inkey", "secret.der", *_SM2, "-out", "theirs")  # fmt: skip
    assert made.returncode == 0, made.stderr
    theirs = signature_raw((tmp_path / "theirs").read_bytes())
    assert sm2_verify(SIGNERS[0].public_key, text, theirs)
    assert not sm2_verify(SIGNERS[0].public_key, text, changed(theirs))


def test_openssl_s_program_has_our_sm3_and_sm4(openssl, tmp_path):
    text, key = TEXTS[-1], bytes(range(16))
    (tmp_path / "text").write_bytes(text)
    assert sm3(text).hex() in openssl("dgst", "-sm3", "text").stdout
    done = openssl("enc", "-sm4-ecb", "-nopad", "-K", key.hex(), "-in", "text", "-out", "sealed")
    assert done.returncode == 0, done.stderr
    blocks = [text[at : at + 16] for at in range(0, len(text), 16)]
    ours = b"".join(sm4_encrypt_block(key, block) for block in blocks)
    assert (tmp_path / "sealed").read_bytes() == ours

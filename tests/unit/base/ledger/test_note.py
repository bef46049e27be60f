"""Checkpoints as a stranger reads them: C2SP tlog-checkpoint and signed-note, parsed here anew."""

import base64
import hashlib
import re

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.ledger import ASigner
from yitong.base.ledger.errors import CheckpointUnreadable
from yitong.base.ledger.note import (
    is_signed_by,
    key_id,
    read_checkpoint,
    signed_checkpoint,
    verifier_key,
)

SIGNER, OTHER = ASigner(), ASigner(seed=b"t" * 32)
ROOT = hashlib.sha256(b"root").digest()


def foreign_read(note: str, verifier: str) -> tuple[str, int, bytes]:
    """A reader that knows only the two specifications; ValueError or InvalidSignature."""
    name, key_hash, encoded = verifier.split("+")
    algorithm, key = base64.b64decode(encoded)[:1], base64.b64decode(encoded)[1:]
    assert algorithm == b"\x01", "Ed25519"
    wanted = hashlib.sha256(f"{name}\n".encode() + algorithm + key).digest()[:4]
    if wanted.hex() != key_hash:
        raise ValueError("key hash")
    raw = note.encode()
    cut = raw.rindex(b"\n\n")
    text, block = raw[: cut + 1], raw[cut + 2 :]
    if not block.endswith(b"\n") or b"\n\n" in text:
        raise ValueError("form")
    for line in block[:-1].split(b"\n"):
        found = re.fullmatch("— (\\S+) (\\S+)", line.decode())
        if not found:
            raise ValueError("signature line")
        blob = base64.b64decode(found[2], validate=True)
        if found[1] == name and blob[:4] == wanted:
            Ed25519PublicKey.from_public_bytes(key).verify(blob[4:], text)
            origin, size, root = text.decode().split("\n")[:3]
            if not re.fullmatch("0|[1-9][0-9]*", size):
                raise ValueError("size")
            return origin, int(size), base64.b64decode(root, validate=True)
    raise ValueError("not signed by this key")


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_a_foreign_reader_takes_what_we_sign(size, root):
    made = signed_checkpoint(SIGNER, size, root)
    assert foreign_read(made.note, verifier_key(SIGNER)) == (SIGNER.name, size, root)
    read = read_checkpoint(made.note)
    assert read == made
    assert is_signed_by(made.note, SIGNER.name, SIGNER.public_key)


def test_a_key_id_is_made_as_signed_note_says():
    expected = hashlib.sha256(b"yitong.test/log\n\x01" + SIGNER.public_key).digest()[:4]
    assert key_id(SIGNER.name, SIGNER.public_key) == expected


def test_the_key_id_of_the_specifications_own_example():
    """golang.org/x/mod/sumdb/note: the public key of the Go checksum database."""
    known = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    name, hashed, encoded = known.split("+", 2)
    assert key_id(name, base64.b64decode(encoded)[1:]).hex() == hashed


def test_another_key_another_name_or_a_changed_text_is_not_believed():
    note = signed_checkpoint(SIGNER, 12, ROOT).note
    assert not is_signed_by(note, SIGNER.name, OTHER.public_key)
    assert not is_signed_by(note, "somebody.else", SIGNER.public_key)
    assert not is_signed_by(note.replace("\n12\n", "\n13\n"), SIGNER.name, SIGNER.public_key)
    forged = signed_checkpoint(OTHER, 12, ROOT).note
    assert not is_signed_by(forged, SIGNER.name, SIGNER.public_key)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_changed_byte_of_the_text_or_its_signature_is_believed(at, flip):
    note = signed_checkpoint(SIGNER, 12, ROOT).note
    raw = bytearray(note.encode())
    raw[at % len(raw)] ^= flip
    changed = raw.decode("utf-8", errors="replace")
    if is_signed_by(changed, SIGNER.name, SIGNER.public_key):
        # Only what nobody signs may differ: the last line's end.
        assert changed.rstrip() == note.rstrip() or at % len(raw) == len(raw) - 1
    with pytest.raises((ValueError, InvalidSignature, IndexError)):
        assert foreign_read(changed, verifier_key(SIGNER)) is None


def test_a_signature_beside_ours_disturbs_nobody():
    mine, witness = signed_checkpoint(SIGNER, 12, ROOT), ASigner("witness.test", b"w" * 32)
    text = mine.note.partition("\n\n")[0] + "\n"
    blob = base64.b64encode(witness.key_id + witness.sign(text.encode())).decode()
    cosigned = mine.note + f"— {witness.name} {blob}\n"
    assert is_signed_by(cosigned, SIGNER.name, SIGNER.public_key)
    assert is_signed_by(cosigned, witness.name, witness.public_key)
    assert foreign_read(cosigned, verifier_key(SIGNER))[1] == 12


def test_extension_lines_belong_to_the_signed_text():
    text = f"{SIGNER.name}\n12\n{base64.b64encode(ROOT).decode()}\nan extension\n"
    blob = base64.b64encode(SIGNER.key_id + SIGNER.sign(text.encode())).decode()
    note = f"{text}\n— {SIGNER.name} {blob}\n"
    assert read_checkpoint(note).size == 12
    assert is_signed_by(note, SIGNER.name, SIGNER.public_key)
    assert not is_signed_by(
        note.replace("an extension", "no extension"), SIGNER.name, SIGNER.public_key
    )


GOOD = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "origin\n12\n\n",
        f"origin\n12\n{GOOD}\n",
        f"origin\n-1\n{GOOD}\n\n— a b\n",
        f"origin\n012\n{GOOD}\n\n— a b\n",
        f"origin\n+12\n{GOOD}\n\n— a b\n",
        f"origin\n1２\n{GOOD}\n\n— a b\n",
        f"origin\n{'9' * 5000}\n{GOOD}\n\n— a b\n",
        f"origin\n12\n{GOOD[:-4]}\n\n— a b\n",
        "origin\n12\n根\n\n— a b\n",
        "origin\n12\n???\n\n— a b\n",
        f"\n12\n{GOOD}\n\n— a b\n",
        "x" * 100_000,
        "\0\n\0\n\0\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused_in_words(text):
    with pytest.raises(CheckpointUnreadable) as refused:
        read_checkpoint(text)
    assert "检查点" in refused.value.say()
    assert not is_signed_by(text, SIGNER.name, SIGNER.public_key)


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(text):
    for candidate in (text, f"{text}\n\n{text}", f"origin\n12\n{GOOD}\n\n{text}"):
        assert not is_signed_by(candidate, SIGNER.name, SIGNER.public_key)
        try:
            read_checkpoint(candidate)
        except CheckpointUnreadable:
            continue

"""Checkpoints as C2SP signed notes (tlog-checkpoint, signed-note), with an Ed25519 signature line."""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yitong.base.ledger.errors import CheckpointUnreadable

ED25519 = b"\x01"
# ASCII digits without leading zeros, as tlog-checkpoint says; nineteen of them fit a bigint.
SIZE = re.compile("0|[1-9][0-9]{0,18}")


class Signer(Protocol):
    """What the ledger needs of a key store: a named Ed25519 key and a keyed check value."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    @property
    def public_key(self) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...
    def mac(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement: the log of this origin has this size and this root."""

    origin: str
    size: int
    root: bytes
    note: str


def key_id(name: str, public_key: bytes) -> bytes:
    """The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key), as signed-note fixes it."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def verifier_key(signer: Signer) -> str:
    """The key's text form for those who check: `name+hash+base64`."""
    encoded = base64.b64encode(ED25519 + signer.public_key).decode()
    return f"{signer.name}+{signer.key_id.hex()}+{encoded}"


def signed_checkpoint(signer: Signer, size: int, root: bytes) -> Checkpoint:
    text = f"{signer.name}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = base64.b64encode(signer.key_id + signer.sign(text.encode())).decode()
    return Checkpoint(signer.name, size, root, f"{text}\n\N{EM DASH} {signer.name} {signature}\n")


def read_checkpoint(note: str) -> Checkpoint:
    """Take a note apart without judging its signatures; CheckpointUnreadable if it is none."""
    text, blank, _ = note.partition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) < 3 or not lines[0] or not SIZE.fullmatch(lines[1]):
        raise CheckpointUnreadable(detail="three lines and a blank one are needed")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError as error:
        raise CheckpointUnreadable(detail=str(error)) from error
    if len(root) != 32:
        raise CheckpointUnreadable(detail="the root is not 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root, note)


def is_signed_by(note: str, name: str, public_key: bytes) -> bool:
    """Whether one signature line of the note is a valid one of this key."""
    text, _, signatures = note.partition("\n\n")
    wanted = key_id(name, public_key)
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        signer_name, _, encoded = rest.rpartition(" ")
        if dash != "\N{EM DASH}" or signer_name != name:
            continue
        try:
            signature = base64.b64decode(encoded, validate=True)
            if signature[:4] == wanted:
                message = f"{text}\n".encode()
                Ed25519PublicKey.from_public_bytes(public_key).verify(signature[4:], message)
                return True
        except (InvalidSignature, ValueError):
            continue
    return False

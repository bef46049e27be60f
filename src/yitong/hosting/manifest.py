"""What a backup says of itself, signed by the node's key: versions, sizes and digests, which keys open it.

No secret stands in it and nobody's data: names of scopes and numbers of keys only.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yitong.hosting.errors import ArchiveFormatUnknown, ArchiveTampered

FORMAT: Final = "yitong-backup-1"
_LABEL: Final = b"yitong backup manifest\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a backup. Of the files store: their total size, their number, and the digest of their list."""

    size: int
    sha256: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup in words for machines."""

    backup: str
    made_at: str
    node: str  # the ledger's public name
    public_key: str
    profile: str
    versions: Mapping[str, str]  # of yitong, PostgreSQL, pg_dump
    migrations: Mapping[str, tuple[str, ...]]
    ledger_size: int
    scopes: Mapping[str, int]  # what is sealed, with the number of its keys
    key_print: str  # which key store opens it
    parts: Mapping[str, Part] = field(default_factory=dict)
    format: str = FORMAT

    def lost(self, checkpoints: Iterable[str]) -> int:
        """How many entries published checkpoints prove beyond those of the backup."""
        return max(0, *(checkpoint_size(note) - self.ledger_size for note in checkpoints), 0)

    def encoded(self) -> bytes:
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, indent=1, default=dict
        ).encode()

    def signed(self, sign: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
        """The manifest's bytes, and the signature on their digest."""
        text = self.encoded()
        return text, sign(_message(text)).hex().encode()


def checkpoint_size(note: str) -> int:
    """The second line of a checkpoint; 0 where it is none, which the ledger says later with its reason."""
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 2 and lines[1].isdecimal() else 0


def _message(text: bytes) -> bytes:
    """What is signed; the label keeps it from being taken for a checkpoint."""
    return _LABEL + hashlib.sha256(text).digest()


def read_manifest(text: bytes, signature: bytes, *, path: Path) -> Manifest:
    """The manifest, if the key that it names has signed it. Whose key that is, is judged by who knows the node."""
    try:
        said = json.loads(text)
        found = said["format"]
        if found != FORMAT:
            raise ArchiveFormatUnknown(path=path, found=found)
        manifest = Manifest(
            **said
            | {
                "parts": {name: Part(**part) for name, part in said["parts"].items()},
                "migrations": {app: tuple(names) for app, names in said["migrations"].items()},
            }
        )
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.public_key))
        key.verify(bytes.fromhex(signature.decode()), _message(text))
    except InvalidSignature:
        raise ArchiveTampered(part="manifest.json", path=path) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArchiveTampered(part="manifest.json", path=path) from error
    return manifest

"""The forms of sealed values and pseudonyms, and the states of keys.

Pure: bytes and text in, bytes and text out. A sealed value is

    1 byte algorithm ‖ 8 bytes key id ‖ 12 bytes nonce ‖ ciphertext and tag

and the header is authenticated together with the caller's context, so that a value cannot be moved to another
row, nor be made to name another key.
"""

import hashlib
import struct
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import orjson

from yitong.kernel.codes import (
    InvalidCode,
    are_person_numbers,
    normalise_person_number,
    parse_credit_code,
)
from yitong.kernel.hashing import canonical

HEADER: Final = struct.Struct(">BQ")
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
BODY_AT: Final = HEADER.size + NONCE_BYTES
SHORTEST: Final = BODY_AT + TAG_BYTES
NEWEST_PSEUDONYM_VERSION: Final = 255
PASSPHRASE_SHORTEST: Final = 12

Column = str | int | None
_COLUMN_TYPES: Final = frozenset({str, int, type(None)})
# Bytes that JSON writes as they are.
_BARE: Final = bytes(set(range(0x20, 0x100)) - set(b'"\\'))


class Algorithm(StrEnum):
    """How values are sealed; chosen for a deployment, stored with each key."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"


class Hashing(StrEnum):
    """How pseudonyms are made."""

    SHA256 = "hmac-sha256"
    SM3 = "hmac-sm3"


class Profile(StrEnum):
    """The family of algorithms of one deployment."""

    INTERNATIONAL = "international"
    SM = "sm"

    @property
    def algorithm(self) -> Algorithm:
        return Algorithm.SM4_GCM if self is Profile.SM else Algorithm.AES_256_GCM

    @property
    def hashing(self) -> Hashing:
        return Hashing.SM3 if self is Profile.SM else Hashing.SHA256


class Purpose(StrEnum):
    """What a scope's key is for. The blind key outlives rotation, since an index must stay findable."""

    SEAL = "seal"
    BLIND = "blind"


class State(StrEnum):
    """A key's life: active → retired (reads only) → destroyed."""

    ACTIVE = "active"
    RETIRED = "retired"
    DESTROYED = "destroyed"


CODES: Final[Mapping[Algorithm, int]] = {Algorithm.AES_256_GCM: 1, Algorithm.SM4_GCM: 2}
KEY_BYTES: Final[Mapping[Algorithm, int]] = {Algorithm.AES_256_GCM: 32, Algorithm.SM4_GCM: 16}


@dataclass(frozen=True, slots=True)
class Scope:
    """What dies together: an app, a resource or a scene, for example `Scope("resource", "17")`."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def key_header(algorithm: Algorithm, key_id: int) -> bytes:
    return HEADER.pack(CODES[algorithm], key_id)


def payload(columns: Mapping[str, Column]) -> bytes:
    """The canonical form of a row's personal columns."""
    for value in columns.values():
        if type(value) not in _COLUMN_TYPES:
            raise TypeError(
                f"only text, integers and null can be sealed, not {type(value).__name__}"
            )
    return canonical(dict(columns))


def column_payloads(columns: Mapping[str, Sequence[bytes]]) -> list[bytes]:
    """`payload` of each row, from columns of text in UTF-8, where an empty cell is null.

    With plain names in code point order nothing is left of canonical form but the writing, and a column in which
    no sign has to be escaped is written as it stands.
    """
    if not "".join(columns).isascii() or list(columns) != sorted(columns):
        raise ValueError("names in ASCII, sorted")
    parts, cells = [], []
    for name, column in columns.items():
        is_bare = not b"".join(column).translate(None, _BARE)
        is_written = is_bare and b"" not in column
        parts.append(orjson.dumps(name).replace(b"%", b"%%") + (b':"%b"' if is_written else b":%b"))
        cells.append(column if is_written else _written(column, is_bare=is_bare))
    template = b"{" + b",".join(parts) + b"}"
    return list(map(template.__mod__, zip(*cells, strict=True)))


def _written(column: Sequence[bytes], *, is_bare: bool) -> list[bytes]:
    if is_bare:
        return [b'"%b"' % cell if cell else b"null" for cell in column]
    return [orjson.dumps(cell.decode()) if cell else b"null" for cell in column]


def wrap_context(scope: Scope, purpose: Purpose) -> bytes:
    """Binds a wrapped data key to its scope: the parts cannot run into each other."""
    return b"\x00".join((b"data", purpose.encode(), scope.kind.encode(), scope.key.encode()))


def pseudonym_wrap_context(version: int) -> bytes:
    return b"pseudonym\x00%d" % version


def pseudonym_message(kind: str, number: str) -> bytes:
    """What is hashed for a person's or an organisation's number, whatever way it was typed.

    A 15-digit number is the same person as its 18-digit form (GB 11643-1999), and `x` the same as `X`.
    """
    if kind == "person":
        normalised = normalise_person_number(number)
    elif kind == "org":
        normalised = parse_credit_code(number).code
    else:
        raise ValueError(f"no such kind of pseudonym: {kind}")
    return pseudonym_prefix(kind) + normalised.encode()


def pseudonym_prefix(kind: str) -> bytes:
    return kind.encode() + b"\x00"


def normalised_numbers(kind: str, numbers: Sequence[bytes]) -> list[bytes]:
    """What follows the prefix in `pseudonym_message` of each number; empty for what is none."""
    formed = are_person_numbers(numbers) if kind == "person" else [False] * len(numbers)
    if all(formed):
        return list(numbers)
    return [
        number if is_formed else _normalised(kind, number)
        for number, is_formed in zip(numbers, formed, strict=True)
    ]


def _normalised(kind: str, number: bytes) -> bytes:
    try:
        return pseudonym_message(kind, number.decode()).removeprefix(pseudonym_prefix(kind))
    except (InvalidCode, UnicodeDecodeError):
        return b""


def blind_message(field: str, value: str) -> bytes:
    """What is hashed for exact search: width, case and surrounding space do not matter to who searches."""
    plain = unicodedata.normalize("NFKC", value).strip().casefold()
    return field.encode() + b"\x00" + plain.encode()


def key_print(public_key: str, names: Iterable[str]) -> str:
    """Names one state of one store without saying anything of its keys."""
    return hashlib.sha256("\n".join([public_key, *sorted(names)]).encode()).hexdigest()[:32]

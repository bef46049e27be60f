"""One byte form for one value, and the hashes over it.

`canonical` is RFC 8785 (JCS) for the values the ledger carries, no more: whatever two programs could write in two
ways (floats, large integers, keys beyond ASCII, lone surrogates) is refused, so sorting keys by bytes is
enough and orjson can do it at C speed. It is the rule for hashing, never a way to store what a person typed.
"""

import hashlib
from collections.abc import Callable, Iterable
from enum import Enum
from types import NoneType
from typing import Final

import orjson
from cryptography.hazmat.primitives import hashes

# Strict integers keep to ±(2^53-1), the range in which every JSON reader agrees (RFC 8785, 3.2.2.3).
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_PLAIN: Final = frozenset({str, int, bool, NoneType})

# RFC 6962, 2.1: the prefix keeps a leaf from being passed off as a node.
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


class NotCanonical(ValueError):
    """A value that has no single canonical form here; a mistake of the caller, never a person's answer."""


def canonical(value: object) -> bytes:
    """The RFC 8785 form of text, integers, truth values, null, and lists and ASCII-keyed objects of them."""
    try:
        form = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as fault:
        raise NotCanonical(str(fault)) from fault
    _check(value)
    return form


def _check(value: object) -> None:
    """Refuse what orjson writes but RFC 8785 or another reader would write differently.

    orjson has already refused cycles, depth and keys that are not text. Exact types are passed over first:
    this runs for every ledger entry.
    """
    if isinstance(value, dict):
        if not "".join(value).isascii():
            raise NotCanonical("keys must be ASCII")
        inside: Iterable[object] = value.values()
    elif isinstance(value, (list, tuple)):
        inside = value
    else:
        _check_scalar(value)
        return
    for item in inside:
        if type(item) not in _PLAIN:
            _check(item)


def _check_scalar(value: object) -> None:
    if isinstance(value, Enum):
        _check(value.value)
    elif not isinstance(value, (str, int, NoneType)):
        raise NotCanonical(f"type {type(value).__name__} has no canonical form here")


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _sm3_by_hashlib(content: bytes) -> bytes:
    return hashlib.new("sm3", content).digest()


def _sm3_by_cryptography(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def _sm3_here() -> Callable[[bytes], bytes]:
    """Python's own OpenSSL where it was built with SM3 (half as fast again), else the one of `cryptography`."""
    return _sm3_by_hashlib if "sm3" in hashlib.algorithms_available else _sm3_by_cryptography


_sm3: Final = _sm3_here()


def sm3(content: bytes) -> bytes:
    """GB/T 32905."""
    return _sm3(content)


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962, 2.1: the hash of a log entry."""
    return hashlib.sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962, 2.1: the hash of two neighbours."""
    return hashlib.sha256(_NODE + left + right).digest()

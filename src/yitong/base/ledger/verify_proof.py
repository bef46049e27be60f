#!/usr/bin/env python3
"""Check a Yitong ledger proof off line. Needs nothing but Python 3.

    python3 verify_proof.py proof.json [--key VERIFIER_KEY] [--checkpoint FILE]

The proof says: this very entry stood at this place in the log that the node signed. Give the node's
verifier key as you got it elsewhere (a notice board, another agency, last year): the key inside the proof
only shows that the proof fits itself. With --checkpoint the root is taken from a checkpoint that you kept.

Prints what it found and ends with 0 if the proof holds, 1 if not, 2 if it cannot be read.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

# Ed25519 verification by RFC 8032 5.1.7: public data only, so speed and constant time do not matter.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741 - the name RFC 8032 readers know


def recover_x(y: int, sign: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point of the curve")
    return P - x if x & 1 != sign else x


def point(encoded: bytes) -> tuple[int, int, int, int]:
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= P:
        raise ValueError("not a point of the curve")
    x = recover_x(y, sign)
    return x, y, 1, x * y % P


def add(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    e1, e2 = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    e3, e4 = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = e2 - e1, e4 - e3, e4 + e3, e2 + e1
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar: int, at: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, at)
        at, scalar = add(at, at), scalar >> 1
    return result


def is_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    if len(public_key) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= Q:
        return False
    try:
        key, r = point(public_key), point(signature[:32])
    except ValueError:
        return False
    base_y = 4 * pow(5, P - 2, P) % P
    base_x = recover_x(base_y, 0)
    base = (base_x, base_y, 1, base_x * base_y % P)
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    left = multiply(s, base)
    right = add(r, multiply(int.from_bytes(digest, "little") % Q, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


def canonical(value: object) -> bytes:
    """RFC 8785 for what entries hold: text, whole numbers, booleans, null, lists, objects."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(entry: dict[str, str], salt: bytes) -> bytes:
    commitment = hashlib.sha256(salt + canonical(entry)).hexdigest()
    at = datetime.strptime(entry["at"], "%Y-%m-%dT%H:%M:%S.%fZ").strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007
    line = canonical({"at": at, "commitment": commitment, "v": 1})
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162 2.1.3.2."""
    if not 0 <= index < size:
        raise ValueError("the index is outside the log")
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            raise ValueError("the path is too long")
        if fn & 1 or fn == sn:
            root = node_hash(sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ValueError("the path is too short")
    return root


def read_note(note: str) -> tuple[str, int, bytes, str, list[tuple[str, bytes]]]:
    text, blank, rest = note.partition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) < 3 or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise ValueError("this is not a checkpoint")
    signatures = []
    for line in rest.splitlines():
        found = re.fullmatch("\u2014 (.+) ([A-Za-z0-9+/=]+)", line)
        if found:
            signatures.append((found[1], base64.b64decode(found[2])))
    return lines[0], int(lines[1]), base64.b64decode(lines[2]), text + "\n", signatures


def check_note(note: str, verifier_key: str) -> tuple[int, bytes]:
    """The size and root that this key signed."""
    name, key_hash, encoded = verifier_key.split("+", 2)
    public_key = base64.b64decode(encoded)[1:]
    origin, size, root, text, signatures = read_note(note)
    expected = hashlib.sha256(name.encode() + b"\n\x01" + public_key).digest()[:4]
    if expected.hex() != key_hash or origin != name:
        raise ValueError("the key does not belong to this log")
    for signer, signature in signatures:
        if signer == name and signature[:4] == expected:
            if is_signature(public_key, text.encode(), signature[4:]):
                return size, root
            raise ValueError("the checkpoint's signature is wrong")
    raise ValueError("the checkpoint is not signed by this key")


def check(proof: dict[str, Any], verifier_key: str, kept_checkpoint: str | None) -> list[str]:
    """Sentences of what holds; ValueError with what does not."""
    if proof.get("format") != "yitong-ledger-proof/1":
        raise ValueError("unknown proof format")
    size, root = check_note(proof["checkpoint"], verifier_key)
    if size != proof["size"]:
        raise ValueError("the checkpoint is of another size than the proof")
    leaf = leaf_hash(proof["entry"], bytes.fromhex(proof["salt"]))
    path = [bytes.fromhex(node) for node in proof["path"]]
    if root_of(leaf, proof["index"], size, path) != root:
        raise ValueError(
            "the entry is not in the log that was signed: entry, salt or path was changed"
        )
    said = [
        f"entry {proof['index']} of {size} is in the log",
        "the checkpoint is signed by the key",
    ]
    if kept_checkpoint is not None:
        kept_size, kept_root = check_note(kept_checkpoint, verifier_key)
        if kept_size == size and kept_root != root:
            raise ValueError("the checkpoint you kept shows another history of the same size")
        said.append(
            "the checkpoint you kept shows the same root"
            if kept_size == size
            else "the checkpoint you kept is signed too, of another size: ask for a consistency proof"
        )
    return said


def read_proof(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TypeError("this is not a proof")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Check a Yitong ledger proof off line.")
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", help="the node's verifier key, as you got it elsewhere")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint that you kept")
    chosen = parser.parse_args()
    try:
        proof = read_proof(chosen.proof)
        kept = chosen.checkpoint.read_text(encoding="utf-8") if chosen.checkpoint else None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)  # noqa: T201
        return 2
    try:
        said = check(proof, chosen.key or proof["verifier_key"], kept)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"DOES NOT HOLD 不成立: {error}")  # noqa: T201
        return 1
    for sentence in said:
        print(f"ok  {sentence}")  # noqa: T201
    if not chosen.key:
        print("note  the key came from the proof itself; compare it with one you trust:")  # noqa: T201
        print(f"      {proof['verifier_key']}")  # noqa: T201
    print(json.dumps(proof["entry"], ensure_ascii=False, indent=2))  # noqa: T201
    print("HOLDS 成立")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The public ledger read by Go's own packages for transparency logs (`golang.org/x/mod/sumdb`), over HTTP.

The program knows of a node what stands in C2SP's tlog-tiles, tlog-checkpoint and signed-note, and the two addresses
of proofs. It fetches all, recomputes all, and must accept what is whole and refuse whatever one byte was changed in.
"""

import base64
import http.client
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.conformance.conftest import run_program
from tests.factories.fault_node import wait_for
from tests.factories.ledger import record_many
from yitong.base.ledger import api as ledger

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]

FEW, MANY = 300, 66_000  # beyond 65,536 leaves there is a third level of tiles


@pytest.fixture(scope="module")
def log(node, start_serving, place):
    """(host, key, file): a node with a log of three levels, and a checkpoint that somebody kept from before."""
    record_many(FEW)
    address = start_serving()
    _signed()
    kept = place / "kept.txt"
    kept.write_bytes(fetch(address, "/ledger/checkpoint"))
    record_many(MANY)
    _signed()
    return address, ledger.PublicLog.verifier_key(), kept


def _signed():
    wait_for(lambda: ledger.health().waiting == 0, "the sequencer")
    wait_for(lambda: (h := ledger.health()).signed_size == h.size, "the checkpoint")


def fetch(address: str, path: str) -> bytes:
    caller = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    caller.request("GET", path)
    answer = caller.getresponse()
    body = answer.read()
    caller.close()
    assert answer.status == 200, (path, answer.status, body[:200])
    return body


def test_go_accepts_the_whole_log_and_every_valid_proof(ledger_reader, log):
    address, key, kept = log
    done = run_program(ledger_reader, "read", address, key, kept)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["origin"] == key.split("+")[0]
    assert said["size"] == ledger.health().size > 65_536 + FEW
    assert said["leaves"] >= 9
    assert said["tiles"] > 4


# Between the node and the reader ------------------------------------------------------------------


@contextmanager
def altering(address: str, pattern: str):
    """The node behind somebody who flips one bit in the middle of what matches."""

    class Between(BaseHTTPRequestHandler):
        def do_GET(self):
            body = bytearray(fetch(address, self.path))
            if re.search(pattern, self.path):
                place = len(body) // 2
                if "proof" in self.path:  # a digit of the first hash, which stays one
                    place = body.index(b'"path"') + 12
                    body[place] = ord("0") if body[place] != ord("0") else ord("1")
                else:
                    body[place] ^= 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(bytes(body))

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_go_accepts_what_passes_unaltered(ledger_reader, log):
    address, key, kept = log
    with altering(address, "nothing matches this") as between:
        done = run_program(ledger_reader, "read", between, key, kept)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("/checkpoint$", "no verifiable signatures|invalid signature|malformed"),
        ("/tile/entries/000$", "signed root|bundle"),
        (r"/tile/entries/.*\.p/", "signed root|bundle"),
        ("/tile/0/", "tiles of leaf 0: .*inconsistent"),
        ("/tile/1/", "tiles of leaf 0: .*inconsistent"),
        (r"/tile/2/000\.p/1$", "tiles of leaf 0: .*inconsistent"),
        ("/proof/inclusion", "inclusion of 0: "),
        (r"/proof/consistency\?old=257", "consistency of 257: "),
    ],
)
def test_go_refuses_one_flipped_bit(ledger_reader, log, pattern, reason):
    address, key, kept = log
    with altering(address, pattern) as between:
        done = run_program(ledger_reader, "read", between, key, kept)
    assert done.returncode == 1
    assert re.search(reason, done.stderr), done.stderr


def test_go_refuses_a_rewritten_history(ledger_reader, log, tmp_path):
    """A checkpoint under the right key, of the right form, of another tree: only consistency can tell."""
    from yitong.base.ledger.note import signed_checkpoint
    from yitong.base.ledger.tiles import signer

    address, key, _ = log
    forged = tmp_path / "forged.txt"
    forged.write_text(signed_checkpoint(signer(), FEW, bytes(32)).note, encoding="utf-8")
    done = run_program(ledger_reader, "read", address, key, forged)
    assert done.returncode == 1
    assert "consistency with the kept checkpoint" in done.stderr


# Every byte of a checkpoint, every hash of a proof ------------------------------------------------


def verdicts(reader, key, questions):
    asked = "".join(json.dumps(question) + "\n" for question in questions)
    done = run_program(reader, "judge", key, input=asked)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(questions)
    return found


def test_go_refuses_a_checkpoint_with_any_bit_changed(ledger_reader, log):
    address, key, _ = log
    note = fetch(address, "/ledger/checkpoint")
    changed = [
        bytes([*note[:place], note[place] ^ 1 << bit, *note[place + 1 :]])
        for place in range(len(note))
        for bit in range(8)
        if not same_signature(note, place, bit)
    ]
    asked = [{"note": base64.b64encode(each).decode()} for each in [note, *changed]]
    first, *others = verdicts(ledger_reader, key, asked)
    assert first == ""
    assert len(others) > 8 * len(note) - 8
    assert [each for each, said in zip(changed, others, strict=True) if not said] == []


def same_signature(note: bytes, place: int, bit: int) -> bool:
    """Base64 has spare bits in its last digit: another spelling of the very same signature is none the worse."""
    if place != len(note) - 3:
        return False
    digits = note.split()[-1]
    other = bytes([*digits[:-2], digits[-2] ^ 1 << bit, digits[-1]])
    try:
        return base64.b64decode(other, validate=True) == base64.b64decode(digits)
    except ValueError:
        return False


def test_go_accepts_the_proof_and_refuses_every_change_of_it(ledger_reader, log):
    address, key, kept = log
    size, root = _checkpoint(fetch(address, "/ledger/checkpoint"))
    old, was = _checkpoint(kept.read_bytes())
    index = 70 * 256 + 3
    bundle = fetch(address, "/ledger/tile/entries/070")
    for _ in range(3):
        bundle = bundle[2 + int.from_bytes(bundle[:2]) :]
    line = bundle[2 : 2 + int.from_bytes(bundle[:2])]
    included = {
        "line": base64.b64encode(line).decode(),
        "index": index,
        "size": size,
        "root": root,
        "was": root,
        "path": _path(address, f"inclusion?index={index}&size={size}"),
    }
    extended = {
        "old": old,
        "was": was,
        "size": size,
        "root": root,
        "path": _path(address, f"consistency?old={old}&new={size}"),
    }
    whole, altered = [included, extended], [*changes(included), *changes(extended)]
    altered.append({**included, "line": base64.b64encode(line + b" ").decode()})
    altered += [{**included, "index": index + 1}, {**included, "size": size - 60_000}]
    altered += [{**extended, "old": old - 1}, {**extended, "was": root}]
    assert verdicts(ledger_reader, key, whole) == ["", ""]
    found = verdicts(ledger_reader, key, altered)
    assert len(found) > 60
    assert [each for each, said in zip(altered, found, strict=True) if not said] == []


def changes(question):
    """Each hash with one bit changed, each left out, one too many, two exchanged; another root."""
    path = question["path"]
    for place, node in enumerate(path):
        yield {**question, "path": [*path[:place], _flipped(node), *path[place + 1 :]]}
        yield {**question, "path": [*path[:place], *path[place + 1 :]]}
    yield {**question, "path": [*path, path[-1]]}
    yield {**question, "path": [path[1], path[0], *path[2:]]}
    yield {**question, "root": _flipped(question["root"])}


def _flipped(node: str) -> str:
    return (int(node, 16) ^ 1 << 100).to_bytes(32).hex()


def _checkpoint(note: bytes) -> tuple[int, str]:
    _, size, root, *_ = note.decode().splitlines()
    return int(size), base64.b64decode(root).hex()


def _path(address: str, what: str) -> list[str]:
    return list(json.loads(fetch(address, f"/ledger/proof/{what}"))["path"])

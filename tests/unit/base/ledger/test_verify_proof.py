"""The script a person takes home: Python's standard library alone, and no changed part is believed."""

import base64
import copy
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.ledger import ASigner, a_log, a_proof
from yitong.base.ledger import verify_proof as script
from yitong.base.ledger.note import signed_checkpoint, verifier_key

SCRIPT = Path(script.__file__)
SIGNER, OTHER = ASigner(), ASigner(seed=b"t" * 32)
LOG = a_log(21, SIGNER)


@dataclass(frozen=True)
class Ran:
    code: int
    said: str
    complained: str


def run(folder: Path, proof: object, *more: str) -> Ran:
    """The script as a stranger runs it: isolated, without site packages."""
    path = folder / "proof.json"
    if isinstance(proof, bytes):
        path.write_bytes(proof)
    else:
        path.write_text(json.dumps(proof, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(path), *more],
        capture_output=True, text=True, timeout=60, check=False, env={"PYTHONUTF8": "1"},
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def proof() -> dict:
    return a_proof(LOG, 13, SIGNER)


def test_a_valid_proof_holds(proof, tmp_path):
    ran = run(tmp_path, proof, "--key", verifier_key(SIGNER))
    assert (ran.code, ran.complained) == (0, "")
    assert "HOLDS 成立" in ran.said
    assert "entry 13 of 21 is in the log" in ran.said
    assert '"purpose": "school-admission"' in ran.said


def test_without_a_key_of_ones_own_it_says_that_the_proof_only_fits_itself(proof, tmp_path):
    ran = run(tmp_path, proof)
    assert ran.code == 0
    assert "the key came from the proof itself" in ran.said
    assert verifier_key(SIGNER) in ran.said


def test_it_imports_nothing_but_the_standard_library():
    code = (
        "import runpy, sys; before = set(sys.modules); "
        f"runpy.run_path({str(SCRIPT)!r}); "
        "print(*sorted({m.partition('.')[0] for m in set(sys.modules) - before}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert set(done.stdout.split()) <= set(sys.stdlib_module_names)


def mutations() -> dict[str, dict]:
    """One thing changed in each."""
    good = a_proof(LOG, 13, SIGNER)
    found: dict[str, dict] = {}

    def change(name: str, **parts: object) -> None:
        found[name] = {**copy.deepcopy(good), **parts}

    for part, value in good["entry"].items():
        other = {"str": "x", "int": 2, "dict": {"x": 1}}[type(value).__name__]
        change(f"entry.{part}", entry={**good["entry"], part: other})
        change(f"entry without {part}", entry={k: v for k, v in good["entry"].items() if k != part})
    later = good["entry"]["at"].replace("01:30", "01:31")
    change("entry.at by a minute", entry={**good["entry"], "at": later})
    facts = {**good["entry"]["facts"], "purpose": "another"}
    change("entry.facts.purpose", entry={**good["entry"], "facts": facts})
    change("entry with one more", entry={**good["entry"], "more": ""})
    change("another's entry", entry=a_proof(LOG, 12, SIGNER)["entry"])
    change("salt", salt="00" * 16)
    change("no salt", salt="")
    change("salt that is none", salt="salt")
    path = good["path"]
    change("path's first", path=["00" * 32, *path[1:]])
    change("path shorter", path=path[:-1])
    change("path longer", path=[*path, path[0]])
    change("path turned", path=path[::-1])
    change("path of another", path=a_proof(LOG, 4, SIGNER)["path"])
    change("path empty", path=[])
    for index in (12, 0, -1, 21, 13.0, "13", None):
        change(f"index {index!r}", index=index)
    for size in (20, 22, 0, "21", None):
        change(f"size {size!r}", size=size)
    root = b"r" * 32
    change("checkpoint of another root", checkpoint=signed_checkpoint(SIGNER, 21, root).note)
    change("checkpoint of another size", checkpoint=a_proof(LOG[:20], 13, SIGNER)["checkpoint"])
    note: str = good["checkpoint"]
    change("checkpoint's size by hand", checkpoint=note.replace("\n21\n", "\n20\n"), size=20)
    change("checkpoint's origin", checkpoint=note.replace("yitong.test", "yitong.best"))
    change("checkpoint without signature", checkpoint=note.partition("\n\n")[0] + "\n\n")
    change("no checkpoint", checkpoint="")
    blob = note.rstrip().rpartition(" ")[2]
    signature = bytearray(base64.b64decode(blob))
    for at in (0, 4, 36, 67):
        wrong = bytearray(signature)
        wrong[at] ^= 1
        change(
            f"signature's byte {at}",
            checkpoint=note.replace(blob, base64.b64encode(wrong).decode()),
        )
    forged = a_proof(LOG, 13, OTHER)
    change("signed by another", checkpoint=forged["checkpoint"])
    change("another key", verifier_key=verifier_key(OTHER))
    change("key under another name", verifier_key=verifier_key(SIGNER).replace("yitong", "yitung"))
    change("no key", verifier_key="")
    change("format", format="yitong-ledger-proof/2")
    for part in good:
        found[f"without {part}"] = {k: v for k, v in good.items() if k != part}
    return found


MUTATIONS = mutations()
IN_A_PROCESS = (
    "entry.facts.purpose", "salt", "path's first", "index 12", "size 22", "checkpoint of another root",
    "signature's byte 4", "another key", "without verifier_key",
)  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_no_changed_part_is_believed(name, tmp_path, monkeypatch, capsys):
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(MUTATIONS[name], ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["verify_proof.py", str(path)])
    assert script.main() == 1
    said = capsys.readouterr().out
    assert "DOES NOT HOLD 不成立" in said
    assert "HOLDS 成立" not in said


def test_the_script_ends_with_one_for_every_kind_of_change(tmp_path):
    """Side by side: a process each would cost the suite seconds one after the other."""

    def run_one(name: str) -> Ran:
        folder = tmp_path / str(IN_A_PROCESS.index(name))
        folder.mkdir()
        return run(folder, MUTATIONS[name])

    with ThreadPoolExecutor(4) as pool:
        ran = dict(zip(IN_A_PROCESS, pool.map(run_one, IN_A_PROCESS), strict=True))
    assert {name: found.code for name, found in ran.items()} == dict.fromkeys(IN_A_PROCESS, 1)
    assert [name for name, found in ran.items() if found.complained] == [], "no stack trace"


def test_a_whole_proof_by_a_forger_fails_against_the_key_one_knows(tmp_path):
    forged = a_proof(LOG, 13, OTHER)
    assert run(tmp_path, forged).code == 0, "it fits itself"
    assert run(tmp_path, forged, "--key", verifier_key(SIGNER)).code == 1


def test_a_kept_checkpoint_shows_another_history(proof, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text(proof["checkpoint"], encoding="utf-8")
    assert run(tmp_path, proof, "--checkpoint", str(kept)).code == 0
    kept.write_text(signed_checkpoint(SIGNER, 21, b"r" * 32).note, encoding="utf-8")
    ran = run(tmp_path, proof, "--checkpoint", str(kept))
    assert ran.code == 1
    assert "another history" in ran.said
    kept.write_text(a_proof(LOG[:20], 13, SIGNER)["checkpoint"], encoding="utf-8")
    ran = run(tmp_path, proof, "--checkpoint", str(kept))
    assert ran.code == 0
    assert "ask for a consistency proof" in ran.said


@pytest.mark.parametrize(
    "garbage",
    [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"[]", b'"proof"', b"12", b"null", b"%PDF-1.7"],
    ids=lambda found: repr(found[:8]),
)
def test_garbage_cannot_be_read(garbage, tmp_path):
    ran = run(tmp_path, garbage)
    assert ran.code == 2
    assert "cannot be read" in ran.complained
    assert "Traceback" not in ran.complained


def test_a_file_that_is_not_there_cannot_be_read(proof, tmp_path):
    assert run(tmp_path, proof, "--checkpoint", str(tmp_path / "none")).code == 2


def test_a_proof_of_every_entry_holds_in_this_process_too():
    for index in range(len(LOG)):
        found = a_proof(LOG, index, SIGNER)
        assert script.check(found, verifier_key(SIGNER), None)
    alone = a_log(1, SIGNER)
    assert script.check(a_proof(alone, 0, SIGNER), verifier_key(SIGNER), None)


# Ed25519 ------------------------------------------------------------------------------------------

# RFC 8032, 7.1: public key, message, signature
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_vectors_of_rfc_8032(key, message, signature):
    parts = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert script.is_signature(*parts)
    assert not script.is_signature(parts[0], parts[1] + b"x", parts[2])
    assert not script.is_signature(parts[0], parts[1], parts[2][:-1])
    assert not script.is_signature(parts[0][:-1], parts[1], parts[2])


def by_cryptography(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=200),
    st.integers(0, 95),
    st.integers(0, 255),
)
def test_it_judges_signatures_as_cryptography_does(seed, message, at, flip):
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = secret.public_key().public_bytes_raw(), secret.sign(message)
    assert script.is_signature(key, message, signature)
    parts = bytearray(key + signature)
    parts[at] ^= flip
    turned = bytes(parts[:32]), message, bytes(parts[32:])
    assert script.is_signature(*turned) is by_cryptography(*turned)


def test_a_signature_whose_second_half_is_not_reduced_is_refused():
    """RFC 8032, 5.1.7: else every signature would have a second, equal one."""
    secret = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    key, signature = secret.public_key().public_bytes_raw(), secret.sign(b"m")
    s = int.from_bytes(signature[32:], "little") + script.Q
    twin = signature[:32] + s.to_bytes(32, "little")
    assert not script.is_signature(key, b"m", twin)
    assert not by_cryptography(key, b"m", twin)


@pytest.mark.parametrize(
    "key", [b"\xff" * 32, b"\x02" + b"\0" * 31, (2**255 - 19).to_bytes(32, "little")]
)
def test_what_is_no_point_of_the_curve_is_no_key(key):
    assert not script.is_signature(key, b"m", b"\0" * 64)

"""The public ledger over HTTP: what a client of C2SP tlog-tiles and a citizen's browser are given."""

import base64
import hashlib

import orjson
import pytest
from django.test import Client as Browser

from tests.factories.agencies import an_agency
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.ledger.api import sequence_all

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]


@pytest.fixture
def log():
    """A log of some entries, read by a client that knows nothing but HTTP."""
    for _ in range(5):
        an_agency()
    sequence_all()
    return Browser()


def test_the_checkpoint_is_a_signed_note(log):
    answer = log.get("/ledger/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-cache" in answer["Cache-Control"]
    origin, size, root, blank, signature = answer.content.decode().split("\n")[:5]
    assert int(size) >= 5
    assert len(base64.b64decode(root)) == 32
    assert blank == ""
    assert signature.startswith(f"\N{EM DASH} {origin} ")


def test_the_tree_of_the_tile_has_the_root_of_the_checkpoint(log):
    _, size, root, *_ = log.get("/ledger/checkpoint").content.decode().split("\n")
    hashes = log.get(f"/ledger/tile/0/000.p/{size}").content
    assert len(hashes) == 32 * int(size)
    leaves = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    assert base64.b64encode(tree_root(leaves)).decode() == root


def tree_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree_root(leaves[:half]) + tree_root(leaves[half:])).digest()


def test_a_bundle_holds_the_lines_that_the_leaves_are_made_of(log):
    _, size, *_ = log.get("/ledger/checkpoint").content.decode().split("\n")
    bundle = log.get(f"/ledger/tile/entries/000.p/{size}").content
    length = int.from_bytes(bundle[:2], "big")
    line = bundle[2 : 2 + length]
    assert set(orjson.loads(line)) == {"at", "commitment", "v"}
    leaf = log.get("/ledger/tile/0/000.p/1").content
    assert hashlib.sha256(b"\x00" + line).digest() == leaf


@pytest.mark.parametrize(
    "path",
    [
        "0/000",
        "0/000.p/256",
        "0/000.p/0",
        "0/0",
        "0/x000/000",
        "64/000",
        "entries/001.p/1",
        "a/000",
    ],
)
def test_what_the_tree_does_not_have_is_not_found(log, path):
    assert log.get(f"/ledger/tile/{path}").status_code == 404


def test_proofs_are_json_and_hold(log):
    _, size, *_ = log.get("/ledger/checkpoint").content.decode().split("\n")
    answer = log.get(f"/ledger/proof/inclusion?index=0&size={size}")
    assert answer.json()["path"]
    grown = log.get(f"/ledger/proof/consistency?old=1&new={size}").json()
    assert {"old", "new", "path"} == set(grown)


def test_a_wrong_question_is_a_problem_with_pointers(log):
    answer = log.get("/ledger/proof/inclusion?index=a&size=2")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/query/index"
    beyond = log.get("/ledger/proof/inclusion?index=9&size=2")
    assert beyond.status_code == 400
    assert beyond.json()["remedy"]


def test_the_page_on_checking_shows_the_key_and_leads_to_the_script(log):
    said = log.get("/ledger/verify/").content.decode()
    origin = log.get("/ledger/checkpoint").content.decode().split("\n")[0]
    assert f"{origin}+" in said
    assert "/ledger/verify_proof.py" in said


def test_before_the_first_entry_there_is_no_checkpoint_yet():
    sequence_all()
    assert Browser().get("/ledger/checkpoint").status_code in {200, 503}


def test_health_is_told_and_figures_only_to_the_machine_itself(log, settings):
    assert log.get("/healthz").json()["status"] == "ok"
    assert b"yitong_ledger_entries" in log.get("/metrics").content
    assert log.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert log.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    settings.METRICS_TOKEN = "only for tests"
    assert log.get("/metrics").status_code == 404
    assert (
        log.get("/metrics", headers={"Authorization": "Bearer only for tests"}).status_code == 200
    )


def test_health_says_503_when_the_database_is_gone(settings):
    from django.db import connection

    there = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        answer = Browser().get("/healthz")
    finally:
        connection.settings_dict["HOST"] = there
    assert answer.status_code == 503
    assert answer.json()["database"] == "no answer"


def test_the_api_is_described_with_examples_and_problems():
    document = Browser().get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, item in document["paths"].items():
        for operation in item.values():
            answers = operation["responses"]
            assert any(not status.startswith("2") for status in answers), path
            for status, answer in answers.items():
                for content in answer["content"].values():
                    assert "example" in content, (path, status)


def test_open_entries_and_divisions_are_listed_for_anyone(log):
    assert log.get("/api/resources").json() == {"total": 0, "resources": [], "next": ""}
    assert log.get("/api/resources/307001/000001").status_code == 404
    assert log.get("/api/regions?q=无此地").json() == {"regions": []}

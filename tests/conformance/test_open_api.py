"""Our OpenAPI document and the node behind it, before two programs that others read such documents with.

schemathesis asks every operation what its author did not think of: examples, borders of every schema, many random valid
and invalid requests, other methods, no token. Redocly reads the document alone.
"""

import os
import sys
from pathlib import Path

import orjson
import pytest

from tests.conformance.conftest import HERE, run_program
from tests.factories.ledger import record_many
from tests.factories.shared_people import shared_people
from yitong.base.identity.api import clients
from yitong.portals.node.described import document

ROOT = HERE.parents[1]
EXAMPLES = "60"  # of each operation, beside those of its borders
OPERATIONS = sorted(
    operation["operationId"] for item in document()["paths"].values() for operation in item.values()
)


@pytest.fixture(scope="module")
def served(node, start_serving, place):
    """(address, environment): a node with people to read, a log of several tiles, and a client's secrets."""
    record_many(700)
    every = (clients.SCOPE, *clients.API_SCOPES)
    shared = shared_people(place, rate_per_minute=600_000, scopes=every)
    environment = {
        **os.environ,
        "NODE_TOKEN": shared.token,
        "NODE_CLIENT": shared.client_id,
        "NODE_SECRET": shared.secret,
        "PYTHONPATH": str(ROOT),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YITONG_API_PER_MINUTE", "1000000000")
        yield start_serving(), environment


def asked(served, folder, examples, *more):
    address, environment = served
    return run_program(
        Path(sys.executable).with_name("schemathesis"),
        "--config-file", HERE / "schemathesis.toml",
        "run", f"{address}/api/openapi.json", "--max-examples", examples, "--no-color", *more,
        cwd=folder, env=environment,
    )  # fmt: skip


@pytest.mark.slow
def test_schemathesis_finds_nothing_in_brief(served, tmp_path):
    done = asked(served, tmp_path, "4")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert f"Tested: {len(OPERATIONS)}" in done.stdout


@pytest.mark.conformance
@pytest.mark.parametrize("operation", OPERATIONS)
def test_schemathesis_finds_nothing_with_many_examples(served, operation, tmp_path):
    done = asked(served, tmp_path, EXAMPLES, "--include-operation-id", operation)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "Tested: 1" in done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The document as a file."""
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_bytes(orjson.dumps(document(), option=orjson.OPT_INDENT_2))
    return path


def lint(npm_programs, path):
    return run_program(
        "node", npm_programs / "@redocly/cli/bin/cli.js", "lint", path, "--config", HERE / "redocly.yaml",
        cwd=path.parent, env={**os.environ, "REDOCLY_TELEMETRY": "off", "CI": "1"},
    )  # fmt: skip


@pytest.mark.conformance
def test_redocly_finds_no_error_in_the_document(npm_programs, written):
    done = lint(npm_programs, written)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is valid" in done.stdout + done.stderr


@pytest.mark.conformance
def test_redocly_finds_what_is_put_in(npm_programs, tmp_path):
    faulty = document() | {"paths": {"/x": {"get": {"responses": {"200": {}}}}}}
    path = tmp_path / "openapi.json"
    path.write_bytes(orjson.dumps(faulty))
    assert lint(npm_programs, path).returncode == 1

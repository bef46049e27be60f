"""A real node for a module, and other people's programs: Go's from Debian, the rest from npm, each pinned.

What cannot be had is a failure that says what to install: `make conformance` shows it as a failed row.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.factories.fault_node import a_place, opened_node, wait_for

HERE = Path(__file__).parent
GO_PACKAGES = "golang-go golang-golang-x-mod-dev"
DEBIAN_GO = Path("/usr/share/gocode")
NPM_PATIENCE_S = 240


@pytest.fixture(scope="module")
def place():
    with a_place() as folder:
        yield folder


@pytest.fixture(scope="module")
def node(place, django_db_blocker):
    """PostgreSQL and an empty node; a module furnishes it and then calls `start_serving`."""
    with django_db_blocker.unblock(), opened_node(place / "node") as found:
        yield found


@pytest.fixture(scope="module")
def start_serving(node):
    """Start web server and worker, and wait until they answer; gives the address."""

    def start() -> str:
        node.start("web")
        node.start("worker")
        wait_for(node.answers, "the web server")
        return f"http://127.0.0.1:{node.port}"

    return start


def run_program(
    *command: str | Path, seconds: float = 240, **more: object
) -> subprocess.CompletedProcess[str]:
    """Another program to its end, whatever it says."""
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=seconds,
        stdin=None if "input" in more else subprocess.DEVNULL, check=False, **more,
    )  # fmt: skip


def needs(what: str, why: str = "") -> None:
    pytest.fail(f"needs {what}" + (f": {why}" if why else ""), pytrace=False)


@pytest.fixture(scope="session")
def ledger_reader(tmp_path_factory) -> Path:
    """Our small program around Go's own `sumdb/tlog` and `sumdb/note`, built from Debian's packages without a network."""
    if not (
        shutil.which("go") and (DEBIAN_GO / "src/golang.org/x/mod/sumdb/tlog/tile.go").exists()
    ):
        needs(f"Go: apt-get install {GO_PACKAGES}")
    folder = tmp_path_factory.mktemp("go")
    built = run_program(
        "go", "build", "-o", folder / "reader", HERE / "ledger_reader/main.go",
        env={
            "PATH": os.environ["PATH"], "HOME": str(folder), "GOCACHE": str(folder / "cache"),
            "GOPATH": str(DEBIAN_GO), "GO111MODULE": "off", "GOFLAGS": "", "GOPROXY": "off",
        },
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    return folder / "reader"


@pytest.fixture(scope="session")
def npm_programs() -> Path:
    """`node_modules` as package-lock.json says to the last byte; kept between runs under the lock's digest."""
    if not (shutil.which("node") and shutil.which("npm")):
        needs("Node.js 20 or later with npm: apt-get install nodejs npm")
    lock = (HERE / "npm/package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yitong-conformance"
    kept = cache / hashlib.sha256(lock).hexdigest()[:16]
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=cache))
        shutil.copytree(HERE / "npm", fresh, dirs_exist_ok=True)
        # No script of a package runs: none of these needs one.
        installed = run_program(
            "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=fresh, seconds=NPM_PATIENCE_S
        )  # fmt: skip
        if installed.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            needs("the packages of tests/conformance/npm", installed.stderr.strip()[-300:])
        try:
            fresh.rename(kept)
        except OSError:  # another run was quicker
            shutil.rmtree(fresh, ignore_errors=True)
    return kept / "node_modules"

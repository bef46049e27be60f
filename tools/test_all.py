#!/usr/bin/env python3
"""Run everything (`make test-all`): the whole suite on the embedded server, then on Debian's what needs a database.

`YITONG_ALL=1` brings in slow tests, faults and browsers, and turns what is missing into failures. Tests that
use no database say the same on any server, so the second run takes only those that do, no browser and no bulk.
Each worker has a throw-away server of its own: one test's open transaction would hold the ledger's sequencer for
another's.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.database import fast_place
from yitong.hosting.api import ServerSettings, open_cluster
from yitong.hosting.cluster import url_of

ROOT = Path(__file__).resolve().parent.parent
DEBIAN = Path("/usr/lib/postgresql")
NEEDS_DATABASE = "(django_db or committed or furnished) and not browser and not bulk"
WORKERS = min((os.cpu_count() or 1) + 1, 8)  # as tests/conftest.py says of its own


def debian_programs() -> Path:
    """Debian's newest PostgreSQL; its absence is an error and not a skip."""
    found = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("Debian's PostgreSQL server is not installed: apt-get install postgresql")
    return found[-1].parent


@contextmanager
def servers(programs: Path, number: int) -> Iterator[list[str]]:
    """Throw-away servers and their addresses."""
    home = Path(tempfile.mkdtemp(prefix="yitong-debian-", dir=fast_place()))
    home.chmod(0o711)
    try:
        with ExitStack() as stack:
            yield [address(stack, home / f"server{n}", programs) for n in range(number)]
    finally:
        shutil.rmtree(home, ignore_errors=True)


def address(stack: ExitStack, folder: Path, programs: Path) -> str:
    """Start one more server; its superuser's address."""
    settings = ServerSettings(
        bin_dir=programs,
        durable=False,
        options={"max_connections": "100", "max_prepared_transactions": "4"},
    )
    cluster = stack.enter_context(open_cluster(folder, settings=settings))
    assert cluster.server is not None
    return url_of(cluster.server, role="postgres", name="postgres")


def pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", str(WORKERS), *arguments]
    print(
        "$",
        *[f"{k}={v}" for k, v in environment.items() if k == "YITONG_ALL"],
        *command[1:],
        flush=True,
    )
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, check=False
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["embedded", "debian"], help="one of the two runs")
    only = parser.parse_args().only
    programs = debian_programs()
    failed = False
    if only != "debian":
        print("everything, on the embedded server", flush=True)
        failed = bool(pytest(YITONG_ALL="1"))
    if only != "embedded":
        print(f"what needs a database, on the server of {programs}", flush=True)
        with servers(programs, WORKERS) as addresses:
            failed |= bool(
                pytest(
                    "-m",
                    NEEDS_DATABASE,
                    YITONG_ALL="1",
                    YITONG_TEST_DATABASE_URL=" ".join(addresses),
                )
            )
        failed |= bool(
            pytest("tests/integration/hosting", YITONG_ALL="1", YITONG_PG_BIN=str(programs))
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""`profile`: ten million rows of twenty columns looked at and proposed, against DuckDB counting each column's distinct values."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from yitong.cli.bench.result import BenchResult, Progress, conditions, interleaved, median
from yitong.cli.bench.tables import COLUMNS, write_people

ROWS: Final = 10_000_000
ROUNDS: Final = 3
MOST_TIMES, MOST_MIB = 2.5, 1_024
# Processes of their own, so that their memory is their own; not getrusage, which begins with what the parent had.
_TOLD: Final = """
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps(said | {"seconds": took, "mib": int(status["VmHWM"].split()[0]) // 1024}))
"""
_OURS: Final = (
    """
import json, os, sys, time
from pathlib import Path
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yitong.config.settings")
import django
django.setup()
from yitong.data.catalogue.api import propose
from yitong.data.sources.api import open_table, profile
from yitong.data.sources.quick import SIZE
started = time.perf_counter()
found = profile(open_table(sys.argv[1]))
looked = time.perf_counter()
proposal = propose(found, owner="118901000000000000")
took = time.perf_counter() - started
said = {
    "rows": found.row_count, "fields": len(proposal.fields), "faults": sum(found.fault_counts.values()),
    "propose_seconds": time.perf_counter() - looked,
    "piece_mib": SIZE >> 20,
}
"""
    + _TOLD
)
# As it is asked by somebody who knows DuckDB and trusts its defaults.
_DUCKDB: Final = (
    """
import json, sys, time
from pathlib import Path
import duckdb
engine = duckdb.connect()
engine.execute("set enable_progress_bar = false")
started = time.perf_counter()
people = engine.read_csv(sys.argv[1])
counts = ", ".join(f'count(distinct "{name}")' for name in people.columns)
rows, *distinct = people.aggregate(f"count(*), {counts}").fetchall()[0]
took = time.perf_counter() - started
said = {"rows": rows, "fields": len(distinct)}
"""
    + _TOLD
)


def run(progress: Progress) -> BenchResult:
    with tempfile.TemporaryDirectory(prefix="yitong-bench-", dir="/var/tmp") as folder:
        path = Path(folder) / "people.csv"
        progress(f"writing {ROWS:,} rows")
        write_people(path, ROWS)
        return _result(path, progress)


def _result(path: Path, progress: Progress) -> BenchResult:
    told: dict[str, list[dict[str, float]]] = {"duckdb": [], "profile": []}

    def side(name: str, program: str) -> float:
        told[name].append(_run(program, path))
        return told[name][-1]["seconds"]

    sides = {"duckdb": lambda: side("duckdb", _DUCKDB), "profile": lambda: side("profile", _OURS)}
    found = interleaved(sides, ROUNDS, progress)
    ours, bare = median(found["profile"]), median(found["duckdb"])
    # A piece lies in memory without being part of the process.
    mib = max(each["mib"] + each["piece_mib"] for each in told["profile"])
    whole = all(
        each["rows"] == ROWS and each["fields"] == COLUMNS
        for some in told.values()
        for each in some
    )
    return BenchResult(
        name="profile",
        figure=ours / bare,
        unit="× DuckDB's count of distinct values",
        bar=f"≤ {MOST_TIMES}, ≤ {MOST_MIB} MiB",
        ok=whole and ours / bare <= MOST_TIMES and mib <= MOST_MIB,
        limit=1.0,
        ratio_to_limit=bare / ours,
        points=[{"side": name, **each} for name, some in told.items() for each in some],
        conditions=conditions(
            rows=ROWS, columns=COLUMNS, file_bytes=path.stat().st_size, rounds=ROUNDS, mib=mib
        ),
    )


def _run(program: str, path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found

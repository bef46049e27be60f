"""`ingest`: sealed copy-in of ten million rows of twenty columns, against a bare COPY of the same rows."""

import json
import subprocess
import sys
from pathlib import Path

from yitong.cli.bench.result import BenchResult, Progress, conditions, median, seconds
from yitong.cli.bench.tables import COLUMNS, write_people
from yitong.cli.bench.throwaway import throwaway_node

ROWS = 10_000_000
BAR, MOST_MIB = 0.25, 300
CHUNK = 1 << 17
# A process of its own, so that its memory is its own; not getrusage, which begins with what the parent had.
# Counted with that of the processes it begins, looked at five times a second, but for the programs, which all share;
# which these are, is looked up every two seconds only, since that reads every process of the machine.
_LOAD = """
import json, sys, threading, time
from contextlib import suppress
from itertools import count
from pathlib import Path
import django
import psutil
django.setup()
from yitong.cli.bench.tables import load_people

def status(pid):
    return dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())

def watch():
    for turn in count():
        if over.wait(0.2):
            return
        if turn % 10 == 0:
            children = psutil.Process().children(recursive=True)
        for child in children:
            with suppress(OSError, KeyError):
                now = int(status(child.pid)["RssAnon"].split()[0])
                peaks[child.pid] = max(now, peaks.get(child.pid, 0))

peaks, over = {}, threading.Event()
watching = threading.Thread(target=watch)
watching.start()
started = time.perf_counter()
rows = load_people(Path(sys.argv[1]))
took = time.perf_counter() - started
over.set()
watching.join()
kib = int(status("self")["VmHWM"].split()[0]) + sum(peaks.values())
print(json.dumps({"rows": rows, "seconds": took, "mib": kib // 1024, "processes": 1 + len(peaks)}))
"""


def run(progress: Progress, rows: int = ROWS) -> BenchResult:
    with throwaway_node() as node:
        path = node.data_dir.parent / "people.csv"
        progress(f"writing {rows:,} rows")
        write_people(path, rows)
        bare = [_bare(path)]
        progress(f"bare COPY: {rows / bare[0]:,.0f} rows/s")
        ours = _load(path)
        progress(f"sealed: {ours['rows'] / ours['seconds']:,.0f} rows/s, {ours['mib']} MiB")
        bare.append(_bare(path))
        progress(f"bare COPY: {rows / bare[1]:,.0f} rows/s")
        limit, rate = rows / median(bare), ours["rows"] / ours["seconds"]
        return BenchResult(
            name="ingest",
            figure=rate,
            unit="rows/s",
            bar=f"≥ {BAR:.0%} of the limit, ≤ {MOST_MIB} MiB",
            ok=rate / limit >= BAR and ours["mib"] <= MOST_MIB and ours["rows"] == rows,
            limit=limit,
            ratio_to_limit=rate / limit,
            points=[{"side": "sealed", **ours}, *({"side": "bare", "seconds": s} for s in bare)],
            conditions=conditions(
                rows=rows, columns=COLUMNS, file_bytes=path.stat().st_size, server=node.server
            ),
        )


def _bare(path: Path) -> float:
    """Seconds for COPY of the same file into a table of text without an index."""
    from django.db import connection

    columns = ", ".join(f"c{n} text" for n in range(COLUMNS))
    with connection.cursor() as cursor:
        # Of ten million rows it takes longer than a transaction of ours may; PostgreSQL 15 knows the first alone.
        cursor.execute(
            "select set_config(name, '0', false) from pg_settings"
            " where name in ('statement_timeout', 'transaction_timeout')"
        )
        cursor.execute(f"drop table if exists bare; create table bare ({columns})")

        def copy() -> None:
            with (
                cursor.copy("copy bare from stdin (format csv, header)") as sink,
                path.open("rb") as stream,
            ):
                while data := stream.read(CHUNK):
                    sink.write(data)

        taken = seconds(copy)
        cursor.execute("drop table bare")
    return taken


def _load(path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, str(path)], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found

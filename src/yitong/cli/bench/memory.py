"""`memory`: an idle node, all its processes, PSS, 60 s after the first page."""

import time
from collections.abc import Iterator

import psutil

from yitong.cli.bench.nodes import node_folder, running
from yitong.cli.bench.result import BenchResult, Progress, conditions

IDLE_S = 60
BAR_MIB = 400
MIB = 1 << 20


def run(progress: Progress) -> BenchResult:
    with node_folder() as data_dir, running(data_dir) as node:
        progress(f"first page after {node.first_page_s:.2f} s; waiting {IDLE_S} s")
        time.sleep(IDLE_S)
        shares = [(name, pss / MIB) for name, pss in _shares(node.pid)]
        points = [{"process": name, "pss_mib": round(mib, 1)} for name, mib in shares]
        total = sum(mib for _, mib in shares)
        return BenchResult(
            name="memory",
            figure=total,
            unit="MiB",
            bar=f"≤ {BAR_MIB} MiB",
            ok=total <= BAR_MIB,
            points=points,
            conditions=conditions(processes=len(points), idle_seconds=IDLE_S),
        )


def _shares(pid: int) -> Iterator[tuple[str, int]]:
    """Every process of the node with its proportional share of memory."""
    supervisor = psutil.Process(pid)
    for process in [supervisor, *supervisor.children(recursive=True)]:
        words = process.cmdline()[:6]
        yield " ".join(word.rsplit("/", 1)[-1] for word in words), process.memory_full_info().pss

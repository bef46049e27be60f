"""The benchmarks by name. Each stands in a module of its own, imported when it is asked for."""

import importlib

from yitong.cli.bench.result import BenchResult, Progress
from yitong.cli.errors import BenchMissing

NAMES = (
    "ledger", "proofs", "record", "gateway", "start", "memory", "duedate", "duties", "inbox", "recompute",
    "ingest", "profile", "match", "predicate",
)  # fmt: skip


# Those whose volume can be chosen: a smaller one says how fast it is, the bar is for the whole.
SIZED = frozenset({"ingest"})


def measure(name: str, progress: Progress, *, rows: int | None = None) -> BenchResult:
    """Run a benchmark: its module has `run(progress) -> BenchResult`, and `rows` if it is one of `SIZED`."""
    chosen = {} if rows is None else {"rows": rows}
    try:
        module = importlib.import_module(f"yitong.cli.bench.{name}")
        result: BenchResult = module.run(progress, **chosen)
    except ModuleNotFoundError as error:
        raise BenchMissing(name=name, module=error.name) from error
    return result

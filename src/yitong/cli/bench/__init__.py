"""The benchmarks by name. Each stands in a module of its own, imported when it is asked for."""

import importlib

from yitong.cli.bench.result import BenchResult, Progress
from yitong.cli.errors import BenchMissing

NAMES = (
    "ledger", "proofs", "record", "gateway", "start", "memory", "duedate", "duties", "inbox", "recompute",
    "ingest", "profile", "match", "predicate",
)  # fmt: skip


def measure(name: str, progress: Progress) -> BenchResult:
    """Run a benchmark: its module has `run(progress) -> BenchResult`."""
    try:
        module = importlib.import_module(f"yitong.cli.bench.{name}")
        result: BenchResult = module.run(progress)
    except ModuleNotFoundError as error:
        raise BenchMissing(name=name, module=error.name) from error
    return result

"""What a benchmark says, and how its sides are measured. Scripts read this shape: its names stay as they are."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Progress = Callable[[str], None]

_ORDER = (
    "name", "figure", "unit", "limit", "rival", "ratio_to_limit", "ratio_to_rival", "bar", "ok",
    "points", "conditions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BenchResult:
    """`figure` is the worst of the bar's points; `limit` and `rival` were measured in the same run."""

    name: str
    figure: float
    unit: str
    bar: str
    ok: bool
    limit: float | None = None
    rival: float | None = None
    ratio_to_limit: float | None = None
    ratio_to_rival: float | None = None
    points: Sequence[Mapping[str, Any]] = ()
    conditions: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        return {name: found[name] for name in _ORDER}


def conditions(**facts: object) -> dict[str, object]:
    """On what a figure was measured: without it a figure says nothing."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **facts,
    }


def interleaved(
    sides: Mapping[str, Callable[[], float]], rounds: int, progress: Progress
) -> dict[str, list[float]]:
    """Each side once a round, so that whatever slows the machine down slows all of them."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(1, rounds + 1):
        for name, measure in sides.items():
            found[name].append(measure())
            progress(f"{number}/{rounds} {name}: {found[name][-1]:g}")
    return found


def median(values: Sequence[float]) -> float:
    return float(statistics.median(values))


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

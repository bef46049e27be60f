"""`start`: cold start of a seeded node to its first page, by the command an operator types."""

from yitong.cli.bench.nodes import node_folder, running
from yitong.cli.bench.result import BenchResult, Progress, conditions, median

ROUNDS = 5
BAR_S = 4.0


def run(progress: Progress) -> BenchResult:
    with node_folder() as data_dir:
        with running(data_dir) as first:
            progress(f"seeded in {first.first_page_s:.2f} s")
        found = []
        for number in range(1, ROUNDS + 1):
            with running(data_dir) as node:
                found.append(node.first_page_s)
            progress(f"{number}/{ROUNDS}: {found[-1]:.2f} s")
        return BenchResult(
            name="start",
            figure=median(found),
            unit="s",
            bar=f"≤ {BAR_S} s",
            ok=median(found) <= BAR_S,
            points=[{"seconds": found}],
            conditions=conditions(rounds=ROUNDS),
        )

"""`proofs`: inclusion proofs at a million entries, from PostgreSQL, one process.

Limit: reading the leaf tile that each proof needs, nothing else.
"""

import random

from yitong.cli.bench.result import (
    BenchResult,
    Progress,
    conditions,
    interleaved,
    median,
    seconds,
)
from yitong.cli.bench.throwaway import throwaway_node

ENTRIES = 1_000_000
PROOFS = 5_000
ROUNDS = 5
BAR = 3_000
SEED = 20261122


def run(progress: Progress) -> BenchResult:
    with throwaway_node() as node:
        from yitong.base.ledger import api as ledger
        from yitong.cli.bench.entries import write_entries

        write_entries(ENTRIES, progress)
        ledger.sequence_all()
        indexes = [random.Random(SEED).randrange(ENTRIES) for _ in range(PROOFS)]  # noqa: S311

        def prove() -> None:
            for index in indexes:
                ledger.PublicLog.inclusion_proof(index, ENTRIES)

        sides = {
            "yitong": lambda: PROOFS / seconds(prove),
            "tile read": lambda: PROOFS / seconds(lambda: _read_tiles(indexes)),
        }
        found = interleaved(sides, ROUNDS, progress)
        ours, limit = median(found["yitong"]), median(found["tile read"])
        return BenchResult(
            name="proofs",
            figure=ours,
            unit="proofs/s",
            bar=f"≥ {BAR}",
            ok=ours >= BAR,
            limit=limit,
            ratio_to_limit=ours / limit,
            points=[{"side": name, "rounds": values} for name, values in found.items()],
            conditions=conditions(entries=ENTRIES, proofs=PROOFS, server=node.server),
        )


def _read_tiles(indexes: list[int]) -> None:
    from yitong.base.ledger.leaf_tiles import leaf_tile_row

    for index in indexes:
        leaf_tile_row(index // 256)

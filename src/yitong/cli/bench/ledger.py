"""`ledger`: integrate a million committed entries: leaves, tree, tiles, checkpoints.

Limit: hashing the same leaves and nodes with hashlib alone. Rival: pymerkle appending them in memory.
"""

import hashlib
import importlib.metadata

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
ROUNDS = 3
BAR_LIMIT, BAR_RIVAL = 0.25, 2.0


def run(progress: Progress) -> BenchResult:
    with throwaway_node() as node:
        from yitong.base.ledger import api as ledger
        from yitong.cli.bench.entries import forget_order, write_entries

        write_entries(ENTRIES, progress)
        lines = _lines()

        def integrate() -> float:
            forget_order()
            taken = seconds(ledger.sequence_all)
            return ENTRIES / taken

        sides = {
            "yitong": integrate,
            "hashlib": lambda: ENTRIES / seconds(lambda: _hash_alone(lines)),
            "pymerkle": lambda: ENTRIES / seconds(lambda: _append(lines)),
        }
        found = interleaved(sides, ROUNDS, progress)
        verified = ledger.verify()
        ours, limit, rival = (median(found[name]) for name in ("yitong", "hashlib", "pymerkle"))
        return BenchResult(
            name="ledger",
            figure=ours,
            unit="entries/s",
            bar=f"≥ {BAR_LIMIT} of the limit and ≥ {BAR_RIVAL} × pymerkle",
            ok=ours >= BAR_LIMIT * limit and ours >= BAR_RIVAL * rival and verified.ok,
            limit=limit,
            rival=rival,
            ratio_to_limit=ours / limit,
            ratio_to_rival=ours / rival,
            points=[{"side": name, "rounds": values} for name, values in found.items()],
            conditions=conditions(
                entries=ENTRIES,
                server=node.server,
                verified=verified.ok,
                pymerkle=importlib.metadata.version("pymerkle"),
            ),
        )


def _lines() -> list[bytes]:
    """The published lines of the log: what the leaves hash."""
    from django.db import connection

    from yitong.base.ledger.rules import published_line, whole_seconds

    with connection.cursor() as cursor:
        cursor.execute("select at, commitment from ledger_entry order by xid, id")
        return [published_line(whole_seconds(at), bytes(c)) for at, c in cursor]


def _hash_alone(lines: list[bytes]) -> None:
    sha = hashlib.sha256
    level = [sha(b"\x00" + line).digest() for line in lines]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha(b"\x01" + left + right).digest() for left, right in pairs] + odd


def _append(lines: list[bytes]) -> None:
    from pymerkle import InmemoryTree

    tree = InmemoryTree(algorithm="sha256")
    for line in lines:
        tree.append_entry(line)

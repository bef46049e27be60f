"""`record`: one entry inside a transaction, against one bare INSERT of the same bytes into the same table."""

import time

from yitong.cli.bench.result import BenchResult, Progress, conditions, interleaved, median
from yitong.cli.bench.throwaway import BY, throwaway_node

ENTRIES = 1_000
ROUNDS = 15
BAR = 1.3


def run(progress: Progress) -> BenchResult:
    with throwaway_node() as node:
        sides = {
            "record": _record_all,
            "bare insert": lambda: _insert_all(is_prepared=False),
            "bare insert, prepared": lambda: _insert_all(is_prepared=True),
        }
        interleaved(sides, 1, progress)  # warm up
        found = interleaved(sides, ROUNDS, progress)
        ours, bare = median(found["record"]), median(found["bare insert"])
        return BenchResult(
            name="record",
            figure=ours / bare,
            unit="× one bare INSERT",
            bar=f"≤ {BAR}",
            ok=ours / bare <= BAR,
            limit=1.0,
            ratio_to_limit=bare / ours,
            points=[
                {"side": name, "microseconds": [v * 1e6 for v in values]}
                for name, values in found.items()
            ],
            conditions=conditions(entries_per_transaction=ENTRIES, server=node.server),
        )


def _record_all() -> float:
    """Seconds an entry."""
    from django.db import transaction

    from yitong.base.ledger import api as ledger
    from yitong.cli.bench.entries import HAPPENED
    from yitong.kernel.declare import About, Facts

    facts: Facts = {"number": 1, "purpose": "school-admission", "fields": ["sfzh", "xm", "zt"]}
    with transaction.atomic():
        started = time.perf_counter()
        for number in range(ENTRIES):
            ledger.record(HAPPENED, by=BY, about=About("bench", str(number)), facts=facts)
        return (time.perf_counter() - started) / ENTRIES


def _insert_all(*, is_prepared: bool) -> float:
    """Seconds an INSERT of rows that are ready: as plain SQL, or by the prepared statement of `record`."""
    from django.db import connection, transaction
    from psycopg import Cursor

    from yitong.base.ledger.actions import INSERT, entry_values
    from yitong.cli.bench.entries import prepared_entry

    rows = [entry_values(prepared_entry(number)) for number in range(ENTRIES)]
    with transaction.atomic():
        started = time.perf_counter()
        for row in rows:
            if is_prepared:
                with Cursor(connection.connection) as raw:
                    raw.execute(INSERT, row, prepare=True).fetchone()
            else:
                with connection.cursor() as cursor:
                    cursor.execute(INSERT, row)
                    cursor.fetchone()
        return (time.perf_counter() - started) / ENTRIES

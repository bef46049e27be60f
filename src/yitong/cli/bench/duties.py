"""`duties`: whole lives through the actions (open, pause, resume, meet), one process with PostgreSQL.

`ledger.record` is timed inside `open_duty`, statements are counted a call, and the limit is one bare transaction with
the same number of rows, committed as often.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from yitong.cli.bench.result import BenchResult, Progress, conditions, median
from yitong.cli.bench.throwaway import BY, throwaway_node

LIVES = 200
ROUNDS = 5
BAR = 70.0
MOST_RECORD = 0.25
STEPS = ("open", "pause", "resume", "meet")


def run(progress: Progress) -> BenchResult:
    with throwaway_node() as node:
        from yitong.cli.bench.offices import an_office, kinds_for_bench

        with kinds_for_bench():
            office = an_office()
            _lives(office, 20)  # warm up
            statements = _statements(office)
            rates, shares, bare = [], [], []
            for number in range(1, ROUNDS + 1):
                rates.append(LIVES / _timed(lambda: _lives(office, LIVES)))
                shares.append(_record_share(office))
                bare.append(LIVES / _timed(lambda: _bare(LIVES)))
                progress(f"{number}/{ROUNDS}: {rates[-1]:.0f} lives/s, record {shares[-1]:.0%}")
            figure, share, limit = median(rates), median(shares), median(bare)
        return BenchResult(
            name="duties",
            figure=figure,
            unit="lives/s",
            bar=f"≥ {BAR:.0f} lives/s; ledger.record ≤ {MOST_RECORD:.0%} of duties.open",
            ok=figure >= BAR and share <= MOST_RECORD,
            limit=limit,
            ratio_to_limit=figure / limit,
            points=[
                {"lives_per_second": rates, "record_share_of_open": shares},
                {"statements_per_call": statements},
            ],
            conditions=conditions(lives=LIVES, rounds=ROUNDS, server=node.server),
        )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _lives(office: str, count: int) -> None:
    from yitong.base.duties.api import meet, open_duty, pause, resume
    from yitong.cli.bench.offices import a_new_duty

    for _ in range(count):
        duty = open_duty(a_new_duty(office), by=BY)
        pause(duty.pk, reason="bench", by=BY)
        resume(duty.pk, reason="bench", by=BY)
        meet(duty.pk, outcome="done", by=BY)


def _statements(office: str) -> dict[str, int]:
    """How many statements each action sends, its transaction's own included."""
    from yitong.base.duties.api import meet, open_duty, pause, resume
    from yitong.cli.bench.offices import a_new_duty

    found = {}
    with _counted() as count:
        duty = open_duty(a_new_duty(office), by=BY)
    found["open"] = count()
    calls: dict[str, Callable[[], object]] = {
        "pause": lambda: pause(duty.pk, reason="bench", by=BY),
        "resume": lambda: resume(duty.pk, reason="bench", by=BY),
        "meet": lambda: meet(duty.pk, outcome="done", by=BY),
    }
    for name, call in calls.items():
        with _counted() as count:
            call()
        found[name] = count()
    return found


@contextmanager
def _counted() -> Iterator[Callable[[], int]]:
    """Every statement of every cursor, with BEGIN and COMMIT, which go without one."""
    from psycopg import Cursor

    sent, plain = [2], Cursor.execute

    def counting(self: Cursor[Any], *args: Any, **more: Any) -> Cursor[Any]:  # noqa: ANN401 - passed on
        sent[0] += 1
        return plain(self, *args, **more)

    Cursor.execute = counting  # type: ignore[method-assign, assignment]
    try:
        yield lambda: sent[0]
    finally:
        Cursor.execute = plain  # type: ignore[method-assign]


def _record_share(office: str) -> float:
    """Which part of `open_duty` is spent in `ledger.record`."""
    from yitong.base.duties import actions
    from yitong.base.ledger.api import record
    from yitong.cli.bench.offices import a_new_duty

    spent = [0.0]

    def timed(*args: Any, **more: Any) -> int:  # noqa: ANN401 - passed on
        started = time.perf_counter()
        try:
            return record(*args, **more)
        finally:
            spent[0] += time.perf_counter() - started

    setattr(actions, "record", timed)  # noqa: B010 - in its place for the time of the measurement
    try:
        whole = _timed(lambda: [actions.open_duty(a_new_duty(office), by=BY) for _ in range(LIVES)])
    finally:
        setattr(actions, "record", record)  # noqa: B010
    return spent[0] / whole


def _bare(count: int) -> None:
    """The same commits with one small row each: what the server's durability alone allows."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("create temporary table if not exists bare (id bigserial, words text)")
    for _ in range(count):
        for step in STEPS:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("insert into bare (words) values (%s)", [step])
                cursor.execute("select pg_current_xact_id()")

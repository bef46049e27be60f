"""`recompute`: a calendar change that touches 100,000 open duties, counted anew in batches while readers go on reading."""

import datetime as dt
import threading
import time

from yitong.cli.bench.result import BenchResult, Progress, conditions
from yitong.cli.bench.throwaway import BY, throwaway_node

OPEN = 100_000
POSTS = 100
BAR_S = 60.0
READER_BAR_S = 0.5  # a reader that waited for a batch would wait about as long as one


def run(progress: Progress) -> BenchResult:
    with throwaway_node() as node:
        from yitong.cli.bench.offices import an_office, copy_duties, kinds_for_bench

        with kinds_for_bench():
            posts = [an_office(number) for number in range(1, POSTS + 1)]
            copy_duties(posts, whole=OPEN, open_ones=OPEN, progress=progress)
            _announce_a_holiday()
            reads: list[float] = []
            stop = threading.Event()
            reader = threading.Thread(target=_read_on, args=(posts[0], stop, reads))
            reader.start()
            try:
                seconds, batches, changed = _recount(progress)
            finally:
                stop.set()
                reader.join()
        slowest = max(reads, default=0.0)
        return BenchResult(
            name="recompute",
            figure=seconds,
            unit="s",
            bar=f"≤ {BAR_S:.0f} s, no read longer than {READER_BAR_S} s",
            ok=seconds <= BAR_S and slowest <= READER_BAR_S and changed > 0,
            points=[
                {"changed": changed, "batches": len(batches), "slowest_batch_s": max(batches)},
                {"reads": len(reads), "slowest_read_s": slowest},
            ],
            conditions=conditions(open=OPEN, posts=POSTS, server=node.server),
        )


def _announce_a_holiday() -> None:
    """A day off within the week ahead: every clock that runs crosses it."""
    from yitong.base.duties.recounts import CALENDAR, Change, note_change
    from yitong.base.statutes.api import calendar, load_calendar
    from yitong.kernel import clock

    days = calendar()
    off = days.after(clock.today(), 2)
    rows = ["date,kind,status,name,source"]
    on = dt.date(off.year, 1, 1)
    while on.year == off.year:
        day = days.day(on)
        kind = "adjusted_off" if on == off else day.kind
        if kind not in ("workday", "weekend"):
            rows.append(f"{on},{kind},official,{day.name or 'bench'},bench")
        on += dt.timedelta(days=1)
    load_calendar(text="\n".join(rows) + "\n", name=f"{off.year}.csv", by=BY)
    note_change(Change(CALENDAR, "bench/1", first_on=off, last_on=off))


def _recount(progress: Progress) -> tuple[float, list[float], int]:
    from yitong.base.duties.models import Recount
    from yitong.base.duties.recounts import recount_some

    batches: list[float] = []
    started = time.perf_counter()
    while True:
        begun = time.perf_counter()
        if not recount_some(by=BY):
            break
        batches.append(time.perf_counter() - begun)
        if len(batches) % 10 == 0:
            progress(f"{len(batches)} batches, {time.perf_counter() - started:.1f} s")
    return time.perf_counter() - started, batches, Recount.objects.get().changed


def _read_on(post: str, stop: threading.Event, reads: list[float]) -> None:
    """An officer who opens the inbox again and again."""
    from django.db import connection

    from yitong.base.duties.api import inboxes
    from yitong.kernel.actor import Actor

    viewer = Actor("account:1", post=post, agency=post.partition("/")[0], region="890102")
    try:
        while not stop.is_set():
            begun = time.perf_counter()
            inboxes.inbox(viewer=viewer, sieve=inboxes.Sieve())
            reads.append(time.perf_counter() - begun)
            stop.wait(0.1)
    finally:
        connection.close()

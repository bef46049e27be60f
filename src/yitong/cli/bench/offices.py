"""Agencies, posts and duties for benchmarks, the first made through the actions, the many by COPY."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from yitong.base.duties.api import Matter, NewDuty
from yitong.cli.bench.result import Progress
from yitong.cli.bench.throwaway import BY
from yitong.kernel import clock
from yitong.kernel.codes import credit_code
from yitong.kernel.declare import About, DutyKind

KIND = DutyKind(
    name="bench.answer",
    title="答复共享申请",
    group="共享",
    limits=("DSR-21b",),
    family="DSR",
    done_when="答复",
    outcomes={"done": "答复"},
)
REGION = "890102"
BATCH = 50_000
_matters = count(1)


@contextmanager
def kinds_for_bench() -> Iterator[None]:
    """The apps' kinds and one of the benchmark's own."""
    from yitong.base.duties.declared import install, kinds

    before = list(kinds().values())
    install([*before, KIND])
    yield
    install(before)


def an_office(number: int = 1) -> str:
    """An agency with a head and a clerk; the clerk's post."""
    from yitong.base.identity.api import appoint, create_account, posts, register_agency

    code = credit_code("1", "1", "890100", f"DM{number:06d}")
    agency = register_agency(
        by=BY, code=code, name=f"测速第{number}局", kind="块", region=REGION, is_demo=True
    )
    keys = []
    for role in ("dept_head", "sharing_contact"):
        post = posts.create_post(by=BY, agency=agency, role=role)
        account = create_account(by=BY, username=f"bench{number}.{role}", kind="staff")
        appoint(by=BY, post=post.key, account=account)
        keys.append(post.key)
    return keys[1]


def a_new_duty(post: str) -> NewDuty:
    return NewDuty(
        matter=Matter(KIND.name, About("bench", str(next(_matters)))),
        agency=post.partition("/")[0],
        post=post,
        start=clock.now(),
        subject="基本医保参保信息",
        waits="市教育局",
    )


def copy_duties(posts: list[str], *, whole: int, open_ones: int, progress: Progress) -> None:
    """`whole` duties of these posts of which `open_ones` are open, spread over a year; copied, not acted."""
    from django.db import connection

    from yitong.base.duties.clocks import Counting
    from yitong.base.statutes.api import limit_for

    counting, now = Counting(), clock.now()
    limit = limit_for("DSR-21b", region=REGION, on=clock.today())
    connection.ensure_connection()
    columns = (
        "kind, about_type, about_key, step, family, subject, detail, waits, region, agency, home_post, post, "
        "moved_by, is_unassigned, limit_key, limit_kind, limit_id, basis_act, basis_article, standing, unit, amount, "
        "started_at, segments, due_at, due_on, risk_at, is_provisional, next_at, warned, rungs, "
        "extended_by, extended_post, extension_reason, extension_consent, extension_notice, state, outcome, "
        "closed_at, closed_by, closed_post, closing_reason, result, judged_at, opened_at, opened_by"
    )
    with connection.connection.cursor() as cursor:
        for start in range(0, whole, BATCH):  # each a transaction that the server's time-out allows
            with cursor.copy(f"copy duties_duty ({columns}) from stdin") as copy:
                for number in range(start, min(start + BATCH, whole)):
                    copy.write_row(_row(number, posts, whole - open_ones, (now, counting, limit)))
            progress(f"duties {start + BATCH}/{whole}")
        cursor.execute("analyze duties_duty")


def _row(number: int, posts: list[str], closed: int, known: tuple) -> tuple[object, ...]:  # type: ignore[type-arg]
    from yitong.base.duties.clocks import Course

    now, counting, limit = known
    post = posts[number % len(posts)]
    is_open = number >= closed
    days_ago = number % 14 if is_open else 30 + number % 300
    started_at = now - dt.timedelta(days=days_ago, hours=number % 24)
    timing = counting.timing(Course(limit, started_at, post.partition("/")[0]), KIND)
    is_late = is_open and timing.due_at <= now
    closed_at = None if is_open else timing.due_at - dt.timedelta(days=1)
    result = "" if is_open else "on_time"
    return (
        KIND.name, "bench", f"c{number}", "", "DSR", f"基本医保参保信息{number % 997}", "", "市教育局", REGION,
        post.partition("/")[0], post, post, "", False, limit.key, limit.kind, limit.id, limit.basis.act, limit.basis.article,
        "statutory", "WD", limit.amount, started_at, "[]", timing.due_at, timing.due_on, timing.risk_at,
        timing.is_provisional, timing.due_at if is_open and not is_late else None, 7, 0, "", "", "", "", "",
        "running" if is_open else "met", "" if is_open else "done", closed_at, "" if is_open else "bench", "", "",
        result, closed_at, started_at, "bench",
    )  # fmt: skip

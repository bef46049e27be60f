"""`inbox`: an officer's inbox, the whole page, among a million duties of which a hundred thousand are open."""

import time
from typing import Any

from yitong.cli.bench.result import BenchResult, Progress, conditions
from yitong.cli.bench.throwaway import throwaway_node

WHOLE, OPEN = 1_000_000, 100_000
POSTS = 100
PAGES = 300
BAR_MS = 120.0
MOST_QUERIES = 12
VIEWS = (
    "",
    "?state=missed",
    "?page=7",
    "?q=参保信息5",
    "?scope=agency",
    "?state=at_risk&group=共享",
)


def run(progress: Progress) -> BenchResult:
    with throwaway_node() as node:
        from yitong.cli.bench.offices import an_office, copy_duties, kinds_for_bench

        with kinds_for_bench():
            posts = [an_office(number) for number in range(1, POSTS + 1)]
            copy_duties(posts, whole=WHOLE, open_ones=OPEN, progress=progress)
            browsers = [_browser(number) for number in range(1, POSTS + 1)]
            for browser in browsers[:3]:  # warm up
                browser.get("/work/")
            times, queries = _visit(browsers, progress)
            plan = _plan(posts[0])
        figure = sorted(times)[int(len(times) * 0.95)] * 1000
        return BenchResult(
            name="inbox",
            figure=figure,
            unit="ms (p95)",
            bar=f"≤ {BAR_MS:.0f} ms, ≤ {MOST_QUERIES} queries",
            ok=figure <= BAR_MS and max(queries.values()) <= MOST_QUERIES,
            points=[
                {"median_ms": sorted(times)[len(times) // 2] * 1000, "pages": len(times)},
                {"queries": queries},
                {"plan": plan},
            ],
            conditions=conditions(duties=WHOLE, open=OPEN, posts=POSTS, server=node.server),
        )


def _browser(number: int) -> Any:  # noqa: ANN401 - Django's test client has no stubs for force_login
    from django.contrib.auth import get_user_model
    from django.test import Client

    browser = Client()
    account = get_user_model().objects.get(username=f"bench{number}.sharing_contact")
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def _visit(browsers: list[Any], progress: Progress) -> tuple[list[float], dict[str, int]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for number in range(PAGES):
        browser, view = browsers[number % len(browsers)], VIEWS[number % len(VIEWS)]
        begun = time.perf_counter()
        answer = browser.get(f"/work/{view}")
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.status_code  # noqa: S101 - else nothing was measured
        if number % 100 == 0:
            progress(f"{number}/{PAGES}: {times[-1] * 1000:.0f} ms")
    queries = {}
    for view in VIEWS:
        with CaptureQueriesContext(connection) as captured:
            browsers[0].get(f"/work/{view}")
        queries[view or "/"] = len(captured)
    return times, queries


def _plan(post: str) -> str:
    """How the server finds a page of a post: by its index, not by looking at a million rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "explain select id from duties_duty where post = %s and closed_at is null "
            "order by due_at nulls last, id limit 12",
            [post],
        )
        return " / ".join(row[0].strip() for row in cursor.fetchall())

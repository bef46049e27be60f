"""Schedules: once a due instant, whoever asks and however long the node was down."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories.agencies import OPERATOR
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.access.api import NotAllowed
from yitong.base.jobs import actions, declared
from yitong.base.jobs.api import UnknownSchedule, run_now
from yitong.base.jobs.models import ScheduleRun
from yitong.base.jobs.queries import status
from yitong.base.jobs.queueing import defer
from yitong.base.ledger.models import Entry
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

START = dt.datetime(2026, 11, 22, 2, 30, tzinfo=dt.UTC)
NAME = "tests.nightly"


@pytest.fixture(autouse=True)
def as_before():
    schedules, reactions = declared.schedules(), declared.reactions()
    yield
    declared.install(schedules=schedules, reactions=reactions)


@pytest.fixture
def ran(node_keys) -> Callable[[], int]:  # noqa: F811
    """How often the schedule's effect happened; the effect is a row, so an undone run does not count."""
    with connection.cursor() as cursor:
        cursor.execute("create table effect (at timestamptz)")

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from effect")
            return cursor.fetchone()[0]

    return count


def effect() -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into effect values (now())")


def declare(run: Callable[[], None] = effect, cron: str = "17 3 * * *") -> None:
    declared.install(schedules=[Schedule(NAME, cron, run)], reactions=())


def at(**later: float):
    return clock.frozen(START + dt.timedelta(**later))


def run_queued() -> None:
    for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk"):
        actions.run_schedule(**job.args)


def together(work: Callable[[], object], times: int = 2) -> list[object]:
    """Run `work` at the same moment in so many threads, each with a connection of its own."""
    barrier, results = threading.Barrier(times), []

    def one() -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_new_schedule_begins_now_and_does_not_make_up_the_past(ran):
    declare()
    with at():
        assert actions.notice_due() == 0
    run_queued()
    assert ran() == 0
    with at(days=1):
        assert actions.notice_due() == 1
        assert actions.notice_due() == 0
    run_queued()
    assert ran() == 1


def test_an_instant_missed_while_the_node_was_down_is_run_once(ran):
    declare()
    with at():
        actions.notice_due()
    with at(days=10):
        assert actions.notice_due() == 1
        run_queued()
    assert ran() == 1
    assert ScheduleRun.objects.order_by("due_at").last().due_at == dt.datetime(
        2026, 12, 1, 19, 17, tzinfo=dt.UTC
    )


def test_a_run_out_of_turn_is_recorded_and_keeps_no_instant_from_its_own(ran):
    declare()
    with at():
        actions.notice_due()
        run_now(by=OPERATOR, name=NAME)
        assert ran() == 1
    with at(days=1):
        assert actions.notice_due() == 1
    run_queued()
    assert ran() == 2
    assert [row.facts for row in Entry.objects.filter(event="jobs.schedule_run")] == [
        {"schedule": NAME}
    ]


def test_nobody_else_runs_a_schedule_and_an_unknown_one_is_refused(ran):
    declare()
    with pytest.raises(NotAllowed):
        run_now(by=Actor("account:1", kind="staff"), name=NAME)
    with pytest.raises(UnknownSchedule, match="查无此事"):
        run_now(by=OPERATOR, name="查无此事")
    assert ran() == 0


def test_two_runners_at_once_queue_one_job_and_have_one_effect(ran):
    declare()
    with at():
        actions.notice_due()

    def notice() -> int:
        with at(days=1):
            return actions.notice_due()

    assert sorted(together(notice, 4)) == [0, 0, 0, 1]
    job = ProcrastinateJob.objects.get()
    together(lambda: actions.run_schedule(**job.args), 3)
    assert ran() == 1
    assert ScheduleRun.objects.filter(finished_at=None).count() == 0


def test_a_run_that_fails_leaves_nothing_but_its_error_and_is_tried_again(ran):
    broken = [True]

    def stumble() -> None:
        effect()
        if broken:
            raise ValueError("a person's data may stand in this text")

    declare(stumble)
    with at():
        actions.notice_due()
    with at(days=1):
        actions.notice_due()
        with pytest.raises(ValueError, match="text"):
            run_queued()
    assert ran() == 0
    run = ScheduleRun.objects.order_by("due_at").last()
    assert (run.attempts, run.error, run.finished_at) == (1, "builtins.ValueError", None)
    with at(days=1):
        (found,) = status().schedules
        assert found.late_s == pytest.approx(7 * 3600 + 13 * 60, abs=1)
        assert found.error == "builtins.ValueError"
    broken.clear()
    run_queued()
    assert ran() == 1
    with at(days=1):
        assert status().latest_s == 0


def test_a_schedule_that_no_app_declares_any_more_is_let_go(ran):
    declare()
    with at():
        actions.notice_due()
    with at(days=1):
        actions.notice_due()
    declared.install(schedules=(), reactions=())
    run_queued()
    assert ran() == 0


def test_a_job_deferred_in_a_transaction_that_fails_does_not_exist(ran):
    @transaction.atomic
    def fail() -> None:
        defer(actions.RUN_SCHEDULE, name=NAME, due=START.isoformat())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not ProcrastinateJob.objects.exists()


def test_the_queue_tells_its_depth_and_age(ran):
    declare()
    with at():
        actions.notice_due()
    with at(days=1):
        actions.notice_due()
    found = status()
    assert (found.waiting, found.running, found.failed) == (1, 0, 0)
    assert 0 <= found.oldest_waiting_s < 60

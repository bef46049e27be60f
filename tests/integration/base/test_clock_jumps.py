"""Schedules while the machine's clock jumps: what ran in a wrong future neither blocks nor repeats anything."""

import datetime as dt
import threading

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.jobs import actions, declared
from yitong.base.jobs.models import ScheduleRun
from yitong.kernel import clock
from yitong.kernel.declare import Schedule

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]
START = dt.datetime(2026, 12, 31, 15, 30, tzinfo=dt.UTC)  # half an hour before New Year in Shanghai
NAME = "tests.minutely"


@pytest.fixture(autouse=True)
def as_before():
    schedules, reactions = declared.schedules(), declared.reactions()
    yield
    declared.install(schedules=schedules, reactions=reactions)


@pytest.fixture
def ran():
    times = []
    declared.install(
        schedules=[Schedule(NAME, "* * * * *", lambda: times.append(clock.now()))], reactions=()
    )
    with at():
        actions.notice_due()
    return times


def at(**later: float):
    return clock.frozen(START + dt.timedelta(**later))


def round_at(**later: float) -> None:
    """What the worker does every few seconds."""
    with at(**later):
        actions.notice_due()
        for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk"):
            actions.run_schedule(**job.args)


def test_a_year_ahead_and_back_the_schedule_goes_on_at_once(ran):
    round_at(minutes=1)
    round_at(days=365)
    round_at(minutes=2)
    round_at(minutes=3)
    assert [t - START for t in ran] == [
        dt.timedelta(minutes=1), dt.timedelta(days=365), dt.timedelta(minutes=2), dt.timedelta(minutes=3),
    ]  # fmt: skip


def test_set_back_by_an_hour_it_runs_every_minute_again(ran):
    for minute in (61, 62, 1, 2, 3):
        round_at(minutes=minute)
    assert len(ran) == 5


def test_midnight_and_new_year_are_minutes_like_others(ran):
    for minute in range(28, 33):
        round_at(minutes=minute)
    assert len(ran) == 5
    assert ScheduleRun.objects.filter(name=NAME).count() == 6


def test_work_in_parts_is_one_run_and_a_transaction_a_part(node_keys):  # noqa: F811
    left = [3]
    inside = []

    def part() -> bool:
        left[0] -= 1
        with connection.cursor() as cursor:
            cursor.execute("select txid_current()")
            inside.append(cursor.fetchone()[0])
        return left[0] > 0

    declared.install(schedules=[Schedule(NAME, "* * * * *", part)], reactions=())
    with at():
        actions.notice_due()
    round_at(minutes=1)
    assert left == [0]
    assert len(set(inside)) == 3
    assert ScheduleRun.objects.order_by("due_at").last().attempts == 1


def test_two_workers_share_one_run_of_parts(node_keys):  # noqa: F811
    done, lock = [], threading.Lock()

    def part() -> bool:
        with lock:
            done.append(1)
            return len(done) < 6

    declared.install(schedules=[Schedule(NAME, "* * * * *", part)], reactions=())
    with at():
        actions.notice_due()
    with at(minutes=1):
        actions.notice_due()
    job = ProcrastinateJob.objects.get()

    def work():
        try:
            with at(minutes=1):
                actions.run_schedule(**job.args)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 6

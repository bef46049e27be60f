"""The worker as it runs: every part at once, a server that goes away, a stop."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.jobs import declared, worker
from yitong.base.jobs.api import defer, run_worker, task
from yitong.base.ledger.api import record
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Reaction

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys"), pytest.mark.timeout(120)]

OPERATOR = Actor.operator("tests")
HAPPENED = Event("tests.happened", "发生")
JOB = "tests.note"


@pytest.fixture(autouse=True)
def as_before():
    schedules, reactions = declared.schedules(), declared.reactions()
    yield
    declared.install(schedules=schedules, reactions=reactions)
    app.tasks.pop(JOB, None)


@pytest.fixture
def notes(node_keys) -> Callable[[], list[str]]:  # noqa: F811
    with connection.cursor() as cursor:
        cursor.execute("create table note (text text)")

    def read() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("select text from note order by text")
            return [row[0] for row in cursor.fetchall()]

    return read


def note(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into note values (%s)", (text,))


@contextmanager
def running() -> Iterator[threading.Event]:
    """A worker in a thread of its own; whatever ends it early is raised here."""
    stop, faults = threading.Event(), []

    def run() -> None:
        try:
            run_worker(stop)
        except Exception as error:  # noqa: BLE001
            faults.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(timeout=30)
        assert not thread.is_alive(), "the worker does not stop"
        if faults:
            raise faults[0]


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def test_a_running_worker_sequences_reacts_and_works_the_queue_off(notes):
    task(JOB)(note)
    declared.install(
        schedules=(),
        reactions=[Reaction("tests.tell", (HAPPENED.name,), lambda entry: note("reacted"))],
    )
    with running():
        with transaction.atomic():
            record(HAPPENED, by=OPERATOR, about=About("test", "1"))
            defer(JOB, text="job")
        until(lambda: notes() == ["job", "reacted"])
    assert not ProcrastinateJob.objects.exists(), "a job that went well leaves nothing"


@pytest.mark.faults
def test_a_job_of_a_killed_worker_is_given_to_another(notes):
    task(JOB)(note)
    number = defer(JOB, text="rescued")
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", (number,))
    with running():
        until(lambda: notes() == ["rescued"])


def test_a_server_that_drops_every_connection_is_waited_for(notes, database_url, monkeypatch):
    monkeypatch.setattr(worker, "SERVER_PAUSE_S", 0.1)
    task(JOB)(note)
    declared.install(schedules=(), reactions=())
    with running():
        defer(JOB, text="before")
        until(lambda: notes() == ["before"])
        connection.close()
        with psycopg.connect(database_url) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and datname = current_database()"
            )
        defer(JOB, text="after")
        until(lambda: notes() == ["after", "before"], 60)


def test_a_bug_in_a_part_ends_the_worker_so_that_it_is_started_again(notes, monkeypatch):
    def broken() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "notice_due", broken)
    with pytest.raises(ZeroDivisionError):
        run_worker(threading.Event())

"""The worker process: the ledger's sequencer, schedules, reactions and the queue, until told to stop.

Each part has its own thread and its own connection. A server that restarts is waited for; any other error is
a bug and ends the process, so that the supervisor starts it again and counts.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import Error as PsycopgError

from yitong.base.jobs.actions import notice_due, react
from yitong.base.ledger.api import run_sequencer
from yitong.kernel import clock

log = logging.getLogger(__name__)
Result = TypeVar("Result")

REACT_PAUSE_S = 1.0
SCHEDULE_PAUSE_S = 5.0
SERVER_PAUSE_S = 1.0
RESCUE_PAUSE_S = 30.0
GRACE_S = 20.0
CONCURRENCY = 2
# What a server that restarts or is cut off looks like, from each of the ways we talk to it.
SERVER_GONE = (OperationalError, InterfaceError, ConnectorException, PsycopgError)


def run_worker(stop: threading.Event) -> None:
    """Work until `stop` is set, then finish what runs. Call it in the main thread of its own process."""
    faults: list[Exception] = []
    parts: dict[str, Callable[[threading.Event], None]] = {
        "sequencer": run_sequencer,
        "reactions": _react_on,
        "schedules": _notice_on,
        "queue": _serve_queue,
    }
    threads = [
        threading.Thread(target=_keep, args=(part, stop, faults), name=name)
        for name, part in parts.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def _keep(
    part: Callable[[threading.Event], None], stop: threading.Event, faults: list[Exception]
) -> None:
    """Run a part until `stop`, over and over while only the server is gone."""
    while not stop.is_set():
        try:
            part(stop)
        except SERVER_GONE as error:
            log.warning("%s: %s; waiting for the server", part.__name__, type(error).__name__)
            stop.wait(SERVER_PAUSE_S)
        except Exception as error:  # noqa: BLE001 - raised again by run_worker, once all have stopped
            faults.append(error)
            stop.set()
        finally:
            connection.close()


def _react_on(stop: threading.Event) -> None:
    while not stop.is_set():
        if not react():
            stop.wait(REACT_PAUSE_S)


def _notice_on(stop: threading.Event) -> None:
    while not stop.is_set():
        notice_due()
        stop.wait(SCHEDULE_PAUSE_S)


def _serve_queue(stop: threading.Event) -> None:
    asyncio.run(_queue(stop))


async def _queue(stop: threading.Event) -> None:
    """Run procrastinate's worker on a pool of its own. Jobs themselves defer through Django's connection,
    so that what they queue commits with what they did: hence a second app on the same tasks.
    """
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=CONCURRENCY + 2)
    app = django_app.with_connector(connector)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_S,
                delete_jobs="successful",
                task_middleware=[_with_own_connection],
            )
        )
        others = [asyncio.create_task(_until(stop)), asyncio.create_task(_rescue(app))]
        await asyncio.wait([worker, *others], return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker
        for failed in (other for other in others if other.done() and not other.cancelled()):
            failed.result()


def _with_own_connection(
    call_next: Callable[[], Result], context: object, worker: object
) -> Result:
    """Each job opens its connection and closes it: the threads of the pool come and go."""
    try:
        return call_next()
    finally:
        connection.close()


async def _until(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.2)


async def _rescue(app: App) -> None:
    """Give back the jobs of workers that were killed: their heartbeat stops, their jobs stay `doing`."""
    while True:
        for job in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(job, retry_at=clock.now())
        await asyncio.sleep(RESCUE_PAUSE_S)

"""`yitong run` as an operator runs it: everything of it is killed at once under load, and started again."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from django.db import connections
from django.test.utils import override_settings

from tests.factories.agencies import OPERATOR
from tests.factories.fault_node import (
    Clients,
    a_port,
    check_answers,
    check_ledger,
    copy_furnished,
    django_at,
    durable,
    wait_for,
)
from tests.factories.shared_people import shared_people
from yitong.base.keys import api as keys
from yitong.data.exchange import api as exchange
from yitong.hosting.api import open_cluster
from yitong.hosting.folder import NodeFolder
from yitong.hosting.processes import MARK
from yitong.hosting.server import postmaster_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.fixture
def furnished(place, tmp_path, django_db_blocker):
    """A stopped node's directory, and what clients need to read from it."""
    folder = place / "whole"
    copy_furnished(folder)
    with (
        django_db_blocker.unblock(),
        open_cluster(folder, settings=durable()) as cluster,
        django_at(cluster.url),
        override_settings(YITONG_KEYS=folder / "keys"),
    ):
        keys.initialise(by=OPERATOR)
        shared = shared_people(tmp_path, rate_per_minute=600_000)
        exchange.shut_down()
        connections.close_all()
    return folder, shared


def run(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "YITONG_DATA"}}
    options = ["--data", str(folder), "--port", str(port), "--without-regions"]
    with (folder / "run.out").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "yitong.cli", "run", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def kill_everything(folder: Path, supervisor: "subprocess.Popen[bytes]") -> None:
    """Supervisor, web, worker and PostgreSQL, as a power cut would: none can tell another."""
    everything = [psutil.Process(supervisor.pid)]
    everything += everything[0].children(recursive=True)
    if (postmaster := postmaster_of(NodeFolder(folder).data)) is not None:
        everything += [postmaster, *postmaster.children(recursive=True)]
    for process in everything:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    for process in everything:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    supervisor.wait()
    psutil.wait_procs(everything, timeout=10)


def test_a_node_that_was_killed_as_a_whole_starts_again_and_lost_nothing(
    furnished, django_db_blocker
):
    folder, shared = furnished
    port = a_port()
    supervisor = run(folder, port)
    try:
        with Clients(port, shared) as clients:
            for _ in range(2):
                clients.wait_for_more(100)
                kill_everything(folder, supervisor)
                supervisor = run(folder, port)
            clients.wait_for_more(100)
        announced = NodeFolder(folder).connection()
        assert announced is not None
        with (
            django_db_blocker.unblock(),
            override_settings(YITONG_KEYS=folder / "keys"),
            django_at(announced.url),
        ):
            check_ledger()
            check_answers(clients.answered)
        assert clients.strange == []
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(60) == 0
        assert postmaster_of(NodeFolder(folder).data) is None
        wait_for(lambda: not left_of(folder), "the end of every process", 20)
    finally:
        if supervisor.poll() is None:
            kill_everything(folder, supervisor)


def left_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(folder):
                found.append(process)
    return found

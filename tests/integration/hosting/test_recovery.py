"""SIGKILL at every place: what was committed is there, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import psutil
import psycopg
import pytest

from tests.integration.hosting.conftest import SLEEP, wait_for
from yitong.hosting.api import open_cluster, server_status
from yitong.hosting.folder import NodeFolder
from yitong.hosting.server import postmaster_of

pytestmark = pytest.mark.faults


def reachable(url):
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        return connection.execute("select 1").fetchone()
    return None


@contextmanager
def committing(url):
    """Commit rising numbers meanwhile; the list takes each only after its commit was acknowledged."""
    acknowledged, stop = [], threading.Event()

    def work():
        while not stop.wait(0.05):
            with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
                while not stop.is_set():
                    number = len(acknowledged)
                    connection.execute("insert into t values (%s) on conflict do nothing", [number])
                    acknowledged.append(number)

    writer = threading.Thread(target=work, daemon=True)
    writer.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        writer.join()


def test_a_killed_server_is_started_again_and_keeps_every_acknowledged_row(node_dir, start_node):
    node = start_node(node_dir, SLEEP)
    node.until("ready")
    with psycopg.connect(node.url, autocommit=True) as connection:
        connection.execute("create table t (i int primary key)")
    with committing(node.url) as acknowledged:
        wait_for(lambda: len(acknowledged) > 50)
        killed = postmaster_of(NodeFolder(node_dir).data)
        killed.kill()
        assert "SIGKILL" in node.until("重新启动")
        before = len(acknowledged)
        wait_for(lambda: len(acknowledged) > before + 50)
    with psycopg.connect(node.url) as connection:
        kept = {i for (i,) in connection.execute("select i from t")}
    assert set(acknowledged) <= kept
    assert postmaster_of(NodeFolder(node_dir).data).pid != killed.pid
    assert node.end() == 0


def test_a_killed_child_is_started_again(node_dir, start_node):
    node = start_node(node_dir, SLEEP)
    node.until("ready")
    first = wait_for(node.children)[0]
    first.kill()
    assert "SIGKILL" in node.until("重新启动")
    wait_for(lambda: [child for child in node.children() if child.pid != first.pid])
    assert node.end() == 0


def test_a_server_killed_three_times_stops_the_node(node_dir, start_node):
    node = start_node(node_dir, SLEEP)
    node.until("ready")
    for times in range(3):
        wait_for(lambda: reachable(node.url))
        postmaster_of(NodeFolder(node_dir).data).kill()
        if times < 2:
            node.until("重新启动")
    assert "child_keeps_dying postgres" in node.until("refused")
    assert node.process.wait(30) == 1


@pytest.mark.parametrize(
    "kill_server_too", [False, True], ids=["server lives on", "server dies too"]
)
def test_after_a_killed_supervisor_the_next_start_recovers(
    node_dir, start_node, settings, kill_server_too
):
    node = start_node(node_dir, SLEEP, SLEEP)
    node.until("ready")
    children = wait_for(lambda: len(node.children()) == 2 and node.children())
    with psycopg.connect(node.url, autocommit=True) as connection:
        connection.execute("create table t as select 1 as i")
    orphan = postmaster_of(NodeFolder(node_dir).data)

    node.process.send_signal(signal.SIGKILL)
    node.process.wait()
    if kill_server_too:
        orphan.kill()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive, "children die with their supervisor"
    status = server_status(node_dir)
    assert status.owner is None
    assert status.stale_owner.pid == node.process.pid
    assert status.is_orphan is not kill_server_too

    again = start_node(node_dir, SLEEP)
    again.until("ready")
    adopted = postmaster_of(NodeFolder(node_dir).data)
    assert (adopted == orphan) is not kill_server_too
    with psycopg.connect(again.url) as connection:
        assert connection.execute("select i from t").fetchone() == (1,)
    assert again.end() == 0
    assert postmaster_of(NodeFolder(node_dir).data) is None


def test_an_adopted_server_is_watched_too(node_dir, start_node):
    node = start_node(node_dir, SLEEP)
    node.until("ready")
    node.process.send_signal(signal.SIGKILL)
    node.process.wait()
    again = start_node(node_dir, SLEEP)
    again.until("ready")
    adopted = postmaster_of(NodeFolder(node_dir).data)
    adopted.kill()
    again.until("重新启动")
    wait_for(lambda: reachable(again.url))
    assert again.end() == 0


def test_processes_that_nobody_told_are_ended_by_the_next_start(node_dir, start_node):
    """A child that ignores SIGTERM outlives its killed supervisor; the directory's next owner ends it."""
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(600)"
    node = start_node(node_dir, deaf)
    node.until("deaf")
    child = node.children()[0]
    node.process.kill()
    node.process.wait()
    time.sleep(0.3)
    assert child.is_running()
    again = start_node(node_dir, SLEEP)
    again.until("ready")
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    assert again.end() == 0


def test_a_pid_file_whose_number_went_to_another_process_does_not_keep_the_server_down(
    node_dir, settings
):
    """PostgreSQL itself refuses here: it sees a live process with that number and cannot tell."""
    data = NodeFolder(node_dir).data
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        owner = data.stat()
        (data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{data}\n{int(time.time())}\n5432\n/nowhere\n\n  0 0\nready\n"
        )
        os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)
        with open_cluster(node_dir, settings=settings) as cluster:
            assert reachable(cluster.url)
        assert stranger.poll() is None, "and the stranger is left alone"
    finally:
        stranger.kill()
        stranger.wait()


def test_backends_that_outlive_their_server_are_ended_before_the_next(node_dir, settings):
    with open_cluster(node_dir, settings=settings) as cluster:
        connection = psycopg.connect(cluster.url)
        backend = psutil.Process(connection.info.backend_pid)
        backend.suspend()
        postmaster_of(NodeFolder(node_dir).data).kill()
        wait_for(lambda: not cluster.server.is_running())
        assert backend.is_running()
        cluster.server.start()
        assert not backend.is_running() or backend.status() == psutil.STATUS_ZOMBIE
        assert reachable(cluster.url)
        connection.close()


def test_sigterm_to_a_command_stops_the_server_that_it_started(node_dir):
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from yitong.hosting.api import open_cluster\n"
        "with open_cluster(Path(sys.argv[1])):\n"
        "    print('open', flush=True)\n"
        "    time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, node_dir], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"open\n"
    process.terminate()
    assert process.wait(30) == 128 + signal.SIGTERM
    process.stdout.close()
    assert postmaster_of(NodeFolder(node_dir).data) is None

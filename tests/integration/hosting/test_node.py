"""A node's processes: started, watched, stopped together."""

import signal
import sys

import psycopg
import pytest

from tests.integration.hosting.conftest import SLEEP, wait_for
from yitong.hosting.api import ChildSpec, open_cluster, web_child
from yitong.hosting.folder import NodeFolder
from yitong.hosting.lock import live_owner
from yitong.hosting.processes import Child
from yitong.hosting.server import postmaster_of

DIE = "import sys; sys.exit(7)"
TELL = """
import os, time
print("child", os.environ["DATABASE_URL"], os.environ["YITONG_DATA"], flush=True)
while True: time.sleep(0.1)
"""


def test_a_node_stops_in_order_when_asked(node_dir, start_node):
    for sign in (signal.SIGTERM, signal.SIGINT):
        node = start_node(node_dir, SLEEP, SLEEP)
        node.until("ready")
        children = wait_for(lambda node=node: len(node.children()) == 2 and node.children())
        assert live_owner(node_dir / "node.lock").pid == node.process.pid
        assert node.end(sign) == 0
        assert node.lines[-1] == "stopped"
        assert not [child for child in children if child.is_running()]
        assert postmaster_of(NodeFolder(node_dir).data) is None
        assert live_owner(node_dir / "node.lock") is None


@pytest.mark.slow
def test_children_learn_where_the_database_and_the_data_are(node_dir, start_node):
    node = start_node(node_dir, TELL)
    told = node.until("child ")
    assert told == f"child {node.url} {node_dir}"
    assert node.end() == 0


@pytest.mark.slow
def test_a_child_that_dies_three_times_within_a_minute_stops_the_node_with_the_reason(
    node_dir, start_node
):
    node = start_node(node_dir, DIE, SLEEP)
    refused = node.until("refused")
    assert node.process.wait(30) == 1
    assert refused.startswith("refused child_keeps_dying child0 一分钟内退出了 3 次")
    assert "退出码 7" in refused
    assert postmaster_of(NodeFolder(node_dir).data) is None, "it never outlives its children"
    assert live_owner(node_dir / "node.lock") is None


@pytest.mark.slow
def test_two_nodes_run_side_by_side_and_a_second_one_on_the_same_directory_is_refused(
    node_dir, new_dir, start_node
):
    first, other = start_node(node_dir, SLEEP), start_node(new_dir, SLEEP)
    first.until("ready")
    other.until("ready")
    assert first.url != other.url
    third = start_node(node_dir, SLEEP)
    assert str(first.process.pid) in third.until("refused data_directory_taken")
    assert (first.end(), other.end()) == (0, 0)


@pytest.mark.slow
def test_a_command_beside_a_running_node_uses_its_server(node_dir, start_node, settings):
    node = start_node(node_dir, SLEEP)
    node.until("ready")
    with open_cluster(node_dir, settings=settings) as cluster:
        assert not cluster.started_here
        assert cluster.url == node.url
    with psycopg.connect(node.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,), (
            "the guest's leaving stops nothing"
        )
    assert node.end() == 0


@pytest.mark.slow
def test_with_the_operator_s_database_no_server_is_started(node_dir, new_dir, start_node, settings):
    with open_cluster(node_dir, settings=settings) as cluster:
        node = start_node(new_dir, SLEEP, url=cluster.url)
        node.until("ready")
        assert node.url == cluster.url
        assert node.end() == 0
    assert not NodeFolder(new_dir).data.exists()


@pytest.mark.slow
def test_a_node_asked_to_stop_while_it_starts_leaves_nothing(node_dir, start_node):
    node = start_node(node_dir, SLEEP)
    node.until("正在启动")
    assert node.end() == 0
    assert postmaster_of(NodeFolder(node_dir).data) is None
    assert live_owner(node_dir / "node.lock") is None


@pytest.mark.slow
def test_what_a_child_had_started_dies_with_it():
    """A killed web server leaves no worker that would keep its port."""
    code = (
        "import subprocess, sys\n"
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(inner.pid, flush=True)\n"
        "inner.wait()"
    )
    child = Child(ChildSpec("web", [sys.executable, "-c", code]), {})
    child.start()
    import psutil

    inner = wait_for(lambda: psutil.Process(child.pid).children())[0]
    psutil.Process(child.pid).kill()
    assert wait_for(child.death) == "信号 SIGKILL"
    psutil.wait_procs([inner], timeout=5)
    assert not inner.is_running()
    child.start()
    child.ask_to_stop()
    child.wait_until_stopped(0)


def test_the_web_server_keeps_no_log_of_addresses():
    argv = web_child(host="0.0.0.0", port=8080).argv
    assert "--no-access-log" in argv
    assert argv[-1] == "yitong.config.wsgi:application"
    assert argv[argv.index("--port") + 1] == "8080"

"""`yitong` as a process: signals, pipes, servers that are gone or silent, and a whole node."""

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.factories.agencies import an_agency
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import number_of
from tests.integration.cli.conftest import ended
from yitong.hosting.folder import NodeFolder
from yitong.hosting.processes import end_left_over
from yitong.hosting.server import postmaster_of, stop_process

pytestmark = [pytest.mark.timeout(280)]


@pytest.fixture
def node_env(database_url, node_keys, tmp_path) -> dict[str, str]:  # noqa: F811
    """The environment of a command on this test's database."""
    return {
        "DATABASE_URL": database_url,
        "YITONG_DATA": str(tmp_path / "node"),
        "YITONG_KEYS": str(node_keys),
    }


def wait_for(condition, seconds: float = 120):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError("waited in vain")


# A database that is not there --------------------------------------------------------------------


@pytest.fixture
def silent_server():
    """Somebody who accepts and never says a word."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen(16)
        yield f"postgresql://yitong@127.0.0.1:{found.getsockname()[1]}/yitong"


def test_doctor_says_that_the_database_is_down_and_what_to_do(program, tmp_path):
    closed = "postgresql://yitong@127.0.0.1:9/yitong"
    said = ended(program("doctor", "--json", "--data", tmp_path / "n", DATABASE_URL=closed))
    assert said.code == 1
    check = next(c for c in said.document["checks"] if c["name"] == "database")
    assert check["state"] == "fail"
    assert "DATABASE_URL" in check["fix"]
    assert not (tmp_path / "n").exists(), "doctor changes nothing"


@pytest.mark.slow
def test_a_server_that_never_answers_hangs_no_command(program, tmp_path, silent_server):
    started = time.monotonic()
    doctor = program("doctor", "--json", "--data", tmp_path, DATABASE_URL=silent_server)
    find = program(
        "regions", "find", "石桥", "--json", "--data", tmp_path, DATABASE_URL=silent_server,
        PGCONNECT_TIMEOUT="2",
    )  # fmt: skip
    assert ended(find).fault == "database_lost"
    said = ended(doctor)
    assert (said.code, said.document["ok"]) == (1, False)
    assert time.monotonic() - started < 60


def test_without_a_node_a_command_says_how_to_make_one(program, tmp_path):
    said = ended(program("ledger", "verify", "--json", "--data", tmp_path / "none"))
    assert (said.code, said.fault) == (3, "no_node")
    assert "yitong run" in said.document["error"]["remedy"]
    assert not (tmp_path / "none").exists()


# First use, pipes, signals -----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.committed
def test_the_first_command_prepares_the_database_and_prints_only_its_answer(
    program, database_url, tmp_path
):
    env = {"DATABASE_URL": database_url, "YITONG_DATA": str(tmp_path / "node")}
    said = ended(program("keys", "status", "--json", **env))
    assert (said.code, said.err) == (0, "")
    assert said.document["initialised"]
    assert (tmp_path / "node" / "secret-key").stat().st_mode & 0o777 == 0o600
    said = ended(program("keys", "status", **env, YITONG_LANG="zh"))
    assert (said.code, said.err) == (0, "")


@pytest.mark.slow
@pytest.mark.committed
def test_a_pipe_that_is_closed_early_is_no_error(program, node_env):
    help_text = program("ledger", "verify", **node_env)
    help_text.stdout.close()
    assert help_text.wait(120) == 0
    assert help_text.stderr.read() == ""


@pytest.mark.faults
@pytest.mark.committed
def test_an_interrupt_leaves_nothing_half_done(program, node_env, database_url, tmp_path):
    an_agency("澜宁市民政局")
    path = tmp_path / "名单.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["身份证号", "姓名", "备注"])
        # One day has fewer numbers than this, so the table repeats them; the load is what takes time.
        writer.writerows([number_of(2 + i % 900), "林小禾", f"第{i}次" * 20] for i in range(80_000))
    command = ("share", path, "--owner", "澜宁市民政局", "--json")
    running = program(*command, **node_env)
    with psycopg.connect(database_url, autocommit=True) as raw:
        stages = "select count(*) from pg_tables where schemaname = 'shared_rows' and tablename like '{}%'"

        def tables(kind: str) -> int:
            return raw.execute(stages.format(kind)).fetchone()[0]

        wait_for(lambda: tables("stage_") or running.poll() is not None)
        running.send_signal(signal.SIGINT)
        said = ended(running)
        assert said.code == 130, said.out + said.err
        assert (tables("stage_"), tables("rows_")) == (0, 0)
        state = raw.execute("select state from catalogue_resource").fetchall()
    assert state == [("draft",)]
    assert "Traceback" not in said.err


# A node ------------------------------------------------------------------------------------------


@pytest.fixture
def node_dir():
    """The path of a directory that is not there yet, where the server's user can enter."""
    place = Path(tempfile.mkdtemp(prefix="yitong-cli-", dir="/var/tmp"))
    place.chmod(0o711)
    yield place / "node"
    end_left_over(place / "node")
    if (left := postmaster_of(NodeFolder(place / "node").data)) is not None:
        stop_process(left, patience=2.0)
    shutil.rmtree(place, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def get(url: str, body: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, body, timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"]


def is_alive(process: psutil.Process) -> bool:
    """A zombie waits for this machine's init, which containers may not have."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.slow
def test_a_whole_node_starts_answers_is_well_and_stops_in_order(program, node_dir):
    port = free_port()
    node = program("run", "--port", port, "--without-regions", YITONG_DATA=str(node_dir))
    assert next(iter(node.stdout)).strip() == f"节点已就绪：http://127.0.0.1:{port}/"
    base = f"http://127.0.0.1:{port}"
    assert get(f"{base}/")[0] == 200
    assert get(f"{base}/static/ui/mark.svg") == (200, "image/svg+xml")
    assert get(f"{base}/gateway/v1/resources/x/read", b"{}") == (401, "application/problem+json")
    children = psutil.Process(node.pid).children(recursive=True)

    def is_well() -> bool:
        said = ended(program("doctor", "--json", YITONG_DATA=str(node_dir)))
        checks = {c["name"]: c["state"] for c in said.document["checks"]}
        wanted = {"data", "port", "database", "migrations", "partitions", "keys", "worker", "queue"}
        return said.code == 0 and {checks[name] for name in wanted} == {"ok"}

    wait_for(is_well)
    node.send_signal(signal.SIGINT)
    said = ended(node)
    assert (said.code, said.err) == (0, "")
    assert not [child for child in children if is_alive(child)]
    assert postmaster_of(NodeFolder(node_dir).data) is None
    assert not (node_dir / "address").exists()


@pytest.mark.slow
def test_a_node_that_stands_still_serves_commands_for_as_long_as_they_run(program, node_dir):
    env = {"YITONG_DATA": str(node_dir)}
    port = free_port()
    node = program("run", "--port", port, "--without-regions", **env)
    assert str(port) in next(iter(node.stdout))
    second = ended(program("run", "--port", port, YITONG_DATA=f"{node_dir}2"))
    assert second.code == 5
    assert str(port) in second.err
    same = ended(program("run", "--port", free_port(), **env))
    assert same.code == 5
    node.send_signal(signal.SIGTERM)
    assert ended(node).code == 0

    stopped = ended(program("doctor", "--json", **env))
    assert stopped.code == 1, "the database does not run"
    assert postmaster_of(NodeFolder(node_dir).data) is None, "doctor starts nothing"
    verified = ended(program("ledger", "verify", "--json", **env))
    assert (verified.code, verified.document["ok"]) == (0, True)
    assert postmaster_of(NodeFolder(node_dir).data) is None, "the last who leaves stops it"


@pytest.mark.slow
@pytest.mark.committed
def test_web_and_worker_run_alone_on_the_operator_s_own_server(program, node_env):
    port = free_port()
    env = {**node_env}
    web = program("run", "web", "--port", port, "--without-regions", **env)
    assert str(port) in web.stdout.readline()
    worker = program("run", "worker", **env)
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as raw:
        wait_for(lambda: raw.execute("select count(*) from procrastinate_workers").fetchone()[0])
    for process in (web, worker):
        process.send_signal(signal.SIGTERM)
    assert (ended(web).code, ended(worker).code) == (0, 0)


@pytest.mark.slow
def test_json_and_text_of_one_command_say_the_same(program, node_dir):
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$0" -m yitong.cli --help | head -n 1', os.sys.executable],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    said = ended(program("doctor", "--json", "--data", node_dir))
    shown = ended(program("doctor", "--data", node_dir))
    assert said.code == shown.code == 0
    assert all(check["name"] in shown.out for check in json.loads(said.out)["checks"])

"""`yitong demo --once --json`: the whole story on a fresh node, as a stranger would start it."""

import json
import signal
import subprocess
import sys
import time

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

STEPS = [
    "province", "start", "furnish", "checkpoint", "share", "grant", "token", "read", "refused", "yes_or_no",
    "log_in", "delegation", "footprint", "proof",
    "duty_warned", "duty_paused", "duty_extended", "duty_missed", "duty_explained", "verify",
]  # fmt: skip


def test_the_story_comes_out_and_is_reported(tmp_path):
    report = tmp_path / "report.json"
    ran = subprocess.run(
        [sys.executable, "-m", "yitong.cli", "demo", "--once", "--json", report],
        capture_output=True, text=True, timeout=880, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["ok"] is True
    assert [step["name"] for step in told["steps"]] == STEPS
    assert all(step["ok"] and step["seconds"] >= 0 for step in told["steps"])
    assert told["ledger"]["verified"] is True
    assert told["ledger"]["size"] > 500
    assert "890102199203150020" not in ran.stdout + ran.stderr


def children_of(pid: int) -> set[int]:
    """Every process below this one."""
    found, edge = set(), {pid}
    while edge:
        ran = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", ",".join(map(str, edge))],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        edge = {int(word) for word in ran.stdout.split()} - found
        found |= edge
    return found


def test_asked_to_stop_it_takes_its_node_along():
    """SIGTERM, as a service manager sends it, is no way to leave a server behind."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "yitong.cli", "demo", "--once"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 120
    while len(family := children_of(demo.pid)) < 8:
        assert time.monotonic() < until, "the node never came up"
        time.sleep(0.2)
    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=90)
    assert not {pid for pid in family if _is_alive(pid)}


def _is_alive(pid: int) -> bool:
    ran = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(ran.stdout.strip()) and not ran.stdout.startswith("Z")

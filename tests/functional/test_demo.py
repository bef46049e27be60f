"""`yitong demo --once --json`: the whole story on a fresh node, as a stranger would start it."""

import json
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

STEPS = [
    "start", "furnish", "checkpoint", "share", "grant", "token", "read", "refused", "yes_or_no",
    "log_in", "footprint", "proof", "verify",
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

"""Live owners told from stale ones."""

import json
import os
import signal
import subprocess
import sys

import pytest

from yitong.hosting.errors import DirectoryTaken
from yitong.hosting.lock import DirectoryLock, Guests, Owner, live_owner, owner_of, this_process

HOLD = """
import sys, time
from pathlib import Path
from yitong.hosting.lock import DirectoryLock
DirectoryLock(Path(sys.argv[1])).claim()
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    path = tmp_path / "node.lock"
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_live_owner_keeps_its_directory_and_is_named(tmp_path, holder):
    with pytest.raises(DirectoryTaken) as refusal:
        DirectoryLock(tmp_path / "node.lock").claim()
    assert refusal.value.places["pid"] == holder.pid
    assert str(holder.pid) in str(refusal.value)
    assert refusal.value.say_remedy()


def test_a_killed_owner_leaves_a_lock_that_the_next_one_takes(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert owner_of(tmp_path / "node.lock").pid == holder.pid
    assert live_owner(tmp_path / "node.lock") is None

    lock = DirectoryLock(tmp_path / "node.lock")
    lock.claim()
    assert live_owner(tmp_path / "node.lock") == this_process()
    lock.release()


def test_a_pid_in_use_again_by_another_process_is_no_owner(tmp_path):
    path = tmp_path / "node.lock"
    mine = this_process()
    path.write_text(json.dumps({"pid": mine.pid, "started": mine.started - 3600}))
    assert live_owner(path) is None
    lock = DirectoryLock(path)
    lock.claim()
    lock.release()


def test_a_live_owner_counts_even_where_the_kernel_lock_does_not_reach(tmp_path, holder):
    """As over some network file systems: pid and start time alone still tell."""
    elsewhere = tmp_path / "elsewhere.lock"
    elsewhere.write_text((tmp_path / "node.lock").read_text())
    with pytest.raises(DirectoryTaken):
        DirectoryLock(elsewhere).claim()


def test_a_zombie_is_no_owner():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    import psutil

    owner = Owner(process.pid, psutil.Process(process.pid).create_time())
    assert owner.is_alive
    process.stdin.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not owner.is_alive
    process.wait()


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"pid": "x"}', '{"pid": 1}'])
def test_a_damaged_lock_file_is_stale(tmp_path, text):
    path = tmp_path / "node.lock"
    path.write_text(text)
    assert owner_of(path) is None
    lock = DirectoryLock(path)
    lock.claim()
    lock.release()


def test_a_released_lock_is_free(tmp_path):
    for _ in range(2):
        lock = DirectoryLock(tmp_path / "node.lock")
        lock.claim()
        lock.release()
    assert owner_of(tmp_path / "node.lock") is None


def test_only_the_last_guest_is_alone(tmp_path):
    first, second = Guests(tmp_path / "guests.lock"), Guests(tmp_path / "guests.lock")
    first.enter()
    second.enter()
    with first.leaving() as alone:
        assert not alone
    with second.leaving() as alone:
        assert alone

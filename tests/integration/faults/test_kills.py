"""SIGKILL at random moments under load: what was answered is recorded, once, and the ledger stays whole."""

import random
import time

import pytest
from django.db import connections

from tests.factories.fault_node import (
    Clients,
    FaultNode,
    check_answers,
    check_ledger,
    unexplained,
    used,
    wait_for,
)
from tests.factories.ledger import record_one
from tests.factories.persons import number_of
from yitong.base.ledger import api as ledger

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

STORM_S = 10.0


@pytest.fixture(scope="module")
def serving(node):
    """The node with all its processes, at each test's start."""

    def start() -> FaultNode:
        for name in ("web", "worker"):
            if name not in node.running or node.running[name].poll() is not None:
                node.running.pop(name, None)
                node.start(name)
        wait_for(node.answers, "the web server")
        connections.close_all()  # those of the test before may have lost their server
        record_one()
        wait_for(lambda: ledger.health().waiting == 0, "the worker")
        return node

    return start


def storm(node: FaultNode, clients: Clients, victims: list[str], seed: int) -> int:
    """Kill one after the other, each time once the service answers; how often."""
    chosen, kills = random.Random(seed), 0
    until = time.monotonic() + STORM_S
    while time.monotonic() < until:
        clients.wait_for_more()
        time.sleep(chosen.random() * 0.7)
        node.kill_and_start(victims[kills % len(victims)], chosen.random() * 0.5)
        kills += 1
    clients.wait_for_more()
    return kills


@pytest.mark.parametrize(
    "victims",
    [["web"], ["worker"], ["postgres"], ["backend"], ["web", "postgres", "worker", "backend"]],
    ids=" and ".join,
)
def test_whatever_is_killed_every_answer_has_its_record(serving, shared, victims):
    node = serving()
    before = used()
    with Clients(node.port, shared) as clients:
        kills = storm(node, clients, victims, seed=len("".join(victims)))
    assert kills >= 2
    assert len(clients.answered) > 50
    assert clients.strange == [], f"served or 503, nothing else: {node.said('web')}"
    for name, process in node.running.items():
        assert process.poll() is None, (
            f"{name} is not killed by the death of another: {node.said(name)}"
        )
    if "web" not in victims:
        connections.close_all()
        wait_for(lambda: not unexplained(before, clients.answered), "the end of every use", 20)
    check_ledger()
    check_answers(clients.answered)


def test_all_is_killed_at_once_and_started_again(serving, shared):
    node = serving()
    with Clients(node.port, shared) as clients:
        clients.wait_for_more(50)
        for name in ("postgres", "web", "worker"):
            node.kill(name)
        time.sleep(0.3)
        for name in ("postgres", "web", "worker"):
            node.start(name)
        clients.wait_for_more(50)
    check_ledger()
    check_answers(clients.answered)


def test_none_of_it_left_a_person_in_a_log(node, shared):
    text = b"".join(path.read_bytes() for path in node.logs if path.is_file())
    assert text, "something must have been logged"
    for i in range(2, 22):
        for word in (number_of(i), f"100{i:08d}"):
            assert word.encode() not in text
    assert "林".encode() not in text

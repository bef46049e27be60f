"""Where the web server may listen, and under which names it answers."""

import socket

import pytest

from yitong.cli.commands.run import Web, _host_names, answers, check_port
from yitong.cli.errors import PortTaken, PortUnusable


@pytest.fixture
def listener():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        yield found.getsockname()[1]


def test_a_port_that_somebody_has_is_refused_with_who_and_what_to_do(listener):
    with pytest.raises(PortTaken) as refused:
        check_port(Web("127.0.0.1", listener, 1))
    assert refused.value.kind == "conflict"
    assert str(listener) in refused.value.say()
    assert f"--port {listener + 1}" in refused.value.say_remedy()


def test_a_free_port_is_taken_by_nobody_afterwards(listener):
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    check_port(Web("127.0.0.1", port, 1))
    check_port(Web("127.0.0.1", port, 1))


def test_an_address_that_is_not_ours_is_refused():
    with pytest.raises(PortUnusable):
        check_port(Web("192.0.2.1", 8000, 1))


def test_pages_answer_to_this_machine_s_names_and_no_others():
    assert _host_names("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]", "127.0.0.1"]
    assert _host_names("10.1.2.3")[-1] == "10.1.2.3"
    everywhere = _host_names("0.0.0.0")
    assert {"localhost", "127.0.0.1", socket.gethostname().lower()} <= set(everywhere)
    assert "*" not in everywhere


def test_a_wildcard_is_reached_over_loopback():
    assert Web("0.0.0.0", 8000, 1).url == "http://127.0.0.1:8000"
    assert Web("::", 8000, 1).url == "http://[::1]:8000"


def test_nobody_at_the_port_is_no_answer():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    assert not answers(Web("127.0.0.1", port, 1))

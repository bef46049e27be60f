"""The committer when something goes wrong: nobody is answered without a record, and no record lies about its end."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.ledger import BY, ask, record_many
from yitong.base.ledger import api as ledger
from yitong.data.exchange import api as exchange
from yitong.data.exchange import committer as committers
from yitong.data.exchange.committer import Committer, committer
from yitong.data.exchange.connections import Link
from yitong.data.exchange.errors import RecordNotDurable
from yitong.data.exchange.events import DATA_REFUSED
from yitong.kernel.declare import About

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys", "threads_end")]

SUBJECT = b"\x01" + b"s" * 32


@pytest.fixture
def threads_end():
    yield
    exchange.shut_down()


def a_record(purpose: str = "test") -> ledger.SealedEntry:
    facts = {"grant": 1, "resource": "r", "purpose": purpose, "reason": "x", "hidden": False}
    return ledger.prepare(DATA_REFUSED, by=BY, about=About("resource", "r"), facts=facts)


def write(purpose: str = "test") -> int:
    return committer().write(a_record(purpose), (SUBJECT,))


def write_or_refusal(purpose: str) -> int | str:
    try:
        return write(purpose)
    except RecordNotDurable as refusal:
        return refusal.code


def recorded() -> set[int]:
    return {id_ for (id_,) in ask("select id from ledger_entry where event = 'data.refused'")}


def unanswered() -> set[int]:
    rows = ask("select about_key from ledger_entry where event = 'data.use_unanswered'")
    return {int(key) for (key,) in rows}


def wait_until(condition) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


@contextmanager
def held_up(url: str):
    """Nobody's usage can be written meanwhile; whoever tries waits in the database."""
    with psycopg.connect(url) as connection:
        connection.execute("lock table exchange_usage in access exclusive mode")
        yield connection
        connection.rollback()


def test_a_call_that_gave_up_is_followed_by_an_entry_that_says_so(database_url, monkeypatch):
    write()
    monkeypatch.setattr(committers, "WAIT_S", 0.2)
    with held_up(database_url), pytest.raises(RecordNotDurable):
        write("given up")
    wait_until(unanswered)
    ((late,),) = ask("select id from ledger_entry where facts->>'purpose' = 'given up'")
    assert unanswered() == {late}
    monkeypatch.undo()
    assert write() not in unanswered()


def test_a_record_that_was_done_in_the_last_moment_counts_as_done(monkeypatch):
    """The waiting call looks again under the lock: it is either answered or followed, never neither."""
    monkeypatch.setattr(committers, "WAIT_S", 0)
    outcomes = [write_or_refusal(str(i)) for i in range(200)]
    answered = {found for found in outcomes if isinstance(found, int)}
    wait_until(lambda: len(recorded()) == 200 and recorded() - answered == unanswered())
    assert answered | unanswered() == recorded()
    assert not answered & unanswered()


def test_what_the_tables_refuse_of_one_call_fails_nobody_else(database_url):
    write()
    words = ["a", "b", "nul \x00 in it", "c", "d"]
    with ThreadPoolExecutor(len(words)) as pool:
        with held_up(database_url):
            first = pool.submit(write, "first")  # keeps the committer busy while the others gather
            wait_until(lambda: waiting_in(database_url))
            rest = [pool.submit(write_or_refusal, word) for word in words]
            time.sleep(0.3)
        found = [first.result(), *(future.result() for future in rest)]
    assert found[3] == "record_not_durable"
    durable = [id_ for id_ in found if isinstance(id_, int)]
    assert len(durable) == 5
    assert set(durable) <= recorded()
    assert not unanswered()
    assert len(recorded()) == 6


def waiting_in(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return bool(
            connection.execute(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' "
                "and application_name = 'yitong-committer' and datname = current_database()"
            ).fetchone()[0]
        )


class LosesTheAnswer:
    """A link whose write holds, though the server's answer to it never arrives."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def __getattr__(self, name: str) -> object:
        return getattr(self._link, name)

    def execute(self, statement: str, parameters: tuple[object, ...]) -> None:
        self._link.execute(statement, parameters)
        if "insert into ledger_entry" in statement:
            raise psycopg.OperationalError("the connection was lost")


def test_a_commit_that_held_though_its_answer_was_lost_is_followed_too(monkeypatch):
    write()
    real = Committer._connected
    monkeypatch.setattr(Committer, "_connected", lambda self: LosesTheAnswer(real(self)))
    with pytest.raises(RecordNotDurable):
        write("in doubt")
    monkeypatch.undo()
    wait_until(unanswered)
    ((held,),) = ask("select id from ledger_entry where facts->>'purpose' = 'in doubt'")
    assert unanswered() == {held}


def test_without_a_connection_nothing_answered_before_is_called_unanswered(monkeypatch):
    answered = write()

    def refused(_: Committer) -> Link:
        raise psycopg.OperationalError("no server")

    monkeypatch.setattr(Committer, "_connected", refused)
    with pytest.raises(RecordNotDurable):
        write()
    monkeypatch.undo()
    time.sleep(2 * committers.RETRY_S)
    assert {answered, write()} == recorded()
    assert unanswered() == set()


def end_the_committers_backend(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'yitong-committer' and datname = current_database()"
        )


def test_a_commit_that_did_not_hold_is_followed_by_nothing(database_url):
    write()
    with ThreadPoolExecutor(1) as pool, held_up(database_url):
        waits = pool.submit(write_or_refusal, "lost")
        wait_until(lambda: waiting_in(database_url))
        end_the_committers_backend(database_url)
        assert waits.result() == "record_not_durable"
    time.sleep(2 * committers.RETRY_S)
    assert write() in recorded()
    assert ask("select count(*) from ledger_entry where facts->>'purpose' = 'lost'") == [(0,)]
    assert unanswered() == set()


def test_row_ids_of_a_transaction_that_the_server_forgot_are_not_used_again(database_url):
    """After a crash the sequence may stand where it stood before: ids drawn in vain are then drawn by others."""
    ((before,),) = ask("select last_value from ledger_entry_id")
    with ThreadPoolExecutor(1) as pool, held_up(database_url):
        waits = pool.submit(write_or_refusal, "lost")
        wait_until(lambda: waiting_in(database_url))
        end_the_committers_backend(database_url)
        assert waits.result() == "record_not_durable"
    ask("select setval('ledger_entry_id', %s)", before)
    others = record_many(20)
    mine = [write() for _ in range(20)]
    assert not set(mine) & set(others)
    ledger.sequence_all()
    assert ledger.verify().faults == []


def test_it_goes_on_when_the_server_leaves_while_it_settles(database_url, monkeypatch):
    """An error there must not end the thread: every later call would wait for nobody."""
    write()
    failures = iter([psycopg.OperationalError("gone")] * 3)
    real = committers.unanswered

    def fails_at_first(entry_id: int, reason: str):
        for failure in failures:
            raise failure
        return real(entry_id, reason)

    monkeypatch.setattr(committers, "unanswered", fails_at_first)
    monkeypatch.setattr(committers, "WAIT_S", 0.2)
    with held_up(database_url), pytest.raises(RecordNotDurable):
        write("given up")
    monkeypatch.setattr(committers, "WAIT_S", 10.0)
    assert write() in recorded()
    wait_until(unanswered)
    assert len(unanswered()) == 1


def test_it_writes_what_waits_before_it_stops():
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(write())) for _ in range(20)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(found) > 0)
    for thread in threads:
        thread.join()
    exchange.shut_down()
    assert set(found) == recorded()
    assert len(set(found)) == 20


def test_after_the_server_dropped_it_the_next_call_but_one_is_answered(database_url):
    write()
    end_the_committers_backend(database_url)
    outcomes = [write_or_refusal(str(i)) for i in range(3)]
    assert isinstance(outcomes[-1], int)
    assert {id_ for id_ in outcomes if isinstance(id_, int)} <= recorded()

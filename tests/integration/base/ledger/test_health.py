"""What doctor asks: how much waits, what was signed, and who keeps the sequencer from going on."""

import psycopg
import pytest

from tests.factories.ledger import in_order, record_many
from yitong.base.ledger import api as ledger
from yitong.base.ledger import health

pytestmark = pytest.mark.usefixtures("empty_ledger")


def test_it_tells_size_what_waits_and_what_was_signed():
    ledger.sequence_all()
    record_many(12)
    found = ledger.health()
    assert (found.size, found.waiting) == (len(in_order()), 12)
    assert found.oldest_waiting_at is not None
    assert (found.signed_size, found.is_elsewhere, found.rows_in_default) == (found.size, False, 0)
    ledger.sequence_all()
    found = ledger.health()
    assert (found.waiting, found.oldest_waiting_at) == (0, None)
    assert found.signed_size == found.size == len(in_order())
    assert found.signed_at is not None


def test_it_names_who_holds_the_horizon(database_url, monkeypatch):
    monkeypatch.setattr(health, "HELD_AFTER_S", 0)
    ledger.sequence_all()
    assert ledger.health().holders == ()
    with psycopg.connect(database_url, application_name="nightly-import") as holder:
        holder.execute("select 1")
        assert ledger.health().holders == (), "reading holds nothing back"
        holder.execute("select pg_current_xact_id()")
        record_many(1)
        assert ledger.sequence_all() == 0
        (found,) = ledger.health().holders
        assert (found.pid, found.application) == (holder.info.backend_pid, "nightly-import")
        assert found.state == "idle in transaction"
        assert found.age_s >= 0
    assert ledger.health().holders == ()
    assert ledger.sequence_all() > 0


def test_it_names_a_prepared_transaction_which_no_process_holds(database_url, monkeypatch):
    monkeypatch.setattr(health, "HELD_AFTER_S", 0)
    with psycopg.connect(database_url) as holder:
        holder.execute("select pg_current_xact_id()")
        holder.execute("prepare transaction 'left by an import''s crash'")
    try:
        (found,) = ledger.health().holders
        assert (found.pid, found.state) == (0, "prepared")
        assert found.ending == "rollback prepared 'left by an import''s crash'"
    finally:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(found.ending)
    assert ledger.health().holders == ()


def test_a_short_transaction_is_nobodys_fault(database_url):
    with psycopg.connect(database_url) as writer:
        writer.execute("select pg_current_xact_id()")
        assert ledger.health().holders == ()

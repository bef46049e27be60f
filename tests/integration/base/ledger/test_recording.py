"""An entry and the change that it records live or die together, and nothing takes an entry away."""

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.agencies import an_agency
from tests.factories.ledger import BY, NOTED, ask, record_many, record_one
from yitong.base.identity.models import Agency
from yitong.base.ledger import actions
from yitong.base.ledger import api as ledger
from yitong.kernel.declare import About
from yitong.kernel.hashing import NotCanonical

pytestmark = pytest.mark.usefixtures("empty_ledger")


def noted() -> int:
    return ask("select count(*) from ledger_entry where event = 'test.noted'")[0][0]


def test_a_record_outside_a_transaction_is_a_bug():
    with pytest.raises(RuntimeError, match=r"inside transaction\.atomic"):
        ledger.record(NOTED, by=BY, about=About("test", "t"), facts={"word": "", "count": 0})
    assert noted() == 0


def test_a_rolled_back_transaction_leaves_no_entry():
    with transaction.atomic():
        record_one()
        transaction.set_rollback(True)
    assert noted() == 0
    ledger.sequence_all()
    assert ledger.verify().ok


def test_a_rolled_back_savepoint_leaves_no_entry_and_the_rest_stays():
    with transaction.atomic():
        kept = record_one()
        with transaction.atomic():
            record_one()
            transaction.set_rollback(True)
    assert ask("select id from ledger_entry where event = 'test.noted'") == [(kept,)]


class NoSigner:
    """A key store that has gone."""

    def mac(self, message: bytes) -> bytes:
        raise OSError("the key store is gone")


def test_a_change_whose_record_fails_is_undone(monkeypatch):
    before = Agency.objects.count()
    monkeypatch.setattr(actions, "_signer", [NoSigner])
    with pytest.raises(OSError, match="gone"):
        an_agency("澜宁市民政局")
    assert Agency.objects.count() == before


def test_a_change_whose_record_the_database_refuses_is_undone(monkeypatch):
    before = Agency.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry add constraint broken check (false) not valid")
    with pytest.raises(IntegrityError):
        an_agency("澜宁市民政局")
    assert Agency.objects.count() == before


@pytest.mark.parametrize("word", [1.5, object(), b"x"], ids=["float", "object", "bytes"])
def test_facts_that_have_no_single_form_undo_the_change_too(word):
    before = Agency.objects.count()
    with pytest.raises((NotCanonical, TypeError)):
        found_and_noted(word)
    assert Agency.objects.count() == before


@transaction.atomic
def found_and_noted(word: object) -> None:
    an_agency("澜宁市民政局")
    record_one(word)


def test_entries_by_copy_get_ids_of_their_own_in_order():
    ids = record_many(500)
    assert ids == sorted(set(ids))
    assert noted() == 500
    rows = ask(
        "select id from ledger_entry where event = 'test.noted' order by (facts->>'count')::int"
    )
    assert [id_ for (id_,) in rows] == ids


def test_what_was_recorded_is_read_again_with_its_index():
    entry_id = record_one("甲乙", 7)
    (waiting,) = ledger.entries([entry_id])
    assert waiting.index is None
    ledger.sequence_all()
    (entry,) = ledger.entries([entry_id])
    assert (entry.event, entry.facts) == ("test.noted", {"word": "甲乙", "count": 7})
    assert entry.index is not None
    assert (entry.account, entry.post, entry.agency, entry.region) == (
        BY.account, BY.post, BY.agency, BY.region,
    )  # fmt: skip
    assert ledger.entries_about(About("test", "t7"))[0].entry_id == entry_id


CHANGES = (
    "update ledger_entry set event = 'x'",
    "update ledger_entry set facts = facts",
    "delete from ledger_entry",
    "truncate ledger_entry",
    "truncate ledger_entry_default",
    "truncate {this_month}",
    "update {this_month} set event = 'x'",
    "delete from {this_month}",
    "insert into ledger_entry select * from ledger_entry on conflict (id, at) do update set event = 'x'",
)


def test_the_database_itself_refuses_to_change_or_remove_an_entry(database_url):
    record_one()
    ((this_month,),) = ask("select tableoid::regclass::text from ledger_entry limit 1")
    with psycopg.connect(database_url, autocommit=True) as other:
        for change in CHANGES:
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="insert-only"):
                other.execute(change.format(this_month=this_month))
    assert noted() == 1


def test_a_removal_leaves_the_door_shut_behind_it():
    """The one function by which rows leave opens the trigger for its own statement only."""
    first, second = record_one(), record_one()
    with transaction.atomic():
        assert ask("select ledger_remove(array[%s::bigint])", first) == [(1,)]
        with pytest.raises(IntegrityError, match="insert-only"):
            ask("delete from ledger_entry where id = %s returning id", second)
        transaction.set_rollback(True)
    assert noted() == 2

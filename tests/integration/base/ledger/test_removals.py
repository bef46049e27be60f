"""Rows leave only by law, say so, and leave a log that verifies: erasure, disposal, months and their partitions."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.agencies import OPERATOR
from tests.factories.ledger import ask, in_order, record_many, record_one, tampering
from yitong.base.ledger import api as ledger
from yitong.base.ledger.errors import EntryUnknown, RemovalStays, RetentionNotOver
from yitong.base.ledger.retention import make_months
from yitong.kernel import clock

pytestmark = pytest.mark.usefixtures("empty_ledger")

OLD = dt.datetime(2023, 1, 31, 23, 59, 59, tzinfo=dt.UTC)
JANUARY = dt.date(2023, 1, 1)


def on(day: str):
    return clock.frozen(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))


def index_of(entry_id: int) -> int:
    return in_order().index(entry_id)


def test_an_erased_entry_leaves_its_commitment_and_the_log_verifies():
    ids = record_many(20)
    ledger.sequence_all()
    gone = [index_of(ids[3]), index_of(ids[5])]
    path = ledger.PublicLog().inclusion_proof(gone[0], len(in_order()))
    assert ledger.erase(indexes=gone, reason="个人信息保护法第四十七条", by=OPERATOR) == 2
    assert ledger.verify().faults[0].code == "entry_missing", (
        "until what removed them is in the log"
    )
    ledger.sequence_all()
    found = ledger.verify()
    assert (found.faults, found.erased) == ([], 2)
    assert ledger.PublicLog().inclusion_proof(gone[0], len(in_order()) - 1) == path
    assert [e.entry_id for e in ledger.entries(ids)] == [
        i for i in ids if i not in (ids[3], ids[5])
    ]
    with pytest.raises(EntryUnknown):
        ledger.entry_proof(ids[3])
    with pytest.raises(EntryUnknown):
        ledger.erase(indexes=gone, reason="再次", by=OPERATOR)


def test_erasing_is_recorded_with_the_reason_and_nothing_of_the_person():
    entry_id = record_one()
    ledger.sequence_all()
    index = index_of(entry_id)
    ledger.erase(indexes=[index, index], reason="本人要求", by=OPERATOR)
    ((facts,),) = ask("select facts::text from ledger_entry where event = 'ledger.entry_erased'")
    assert facts == f'{{"reason": "本人要求", "indexes": [{index}]}}'


def test_an_erasure_that_fails_removes_nothing():
    entry_id = record_one()
    ledger.sequence_all()
    with pytest.raises(EntryUnknown):
        ledger.erase(indexes=[index_of(entry_id), 10_000], reason="", by=OPERATOR)
    assert ledger.entries([entry_id])


def test_an_erased_entry_that_comes_back_is_found():
    ids = record_many(5)
    ledger.sequence_all()
    index = index_of(ids[2])
    with connection.cursor() as cursor:
        cursor.execute("create table kept as select * from ledger_entry where id = %s", [ids[2]])
    ledger.erase(indexes=[index], reason="本人要求", by=OPERATOR)
    ledger.sequence_all()
    with tampering() as cursor:
        cursor.execute("insert into ledger_entry table kept")
    fault = ledger.verify().first_fault
    assert (fault.index, fault.code) == (index, "entry_returned")


def test_a_row_deleted_by_hand_is_not_excused_by_another_erasure():
    ids = record_many(5)
    ledger.sequence_all()
    ledger.erase(indexes=[index_of(ids[1])], reason="本人要求", by=OPERATOR)
    ledger.sequence_all()
    with tampering() as cursor:
        cursor.execute("delete from ledger_entry where id = %s", [ids[3]])
    fault = ledger.verify().first_fault
    assert (fault.index, fault.code) == (index_of(ids[3]), "entry_missing")


def test_a_forged_erasure_excuses_nothing():
    ids = record_many(5)
    ledger.sequence_all()
    with tampering() as cursor:
        cursor.execute(
            "update ledger_entry set event = 'ledger.entry_erased', "
            "facts = jsonb_build_object('indexes', jsonb_build_array(%s::int), 'reason', '') where id = %s",
            (index_of(ids[1]), ids[4]),
        )
        cursor.execute("delete from ledger_entry where id = %s", [ids[1]])
    assert {f.code for f in ledger.verify().faults} == {"entry_missing", "entry_changed"}


def test_what_says_what_was_removed_is_itself_never_removed():
    entry_id = record_one()
    ledger.sequence_all()
    ledger.erase(indexes=[index_of(entry_id)], reason="本人要求", by=OPERATOR)
    ledger.sequence_all()
    ((said,),) = ask("select id from ledger_entry where event = 'ledger.entry_erased'")
    with pytest.raises(RemovalStays):
        ledger.erase(indexes=[index_of(said)], reason="", by=OPERATOR)


# Months -------------------------------------------------------------------------------------------


def test_a_month_is_kept_to_the_last_day_of_its_years():
    record_many(3, at=OLD)
    ledger.sequence_all()
    for day in ("2025-12-31", "2026-01-28", "2026-01-30", "2026-01-31"):
        with on(day), pytest.raises(RetentionNotOver) as refused:
            ledger.dispose_month(month=JANUARY, keep_years=3, by=OPERATOR)
        assert "2026-01-31" in refused.value.say()
        assert str(refused.value.basis).startswith("《政务数据共享条例》")
    assert len(ask("select 1 from ledger_entry where at < '2024-01-01'")) == 3
    with on("2026-02-01"):
        assert ledger.dispose_month(month=JANUARY, keep_years=3, by=OPERATOR) == 3


def test_a_month_of_a_leap_february_may_be_disposed_of_too():
    record_many(1, at=dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC))
    ledger.sequence_all()
    with on("2027-02-28"), pytest.raises(RetentionNotOver):
        ledger.dispose_month(month=dt.date(2024, 2, 10), keep_years=3, by=OPERATOR)
    with on("2027-03-01"):
        assert ledger.dispose_month(month=dt.date(2024, 2, 10), keep_years=3, by=OPERATOR) == 1


def test_a_disposed_month_leaves_a_log_that_verifies():
    old = record_many(300, at=OLD)
    before = record_many(2, at=OLD - dt.timedelta(days=31))
    after = record_many(2, at=OLD + dt.timedelta(seconds=1))
    ledger.sequence_all()
    with on("2026-02-01"):
        assert ledger.dispose_month(month=JANUARY, keep_years=3, by=OPERATOR) == 300
    ledger.sequence_all()
    assert len(ledger.entries([*before, *after])) == 4
    assert ledger.entries(old) == []
    found = ledger.verify()
    assert (found.faults, found.erased) == ([], 300)
    ((facts,),) = ask("select facts from ledger_entry where event = 'ledger.month_disposed'")
    facts = facts if isinstance(facts, dict) else __import__("json").loads(facts)
    assert facts["month"] == "2023-01"
    assert facts["last_index"] - facts["first_index"] == 299
    assert facts["first_index"] == index_of(old[0])


def test_years_later_the_month_that_said_so_is_disposed_of_and_the_log_still_verifies():
    record_many(30, at=OLD)
    ledger.sequence_all()
    with on("2026-02-01"):
        ledger.dispose_month(month=JANUARY, keep_years=3, by=OPERATOR)
    ledger.sequence_all()
    with on("2029-03-01"):
        ledger.dispose_month(month=dt.date(2026, 2, 1), keep_years=3, by=OPERATOR)
    ledger.sequence_all()
    assert ledger.verify().faults == []


def test_a_row_of_a_disposed_month_that_comes_back_is_found():
    ids = record_many(3, at=OLD)
    ledger.sequence_all()
    index = index_of(ids[1])
    with connection.cursor() as cursor:
        cursor.execute("create table kept as select * from ledger_entry where id = %s", [ids[1]])
    with on("2026-02-01"):
        ledger.dispose_month(month=JANUARY, keep_years=3, by=OPERATOR)
    ledger.sequence_all()
    with tampering() as cursor:
        cursor.execute("insert into ledger_entry table kept")
    fault = ledger.verify().first_fault
    assert (fault.index, fault.code) == (index, "entry_returned")


def test_an_empty_month_may_be_disposed_of():
    ledger.sequence_all()
    with on("2026-02-01"):
        assert ledger.dispose_month(month=JANUARY, keep_years=3, by=OPERATOR) == 0
    ledger.sequence_all()
    assert ledger.verify().ok


# Partitions ---------------------------------------------------------------------------------------


def partitions() -> dict[str, int]:
    """Rows of the test's events per partition."""
    return dict(
        ask(
            "select tableoid::regclass::text, count(*) from ledger_entry where event = 'test.noted' group by 1"
        )
    )


def test_entries_of_any_month_are_one_log():
    """In their month's partition where there is one, else in the default one, which doctor watches."""
    this_month, in_default = record_one(), record_many(4, at=OLD)
    next_month = (dt.datetime.now(dt.UTC).replace(day=1) + dt.timedelta(days=32)).replace(day=2)
    ahead = record_many(3, at=next_month)
    assert partitions() == {
        f"ledger_entry_{dt.datetime.now(dt.UTC):%Y_%m}": 1,
        "ledger_entry_default": 4,
        f"ledger_entry_{next_month:%Y_%m}": 3,
    }
    assert ledger.health().rows_in_default == 4
    ledger.sequence_all()
    assert in_order()[-8:] == [this_month, *in_default, *ahead]
    assert ledger.verify().faults == []
    assert [e.entry_id for e in ledger.entries([ahead[0], in_default[0]])] == [
        ahead[0],
        in_default[0],
    ]


def test_a_month_that_comes_late_takes_its_rows_out_of_the_default_partition():
    """A node that was off for long records before its months are made; they must be made all the same."""
    old = record_many(5, at=OLD)
    other = record_many(2, at=OLD - dt.timedelta(days=60))
    ledger.sequence_all()
    before = ask("select * from ledger_entry order by id")
    with transaction.atomic():
        assert ask("select ledger_make_month('2023-01-01')") == [(True,)]
        assert ask("select ledger_make_month('2023-01-01')") == [(False,)]
    assert partitions() == {"ledger_entry_2023_01": 5, "ledger_entry_default": 2}
    assert ask("select * from ledger_entry order by id") == before, "nothing of a row changes"
    record_many(1, at=OLD)
    ledger.sequence_all()
    assert partitions()["ledger_entry_2023_01"] == 6
    assert ledger.verify().faults == []
    assert in_order()[-8:-1] == [*old, *other]
    for statement in ("truncate ledger_entry_2023_01", "delete from ledger_entry_2023_01"):
        with pytest.raises(DatabaseError, match="insert-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_new_month_has_the_indexes_and_checks_of_the_others():
    with transaction.atomic():
        ask("select ledger_make_month('2031-05-01')")

    def shape(table: str) -> list[tuple]:
        indexes = ask(
            "select regexp_replace(indexdef, %s, 'T', 'g') from pg_indexes where tablename = %s order by 1",
            f"{table}[a-z_0-9]*",
            table,
        )
        checks = ask(
            "select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass "
            "and contype in ('c', 'p') order by 1",
            table,
        )
        triggers = ask(
            "select tgname, tgtype from pg_trigger where tgrelid = %s::regclass order by 1", table
        )
        return [indexes, checks, triggers]

    assert shape("ledger_entry_2031_05") == shape("ledger_entry_default")


def test_months_are_made_ahead_once():
    assert make_months() == 0, "the migration made this month and two more"
    with clock.frozen(dt.datetime(2040, 11, 30, 23, tzinfo=dt.UTC)):
        assert make_months() == 3
        assert make_months() == 0
    made = {
        name
        for (name,) in ask("select relid::regclass::text from pg_partition_tree('ledger_entry')")
    }
    assert {"ledger_entry_2040_11", "ledger_entry_2040_12", "ledger_entry_2041_01"} <= made

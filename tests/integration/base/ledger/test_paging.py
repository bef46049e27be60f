"""How reactions read the log: page by page in its order, past whatever was erased, missing nothing."""

import datetime as dt

import pytest

from tests.factories.ledger import BY, NOTED, in_order, record_many, record_one, tampering
from yitong.base.ledger import api as ledger
from yitong.kernel.declare import About, Event

pytestmark = pytest.mark.usefixtures("empty_ledger")

OTHER = Event("test.other", "别的", ("word", "count"))


def read_all(events: list[str], limit: int, after: int = -1) -> list[int]:
    """Row ids as a reaction reads them: its cursor is the last index it was given."""
    found: list[int] = []
    while page := ledger.sequenced(events, after=after, limit=limit):
        indexes = [entry.index for entry in page]
        assert indexes == sorted(set(indexes))
        assert indexes[0] > after
        found += [entry.entry_id for entry in page]
        after = indexes[-1]
    return found


@pytest.mark.parametrize("limit", [3, 100, 1000])
def test_every_entry_of_an_event_is_read_once_in_order(limit):
    mine = [*record_many(40), record_one()]
    record_many(30, OTHER)
    mine += record_many(35)
    ledger.sequence_all()
    assert read_all([NOTED.name], limit) == mine
    assert len(read_all([NOTED.name, OTHER.name], limit)) == len(mine) + 30
    assert read_all(["nobody.ever"], limit) == []


def test_what_waits_for_its_index_is_not_read_yet():
    record_one()
    assert read_all([NOTED.name], 10) == []
    ledger.sequence_all()
    assert len(read_all([NOTED.name], 10)) == 1


@pytest.mark.parametrize("limit", [9, 100])
def test_a_cursor_that_stands_on_an_erased_entry_goes_on(limit):
    """With a page smaller than what lies before it in the leaf row, nothing may seem to be left."""
    ids = record_many(400)
    ledger.sequence_all()
    places = {id_: index for index, id_ in enumerate(in_order())}
    on, erased = places[ids[200]], [places[ids[i]] for i in (0, 200, 201, 255, 256, 399)]
    ledger.erase(indexes=erased, reason="本人要求", by=BY)
    ledger.sequence_all()
    left = [id_ for id_ in ids if places[id_] not in erased]
    assert read_all([NOTED.name], limit, after=on) == [id_ for id_ in left if places[id_] > on]
    assert read_all([NOTED.name], limit) == left


def test_a_cursor_where_everything_before_it_was_erased_goes_on():
    ids = record_many(300)
    ledger.sequence_all()
    places = [in_order().index(id_) for id_ in ids]
    start = (places[0] // 256 + 1) * 256
    gone = [place for place in range(start, start + 40) if place in set(places)]
    ledger.erase(indexes=gone, reason="本人要求", by=BY)
    ledger.sequence_all()
    after = [id_ for id_, place in zip(ids, places, strict=True) if place > gone[-1]]
    assert read_all([NOTED.name], 3, after=gone[-1]) == after


def test_a_cursor_beyond_the_log_reads_nothing():
    record_many(10)
    ledger.sequence_all()
    size = len(in_order())
    for after in (size - 1, size, size + 5, size + 10_000):
        assert ledger.sequenced([NOTED.name], after=after, limit=10) == []


def test_the_life_of_a_thing_is_told_newest_first_whoever_had_which_row_ids_set_aside():
    """A committer draws row ids in advance, so that a later entry may have the lower id."""
    early = record_many(1, at=dt.datetime(2026, 3, 2, 9, 0, 1, tzinfo=dt.UTC))
    late = record_many(1, at=dt.datetime(2026, 3, 2, 9, 0, 2, tzinfo=dt.UTC))
    with tampering() as cursor:
        cursor.execute("update ledger_entry set id = -id where id = %s", late)
    told = ledger.entries_about(About("test", "t0"))
    assert [entry.entry_id for entry in told] == [-late[0], early[0]]
    assert [e.entry_id for e in ledger.entries_about(About("test", "t0"), limit=1)] == [-late[0]]

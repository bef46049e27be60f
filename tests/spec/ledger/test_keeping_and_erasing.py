"""政务数据共享条例 29 and 个人信息保护法 47: how long entries are kept, and how one leaves before."""

import datetime as dt

import pytest

from tests.factories.keys import OPERATOR, node_keys  # noqa: F401
from tests.factories.ledger import ask, in_order, record_many
from yitong.base.ledger import api as ledger
from yitong.base.ledger.errors import RemovalStays, RetentionNotOver
from yitong.kernel import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

LAST_OF_MARCH = dt.datetime(2023, 3, 31, 23, 59, 59, tzinfo=dt.UTC)
MARCH = dt.date(2023, 3, 1)
THREE_YEARS = 3


@pytest.fixture
def used_in_march() -> list[int]:
    ids = record_many(3, at=LAST_OF_MARCH)
    ledger.sequence_all()
    return ids


def dispose(on: str) -> int:
    with clock.frozen(dt.datetime.fromisoformat(f"{on}T00:00:00+00:00")):
        return ledger.dispose_month(month=MARCH, keep_years=THREE_YEARS, by=OPERATOR)


def test_a_record_of_use_is_kept_for_three_whole_years(used_in_march):
    """政务数据共享条例 art. 29: 有关记录保存期限不少于3年, that of the month's last day too (民法典 201, 202)."""
    with pytest.raises(RetentionNotOver) as refused:
        dispose(on="2026-03-31")
    assert (refused.value.basis.act, refused.value.basis.article) == ("政务数据共享条例", "29")
    assert dispose(on="2026-04-01") == 3


def test_what_was_disposed_of_is_on_the_record_and_its_place_in_the_log_stays(used_in_march):
    before = in_order()
    dispose(on="2026-04-01")
    ledger.sequence_all()
    assert in_order()[: len(before)] == before
    assert ask(
        "select facts->>'month' from ledger_entry where event = 'ledger.month_disposed'"
    ) == [("2023-03",)]
    assert ledger.verify().ok


def test_an_entry_can_be_erased_at_any_time_and_the_log_still_proves_all_others(used_in_march):
    """个人信息保护法 art. 47: erased on request or by duty; what remains says that, and why, not what."""
    index = in_order().index(used_in_march[1])
    ledger.erase(indexes=[index], reason="个人信息保护法第四十七条第一款第三项", by=OPERATOR)
    ledger.sequence_all()
    assert ledger.verify().ok
    for entry_id in (used_in_march[0], used_in_march[2]):
        assert ledger.entry_proof(entry_id).document["entry"]


def test_what_says_that_something_was_removed_cannot_be_removed(used_in_march):
    ledger.erase(indexes=[in_order().index(used_in_march[1])], reason="本人要求", by=OPERATOR)
    ledger.sequence_all()
    with pytest.raises(RemovalStays):
        ledger.erase(indexes=[len(in_order()) - 1], reason="本人要求", by=OPERATOR)

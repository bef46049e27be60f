"""Catalogue reviews and share requests open and meet duties with the clocks of the act (政务数据共享条例 16, 17, 21, 22)."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.factories.catalogue import firms_entry, people_entry
from tests.factories.duties import at
from tests.factories.grants import a_purposed_town, an_order
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, assess, publish, published
from yitong.base.duties.models import Duty
from yitong.data.catalogue import actions as catalogue
from yitong.data.catalogue import procedure
from yitong.data.sharing import actions as sharing
from yitong.kernel import clock

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


@pytest.fixture
def town(node_keys):  # noqa: F811
    with clock.frozen(at("2026-09-01 09:00")):
        yield a_purposed_town()


def only(kind: str) -> Duty:
    return Duty.objects.filter(kind=kind).latest("pk")


def test_a_first_filing_has_the_local_promise_and_an_update_two_workdays(town):
    row = published(town)
    first = only("catalogue.review")
    assert (first.limit_key, first.standing, first.outcome) == ("DSR-16", "promised", "published")
    assert (first.post, first.waits) == (town.reviewer.post, town.provider.agency.name)
    changed = replace(
        people_entry(),
        owner=town.provider.agency.name,
        abstract="最低生活保障对象的当前状态，逐日更新",
    )
    catalogue.amend(code=row.code, proposal=changed, reason="职责变化", by=town.provider.contact)
    assess(town, row.code)
    procedure.submit(code=row.code, by=town.provider.contact)
    procedure.approve(code=row.code, by=town.provider.head)
    update = only("catalogue.review")
    assert (update.limit_key, update.standing, update.due_on) == (
        "DSR-17b", "statutory", dt.date(2026, 9, 3),
    )  # fmt: skip
    procedure.send_back(code=row.code, reason="写明依据", by=town.reviewer)
    assert only("catalogue.review").outcome == "returned"


def test_what_a_head_sends_back_was_never_the_authoritys(town):
    row = a_draft(town)
    assess(town, row.code)
    procedure.submit(code=row.code, by=town.provider.contact)
    procedure.send_back(code=row.code, reason="缺项", by=town.provider.head)
    assert not Duty.objects.exists()


def test_a_request_is_answered_within_ten_workdays_and_shared_within_twenty(town):
    row, head = published(town), town.provider.sharing_head
    request = sharing.request_share(order=an_order(town, row), by=town.requester.contact)
    assert not Duty.objects.filter(kind="sharing.answer").exists()
    sharing.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    answer = only("sharing.answer")
    assert (answer.limit_key, answer.due_on) == ("DSR-21b", dt.date(2026, 9, 15))
    assert answer.post == head.post
    sharing.answer(request_id=request.pk, is_agreed=True, by=town.provider.sharing_head)
    answer.refresh_from_db()
    deliver = only("sharing.deliver")
    assert (answer.result, answer.outcome) == ("on_time", "agreed")
    # the twentieth workday: Sunday 20 September is worked, Friday the 25th is off
    assert (deliver.limit_key, deliver.due_on) == ("DSR-22", dt.date(2026, 9, 29))
    sharing.deliver(request_id=request.pk, by=town.provider.sharing_head)
    deliver.refresh_from_db()
    assert (deliver.state, deliver.outcome) == ("met", "delivered")


def test_unconditional_sharing_is_answered_within_a_workday(town):
    row = published(town, firms_entry(share_type="unconditional"))
    order = an_order(town, row, fields=("统一社会信用代码", "状态"))
    request = sharing.request_share(order=order, by=town.requester.contact)
    sharing.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    assert (only("sharing.answer").limit_key, only("sharing.answer").due_on) == (
        "DSR-21a", dt.date(2026, 9, 2),
    )  # fmt: skip


def test_a_supplement_stops_the_clock_and_says_that_the_stop_is_unverified(town):
    request = sharing.request_share(
        order=an_order(town, published(town)), by=town.requester.contact
    )
    sharing.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    sharing.ask_supplement(request_id=request.pk, items="使用时限", by=town.provider.sharing_head)
    stopped = only("sharing.answer")
    assert (stopped.state, stopped.segments[0][3]) == ("paused", "")
    sharing.supplement(
        request_id=request.pk, stated={"scene": "入学资格核验"}, by=town.requester.contact
    )
    assert only("sharing.answer").state == "running"


def test_a_refusal_meets_the_answer_and_owes_nothing_more(town):
    request = sharing.request_share(
        order=an_order(town, published(town)), by=town.requester.contact
    )
    sharing.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    sharing.answer(
        request_id=request.pk, is_agreed=False, ground="not_held", reason="没有这项数据",
        by=town.provider.sharing_head,
    )  # fmt: skip
    assert only("sharing.answer").outcome == "refused"
    assert not Duty.objects.filter(kind="sharing.deliver").exists()


def test_a_new_version_is_published_by_the_whole_way(town):
    publish(town, a_draft(town).code)
    assert Duty.objects.filter(closed_at=None).count() == 0

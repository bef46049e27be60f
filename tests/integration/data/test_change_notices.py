"""政务数据共享条例 27: who uses the data is told of a change before it happens."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.factories.grants import a_grant, a_purposed_town
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import assess, published
from yitong.base.access.api import NotAllowed
from yitong.base.ledger.models import Entry
from yitong.base.messages.models import Message
from yitong.data.catalogue import actions, errors, notices, procedure
from yitong.data.catalogue.models import ChangeNotice
from yitong.kernel import clock

pytestmark = [
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


@pytest.fixture
def town(node_keys):  # noqa: F811
    found = a_purposed_town()
    found.requester.staffed()
    return found


@pytest.fixture
def granted(town):
    """An entry in force of which 姓名 and two more items are given to the other agency."""
    row = published(town)
    a_grant(town, row)
    row.refresh_from_db()
    return row


def revise(town, row, **changes):
    """A revision that is submitted: without 姓名 unless said otherwise."""
    content = row.versions.get(number=row.version).entry
    fields = changes.pop("fields", tuple(f for f in content.fields if f.name != "xm"))
    proposal = replace(content, fields=fields, **changes)
    actions.amend(code=row.code, proposal=proposal, reason="改", by=town.provider.contact)
    assess(town, row.code)
    return procedure.submit(code=row.code, by=town.provider.contact)


def told(town):
    posts = {town.requester.contact.post, town.requester.sharing_head.post}
    found = Message.objects.filter(recipient__in=[f"post:{p}" for p in posts])
    return sorted(
        found.filter(template__startswith="catalogue.").values_list("template", flat=True)
    )


def test_whoever_loses_an_item_is_told_at_the_submission_and_named_on_record(town, granted):
    revise(town, granted)
    notice = ChangeNotice.objects.get()
    assert notice.agency == town.requester.agency
    assert [loss.mark for loss in notice.items] == ["removed:xm"]
    assert told(town) == ["catalogue.change_coming"] * 2
    entry = Entry.objects.get(event="catalogue.consumer_told")
    assert entry.facts["losses"] == ["removed:xm"]
    assert entry.facts["until"] == notice.until.isoformat()


def test_the_head_cannot_approve_until_they_agree(town, granted):
    row = revise(town, granted)
    with pytest.raises(errors.NoticeRuns) as held:
        procedure.approve(code=row.code, by=town.provider.head)
    assert town.requester.agency.name in held.value.say()
    number = ChangeNotice.objects.get().pk
    notices.answer(number=number, given="agreed", words="", by=town.requester.sharing_head)
    procedure.approve(code=row.code, by=town.provider.head)
    procedure.publish(code=row.code, by=town.reviewer)
    assert told(town) == ["catalogue.change_coming"] * 2 + ["catalogue.change_made"] * 2
    assert ChangeNotice.objects.get().ended_at is not None


def test_nor_before_the_time_to_answer_is_over_whatever_they_object(town, granted):
    row = revise(town, granted)
    notice = ChangeNotice.objects.get()
    notices.answer(
        number=notice.pk, given="objected", words="报名核验要用姓名", by=town.requester.contact
    )
    with pytest.raises(errors.NoticeRuns):
        procedure.approve(code=row.code, by=town.provider.head)
    after = clock.now() + (notice.until - clock.today()) + dt.timedelta(days=1)
    with clock.frozen(after):
        procedure.approve(code=row.code, by=town.provider.head)


def test_a_grant_that_comes_after_the_approval_still_holds_the_publication(town):
    row = published(town)
    row = revise(town, row)
    procedure.approve(code=row.code, by=town.provider.head)
    a_grant(town, row)
    with pytest.raises(errors.ConsumersUntold):
        procedure.publish(code=row.code, by=town.reviewer)
    made = notices.tell(code=row.code, by=town.provider.contact)
    assert len(made) == 1
    with pytest.raises(errors.NoticeRuns):
        procedure.publish(code=row.code, by=town.reviewer)


def test_what_was_told_once_is_not_told_again_and_its_time_runs_on(town, granted):
    row = revise(town, granted)
    procedure.send_back(code=row.code, reason="写明依据", by=town.provider.head)
    row.refresh_from_db()
    content = row.versions.get(number=row.version).entry
    row = revise(town, row, fields=content.fields, abstract="写明了依据")
    assert ChangeNotice.objects.count() == 1
    assert len(told(town)) == 2


def test_a_further_loss_is_told_anew(town, granted):
    row = revise(town, granted)
    procedure.send_back(code=row.code, reason="再改", by=town.provider.head)
    row.refresh_from_db()
    content = row.versions.get(number=row.version).entry
    masked = tuple(replace(f, mask="hidden") if f.name == "zt" else f for f in content.fields)
    revise(town, row, fields=masked)
    assert [n.version for n in ChangeNotice.objects.order_by("pk")] == [2, 3]


def test_a_revision_that_is_dropped_is_taken_back(town, granted):
    row = revise(town, granted)
    procedure.send_back(code=row.code, reason="不改了", by=town.provider.head)
    procedure.abandon(code=row.code, by=town.provider.contact)
    assert told(town) == ["catalogue.change_coming"] * 2 + ["catalogue.change_dropped"] * 2
    row.refresh_from_db()
    revise(town, row)
    assert ChangeNotice.objects.count() == 2, "what was taken back counts as told no more"


def test_nobody_is_told_of_items_that_are_not_given_to_them(town, granted):
    content = granted.versions.get(number=1).entry
    fewer = tuple(f for f in content.fields if f.name != "rq")
    row = revise(town, granted, fields=fewer)
    procedure.approve(code=row.code, by=town.provider.head)
    assert not ChangeNotice.objects.exists()


def test_only_the_agency_that_was_told_answers_and_once(town, granted):
    revise(town, granted)
    number = ChangeNotice.objects.get().pk
    with pytest.raises(NotAllowed):
        notices.answer(number=number, given="agreed", words="", by=town.provider.contact)
    with pytest.raises(errors.ReasonNeeded):
        notices.answer(number=number, given="objected", words=" ", by=town.requester.contact)
    with pytest.raises(errors.NoticeUnknown):
        notices.answer(number=number, given="perhaps", words="", by=town.requester.contact)
    notices.answer(number=number, given="agreed", words="", by=town.requester.contact)
    with pytest.raises(errors.NoticeAnswered):
        notices.answer(number=number, given="agreed", words="", by=town.requester.contact)

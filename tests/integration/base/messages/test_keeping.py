"""How long messages are kept: texts and deliveries leave by a schedule, on the record, and the inbox says so."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.factories.agencies import OPERATOR, an_agency
from tests.factories.messages import (
    SENDER,
    TOLD,
    URGENT,
    delivery,
    recorded,
    send_now,
    tell,
)
from yitong.base.access.api import NotAllowed
from yitong.base.messages import actions, disposing, jobs
from yitong.base.messages.disposing import dispose
from yitong.base.messages.errors import KeepingTooShort, MessageKeyReused
from yitong.base.messages.keeping import Kept, keeping
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.queries import inbox
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys", "templates"),
    pytest.mark.timeout(120),
]
MONTH = dt.timedelta(days=31)


def later(months: int):
    return clock.frozen(clock.now() + months * MONTH)


def told(reader, key: str = "k1") -> int:
    return tell(
        reader, key, template=TOLD, about=About("duty", "7"),
        agency=an_agency().code, number=3, matter="PER-42",
    )  # fmt: skip


def test_what_is_younger_than_its_period_stays(reader, mail):
    told(reader)
    send_now()
    with later(5):
        assert not dispose(by=SENDER)
    assert recorded("messages.disposed") == []
    assert Delivery.objects.count() == 1
    assert Message.objects.get().facts != {}


def test_a_delivery_leaves_after_half_a_year_and_the_message_stays(reader, mail):
    told(reader)
    send_now()
    with later(7):
        assert not dispose(by=SENDER)
    assert Delivery.objects.count() == 0
    assert Message.objects.get().facts != {}
    (entry,) = recorded("messages.disposed")
    assert (entry["texts"], entry["deliveries"], entry["messages"]) == (0, 1, [])
    assert "网络安全法" in entry["sources"][1]


def test_a_text_leaves_after_three_years_and_the_inbox_says_so(reader):
    number = told(reader)
    actions.mark_read(by=reader, messages=[number])
    with later(37):
        dispose(by=SENDER)
        (shown,) = inbox(reader).messages
        again = inbox(reader)
    row = Message.objects.get()
    assert (row.facts, row.about_type, row.about_key) == ({}, "", "")
    assert row.read_at is not None, "that it was told and read stays"
    assert shown.is_erased
    assert "内容已按保存期限删除" in shown.text.what
    assert (shown.text.todo, shown.href) == ("", "")
    assert (again.total, again.unread) == (1, 0)
    (entry,) = recorded("messages.disposed")
    assert entry["messages"] == [number]


def test_an_erased_message_is_still_told_only_once(reader):
    number = told(reader)
    with later(37):
        dispose(by=SENDER)
        assert told(reader) == number
        told(reader, "k2")
        with pytest.raises(MessageKeyReused):
            tell(reader, "k2", template=URGENT)
    assert Message.objects.count() == 2


def test_what_still_waits_to_be_sent_keeps_its_text(reader, mail):
    told(reader)
    with later(37):
        dispose(by=SENDER)
    assert (delivery().state, Message.objects.get().erased_at) == ("queued", None)


def test_a_dead_letter_that_nobody_saw_to_leaves_with_the_others(reader, mail):
    mail.answers["RCPT"] = "550 no such mailbox"
    told(reader)
    send_now()
    with later(7):
        dispose(by=SENDER)
    assert Delivery.objects.count() == 0


def test_much_goes_in_parts_each_its_own_entry(reader, monkeypatch):
    monkeypatch.setattr(disposing, "AT_ONCE", 2)
    for number in range(5):
        tell(reader, f"k{number}")
    with later(37):
        turns = 1
        while dispose(by=SENDER):
            turns += 1
    assert turns == 3
    assert [entry["texts"] for entry in recorded("messages.disposed")] == [2, 2, 1]
    assert not Message.objects.filter(erased_at=None).exists()


def test_the_schedule_does_it_every_night(reader):
    told(reader)
    (schedule,) = (each for each in jobs.SCHEDULES if each.name == "messages.dispose")
    with later(37):
        schedule.run()
    assert Message.objects.get().erased_at is not None


def test_a_record_that_fails_undoes_the_removal(reader, monkeypatch):
    told(reader)

    def broken(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(disposing, "record", broken)
    with later(37), pytest.raises(RuntimeError):
        dispose(by=SENDER)
    assert Message.objects.get().facts != {}


def test_a_node_may_keep_longer_and_not_below_the_least(reader, settings):
    settings.YITONG_KEEP_MESSAGES = "60"
    assert keeping(Kept.TEXTS).months == 60
    assert keeping(Kept.TEXTS).source == "YITONG_KEEP_MESSAGES"
    told(reader)
    with later(37):
        dispose(by=SENDER)
    assert Message.objects.get().erased_at is None
    for text in ("5", "0", "-36", "ever"):
        settings.YITONG_KEEP_DELIVERIES = text
        with later(99), pytest.raises(KeepingTooShort, match="YITONG_KEEP_DELIVERIES"):
            dispose(by=OPERATOR)
    assert Message.objects.get().erased_at is None


def test_only_who_keeps_the_node_disposes(reader):
    with pytest.raises(NotAllowed):
        dispose(by=reader)
    assert not dispose(by=Actor.operator("root"))


def test_the_database_holds_no_erased_message_with_a_text(reader):
    told(reader)
    with pytest.raises(IntegrityError, match="message_erased_is_empty"), transaction.atomic():
        Message.objects.update(erased_at=clock.now())

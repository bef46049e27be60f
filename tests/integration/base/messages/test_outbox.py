"""The outbox as it runs: after commit, once, in its hours, to whoever reads; and no address left behind."""

import datetime as dt
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.messages import (
    ANY_TIME,
    PLAIN,
    SENDER,
    delivery,
    mail_of,
    recorded,
    send_now,
    tell,
)
from yitong.base.identity.api import actor_for
from yitong.base.identity.contacts import set_contact
from yitong.base.jobs import declared as declared_jobs
from yitong.base.jobs.api import run_worker
from yitong.base.messages import actions, jobs, queries
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.queries import outbox_status
from yitong.base.messages.rules import Channel, Choice
from yitong.base.messages.sending import Turn, ask_receipts, send_due
from yitong.kernel import clock
from yitong.kernel.declare import Schedule

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys", "templates"),
    pytest.mark.timeout(120),
]

NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


def test_a_message_goes_out_by_every_channel_and_its_states_are_recorded(reader, mail, sms):
    tell(reader)
    assert send_now()[Turn.SENT] == 1
    assert send_now(Channel.SMS)[Turn.SENT] == 1
    (mailed,) = mail.taken
    (texted,) = sms.taken.values()
    assert mailed.recipients == (mail_of(2),)
    assert texted["to"] == "10000000002"
    assert {row.state for row in Delivery.objects.all()} == {"sent"}
    assert {entry["channel"] for entry in recorded("messages.sent")} == {"mail", "sms"}
    sms.states["R-0"] = "delivered"
    assert ask_receipts(by=SENDER) == 1
    assert Delivery.objects.get(channel="sms").state == "delivered"
    assert send_now() == {Turn.NOTHING: 1}
    assert len(mail.taken) == 1


def test_what_is_rolled_back_is_never_sent(reader, mail):
    class Undone(Exception):
        pass

    def undone() -> None:
        with transaction.atomic():
            tell(reader)
            raise Undone

    with pytest.raises(Undone):
        undone()
    assert send_now() == {Turn.NOTHING: 1}
    assert not mail.taken
    assert not recorded("messages.queued")


def test_twenty_senders_with_one_key_tell_once(reader, mail):
    def one(_: int) -> int:
        try:
            return tell(reader, "same")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        numbers = set(pool.map(one, range(20)))
    assert len(numbers) == 1
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)
    assert len(recorded("messages.queued")) == 1


@pytest.mark.slow
def test_many_workers_send_each_message_once(reader, mail):
    for number in range(30):
        tell(reader, f"k{number}")

    def one(_: int) -> None:
        try:
            send_due(by=SENDER, channel=Channel.MAIL)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    assert len({taken.mail["Message-ID"] for taken in mail.taken}) == len(mail.taken) == 30
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_clock_that_was_ahead_and_was_set_right_keeps_no_message_for_a_year(reader, mail):
    with clock.frozen(clock.now() + dt.timedelta(days=365)):
        tell(reader)
        mail.answers["RCPT"] = "451 later"
        assert send_due(by=SENDER, channel=Channel.MAIL)[Turn.FAILED] == 1
        tell(reader, "k2")
    del mail.answers["RCPT"]
    assert send_now(minutes=1)[Turn.SENT] == 2
    assert {row.state for row in Delivery.objects.all()} == {"sent"}


def test_quiet_hours_hold_when_it_comes_to_sending_too(reader, mail):
    with clock.frozen(NOON):
        tell(reader)
        actions.set_preferences(
            by=reader, choice=Choice(quiet_from=dt.time(11), quiet_until=dt.time(14))
        )
        assert send_due(by=SENDER, channel=Channel.MAIL) == {Turn.SET_ASIDE: 1, Turn.NOTHING: 1}
    assert delivery().due_at == dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
    assert delivery().attempts == 0
    with clock.frozen(NOON + dt.timedelta(hours=2)):
        assert send_due(by=SENDER, channel=Channel.MAIL)[Turn.SENT] == 1


def test_a_post_is_reached_through_whoever_holds_it_at_that_moment(mail):
    post = a_post(an_agency(), "clerk")
    account = staff(post)
    holder = actor_for(account)
    set_contact(by=holder, account=holder.account, mail="clerk.secret@example.cn", phone="")
    actions.set_preferences(by=holder, choice=ANY_TIME)
    tell(post.key)
    assert send_now()[Turn.SENT] == 1
    assert mail.taken[0].recipients == ("clerk.secret@example.cn",)


def test_no_address_stands_in_a_log_or_a_table(reader, mail, sms, caplog):
    caplog.set_level(logging.DEBUG)
    mail.answers["RCPT"] = f"550 no such <{mail_of(2)}>"
    sms.status = 400
    tell(reader)
    send_now()
    send_now(Channel.SMS)
    with connection.cursor() as cursor:
        cursor.execute(
            "select t::text from base_messages_delivery t union all select t::text from ledger_entry t"
            " union all select t::text from procrastinate_jobs t"
        )
        dump = "\n".join(row[0] for row in cursor.fetchall())
    for secret in ("secret@example.cn", "10000000002"):
        assert secret not in dump
        assert secret not in caplog.text


def test_the_worker_sends_what_its_schedule_finds(reader, mail):
    """The whole way: schedule, job, commit, and only then the mail server."""
    tell(reader)
    before = declared_jobs.schedules(), declared_jobs.reactions()
    (name, run_schedule) = next(
        (each.name, each.run) for each in jobs.SCHEDULES if each.name == "messages.send_mail"
    )
    declared_jobs.install(schedules=[Schedule(name, "* * * * *", run_schedule)], reactions=())
    from yitong.base.jobs.models import ScheduleRun

    ScheduleRun.objects.create(
        name=name, due_at=clock.now() - dt.timedelta(minutes=5), finished_at=clock.now()
    )
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(stop,))
    worker.start()
    try:
        mail.until_taken(1, 40)
        end = time.monotonic() + 20
        while delivery().state != "sent" and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        stop.set()
        worker.join(30)
        declared_jobs.install(schedules=before[0], reactions=before[1])
    assert delivery().state == "sent"
    assert not worker.is_alive()


def test_the_status_says_what_waits_and_for_how_long(reader, mail):
    tell(reader)
    with clock.frozen(clock.now() + dt.timedelta(minutes=10)):
        by_mail, by_sms = outbox_status()
    assert (by_mail.waiting, by_mail.is_open) == (1, True)
    assert 595 <= by_mail.oldest_due_s <= 660
    assert (by_sms.waiting, by_sms.is_open) == (0, False)
    assert queries.deliveries(OPERATOR)[0].template == PLAIN.key

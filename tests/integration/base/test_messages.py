"""The outbox as it runs: after commit, once or once too often, and never held up by a server that hangs."""

import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.mail_server import DROP, HANG, a_mail_server
from tests.factories.messages import (
    PLAIN,
    SENDER,
    TOLD,
    a_reader,
    mail,  # noqa: F401
    mail_of,
    sms,  # noqa: F401
    tell,
    templates,  # noqa: F401
)
from yitong.base.identity.api import actor_for
from yitong.base.identity.contacts import set_contact
from yitong.base.jobs import declared as declared_jobs
from yitong.base.jobs.api import react, run_worker
from yitong.base.ledger.api import sequence_all
from yitong.base.ledger.models import Entry
from yitong.base.messages import actions, jobs, queries, sending
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.queries import inbox, outbox_status
from yitong.base.messages.rules import MOST_ATTEMPTS, Channel, Choice
from yitong.base.messages.sending import Turn, ask_receipts, send_due
from yitong.kernel import clock
from yitong.kernel.declare import Schedule

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys", "templates"),
    pytest.mark.timeout(120),
]

NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)
ANY_TIME = Choice(quiet_from=dt.time(0), quiet_until=dt.time(0))


@pytest.fixture
def reader(node_keys):  # noqa: F811
    """A citizen who may be told at any hour."""
    _, by = a_reader()
    actions.set_preferences(by=by, choice=ANY_TIME)
    return by


def run(channel: Channel = Channel.MAIL, **later: float) -> dict[Turn, int]:
    with clock.frozen(clock.now() + dt.timedelta(**later)):
        return send_due(by=SENDER, channel=channel)


def delivery() -> Delivery:
    return Delivery.objects.get()


def recorded(name: str) -> list[dict]:
    return list(Entry.objects.filter(event=name).order_by("id").values_list("facts", flat=True))


def test_a_message_goes_out_by_every_channel_and_its_states_are_recorded(reader, mail, sms):  # noqa: F811
    tell(reader)
    assert run()[Turn.SENT] == 1
    assert run(Channel.SMS)[Turn.SENT] == 1
    (mailed,) = mail.taken
    (texted,) = sms.taken.values()
    assert mailed.recipients == (mail_of(2),)
    assert texted["to"] == "10000000002"
    assert {row.state for row in Delivery.objects.all()} == {"sent"}
    assert {entry["channel"] for entry in recorded("messages.sent")} == {"mail", "sms"}
    sms.states["R-0"] = "delivered"
    assert ask_receipts(by=SENDER) == 1
    assert Delivery.objects.get(channel="sms").state == "delivered"
    assert run() == {Turn.NOTHING: 1}
    assert len(mail.taken) == 1


def test_a_short_message_that_never_arrives_is_a_dead_letter(reader, sms):  # noqa: F811
    tell(reader)
    run(Channel.SMS)
    sms.states["R-0"] = "failed"
    ask_receipts(by=SENDER)
    assert (delivery().state, delivery().reason) == ("given_up", "bounced")


def test_what_is_rolled_back_is_never_sent(reader, mail):  # noqa: F811
    class Undone(Exception):
        pass

    def undone() -> None:
        with transaction.atomic():
            tell(reader)
            raise Undone

    with pytest.raises(Undone):
        undone()
    assert run() == {Turn.NOTHING: 1}
    assert not mail.taken
    assert not recorded("messages.queued")


def test_twenty_senders_with_one_key_tell_once(reader, mail):  # noqa: F811
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


def test_many_workers_send_each_message_once(reader, mail):  # noqa: F811
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


def test_a_failed_attempt_waits_longer_each_time_and_ends_as_a_dead_letter(reader, mail):  # noqa: F811
    mail.answers["RCPT"] = "451 later"
    tell(reader)
    waits = []
    at = clock.now()
    for _ in range(MOST_ATTEMPTS):
        with clock.frozen(at):
            send_due(by=SENDER, channel=Channel.MAIL)
        row = delivery()
        waits.append((row.due_at - at).total_seconds() / 60)
        at = row.due_at
    assert waits[:5] == [1, 4, 16, 64, 240]
    assert (row.state, row.reason, row.attempts) == ("given_up", "put_off", MOST_ATTEMPTS)
    with clock.frozen(at + dt.timedelta(days=9)):
        assert send_due(by=SENDER, channel=Channel.MAIL) == {Turn.NOTHING: 1}
    (status, _) = outbox_status()
    assert (status.given_up, status.waiting) == (1, 0)
    del mail.answers["RCPT"]
    actions.retry(by=OPERATOR, delivery=row.pk)
    assert run()[Turn.SENT] == 1
    assert len(recorded("messages.failed")) == MOST_ATTEMPTS - 1
    assert len(recorded("messages.given_up")) == len(recorded("messages.retried")) == 1


def test_a_clock_that_was_ahead_and_was_set_right_keeps_no_message_for_a_year(reader, mail):  # noqa: F811
    with clock.frozen(clock.now() + dt.timedelta(days=365)):
        tell(reader)
        mail.answers["RCPT"] = "451 later"
        assert send_due(by=SENDER, channel=Channel.MAIL)[Turn.FAILED] == 1
        tell(reader, "k2")
    del mail.answers["RCPT"]
    assert run(minutes=1)[Turn.SENT] == 2
    assert {row.state for row in Delivery.objects.all()} == {"sent"}


def test_what_is_refused_for_good_is_not_tried_again(reader, mail):  # noqa: F811
    mail.answers["RCPT"] = "550 no such mailbox"
    tell(reader)
    assert run()[Turn.FAILED] == 1
    assert (delivery().state, delivery().attempts) == ("given_up", 1)


def test_a_server_that_is_away_costs_one_attempt_of_one_message_a_run(reader, mail, settings):  # noqa: F811
    for number in range(5):
        tell(reader, f"k{number}")
    with a_mail_server() as gone:
        port = gone.port
    settings.YITONG_SMTP_PORT = str(port)
    assert run() == {Turn.AWAY: 1}
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    settings.YITONG_SMTP_PORT = str(mail.port)
    assert run(minutes=1)[Turn.SENT] == 5


@pytest.mark.slow
def test_a_server_that_hangs_blocks_nobody(reader, mail, sms, database_url):  # noqa: F811
    """While it hangs no transaction is open, pages and the other channel go on, and the run has its end."""
    mail.answers["EHLO"] = HANG
    tell(reader)
    began = time.monotonic()

    def hang() -> None:
        try:
            send_due(by=SENDER, channel=Channel.MAIL)
        finally:
            connection.close()

    thread = threading.Thread(target=hang)
    thread.start()
    while not mail.conversations:
        time.sleep(0.02)
    time.sleep(0.3)
    with psycopg.connect(database_url) as outside:
        open_ones = outside.execute(
            "select count(*) from pg_stat_activity where datname = current_database()"
            " and xact_start is not null and pid <> pg_backend_pid()"
        ).fetchone()
    assert open_ones == (0,)
    assert run(Channel.SMS)[Turn.SENT] == 1
    tell(reader, "k2")
    assert inbox(reader).total == 2
    assert time.monotonic() - began < 5, "something waited for the mail server"
    thread.join(20)
    assert not thread.is_alive()
    assert time.monotonic() - began < 15
    row = Delivery.objects.get(channel="mail", message__key="k1")
    assert (row.state, row.reason) == ("failed", "unreachable")


KILLED = textwrap.dedent(
    """
    import os, signal
    import django
    django.setup()
    from tests.factories.messages import SENDER, TEMPLATES
    from yitong.base.messages import declared, sending
    from yitong.base.messages.rules import Channel
    from yitong.kernel import clock
    import datetime as dt
    declared.install(TEMPLATES)
    sending._mark_sent = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    with clock.frozen(clock.now() + dt.timedelta(minutes=int(os.environ["TEST_LATER"]))):
        sending.send_due(by=SENDER, channel=Channel.MAIL)
    """
)


def killed_between_sending_and_marking(url: str, keys: Path, port: int, later: int) -> None:
    environment = os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yitong.config.settings", "TEST_LATER": str(later),
        "YITONG_KEYS": str(keys), "YITONG_SMTP_HOST": "127.0.0.1", "YITONG_SMTP_PORT": str(port),
        "YITONG_SMTP_FROM": "notice@node.example.cn", "YITONG_SMTP_SECURITY": "none",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", KILLED], env=environment, cwd=Path(__file__).parents[3],
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_a_worker_killed_between_sending_and_marking_sends_at_most_one_copy_more(
    reader, mail, node_keys, database_url  # noqa: F811
):  # fmt: skip
    tell(reader)
    killed_between_sending_and_marking(database_url, node_keys, mail.port, 0)
    assert (delivery().state, len(mail.taken)) == ("sending", 1)
    assert run(minutes=4) == {Turn.NOTHING: 1}, "the lease of the dead still holds"
    assert run(minutes=6)[Turn.SENT] == 1
    assert len(mail.taken) == 2
    assert len({taken.mail["Message-ID"] for taken in mail.taken}) == 1
    assert (delivery().state, delivery().uncertain) == ("sent", 1)
    assert run(minutes=60) == {Turn.NOTHING: 1}


@pytest.mark.slow
def test_killed_twice_there_is_no_third_copy(reader, mail, node_keys, database_url):  # noqa: F811
    tell(reader)
    killed_between_sending_and_marking(database_url, node_keys, mail.port, 0)
    killed_between_sending_and_marking(database_url, node_keys, mail.port, 6)
    assert run(minutes=12)[Turn.SET_ASIDE] == 1
    assert (delivery().state, delivery().reason) == ("given_up", "uncertain")
    assert len(mail.taken) == 2
    assert len({taken.mail["Message-ID"] for taken in mail.taken}) == 1


def test_an_answer_that_is_lost_counts_as_uncertain(reader, mail):  # noqa: F811
    mail.answers["END"] = DROP
    tell(reader)
    assert run()[Turn.FAILED] == 1
    assert run(minutes=2)[Turn.FAILED] == 1
    assert (delivery().state, len(mail.taken)) == ("given_up", 2)


def test_what_was_read_meanwhile_or_is_not_wanted_any_more_stays_here(reader, mail):  # noqa: F811
    read = tell(reader, "k1")
    actions.mark_read(by=reader, messages=[read])
    assert run()[Turn.SET_ASIDE] == 1
    tell(reader, "k2")
    actions.set_preferences(by=reader, choice=Choice(mail=False))
    assert run()[Turn.SET_ASIDE] == 1
    actions.set_preferences(by=reader, choice=ANY_TIME)
    tell(reader, "k3")
    set_contact(by=reader, account=reader.account, mail="", phone="")
    assert run()[Turn.SET_ASIDE] == 1
    reasons = [row.reason for row in Delivery.objects.order_by("pk")]
    assert reasons == ["already_read", "switched_off", "no_address"]
    assert not mail.taken
    assert len(recorded("messages.withdrawn")) == 3


def test_quiet_hours_hold_when_it_comes_to_sending_too(reader, mail):  # noqa: F811
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


def test_a_post_is_reached_through_whoever_holds_it_at_that_moment(mail):  # noqa: F811
    post = a_post(an_agency(), "clerk")
    account = staff(post)
    holder = actor_for(account)
    set_contact(by=holder, account=holder.account, mail="clerk.secret@example.cn", phone="")
    actions.set_preferences(by=holder, choice=ANY_TIME)
    tell(post.key)
    assert run()[Turn.SENT] == 1
    assert mail.taken[0].recipients == ("clerk.secret@example.cn",)


def test_a_fault_of_our_own_does_not_keep_the_others(reader, mail, monkeypatch):  # noqa: F811
    for key in ("k1", "k2"):
        tell(reader, key)
    broken = sending.text_in
    calls = []

    def once(language, message):
        calls.append(message)
        if len(calls) == 1:
            raise KeyError(mail_of(2))
        return broken(language, message)

    monkeypatch.setattr(sending, "text_in", once)
    assert run() == {Turn.FAILED: 1, Turn.SENT: 1, Turn.NOTHING: 1}


def test_the_mail_is_in_the_readers_language(reader, mail):  # noqa: F811
    agency = an_agency("澜宁市民政局")
    actions.set_preferences(
        by=reader, choice=Choice(quiet_from=dt.time(0), quiet_until=dt.time(0), language="en")
    )
    tell(reader, template=TOLD, agency=agency.code, number=3, matter="PER-42")
    run()
    assert mail.taken[0].mail["Subject"] == "Inbox"
    assert "Who: 澜宁市民政局" in mail.taken[0].text


def test_no_address_stands_in_a_log_or_a_table(reader, mail, sms, caplog):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    mail.answers["RCPT"] = f"550 no such <{mail_of(2)}>"
    sms.status = 400
    tell(reader)
    run()
    run(Channel.SMS)
    with connection.cursor() as cursor:
        cursor.execute(
            "select t::text from base_messages_delivery t union all select t::text from ledger_entry t"
            " union all select t::text from procrastinate_jobs t"
        )
        dump = "\n".join(row[0] for row in cursor.fetchall())
    for secret in ("secret@example.cn", "10000000002"):
        assert secret not in dump
        assert secret not in caplog.text


def test_the_worker_sends_what_its_schedule_finds(reader, mail):  # noqa: F811
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


def test_who_changes_an_address_is_told(reader):
    sequence_all()
    while react():
        pass
    found = inbox(reader)
    assert [message.template for message in found.messages] == ["messages.contact_changed"]
    assert "12345" in found.messages[0].text.todo


def test_the_status_says_what_waits_and_for_how_long(reader, mail):  # noqa: F811
    tell(reader)
    with clock.frozen(clock.now() + dt.timedelta(minutes=10)):
        by_mail, by_sms = outbox_status()
    assert (by_mail.waiting, by_mail.is_open) == (1, True)
    assert 595 <= by_mail.oldest_due_s <= 660
    assert (by_sms.waiting, by_sms.is_open) == (0, False)
    assert queries.deliveries(OPERATOR)[0].template == PLAIN.key

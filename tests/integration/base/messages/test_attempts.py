"""What fails: again later, once too often at most, a dead letter at last; and nobody held up by a server that hangs."""

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR
from tests.factories.mail_server import DROP, HANG, a_mail_server
from tests.factories.messages import SENDER, delivery, mail_of, recorded, send_now, tell
from yitong.base.messages import actions, sending
from yitong.base.messages.models import Delivery
from yitong.base.messages.queries import inbox, outbox_status
from yitong.base.messages.rules import MOST_ATTEMPTS, Channel
from yitong.base.messages.sending import Turn, ask_receipts, send_due
from yitong.kernel import clock

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys", "templates"),
    pytest.mark.timeout(120),
]


def test_a_short_message_that_never_arrives_is_a_dead_letter(reader, sms):
    tell(reader)
    send_now(Channel.SMS)
    sms.states["R-0"] = "failed"
    ask_receipts(by=SENDER)
    assert (delivery().state, delivery().reason) == ("given_up", "bounced")


def test_a_failed_attempt_waits_longer_each_time_and_ends_as_a_dead_letter(reader, mail):
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
    assert send_now()[Turn.SENT] == 1
    assert len(recorded("messages.failed")) == MOST_ATTEMPTS - 1
    assert len(recorded("messages.given_up")) == len(recorded("messages.retried")) == 1


def test_what_is_refused_for_good_is_not_tried_again(reader, mail):
    mail.answers["RCPT"] = "550 no such mailbox"
    tell(reader)
    assert send_now()[Turn.FAILED] == 1
    assert (delivery().state, delivery().attempts) == ("given_up", 1)


def test_a_server_that_is_away_costs_one_attempt_of_one_message_a_run(reader, mail, settings):
    for number in range(5):
        tell(reader, f"k{number}")
    with a_mail_server() as gone:
        port = gone.port
    settings.YITONG_SMTP_PORT = str(port)
    assert send_now() == {Turn.AWAY: 1}
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    settings.YITONG_SMTP_PORT = str(mail.port)
    assert send_now(minutes=1)[Turn.SENT] == 5


@pytest.mark.slow
def test_a_server_that_hangs_blocks_nobody(reader, mail, sms, database_url):
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
    assert send_now(Channel.SMS)[Turn.SENT] == 1
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
        [sys.executable, "-c", KILLED], env=environment, cwd=Path(__file__).parents[4],
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.slow
def test_a_worker_killed_between_sending_and_marking_sends_at_most_one_copy_more(
    reader, mail, node_keys, database_url
):
    tell(reader)
    killed_between_sending_and_marking(database_url, node_keys, mail.port, 0)
    assert (delivery().state, len(mail.taken)) == ("sending", 1)
    assert send_now(minutes=4) == {Turn.NOTHING: 1}, "the lease of the dead still holds"
    assert send_now(minutes=6)[Turn.SENT] == 1
    assert len(mail.taken) == 2
    assert len({taken.mail["Message-ID"] for taken in mail.taken}) == 1
    assert (delivery().state, delivery().uncertain) == ("sent", 1)
    assert send_now(minutes=60) == {Turn.NOTHING: 1}


@pytest.mark.slow
def test_killed_twice_there_is_no_third_copy(reader, mail, node_keys, database_url):
    tell(reader)
    killed_between_sending_and_marking(database_url, node_keys, mail.port, 0)
    killed_between_sending_and_marking(database_url, node_keys, mail.port, 6)
    assert send_now(minutes=12)[Turn.SET_ASIDE] == 1
    assert (delivery().state, delivery().reason) == ("given_up", "uncertain")
    assert len(mail.taken) == 2
    assert len({taken.mail["Message-ID"] for taken in mail.taken}) == 1


def test_an_answer_that_is_lost_counts_as_uncertain(reader, mail):
    mail.answers["END"] = DROP
    tell(reader)
    assert send_now()[Turn.FAILED] == 1
    assert send_now(minutes=2)[Turn.FAILED] == 1
    assert (delivery().state, len(mail.taken)) == ("given_up", 2)


def test_a_fault_of_our_own_does_not_keep_the_others(reader, mail, monkeypatch):
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
    assert send_now() == {Turn.FAILED: 1, Turn.SENT: 1, Turn.NOTHING: 1}

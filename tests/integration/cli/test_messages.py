"""`yitong messages`: states without text and address, dead letters sent again; doctor and the figures tell of them."""

from datetime import timedelta

import pytest
from django.db.models import F

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import a_reader, mail, tell, templates  # noqa: F401
from yitong.base.messages.models import Delivery
from yitong.cli.checks import parts
from yitong.kernel import clock

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120)]


@pytest.fixture
def dead_letter(node_keys, templates, mail):  # noqa: F811
    someone, reader = a_reader()
    tell(reader)
    Delivery.objects.update(state="given_up", reason="refused", attempts=10)
    return someone, Delivery.objects.get()


def test_deliveries_are_listed_without_what_they_say(cli, dead_letter):
    someone, row = dead_letter
    said = cli("messages", "list", "--state", "given_up", "--json")
    (found,) = said.document["deliveries"]
    assert (found["number"], found["state"], found["reason"]) == (row.pk, "given_up", "refused")
    shown = cli("messages", "list").out
    assert "tests.plain" in shown
    for secret in (someone.name, someone.phone, "secret@example.cn", "部门"):
        assert secret not in shown
    assert cli("messages", "list", "--state", "sent").out.strip() == "没有投递"


def test_dead_letters_are_sent_again_by_number_or_all(cli, dead_letter):
    _, row = dead_letter
    assert cli("messages", "retry", "--json").code == 2
    assert cli("messages", "retry", row.pk, "--all", "--json").code == 2
    assert cli("messages", "retry", row.pk + 1, "--json").code == 3
    said = cli("messages", "retry", row.pk, "--json")
    assert (said.code, said.document) == (0, {"retried": [row.pk]})
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 0)
    assert cli("messages", "retry", row.pk, "--json").code == 5
    Delivery.objects.update(state="given_up")
    assert cli("messages", "retry", "--all", "--json").document == {"retried": [row.pk]}


def test_doctor_and_the_figures_tell_of_dead_letters(client, dead_letter):
    (check,) = parts.messages()
    assert (check.state, "不再尝试 1" in check.detail) == ("warn", True)
    figures = client.get("/metrics").content.decode()
    assert 'yitong_messages_given_up{channel="mail"} 1.0' in figures
    assert 'yitong_messages_waiting{channel="sms"} 0.0' in figures


def test_doctor_tells_of_what_waits_too_long(dead_letter):
    # Not from its own due time: at night that is the next morning.
    Delivery.objects.update(state="queued", due_at=clock.now() - timedelta(hours=3))
    (check,) = parts.messages()
    assert check.state == "fail"
    Delivery.objects.update(state="sent", sent_at=F("due_at"))
    (check,) = parts.messages()
    assert check.state == "ok"

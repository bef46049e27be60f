"""What the reader wants, and in which language; and that a new address is told."""

import datetime as dt

import pytest

from tests.factories.agencies import an_agency
from tests.factories.messages import ANY_TIME, TOLD, recorded, send_now, tell
from yitong.base.identity.contacts import set_contact
from yitong.base.jobs.api import react
from yitong.base.ledger.api import sequence_all
from yitong.base.messages import actions
from yitong.base.messages.models import Delivery
from yitong.base.messages.queries import inbox
from yitong.base.messages.rules import Choice
from yitong.base.messages.sending import Turn

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys", "templates"),
    pytest.mark.timeout(120),
]


def test_what_was_read_meanwhile_or_is_not_wanted_any_more_stays_here(reader, mail):
    read = tell(reader, "k1")
    actions.mark_read(by=reader, messages=[read])
    assert send_now()[Turn.SET_ASIDE] == 1
    tell(reader, "k2")
    actions.set_preferences(by=reader, choice=Choice(mail=False))
    assert send_now()[Turn.SET_ASIDE] == 1
    actions.set_preferences(by=reader, choice=ANY_TIME)
    tell(reader, "k3")
    set_contact(by=reader, account=reader.account, mail="", phone="")
    assert send_now()[Turn.SET_ASIDE] == 1
    reasons = [row.reason for row in Delivery.objects.order_by("pk")]
    assert reasons == ["already_read", "switched_off", "no_address"]
    assert not mail.taken
    assert len(recorded("messages.withdrawn")) == 3


def test_the_mail_is_in_the_readers_language(reader, mail):
    agency = an_agency("澜宁市民政局")
    actions.set_preferences(
        by=reader, choice=Choice(quiet_from=dt.time(0), quiet_until=dt.time(0), language="en")
    )
    tell(reader, template=TOLD, agency=agency.code, number=3, matter="PER-42")
    send_now()
    assert mail.taken[0].mail["Subject"] == "Inbox"
    assert "Who: 澜宁市民政局" in mail.taken[0].text


def test_who_changes_an_address_is_told(reader):
    sequence_all()
    while react():
        pass
    found = inbox(reader)
    assert [message.template for message in found.messages] == ["messages.contact_changed"]
    assert "12345" in found.messages[0].text.todo

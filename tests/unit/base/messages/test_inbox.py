"""Telling, reading and choosing: one message a key, an inbox of one's own, and what is asked of facts."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import (
    PLAIN,
    SENDER,
    TOLD,
    URGENT,
    a_reader,
    mail,  # noqa: F401
    sms,  # noqa: F401
    tell,
    templates,  # noqa: F401
)
from tests.factories.persons import a_person
from yitong.base.access.api import NotAllowed
from yitong.base.identity.api import actor_for
from yitong.base.ledger.models import Entry
from yitong.base.messages import actions, queries
from yitong.base.messages.actions import Recipient
from yitong.base.messages.errors import (
    MessageKeyReused,
    NotAnInbox,
    NotGivenUp,
    UnknownDelivery,
    UnknownMessage,
)
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.queries import InboxFilter, inbox, unread_count
from yitong.base.messages.rules import Choice
from yitong.kernel import clock
from yitong.kernel.declare import About
from yitong.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys", "templates")]

NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


def recorded(name: str) -> list[Entry]:
    return list(Entry.objects.filter(event=name).order_by("id"))


def test_a_message_is_read_in_words_that_are_made_when_it_is_read():
    agency = an_agency("澜宁市民政局")
    _, reader = a_reader()
    tell(reader, template=TOLD, agency=agency.code, number=1204, matter="PER-42")
    (shown,) = inbox(reader).messages
    assert (shown.text.who, shown.text.what) == ("澜宁市民政局", "第1,204条：PER-42")
    with override("en"):
        assert inbox(reader).messages[0].text.title == "Inbox"
    assert Message.objects.get().facts == {
        "agency": agency.code,
        "number": 1204,
        "matter": "PER-42",
    }


def test_the_same_key_tells_once_and_another_content_is_refused():
    _, reader = a_reader()
    first = tell(reader, "k1")
    assert tell(reader, "k1") == first
    assert len(recorded("messages.queued")) == 1
    with pytest.raises(MessageKeyReused):
        tell(reader, "k1", template=URGENT)
    assert tell(reader, "k2") != first


def test_one_key_reaches_many_recipients():
    readers = [a_reader(sequence)[1] for sequence in (2, 4)]
    assert len({tell(reader, "k1") for reader in readers}) == 2


def test_what_is_recorded_names_keys_and_no_address(mail, sms):  # noqa: F811
    _, reader = a_reader()
    number = tell(reader)
    (entry,) = recorded("messages.queued")
    assert (entry.about_type, entry.about_key) == ("message", str(number))
    assert entry.facts == {
        "template": "tests.plain", "recipient": reader.account, "channels": ["mail", "sms"],
        "matter": "tests/1",
    }  # fmt: skip


def test_without_a_configured_channel_there_is_only_the_inbox():
    _, reader = a_reader()
    tell(reader)
    assert not Delivery.objects.exists()
    assert unread_count(reader) == 1


def test_a_post_is_told_and_whoever_holds_it_reads_it(mail):  # noqa: F811
    post = a_post(an_agency(), "clerk")
    tell(post.key)
    account = staff(post)
    holder = actor_for(account)
    assert [message.to_post for message in inbox(holder).messages] == [True]
    assert not Delivery.objects.exists()  # vacant when it was told: nobody outside to reach
    actions.mark_read(by=holder, messages=[inbox(holder).messages[0].id])
    assert recorded("messages.read")[0].facts == {"recipient": f"post:{post.key}"}


def test_nobody_reads_or_marks_what_is_anothers():
    _, reader = a_reader(2)
    _, other = a_reader(4)
    number = tell(reader)
    assert inbox(other).total == 0
    with pytest.raises(UnknownMessage):
        queries.own_message(other, number)
    own = tell(other)
    with pytest.raises(UnknownMessage):
        actions.mark_read(by=other, messages=[own, number])
    assert (unread_count(reader), unread_count(other)) == (1, 1)


def test_a_post_is_not_read_by_who_holds_another():
    first, second = a_post(role="clerk"), a_post(role="dept_head")
    account = staff(first, second)
    tell(first.key)
    assert inbox(actor_for(account, first.key)).total == 1
    assert inbox(actor_for(account, second.key)).total == 0


def test_operators_and_the_node_have_no_inbox():
    for actor in (OPERATOR, SENDER):
        with pytest.raises(NotAnInbox):
            inbox(actor)
        assert unread_count(actor) == 0


def test_marking_twice_records_once():
    _, reader = a_reader()
    number = tell(reader)
    assert actions.mark_read(by=reader, messages=[number]) == 1
    assert actions.mark_read(by=reader, messages=[number]) == 0
    assert len(recorded("messages.read")) == 1
    assert unread_count(reader) == 0


def test_marking_all_leaves_what_came_since():
    _, reader = a_reader()
    tell(reader, "k1")
    newest = inbox(reader).newest
    tell(reader, "k2")
    assert actions.mark_all_read(by=reader, until=newest) == 1
    assert unread_count(reader) == 1


def test_the_inbox_is_filtered_and_paged():
    _, reader = a_reader()
    numbers = [tell(reader, f"k{n}") for n in range(5)]
    tell(reader, "u", template=URGENT)
    actions.mark_read(by=reader, messages=numbers[:2])
    found = inbox(reader, InboxFilter(app="tests", offset=1, limit=2))
    assert [message.id for message in found.messages] == [numbers[3], numbers[2]]
    assert (found.total, found.unread, found.apps) == (5, 4, {"other": 1, "tests": 5})
    unread = inbox(reader, InboxFilter(is_unread=True))
    assert (unread.total, len(unread.messages)) == (4, 4)
    assert inbox(reader, InboxFilter(app="nothing")).total == 0


def test_a_page_asks_a_fixed_number_of_queries(django_assert_num_queries):
    _, reader = a_reader()
    for number in range(12):
        agency = an_agency()
        tell(reader, f"k{number}", template=TOLD, agency=agency.code, number=1, matter="1")
    with django_assert_num_queries(3):
        assert len(inbox(reader).messages) == 12


def test_a_message_of_an_app_that_is_gone_is_still_listed():
    _, reader = a_reader()
    number = tell(reader)
    Message.objects.filter(pk=number).update(template="gone.told")
    assert "停用" in inbox(reader).messages[0].text.title


# Choosing ----------------------------------------------------------------------------------------


def test_channels_that_were_switched_off_are_not_used(mail, sms):  # noqa: F811
    _, reader = a_reader()
    actions.set_preferences(by=reader, choice=Choice(mail=False))
    tell(reader)
    assert [row.channel for row in Delivery.objects.all()] == ["sms"]
    assert recorded("messages.preferences_set")[0].facts["mail"] is False


def test_at_night_a_message_waits_for_the_morning_unless_it_is_urgent(mail):  # noqa: F811
    _, reader = a_reader()
    night = dt.datetime(2026, 11, 22, 15, tzinfo=dt.UTC)  # 23:00 in Shanghai
    with clock.frozen(night):
        tell(reader, "k1")
        tell(reader, "k2", template=URGENT)
    waiting, urgent = Delivery.objects.filter(channel="mail").order_by("pk")
    assert waiting.due_at == dt.datetime(2026, 11, 23, 0, tzinfo=dt.UTC)
    assert urgent.due_at == night


def test_a_choice_is_ones_own():
    _, reader = a_reader()
    actions.set_preferences(by=reader, choice=Choice(language="en", quiet_from=dt.time(20, 30)))
    assert queries.choice_of(reader.account).quiet_from == dt.time(20, 30)
    actions.set_preferences(by=reader, choice=Choice())
    assert queries.choice_of(reader.account) == Choice()
    with pytest.raises(NotAnInbox):
        actions.set_preferences(by=OPERATOR, choice=Choice())


def test_a_language_that_we_do_not_have_is_refused():
    _, reader = a_reader()
    with pytest.raises(Refusal):
        actions.set_preferences(by=reader, choice=Choice(language="xx"))


# Following ---------------------------------------------------------------------------------------


def test_states_are_seen_by_operators_and_by_the_agency_that_sent(mail):  # noqa: F811
    _, reader = a_reader()
    sending, other = (actor_for(staff(a_post(an_agency(), "clerk"))) for _ in range(2))
    actions.send(
        by=sending, to=Recipient(account=reader.account), template=PLAIN, facts={},
        about=About("tests", "1"), key="k",
    )  # fmt: skip
    for viewer in (OPERATOR, sending):
        (found,) = queries.deliveries(viewer)
        assert (found.state, found.channel, found.recipient) == ("queued", "mail", reader.account)
    assert queries.deliveries(other) == []
    with pytest.raises(NotAllowed):
        queries.deliveries(reader)


def test_only_dead_letters_are_sent_again(mail):  # noqa: F811
    _, reader = a_reader()
    tell(reader)
    row = Delivery.objects.get()
    with pytest.raises(NotGivenUp):
        actions.retry(by=OPERATOR, delivery=row.pk)
    with pytest.raises(UnknownDelivery):
        actions.retry(by=OPERATOR, delivery=row.pk + 1)
    Delivery.objects.update(state="given_up", reason="refused", attempts=10, uncertain=2)
    with pytest.raises(NotAllowed):
        actions.retry(by=reader, delivery=row.pk)
    actions.retry(by=OPERATOR, delivery=row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.uncertain) == ("queued", 0, 0)


# The database defends itself ------------------------------------------------------------------------


TWICE_BY_ONE_CHANNEL = """
    insert into base_messages_delivery (message_id, channel, state, due_at, attempts, uncertain,
                                        reason, identity, reference, changed_at)
    select message_id, channel, state, due_at, 0, 0, '', gen_random_uuid(), '', now()
    from base_messages_delivery
"""
TWICE_BY_ONE_KEY = """
    insert into base_messages_message (recipient, key, template, facts, about_type, about_key,
                                       sender, sender_agency, queued_at, read_by)
    select recipient, key, template, facts, '', '', '', '', now(), '' from base_messages_message
"""


@pytest.mark.parametrize(
    "change",
    [
        "update base_messages_message set read_at = now()",
        "update base_messages_message set read_by = 'account:1'",
        "update base_messages_delivery set channel = 'pigeon'",
        "update base_messages_delivery set state = 'lost'",
        "update base_messages_delivery set state = 'sent'",
        TWICE_BY_ONE_CHANNEL,
        TWICE_BY_ONE_KEY,
    ],
)
def test_constraints_hold(mail, change):  # noqa: F811
    _, reader = a_reader()
    tell(reader)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_no_row_of_messages_holds_an_address(mail, sms):  # noqa: F811
    someone, reader = a_reader()
    tell(reader)
    with connection.cursor() as cursor:
        cursor.execute(
            "select m::text from base_messages_message m union all select d::text from base_messages_delivery d"
            " union all select c::text from identity_contact c union all select e::text from ledger_entry e"
        )
        dump = "\n".join(row[0] for row in cursor.fetchall())
    for secret in (someone.phone, someone.number, someone.name, "secret@example.cn"):
        assert secret not in dump
    assert a_person(6).phone not in dump

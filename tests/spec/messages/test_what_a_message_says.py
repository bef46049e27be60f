"""What a message says, what it never holds, and who learns what of it."""

import datetime as dt

import pytest
from django.utils.translation import gettext, override

from yitong.base.access.api import Thing, allows
from yitong.base.messages.errors import FactLooksPersonal, FactsDoNotFit
from yitong.base.messages.rules import DEFAULT_CHOICE, Choice, Reason, is_over, not_before
from yitong.base.messages.templates import FactKind, MessageTemplate
from yitong.config import wiring
from yitong.kernel import clock
from yitong.kernel.actor import Actor

TEMPLATES = wiring.message_templates()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_every_message_says_who_why_what_and_what_to_do(template):
    """Our own order (visual.md 5: 谁、做了什么、什么时候、接下来怎样)."""
    assert all(sentence.strip() for sentence in template.sentences)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_every_message_can_be_read_in_english(template):
    with override("en"):
        assert all(gettext(sentence) != sentence for sentence in template.sentences)


def test_a_message_without_one_of_the_four_cannot_be_declared():
    with pytest.raises(ValueError, match="who, why, what happened"):
        MessageTemplate("tests.told", "谁", "", "事", "做什么")


@pytest.mark.parametrize(
    "personal",
    ["890102199203150020", "10000000002", "lin@example.cn", "林小禾", "桐花路18号6栋301室"],
)
def test_no_message_holds_what_identifies_a_person(personal):
    """个人信息保护法 6: limited to the smallest scope that serves the purpose; 51: measures against leaks."""
    template = MessageTemplate("tests.told", "谁", "为什么", "{it}", "做", {"it": FactKind.CODE})
    with pytest.raises((FactLooksPersonal, FactsDoNotFit)) as told:
        template.stored({"it": personal})
    assert personal not in told.value.say()


def test_nobody_is_woken_at_night_unless_it_is_urgent():
    """The node's default: 22:00 to 08:00, which everybody may change."""
    night = dt.datetime(2026, 11, 22, 23, tzinfo=clock.ZONE)
    morning = dt.datetime(2026, 11, 23, 8, tzinfo=clock.ZONE)
    assert not_before(DEFAULT_CHOICE, night, clock.ZONE, urgent=False) == morning
    assert not_before(DEFAULT_CHOICE, night, clock.ZONE, urgent=True) == night
    never = Choice(quiet_from=dt.time(0), quiet_until=dt.time(0))
    assert not_before(never, night, clock.ZONE, urgent=False) == night


def test_a_message_of_which_nobody_knows_whether_it_went_goes_once_more_and_never_twice():
    assert not is_over(attempts=1, uncertain=1, reason=Reason.UNCERTAIN)
    assert is_over(attempts=2, uncertain=2, reason=Reason.UNCERTAIN)


@pytest.mark.parametrize("action", ["messages.follow", "messages.retry"])
def test_how_messages_went_out_is_seen_by_the_node_s_keepers_and_the_agency_that_sent(action):
    sent = Thing("message", "", agency="11890100DM0000011")
    staff = Actor("account:1", agency="11890100DM0000011", region="890102")
    other = Actor("account:2", agency="11890100DM0000022", region="890102")
    sysadmin = Actor("account:3", region="890102", roles=frozenset({"sysadmin"}))
    citizen = Actor("account:4", kind="person")
    assert allows(staff, action, of=sent).allowed
    assert allows(Actor.operator("root"), action, of=sent).allowed
    assert allows(sysadmin, action, of=sent).allowed
    assert not allows(other, action, of=sent).allowed
    assert not allows(citizen, action, of=sent).allowed

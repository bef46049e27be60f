"""What the reader wants, and in which language; and that a new address is told."""

import datetime as dt

import pytest

from tests.factories.agencies import a_post, an_agency, staff
from tests.factories.messages import ANY_TIME, TOLD, recorded, send_now, tell
from yitong.base.identity.api import actor_for
from yitong.base.identity.contacts import set_contact
from yitong.base.jobs.api import react
from yitong.base.ledger.api import sequence_all
from yitong.base.messages import actions
from yitong.base.messages.models import Delivery
from yitong.base.messages.queries import inbox
from yitong.base.messages.rules import Choice
from yitong.base.messages.sending import Turn
from yitong.kernel.declare import About

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


NODE = "https://yitong.example"


def mailed(mail, about: About, reader) -> str:
    tell(reader, f"k/{about.type}/{about.key}", about=about)
    send_now()
    return mail.taken[-1].text.replace("\r\n", "\n")


def test_a_mail_has_the_whole_address_of_its_matter_s_page(reader, mail, settings):
    settings.YITONG_PUBLIC_URL = f"{NODE}/"
    own = About("account", reader.account.removeprefix("account:"))
    text = mailed(mail, own, reader)
    assert f"去看这件事：\n{NODE}/messages/settings/\n" in text
    assert text.count("http") == 1
    assert "只有上面这一个地址" in text
    assert "没有链接" not in text


def test_a_mail_has_no_link_where_there_is_none_to_give(reader, mail, settings):
    """No public address; no page; a page that the reader may not open."""
    own = About("account", reader.account.removeprefix("account:"))
    texts = [mailed(mail, own, reader)]
    settings.YITONG_PUBLIC_URL = NODE
    texts += [mailed(mail, about, reader) for about in (About("tests", "1"), About("account", "0"))]
    for text in texts:
        assert "http" not in text
        assert "里面没有链接" in text


def test_the_holder_of_a_post_is_led_to_its_work_from_a_mail(mail, settings):
    settings.YITONG_PUBLIC_URL = NODE
    post = a_post(an_agency(), "clerk")
    holder = actor_for(staff(post))
    set_contact(by=holder, account=holder.account, mail="clerk.secret@example.cn", phone="")
    actions.set_preferences(by=holder, choice=ANY_TIME)
    assert f"{NODE}/work/\n" in mailed(mail, About("post", post.key), post.key)

"""消息 over HTTP: citizens and officials read their own, mark them, choose how to be told; nothing is written by a look."""

import datetime as dt

import pytest

from tests.factories.agencies import a_post, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import (
    PLAIN,
    TOLD,
    URGENT,
    a_reader,
    mail,  # noqa: F401
    tell,
    templates,  # noqa: F401
)
from yitong.base.identity.api import actor_for
from yitong.base.identity.contacts import contact_of
from yitong.base.ledger.models import Entry
from yitong.base.messages import actions
from yitong.base.messages.actions import Recipient
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.queries import choice_of, unread_count
from yitong.base.messages.rules import Choice
from yitong.kernel.declare import About

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys", "templates")]


@pytest.fixture
def lin(client):
    """A citizen, logged in."""
    someone, by = a_reader()
    client.force_login(someone.account)
    return by


def html_of(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_empty_inbox_says_what_will_be_there(client, lin):
    assert "您的事有变化时，会写在这里" in html_of(client, "/my/messages/")


def test_a_message_says_who_why_what_and_what_next(client, lin):
    agency = an_agency("澜宁市民政局")
    tell(lin, template=TOLD, agency=agency.code, number=3, matter="PER-42")
    html = html_of(client, "/my/messages/")
    for words in ("澜宁市民政局", "第3条：PER-42", "下一步", "为什么", "未读"):
        assert words in html
    client.cookies["django_language"] = "en"
    assert ">Why<" in html_of(client, "/my/messages/")


def test_a_look_marks_nothing_and_a_button_does(client, lin):
    number = tell(lin)
    html_of(client, "/my/messages/")
    assert unread_count(lin) == 1
    assert client.get("/my/messages/read/").status_code == 405
    answer = client.post("/my/messages/read/", {"message": number, "show": "unread"}, follow=True)
    assert answer.redirect_chain == [("/my/messages/?show=unread", 302)]
    assert "都读过了" in answer.content.decode()
    assert unread_count(lin) == 0
    client.post("/my/messages/read/", {"message": number})
    assert Entry.objects.filter(event="messages.read").count() == 1


def test_the_frame_of_every_page_counts_what_is_unread(client, lin):
    tell(lin)
    tell(lin, "k2")
    for path in ("/my/", "/my/footprint/", "/help/", "/my/messages/"):
        assert 'href="/messages/">消息 2</a>' in html_of(client, path), path


def test_all_that_the_page_had_is_marked_and_no_more(client, lin):
    newest = max(tell(lin, f"k{n}") for n in range(3))
    later = tell(lin, "later")
    client.post("/my/messages/read/", {"until": newest})
    assert list(Message.objects.filter(read_at=None).values_list("pk", flat=True)) == [later]


def test_pages_hold_ten_and_a_page_too_far_leads_back(client, lin):
    for number in range(12):
        tell(lin, f"k{number}")
    html = html_of(client, "/my/messages/")
    assert html.count("<article") == 10
    assert "第1–10条，共12条" in html
    assert html_of(client, "/my/messages/?page=2").count("<article") == 2
    assert client.get("/my/messages/?page=9")["Location"] == "/my/messages/"


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "show=<script>", "page=" + "9" * 40]
)
def test_odd_addresses_are_the_default(client, lin, query):
    tell(lin)
    assert html_of(client, f"/my/messages/?{query}").count("<article") == 1


@pytest.mark.parametrize("given", [{"message": "x"}, {"until": "-1"}, {}, {"message": "9" * 30}])
def test_odd_marks_mark_nothing(client, lin, given):
    tell(lin)
    assert client.post("/my/messages/read/", given).status_code == 302
    assert unread_count(lin) == 1


def test_anothers_message_is_not_there(client, lin):
    _, other = a_reader(4)
    number = tell(other)
    assert "<article" not in html_of(client, "/my/messages/")
    answer = client.post("/my/messages/read/", {"message": number})
    assert answer.status_code == 404
    assert "没有这条消息" in answer.content.decode()
    assert unread_count(other) == 1


def test_each_door_is_for_its_own(client, lin):
    assert client.get("/bureau/messages/").status_code == 403
    client.force_login(staff(a_post()))
    assert client.get("/my/messages/").status_code == 403
    client.logout()
    for path in ("/my/messages/", "/bureau/messages/", "/messages/settings/"):
        assert client.get(path).status_code == 302
    assert "登录后看您的消息" in html_of(client, "/messages/")


def test_the_tool_leads_everybody_to_the_own_inbox(client, lin):
    assert client.get("/messages/")["Location"] == "/my/messages/"
    client.force_login(staff(a_post()))
    assert client.get("/messages/")["Location"] == "/bureau/messages/"


# Officials ---------------------------------------------------------------------------------------


def test_an_official_reads_what_came_to_the_post(client):
    post = a_post(an_agency(), "clerk")
    account = staff(post)
    tell(post.key, template=URGENT)
    tell(actor_for(account), "own")
    client.force_login(account)
    html = html_of(client, "/bureau/messages/")
    assert html.count("<article") == 2
    assert html.count("发给岗位</") >= 1
    assert "紧急" in html
    number = Message.objects.get(recipient=f"post:{post.key}").pk
    client.post("/bureau/messages/read/", {"message": number})
    assert "article" in html_of(client, "/bureau/messages/?show=unread")
    assert unread_count(actor_for(account)) == 1
    client.post("/bureau/messages/read/", {"until": 10**9})
    assert unread_count(actor_for(account)) == 0


def test_the_agency_that_sent_sees_states_and_sends_dead_letters_again(client, mail):  # noqa: F811
    someone, reader = a_reader()
    account = staff(a_post(an_agency(), "clerk"))
    actions.send(
        by=actor_for(account), to=Recipient(account=reader.account), template=PLAIN, facts={},
        about=About("tests", "1"), key="k",
    )  # fmt: skip
    Delivery.objects.update(state="given_up", reason="refused", attempts=10)
    client.force_login(account)
    html = html_of(client, "/bureau/messages/sent/?state=given_up")
    assert "不再尝试" in html
    assert "对方服务器拒收" in html
    for secret in (someone.name, someone.phone, "secret@example.cn"):
        assert secret not in html
    number = Delivery.objects.get().pk
    assert client.post("/bureau/messages/sent/again/", {"delivery": number}).status_code == 302
    assert Delivery.objects.get().state == "queued"
    assert client.post("/bureau/messages/sent/again/", {"delivery": number}).status_code == 409
    client.force_login(staff(a_post(an_agency(), "clerk")))
    assert "没有投递" in html_of(client, "/bureau/messages/sent/")
    assert client.post("/bureau/messages/sent/again/", {"delivery": number}).status_code == 403


# How to be told ----------------------------------------------------------------------------------

WANTED = {"sms": "on", "quiet_from": "21:30", "quiet_until": "07:00", "language": "en"}


def test_a_choice_is_kept_and_shown(client, lin):
    assert client.post("/messages/settings/", WANTED).status_code == 302
    assert choice_of(lin.account) == Choice(
        mail=False, quiet_from=dt.time(21, 30), quiet_until=dt.time(7), language="en"
    )
    html = html_of(client, "/messages/settings/")
    assert '<option value="21:30" selected>' in html


@pytest.mark.parametrize(
    "wrong", [{"quiet_from": "25:00"}, {"language": "xx"}, {"quiet_until": ""}]
)
def test_a_choice_that_cannot_be_is_mended_in_the_form(client, lin, wrong):
    answer = client.post("/messages/settings/", WANTED | wrong)
    assert answer.status_code == 422
    assert "请更正以下问题" in answer.content.decode()
    assert choice_of(lin.account) == Choice()


def test_an_address_is_taken_kept_removed_and_never_shown(client, lin):
    client.post("/messages/contact/", {"mail": "new.secret@example.cn"})
    assert contact_of(account=lin.account).opened().mail == "new.secret@example.cn"
    client.post("/messages/contact/", {"phone": "100 0000 0009"})
    opened = contact_of(account=lin.account).opened()
    assert (opened.mail, opened.phone) == ("new.secret@example.cn", "10000000009")
    html = html_of(client, "/messages/settings/")
    assert "secret" not in html
    assert "10000000009" not in html
    client.post("/messages/contact/", {"drop_mail": "on"})
    assert contact_of(account=lin.account).opened().mail == ""
    facts = Entry.objects.filter(event="identity.contact_set").order_by("-id").first().facts
    assert facts == {"mail": False, "phone": True}


@pytest.mark.parametrize(
    "wrong", [{"mail": "no mail"}, {"phone": "call me"}, {"phone": "----------"}]
)
def test_an_address_that_cannot_be_is_mended_in_the_form(client, lin, wrong):
    answer = client.post("/messages/contact/", wrong)
    assert answer.status_code == 422
    assert "<title>错误：" in answer.content.decode()


def test_officials_choose_too(client):
    account = staff(a_post())
    client.force_login(account)
    assert client.post("/messages/settings/", WANTED).status_code == 302
    assert choice_of(actor_for(account).account).language == "en"
    assert 'href="/bureau/messages/"' in html_of(client, "/messages/settings/")

"""Messages for tests: templates of their own, and recipients whom the outside can reach."""

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.factories.agencies import OPERATOR
from tests.factories.mail_server import MailServer, a_mail_server
from tests.factories.persons import APerson, a_person
from tests.factories.sms_gateway import SmsGatewayServer, an_sms_gateway
from yitong.base.identity.api import actor_for
from yitong.base.identity.contacts import set_contact
from yitong.base.ledger.models import Entry
from yitong.base.messages import declared
from yitong.base.messages.actions import Recipient, send
from yitong.base.messages.models import Delivery
from yitong.base.messages.rules import Channel, Choice
from yitong.base.messages.sending import Turn, send_due
from yitong.base.messages.templates import FactKind, MessageTemplate
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

SENDER = Actor.system("tests")
NOTHING_MUCH = About("tests", "1")
ANY_TIME = Choice(quiet_from=dt.time(0), quiet_until=dt.time(0))
# Sentences of the program's own, so that they have their English.
TOLD = MessageTemplate(
    key="tests.told",
    who="{agency}",
    why="时间",
    what="第{number}条：{matter}",
    todo="下一步",
    title="消息",
    facts={"agency": FactKind.AGENCY, "number": FactKind.COUNT, "matter": FactKind.CODE},
)
PLAIN = MessageTemplate("tests.plain", "系统", "时间", "部门", "下一步")
URGENT = MessageTemplate("other.urgent", "系统", "时间", "部门", "下一步", urgent=True)
TEMPLATES = (TOLD, PLAIN, URGENT)


@pytest.fixture
def templates() -> Iterator[None]:
    """The tests' own templates beside the apps'."""
    before = declared.templates()
    declared.install([*before, *TEMPLATES])
    yield
    declared.install(before)


@pytest.fixture
def mail(settings) -> Iterator[MailServer]:
    """A mail server, and a node that sends through it."""
    with a_mail_server() as server:
        settings.YITONG_SMTP_HOST, settings.YITONG_SMTP_PORT = "127.0.0.1", str(server.port)
        settings.YITONG_SMTP_FROM, settings.YITONG_SMTP_SECURITY = "notice@node.example.cn", "none"
        yield server


@pytest.fixture
def sms(settings) -> Iterator[SmsGatewayServer]:
    """An SMS gateway, and a node that sends through it."""
    with an_sms_gateway() as server:
        settings.YITONG_SMS_URL, settings.YITONG_SMS_TOKEN = server.url, server.token
        yield server


def account_key(someone: APerson) -> str:
    return actor_for(someone.account).account


def a_reader(sequence: int = 2) -> tuple[APerson, Actor]:
    """A citizen with a mail address, and the actor they are."""
    someone = a_person(sequence)
    by = actor_for(someone.account)
    set_contact(by=by, account=by.account, mail=mail_of(sequence), phone="")
    return someone, by


def mail_of(sequence: int) -> str:
    return f"lin{sequence}.secret@example.cn"


def tell(
    to: Actor | str,
    key: str = "k1",
    *,
    template: MessageTemplate = PLAIN,
    about: About = NOTHING_MUCH,
    **facts,
) -> int:
    """Send a message to an actor's account, or to a post by its key."""
    recipient = Recipient(post=to) if isinstance(to, str) else Recipient(account=to.account)
    return send(by=SENDER, to=recipient, template=template, facts=facts, about=about, key=key)


def send_now(channel: Channel = Channel.MAIL, **later: float) -> dict[Turn, int]:
    """A run of the outbox, now or so much later."""
    with clock.frozen(clock.now() + dt.timedelta(**later)):
        return send_due(by=SENDER, channel=channel)


def delivery() -> Delivery:
    """The only one there is."""
    return Delivery.objects.get()


def recorded(name: str) -> list[dict]:
    return list(Entry.objects.filter(event=name).order_by("id").values_list("facts", flat=True))


__all__ = ["OPERATOR", "PLAIN", "TOLD", "URGENT"]

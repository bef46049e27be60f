"""No fact, key, term or recipient by which a person could be known gets into a message."""

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings

from tests.factories.agencies import an_agency
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import (
    PLAIN,
    SENDER,
    TOLD,
    a_reader,
    mail,  # noqa: F401
    sms,  # noqa: F401
    tell,
    templates,  # noqa: F401
)
from tests.factories.numbers import NUMBERS, PHONES
from yitong.base.identity.api import actor_for
from yitong.base.identity.errors import UnknownAccount, UnknownPost
from yitong.base.ledger.models import Entry
from yitong.base.messages import actions
from yitong.base.messages.actions import Recipient
from yitong.base.messages.errors import (
    FactLooksPersonal,
    FactsDoNotFit,
    KeyLooksPersonal,
    RecipientUnclear,
)
from yitong.base.messages.models import Message
from yitong.base.messages.queries import inbox
from yitong.base.messages.templates import FactKind, MessageTemplate
from yitong.kernel.declare import About
from yitong.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys", "templates")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NUMBERS | PHONES)
def test_no_fact_key_or_matter_takes_a_number_or_a_telephone(text):
    _, reader = _reader_once()
    tries = (
        lambda: tell(reader, "k", template=TOLD, agency=text, number=1, matter="1"),
        lambda: tell(reader, "k", template=TOLD, agency="x", number=1, matter=text),
        lambda: tell(reader, f"case-{text}"),
        lambda: actions.send(
            by=SENDER, to=Recipient(account=reader.account), template=PLAIN, facts={},
            about=About("person", text), key="k",
        ),
    )  # fmt: skip
    for attempt in tries:
        with pytest.raises(Refusal) as told:
            attempt()
        assert text not in told.value.say()
    assert not Message.objects.exists()


def _reader_once():
    from yitong.base.identity.models import Account

    known = Account.objects.filter(username="citizen2").first()
    return (None, actor_for(known)) if known else a_reader()


A_TERM = MessageTemplate("tests.term", "系统", "时间", "{it}", "下一步", {"it": FactKind.TERM})


@pytest.fixture
def a_term(templates):  # noqa: F811
    from yitong.base.messages import declared

    before = declared.templates()
    declared.install([*before, A_TERM])
    yield
    declared.install(before)


@pytest.mark.parametrize("text", ["林小禾", "欧阳娜娜", "桐花路18号", "部门x"])
def test_a_term_is_a_sentence_of_the_programs_own(a_term, text):
    _, reader = a_reader()
    with pytest.raises(FactsDoNotFit):
        tell(reader, template=A_TERM, it=text)
    tell(reader, template=A_TERM, it="部门负责人")
    with override("en"):
        assert "部门" not in inbox(reader).messages[0].text.what


def test_agencies_posts_and_divisions_must_exist():
    _, reader = a_reader()
    unknown = an_agency().code
    from tests.factories.agencies import agency_code

    tell(reader, template=TOLD, agency=unknown, number=1, matter="1")
    with pytest.raises(FactsDoNotFit):
        tell(reader, "k2", template=TOLD, agency=agency_code(999_999), number=1, matter="1")


def test_recipients_are_one_account_or_one_post_that_exist():
    for wrong in ({}, {"account": "account:1", "post": "x/clerk/1"}):
        with pytest.raises(RecipientUnclear):
            Recipient(**wrong)
    for to, refusal in (
        (Recipient(account="account:999999"), UnknownAccount),
        (Recipient(account="operator:root"), UnknownAccount),
        (Recipient(post="nothing/clerk/1"), UnknownPost),
    ):
        with pytest.raises(refusal):
            actions.send(
                by=SENDER, to=to, template=PLAIN, facts={}, about=About("tests", "1"), key="k"
            )


def test_a_template_that_no_app_declares_is_a_bug():
    _, reader = a_reader()
    stranger = MessageTemplate("tests.stranger", "系统", "时间", "部门", "下一步")
    with pytest.raises(ValueError, match="MESSAGES"):
        tell(reader, template=stranger)


def test_a_refused_message_leaves_nothing():
    _, reader = a_reader()
    with pytest.raises(FactLooksPersonal):
        tell(reader, template=TOLD, agency="lin@example.cn", number=1, matter="1")
    with pytest.raises(KeyLooksPersonal):
        tell(reader, "10000000001")
    assert not Message.objects.exists()
    assert not Entry.objects.filter(event="messages.queued").exists()

"""Mail against a real SMTP server: what it takes, what it refuses, and that nothing it does can hold us."""

import dataclasses
import time

import pytest

from tests.factories.mail_server import DRIP, DROP, HANG, MailServer, a_certificate, a_mail_server
from yitong.base.messages import adapters
from yitong.base.messages.adapters import Outgoing
from yitong.base.messages.mail import MailAdapter
from yitong.base.messages.mail import MailServer as Settings
from yitong.base.messages.rendering import MessageText

TEXT = MessageText(
    "居住证申领要补材料",
    "澜宁市公安局",
    "您申领了居住证",
    ".少一份材料：租房合同。",
    "10月23日前补交。",
)
ADDRESS = "lin.test@example.cn"
OUT = Outgoing("0f6f6e5e-9d1c-4a8e-8a6e-000000000001", TEXT, "zh-hans", ADDRESS)


@pytest.fixture
def server():
    with a_mail_server() as running:
        yield running


def settings_of(server: MailServer, **more: object) -> Settings:
    plain = Settings(
        "localhost", "notice@node.example.cn", server.port, "none", step_s=0.5, whole_s=1.5
    )
    return dataclasses.replace(plain, **more)


def send(settings: Settings, *outgoing: Outgoing) -> None:
    with MailAdapter(settings).session() as session:
        for each in outgoing or (OUT,):
            session.send(each)


def test_a_mail_arrives_as_it_was_written(server):
    send(settings_of(server))
    (taken,) = server.taken
    assert (taken.sender, taken.recipients) == ("notice@node.example.cn", (ADDRESS,))
    mail = taken.mail
    assert mail["Subject"] == "居住证申领要补材料"
    assert mail["Message-ID"] == "<0f6f6e5e-9d1c-4a8e-8a6e-000000000001@node.example.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-Hans"
    assert mail["To"] == ADDRESS
    for line in (
        "谁：澜宁市公安局",
        "发生了什么：.少一份材料：租房合同。",
        "接下来：10月23日前补交。",
    ):
        assert line in taken.text
    assert "http" not in taken.text


def test_an_english_reader_gets_english_words(server):
    send(settings_of(server), dataclasses.replace(OUT, language="en"))
    assert "Who: 澜宁市公安局" in server.taken[0].text


def test_many_mails_are_one_conversation(server):
    send(settings_of(server), *[OUT] * 5)
    assert len(server.taken) == 5
    assert server.conversations == 1


def test_one_refused_recipient_does_not_spoil_the_next(server):
    with MailAdapter(settings_of(server)).session() as session:
        server.answers["RCPT"] = "550 no such lin.test@example.cn"
        with pytest.raises(adapters.Refused) as told:
            session.send(OUT)
        assert ADDRESS not in repr(told.value)
        assert ADDRESS not in str(told.value)
        del server.answers["RCPT"]
        session.send(OUT)
    assert len(server.taken) == 1
    assert server.conversations == 1


@pytest.mark.parametrize(
    ("verb", "answer", "trouble"),
    [
        ("GREET", "554 go away", adapters.NotLetIn),
        ("GREET", "421 busy", adapters.NotLetIn),
        ("GREET", DROP, adapters.Unreachable),
        ("MAIL", "550 no", adapters.Refused),
        ("MAIL", "451 later", adapters.PutOff),
        ("RCPT", "550 no", adapters.Refused),
        ("RCPT", "450 later", adapters.PutOff),
        ("RCPT", "421 closing", adapters.Unreachable),
        ("RCPT", DROP, adapters.Unreachable),
        ("DATA", "554 no", adapters.Refused),
        ("END", "554 no", adapters.Refused),
        ("END", "451 later", adapters.PutOff),
        ("END", DROP, adapters.Uncertain),
    ],
)
def test_each_answer_has_its_meaning(server, verb, answer, trouble):
    server.answers[verb] = answer
    with pytest.raises(adapters.Trouble) as told:
        send(settings_of(server))
    assert type(told.value) is trouble


@pytest.mark.parametrize("how", [HANG, pytest.param(DRIP, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("verb", "trouble"),
    [
        ("GREET", adapters.Unreachable),
        ("EHLO", adapters.Unreachable),
        ("RCPT", adapters.Unreachable),
        ("DATA", adapters.Unreachable),
        ("END", adapters.Uncertain),
    ],
)
def test_a_server_that_hangs_or_drips_lets_us_go_in_time(server, how, verb, trouble):
    server.answers[verb] = how
    began = time.monotonic()
    with pytest.raises(adapters.Trouble) as told:
        send(settings_of(server))
    assert type(told.value) is trouble
    assert time.monotonic() - began < 4


def test_nobody_there():
    with a_mail_server() as gone:
        settings = settings_of(gone)
    with pytest.raises(adapters.Unreachable):
        send(settings)


def test_over_starttls_with_a_password(tmp_path):
    context, authorities = a_certificate(tmp_path)
    with a_mail_server(context) as server:
        server.password = "only for tests"
        settings = settings_of(
            server,
            security="starttls",
            authorities=authorities,
            user="node",
            password=server.password,
        )
        send(settings)
        assert (server.taken[0].encrypted, server.taken[0].user) == (True, "node")
        with pytest.raises(adapters.NotLetIn):
            send(dataclasses.replace(settings, password="wrong"))
    assert "only for tests" not in repr(settings)


def test_over_tls_from_the_first_byte(tmp_path):
    context, authorities = a_certificate(tmp_path)
    with a_mail_server(context, wraps=True) as server:
        send(settings_of(server, security="tls", authorities=authorities))
        assert server.taken[0].encrypted


def test_a_server_whose_certificate_is_anothers_gets_nothing(tmp_path):
    context, authorities = a_certificate(tmp_path, "elsewhere.example.cn")
    with a_mail_server(context) as server:
        with pytest.raises(adapters.NotLetIn):
            send(settings_of(server, security="starttls", authorities=authorities))
        with pytest.raises(adapters.NotLetIn):
            send(settings_of(server, security="starttls"))
        assert not server.taken


def test_without_starttls_there_is_no_falling_back(server):
    with pytest.raises(adapters.NotLetIn):
        send(settings_of(server, security="starttls"))
    assert not server.taken


def test_a_password_never_goes_over_an_open_line(server):
    server.password = "only for tests"
    with pytest.raises(adapters.NotLetIn):
        send(settings_of(server, user="node", password=server.password))
    assert server.conversations == 0


def test_a_tls_handshake_that_hangs_lets_us_go(server):
    """A plain server waits for a line while we wait for its handshake."""
    server.answers["GREET"] = HANG
    began = time.monotonic()
    with pytest.raises(adapters.Unreachable):
        send(settings_of(server, security="tls"))
    assert time.monotonic() - began < 4


def test_no_log_or_repr_shows_an_address(server, caplog):
    caplog.set_level("DEBUG")
    send(settings_of(server))
    assert ADDRESS not in repr(OUT)
    assert ADDRESS not in caplog.text

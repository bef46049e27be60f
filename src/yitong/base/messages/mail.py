"""Mail over SMTP (RFC 5321): one conversation for many mails, each step with a time-out, the whole with an end.

What fails before the last line of a mail is handed over has certainly not gone; what fails after it may have.
"""

import email.policy
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal, NoReturn

from django.utils.translation import gettext, override

from yitong.base.messages.adapters import (
    NotLetIn,
    Outgoing,
    PutOff,
    Refused,
    Uncertain,
    Unreachable,
)
from yitong.base.messages.deadline import cut_after, encrypted
from yitong.base.messages.rules import Channel
from yitong.kernel import clock
from yitong.kernel.errors import N_

Security = Literal["starttls", "tls", "none"]
_LEADING_DOT = re.compile(rb"(?m)^\.")
_LATER = range(400, 500)
_GREETED, _READY = 220, 354
FOOT = N_(
    "登录后在“消息”里可以看到全部。这封邮件是系统发出的，不必回复；里面没有链接，也不会向您要密码和验证码。"
)
FOOT_WITH_LINK = N_(
    "登录后在“消息”里可以看到全部。这封邮件是系统发出的，不必回复，也不会向您要密码和验证码；"
    "里面只有上面这一个地址，不放心的，自己输入本站网址登录后再看。"
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. The password is never shown."""

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: str = ""  # a file of certificates to trust instead of the system's
    step_s: float = 5.0
    whole_s: float = 10.0

    @property
    def domain(self) -> str:
        """The sender's domain: our name to other servers, and the right side of every `Message-ID`."""
        return self.sender.rpartition("@")[2].rstrip(">") or "localhost"


class MailAdapter:
    """Mail through one server."""

    channel = Channel.MAIL

    def __init__(self, server: MailServer) -> None:
        self.server = server

    @contextmanager
    def session(self) -> Iterator["MailSession"]:
        opened = MailSession(self.server)
        try:
            yield opened
        finally:
            opened.close()

    def receipts(self, references: Mapping[int, str]) -> Mapping[int, bool]:
        """Mail tells nobody that it arrived; that the next server took it is all there is to know."""
        return {}


class MailSession:
    """One conversation, begun with the first mail."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def send(self, outgoing: Outgoing) -> str:
        with cut_after(self._server.whole_s, self._socket):
            smtp = self._smtp or self._begin()
            self._envelope(smtp, outgoing)
            self._content(smtp, outgoing)
        return ""

    def _socket(self) -> socket.socket | None:
        return self._smtp.sock if self._smtp else None

    def _begin(self) -> smtplib.SMTP:
        """Connect, encrypt, log in. Whatever fails here concerns every mail, not this one."""
        server = self._server
        if server.security == "none" and server.password:
            raise NotLetIn  # a password never goes over an open line
        try:
            return self._greeted()
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            raise Unreachable from error
        except (smtplib.SMTPException, ssl.SSLError) as error:
            self.close()
            raise NotLetIn from error
        except OSError as error:
            self.close()
            raise Unreachable from error

    def _greeted(self) -> smtplib.SMTP:
        server = self._server
        # Named by the sender's domain: asking what this machine is called may hang on a name server.
        smtp = smtplib.SMTP(local_hostname=server.domain)
        self._smtp = smtp
        smtp.sock = socket.create_connection((server.host, server.port), timeout=server.step_s)
        if server.security == "tls":
            self._encrypt(smtp)
        code, _said = smtp.getreply()
        if code != _GREETED:
            raise smtplib.SMTPConnectError(code, "")
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            self._start_tls(smtp)
        if server.user:
            smtp.login(server.user, server.password)
        return smtp

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        plain = smtp.sock
        if plain is None:
            raise smtplib.SMTPServerDisconnected("gone")
        line = encrypted(plain, host=self._server.host, authorities=self._server.authorities)
        smtp.sock = line
        line.do_handshake()

    def _start_tls(self, smtp: smtplib.SMTP) -> None:
        """RFC 3207. A server that cannot is not trusted with the mail: there is no falling back."""
        code, _said = smtp.docmd("STARTTLS")
        if code != _GREETED:
            raise smtplib.SMTPNotSupportedError("STARTTLS")
        self._encrypt(smtp)
        # What was said before is forgotten, as the RFC has it.
        smtp.file = smtp.helo_resp = smtp.ehlo_resp = None
        smtp.esmtp_features, smtp.does_esmtp = {}, False
        smtp.ehlo_or_helo_if_needed()

    def _envelope(self, smtp: smtplib.SMTP, outgoing: Outgoing) -> None:
        """From, to, and the server's leave to hand over."""
        try:
            for code, _said in (
                smtp.mail(self._server.sender),
                smtp.rcpt(outgoing.address),
            ):
                if code not in (250, 251):
                    self._refused(smtp, code)
            code, _said = smtp.docmd("DATA")
            if code != _READY:
                self._refused(smtp, code)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self.close()
            raise Unreachable from error

    def _refused(self, smtp: smtplib.SMTP, code: int) -> NoReturn:
        with suppress(smtplib.SMTPException, OSError):
            smtp.rset()
        if code == 421:  # RFC 5321, 3.8: the server is closing
            self.close()
            raise Unreachable
        raise PutOff if code in _LATER else Refused

    def _content(self, smtp: smtplib.SMTP, outgoing: Outgoing) -> None:
        body = written(outgoing, self._server)
        try:
            smtp.send(_LEADING_DOT.sub(b"..", body) + b".\r\n")
            code, _said = smtp.getreply()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self.close()
            raise Uncertain from error
        if code != 250:
            self._refused(smtp, code)

    def close(self) -> None:
        held, self._smtp = self._smtp, None
        if held is not None:
            with suppress(OSError):
                held.close()


def written(outgoing: Outgoing, server: MailServer) -> bytes:
    """The mail, to the byte as it is handed over; the same `Message-ID` on every attempt."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"] = server.sender, outgoing.address
    mail["Subject"] = outgoing.text.title
    mail["Date"] = format_datetime(clock.local(clock.now()))
    mail["Message-ID"] = f"<{outgoing.identity}@{server.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine need answer
    mail.set_content(body_of(outgoing), cte="base64")
    mail["Content-Language"] = "en" if outgoing.language == "en" else "zh-Hans"
    return mail.as_bytes()


def body_of(outgoing: Outgoing) -> str:
    text = outgoing.text
    with override(outgoing.language):
        lines = [
            (gettext("谁"), text.who),
            (gettext("为什么"), text.why),
            (gettext("发生了什么"), text.what),
            (gettext("接下来"), text.todo),
        ]
        colon = gettext("：")
        told = [f"{term}{colon}{said}" for term, said in lines if said]
        if outgoing.page:
            told.append(f"{gettext('去看这件事')}{colon}\n{outgoing.page}")
        foot = gettext(FOOT_WITH_LINK if outgoing.page else FOOT)
    return "\n\n".join([*told, "-- \n" + foot]) + "\n"

"""A mail server for tests: real SMTP (RFC 5321) over a real socket, which a test may tell to misbehave.

`server.answers["RCPT"] = "550 no"` answers so; HANG never answers, DRIP gives a byte now and then, DROP hangs up.
Verbs are those of SMTP, beside "GREET" for the first line and "END" for the dot after a mail.
"""

import base64
import email
import email.policy
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

HANG, DRIP, DROP = "HANG", "DRIP", "DROP"
DRIP_S = 0.2


@dataclass(frozen=True)
class Taken:
    """One mail as it was handed over."""

    sender: str
    recipients: tuple[str, ...]
    body: bytes
    encrypted: bool
    user: str

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.body, policy=email.policy.default)

    @property
    def text(self) -> str:
        return self.mail.get_content()


class _Gone(Exception):
    """The conversation is over."""


class _Conversation(socketserver.StreamRequestHandler):
    server: "MailServer"

    def setup(self) -> None:
        self.user, self.encrypted = "", False
        super().setup()

    def handle(self) -> None:
        with self.server.lock:
            self.server.conversations += 1
        try:
            if self.server.context and self.server.wraps:
                self.encrypt()
            self.answer("GREET", "220 test")
            self.forget()
            while line := self.rfile.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                self.take(verb.upper(), rest)
        except (_Gone, OSError):
            return

    def encrypt(self) -> None:
        """From here on TLS; the plain socket's place is taken."""
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.encrypted = True

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        with suppress(OSError):
            self.connection.close()

    def take(self, verb: str, rest: str) -> None:
        action = {
            "EHLO": self.ehlo, "MAIL": self.mail_from, "RCPT": self.rcpt_to, "DATA": self.data,
            "STARTTLS": self.starttls, "AUTH": self.auth, "RSET": self.rset, "QUIT": self.quit,
        }.get(verb)  # fmt: skip
        if action is None:
            self.answer(verb, "502 what")
        else:
            action(rest)

    def answer(self, verb: str, usual: str) -> bool:
        """Say the usual, or what the test wants; whether it was the usual."""
        said = self.server.answers.get(verb, usual)
        if said == DROP:
            raise _Gone
        if said == HANG:
            self.server.stopped.wait(60)
            raise _Gone
        if said == DRIP:
            for sign in f"250-{'x' * 4000}":
                self.wfile.write(sign.encode())
                self.wfile.flush()
                if self.server.stopped.wait(DRIP_S):
                    raise _Gone
        self.wfile.write(f"{said}\r\n".encode())
        self.wfile.flush()
        return said == usual

    def forget(self) -> None:
        self.sender, self.recipients = "", []

    def ehlo(self, _rest: str) -> None:
        offers = ["250-test", "250-8BITMIME"]
        if self.server.context and not self.encrypted:
            offers.append("250-STARTTLS")
        if self.server.password:
            offers.append("250-AUTH PLAIN")
        self.answer("EHLO", "\r\n".join([*offers, "250 SIZE 1000000"]))

    def starttls(self, _rest: str) -> None:
        if self.answer("STARTTLS", "220 go"):
            self.encrypt()
            self.forget()

    def auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        is_right = password == self.server.password
        if self.answer("AUTH", "235 in" if is_right else "535 out") and is_right:
            self.user = user

    def mail_from(self, rest: str) -> None:
        if self.answer("MAIL", "250 ok"):
            self.sender = rest.partition("<")[2].partition(">")[0]

    def rcpt_to(self, rest: str) -> None:
        if self.answer("RCPT", "250 ok"):
            self.recipients.append(rest.partition("<")[2].partition(">")[0])

    def data(self, _rest: str) -> None:
        if not self.recipients:
            self.answer("DATA", "503 to whom")
            return
        if not self.answer("DATA", "354 go"):
            return
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if line:
            taken = Taken(
                self.sender, tuple(self.recipients), b"".join(lines), self.encrypted, self.user
            )
            with self.server.lock:
                self.server.taken.append(taken)
        self.forget()
        self.answer("END", "250 taken")

    def rset(self, _rest: str) -> None:
        self.forget()
        self.answer("RSET", "250 ok")

    def quit(self, _rest: str) -> None:
        self.answer("QUIT", "221 bye")
        raise _Gone


class MailServer(socketserver.ThreadingTCPServer):
    """The server: what it has taken, and how it is to answer."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, context: ssl.SSLContext | None = None, *, wraps: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.context, self.wraps = context, wraps
        self.password = ""
        self.answers: dict[str, str] = {}
        self.taken: list[Taken] = []
        self.conversations = 0
        self.lock = threading.Lock()
        self.stopped = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, _request: object, _address: object) -> None:
        """A client that went away is what these tests are about."""

    def until_taken(self, count: int, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while len(self.taken) < count:
            assert time.monotonic() < end, f"{len(self.taken)} of {count} mails"
            time.sleep(0.02)


@contextmanager
def a_mail_server(
    context: ssl.SSLContext | None = None, *, wraps: bool = False
) -> Iterator[MailServer]:
    with MailServer(context, wraps=wraps) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            server.shutdown()
            thread.join(5)


def a_certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, str]:
    """A server's TLS context of a name, and the file by which to trust it."""
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "server.pem", folder / "server.key"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, str(public)

"""Which ways out this node has, from its settings. The inbox needs none."""

from urllib.parse import urlsplit

from django.conf import settings

from yitong.base.messages.adapters import Adapter
from yitong.base.messages.mail import MailAdapter, MailServer, Security
from yitong.base.messages.rules import Channel
from yitong.base.messages.sms import SmsAdapter, SmsGateway

_SECURITIES: dict[str, Security] = {"starttls": "starttls", "tls": "tls", "none": "none"}


def open_channels() -> frozenset[Channel]:
    """What is configured."""
    wanted = {
        Channel.MAIL: settings.YITONG_SMTP_HOST and settings.YITONG_SMTP_FROM,
        Channel.SMS: settings.YITONG_SMS_URL,
    }
    return frozenset(channel for channel, place in wanted.items() if place)


def adapter_of(channel: Channel) -> Adapter | None:
    if channel not in open_channels():
        return None
    if channel is Channel.MAIL:
        return MailAdapter(_mail_server())
    return SmsAdapter(
        SmsGateway(
            settings.YITONG_SMS_URL,
            signature=settings.YITONG_SMS_SIGNATURE,
            token=settings.YITONG_SMS_TOKEN,
            authorities=settings.YITONG_SMS_CA,
        )
    )


def _mail_server() -> MailServer:
    return MailServer(
        settings.YITONG_SMTP_HOST,
        settings.YITONG_SMTP_FROM,
        port=int(settings.YITONG_SMTP_PORT),
        # A word that we do not know is taken for the strictest.
        security=_SECURITIES.get(settings.YITONG_SMTP_SECURITY, "tls"),
        user=settings.YITONG_SMTP_USER,
        password=settings.YITONG_SMTP_PASSWORD,
        authorities=settings.YITONG_SMTP_CA,
    )


def public_address() -> str:
    """Under which address people reach this node, without a stroke at its end; "" where none is configured."""
    text = str(settings.YITONG_PUBLIC_URL).rstrip("/")
    parts = urlsplit(text)
    is_plain = parts.scheme in {"https", "http"} and parts.netloc and text.count("/") == 2
    return text if is_plain and "@" not in parts.netloc else ""

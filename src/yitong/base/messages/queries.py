"""The inbox of whoever asks, how messages of an agency went out, and how the outbox is.

An inbox is read only by its own account and the holder of its post. Whoever looks after the sending sees keys and
states, never what was said and never an address.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from yitong.base.access.api import Thing, allows, require
from yitong.base.messages import channels, declared
from yitong.base.messages.errors import NotAnInbox, UnknownMessage
from yitong.base.messages.models import Delivery, Message, MessagePreference
from yitong.base.messages.rendering import MessageText, texts
from yitong.base.messages.rules import (
    DEFAULT_CHOICE,
    DUE_STATES,
    Channel,
    Choice,
    DeliveryState,
)
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

FOLLOW = "messages.follow"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which messages; `app` is the first part of a template's key ("duties")."""

    is_unread: bool = False
    app: str = ""
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One message as its reader sees it. `href` leads to its matter, where that has a page the reader may open."""

    id: int
    at: dt.datetime
    read_at: dt.datetime | None
    template: str
    about: About
    is_urgent: bool
    to_post: bool
    text: MessageText
    href: str = ""
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of messages, newest first. `newest` is the last there was when it was read."""

    messages: tuple[InboxMessage, ...]
    total: int
    unread: int
    newest: int
    apps: Mapping[str, int]


def recipients_of(viewer: Actor) -> list[str]:
    """Under which names the viewer gets messages: the own account, and the post in which they act."""
    if viewer.kind not in ("person", "staff") or not viewer.account.startswith("account:"):
        raise NotAnInbox
    return [viewer.account, *([f"post:{viewer.post}"] if viewer.post else [])]


def inbox(viewer: Actor, wanted: InboxFilter | None = None) -> Inbox:
    """The viewer's own messages, newest first, in the language of the moment."""
    asked = wanted or InboxFilter()
    own = Message.objects.filter(recipient__in=recipients_of(viewer))
    apps = _by_app(own)
    found = own.filter(read_at__isnull=True) if asked.is_unread else own
    if asked.app:
        found = found.filter(template__startswith=f"{asked.app}.")
    rows = list(found.order_by("-id")[asked.offset : asked.offset + asked.limit])
    unread = sum(unread for _, unread, _ in apps.values())
    return Inbox(
        tuple(_all_shown(rows, viewer)),
        total=_total(apps, asked),
        unread=unread,
        newest=max((newest for _, _, newest in apps.values()), default=0),
        apps={app: total for app, (total, _, _) in sorted(apps.items())},
    )


def _by_app(own: QuerySet[Message]) -> dict[str, tuple[int, int, int]]:
    """For each app: how many messages, how many of them unread, the newest. One query."""
    from django.db.models import F, Func, Max, TextField, Value

    app = Func(F("template"), Value("."), Value(1), function="split_part", output_field=TextField())
    rows = (
        own.annotate(app=app)
        .values("app")
        .annotate(
            total=Count("id"), unread=Count("id", filter=Q(read_at__isnull=True)), newest=Max("id")
        )
        .order_by()
    )
    return {row["app"]: (row["total"], row["unread"], row["newest"]) for row in rows}


def _total(apps: Mapping[str, tuple[int, int, int]], asked: InboxFilter) -> int:
    return sum(
        unread if asked.is_unread else total
        for app, (total, unread, _) in apps.items()
        if not asked.app or app == asked.app
    )


def _all_shown(rows: list[Message], viewer: Actor) -> Iterator[InboxMessage]:
    hrefs = declared.addresses(map(about_of, rows), viewer)
    for row, text in zip(rows, texts(rows), strict=True):
        yield _shown(row, text, hrefs.get(about_of(row), ""))


def about_of(row: Message) -> About:
    return About(row.about_type, row.about_key)


def _shown(row: Message, text: MessageText, href: str) -> InboxMessage:
    template = declared.template(row.template)
    return InboxMessage(
        row.pk,
        row.queued_at,
        row.read_at,
        row.template,
        about_of(row),
        is_urgent=bool(template and template.urgent),
        to_post=row.recipient.startswith("post:"),
        text=text,
        href=href,
        is_erased=row.erased_at is not None,
    )


def own_message(viewer: Actor, number: int) -> InboxMessage:
    """One message of the viewer's own; somebody else's does not exist."""
    row = Message.objects.filter(pk=number, recipient__in=recipients_of(viewer)).first()
    if row is None:
        raise UnknownMessage
    return next(_all_shown([row], viewer))


def unread_count(viewer: Actor) -> int:
    """How many messages the viewer has not read; 0 for who has no inbox."""
    try:
        recipients = recipients_of(viewer)
    except NotAnInbox:
        return 0
    return Message.objects.filter(recipient__in=recipients, read_at__isnull=True).count()


def account_number(key: str) -> int:
    """The number in "account:42"; who has none has no preferences."""
    kind, _, number = key.partition(":")
    if kind != "account" or not number.isdecimal():
        raise NotAnInbox
    return int(number)


def choice_of(account: str) -> Choice:
    """How an account wants to be told."""
    row = MessagePreference.objects.filter(account_id=account_number(account)).first()
    if row is None:
        return DEFAULT_CHOICE
    return Choice(
        mail=row.mail,
        sms=row.sms,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        language=row.language,
    )


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries; empty is every. `after` is the number of the last one seen."""

    state: str = ""
    channel: str = ""
    after: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """How one message went out by one channel; nothing of what it says, nothing of where it went."""

    number: int
    message: int
    template: str
    recipient: str
    about: About
    channel: str
    state: str
    reason: str
    attempts: int
    due_at: dt.datetime
    sent_at: dt.datetime | None
    queued_at: dt.datetime
    read_at: dt.datetime | None


def deliveries(viewer: Actor, wanted: DeliveryFilter | None = None) -> list[DeliveryFacts]:
    """The newest first: of the whole node for those who run it, else of the viewer's agency."""
    asked = wanted or DeliveryFilter()
    found = Delivery.objects.select_related("message")
    if not allows(viewer, FOLLOW, of=Thing("message", "")).allowed:
        require(viewer, FOLLOW, of=Thing("message", "", agency=viewer.agency))
        found = found.filter(message__sender_agency=viewer.agency)
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.channel:
        found = found.filter(channel=asked.channel)
    if asked.after:
        found = found.filter(pk__lt=asked.after)
    return [_facts(row) for row in found.order_by("-id")[: asked.limit]]


def _facts(row: Delivery) -> DeliveryFacts:
    message = row.message
    return DeliveryFacts(
        row.pk,
        message.pk,
        message.template,
        message.recipient,
        about_of(message),
        row.channel,
        row.state,
        row.reason,
        row.attempts,
        row.due_at,
        row.sent_at,
        message.queued_at,
        message.read_at,
    )


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """One way out: is it configured, how much waits, since when, what failed."""

    channel: str
    is_open: bool
    waiting: int
    oldest_due_s: int
    failed: int
    given_up: int


def outbox_status() -> tuple[ChannelStatus, ...]:
    """What doctor and the metrics ask."""
    now, opened = clock.now(), channels.open_channels()
    due = Q(state__in=[state.value for state in DUE_STATES])
    rows = (
        Delivery.objects.filter(due | Q(state=DeliveryState.GIVEN_UP))
        .values("channel")
        .annotate(
            waiting=Count("id", filter=due),
            oldest=Min("due_at", filter=due & Q(due_at__lte=now)),
            failed=Count("id", filter=Q(state=DeliveryState.FAILED)),
            given_up=Count("id", filter=Q(state=DeliveryState.GIVEN_UP)),
        )
    )
    counted = {row["channel"]: row for row in rows}
    return tuple(_status(channel, opened, counted.get(channel.value), now) for channel in Channel)


def _status(
    channel: Channel, opened: Iterable[Channel], row: Mapping[str, object] | None, now: dt.datetime
) -> ChannelStatus:
    is_open = channel in set(opened)
    if row is None:
        return ChannelStatus(channel.value, is_open, 0, 0, 0, 0)
    oldest = row["oldest"]
    age = int((now - oldest).total_seconds()) if isinstance(oldest, dt.datetime) else 0
    numbers = [int(str(row[name])) for name in ("waiting", "failed", "given_up")]
    return ChannelStatus(channel.value, is_open, numbers[0], age, numbers[1], numbers[2])

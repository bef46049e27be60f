"""Telling somebody, reading, choosing how to be told, and sending a dead letter again.

`send` is called by other apps' actions, which were allowed to do what they tell of; it asks nobody again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity.api import contacts
from yitong.base.ledger.api import record
from yitong.base.messages import channels, declared, events, queries, rendering
from yitong.base.messages.errors import (
    FactsDoNotFit,
    KeyLooksPersonal,
    MessageKeyReused,
    NotAnInbox,
    NotGivenUp,
    QuietHoursMalformed,
    RecipientUnclear,
    UnknownDelivery,
    UnknownMessage,
)
from yitong.base.messages.models import Delivery, Message, MessagePreference
from yitong.base.messages.privacy import looks_personal
from yitong.base.messages.rules import Channel, Choice, DeliveryState, not_before
from yitong.base.messages.templates import Fact, FactKind, MessageTemplate
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Value

MOST_READ_AT_ONCE = 200
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One account ("account:42"), or one post by its key: then whoever holds it reads it, also who comes later."""

    account: str = ""
    post: str = ""

    def __post_init__(self) -> None:
        if bool(self.account) == bool(self.post):
            raise RecipientUnclear

    @property
    def key(self) -> str:
        return self.account or f"post:{self.post}"


@transaction.atomic
def send(
    *,
    by: Actor,
    to: Recipient,
    template: MessageTemplate,
    facts: Mapping[str, Fact],
    about: About,
    key: str,
) -> int:
    """Put a message into the recipient's inbox, and into the outbox for every other channel they want.

    It leaves the node only after the caller's commit. The same key to the same recipient tells once: again with
    the same content it gives the same number, with another it is refused.
    """
    if declared.template(template.key) is not template:
        raise ValueError(f"{template.key} stands in no app's MESSAGES")
    kept = template.stored(facts)
    _refuse_unknown(template, kept)
    for text in (key, about.type, about.key):
        if found := looks_personal(text):
            raise KeyLooksPersonal(kind=found)
    reach = contacts.contact_of(account=to.account, post=to.post)
    message = Message(
        recipient=to.key,
        key=key,
        template=template.key,
        facts=kept,
        about_type=about.type,
        about_key=about.key,
        sender=by.account,
        sender_agency=by.agency,
    )
    if (same := _placed(message)) is not None:
        return same
    at_hand = {Channel.MAIL: reach.has_mail, Channel.SMS: reach.has_phone}
    wanted = _queued(message, reach.account, at_hand, urgent=template.urgent)
    record(
        events.QUEUED,
        by=by,
        about=_about(message.pk),
        facts={
            "template": template.key,
            "recipient": to.key,
            "channels": wanted,
            "matter": f"{about.type}/{about.key}",
        },
    )
    return message.pk


def _queued(
    message: Message, account: str, at_hand: Mapping[Channel, bool], *, urgent: bool
) -> list[Value]:
    """Write a delivery for every channel that the node has, that reaches the person and that they want; which."""
    possible = [channel for channel in sorted(channels.open_channels()) if at_hand[channel]]
    if not possible:
        return []
    choice = queries.choice_of(account)
    due_at = not_before(choice, clock.now(), clock.ZONE, urgent=urgent)
    wanted = [channel.value for channel in possible if choice.wants(channel)]
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=channel, due_at=due_at) for channel in wanted
    )
    return list(wanted)


def _refuse_unknown(template: MessageTemplate, kept: Mapping[str, Value]) -> None:
    """Agencies, posts, divisions and terms are refused where nothing is known by them: so no name hides in one."""
    wrong = []
    for name, kind in template.facts.items():
        if not isinstance(kind, FactKind):
            continue
        value = str(kept[name])
        if kind is FactKind.TERM:
            is_known = rendering.is_own_sentence(value)
        elif kind in (FactKind.AGENCY, FactKind.POST, FactKind.REGION):
            is_known = value in rendering.known_names(kind, {value})
        else:
            is_known = True
        if not is_known:
            wrong.append(name)
    if wrong:
        raise FactsDoNotFit(template=template.key, names="、".join(wrong))


def _placed(message: Message) -> int | None:
    """Insert it; the number of the one that was there before, if any."""
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        before = Message.objects.get(recipient=message.recipient, key=message.key)
        if before.erased_at is None and _content(before) != _content(message):
            raise MessageKeyReused from None
        return before.pk
    return None


def _content(message: Message) -> tuple[str, object, str, str]:
    return (message.template, message.facts, message.about_type, message.about_key)


def _about(number: int) -> About:
    return About("message", str(number))


@transaction.atomic
def mark_read(*, by: Actor, messages: Iterable[int]) -> int:
    """Mark own messages as read; how many were not yet. One that is not the reader's is refused, with all others."""
    numbers = set(messages)
    own = Message.objects.select_for_update().filter(
        pk__in=numbers, recipient__in=queries.recipients_of(by)
    )
    found = list(own.order_by("pk"))
    if len(found) != len(numbers):
        raise UnknownMessage
    return _mark([row for row in found if row.read_at is None], by)


@transaction.atomic
def mark_all_read(*, by: Actor, until: int) -> int:
    """Mark what the reader has seen as read: up to the message `until`, not what came since. How many."""
    unread = Message.objects.select_for_update().filter(
        recipient__in=queries.recipients_of(by), read_at__isnull=True, pk__lte=until
    )
    return _mark(list(unread.order_by("pk")[:MOST_READ_AT_ONCE]), by)


def _mark(unread: list[Message], by: Actor) -> int:
    now = clock.now()
    for row in unread:
        row.read_at, row.read_by = now, by.account
        record(events.READ, by=by, about=_about(row.pk), facts={"recipient": row.recipient})
    Message.objects.bulk_update(unread, ["read_at", "read_by"])
    return len(unread)


@transaction.atomic
def set_preferences(*, by: Actor, choice: Choice) -> None:
    """Choose how to be told, for oneself alone. What already waits follows the new choice."""
    if by.kind not in ("person", "staff"):
        raise NotAnInbox
    if choice.language not in LANGUAGES or choice.quiet_from.tzinfo or choice.quiet_until.tzinfo:
        raise QuietHoursMalformed
    MessagePreference.objects.update_or_create(
        account_id=queries.account_number(by.account),
        defaults={
            "mail": choice.mail,
            "sms": choice.sms,
            "quiet_from": choice.quiet_from.replace(second=0, microsecond=0),
            "quiet_until": choice.quiet_until.replace(second=0, microsecond=0),
            "language": choice.language,
            "changed_at": clock.now(),
        },
    )
    record(
        events.PREFERENCES_SET,
        by=by,
        about=About("account", by.account.removeprefix("account:")),
        facts={
            "mail": choice.mail,
            "sms": choice.sms,
            "quiet_from": f"{choice.quiet_from:%H:%M}",
            "quiet_until": f"{choice.quiet_until:%H:%M}",
            "language": choice.language,
        },
    )


@transaction.atomic
def retry(*, by: Actor, delivery: int) -> None:
    """Put a dead letter back into the outbox, with all its attempts before it."""
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("message")
        .filter(pk=delivery)
        .first()
    )
    if row is None:
        raise UnknownDelivery(number=delivery)
    require(
        by, "messages.retry", of=Thing("message", str(delivery), agency=row.message.sender_agency)
    )
    if row.state != DeliveryState.GIVEN_UP:
        raise NotGivenUp(number=delivery)
    row.state, row.reason = DeliveryState.QUEUED.value, ""
    row.attempts = row.uncertain = 0
    row.due_at = row.changed_at = clock.now()
    row.save(update_fields=["state", "reason", "attempts", "uncertain", "due_at", "changed_at"])
    record(events.RETRIED, by=by, about=_about(row.message_id), facts={"channel": row.channel})

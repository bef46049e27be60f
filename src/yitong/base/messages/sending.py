"""The outbox: claimed, sent outside any transaction, then marked. At least once, and at most once too often.

A claim is a lease that is committed before anything leaves. Whoever is killed between sending and marking leaves
a lease that runs out; nobody then knows whether the message went. It is sent once more, under the same identity,
and never a third time. What waits for a server holds no transaction open, so the ledger and every page go on.
"""

import datetime as dt
import logging
import time
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth import get_user_model
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F

from yitong.base.identity.api import actor_for, contacts
from yitong.base.ledger.api import record
from yitong.base.messages import channels, declared, events, queries
from yitong.base.messages.adapters import Outgoing, Session, Trouble, Unreachable
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.rendering import text_in
from yitong.base.messages.rules import (
    DUE_STATES,
    FARTHEST,
    Channel,
    Choice,
    DeliveryState,
    Reason,
    is_over,
    not_before,
    wait_after,
)
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event
from yitong.kernel.errors import Refusal

log = logging.getLogger(__name__)

# Longer than any conversation can be (see `whole_s` of the adapters), so a lease is never taken from the living.
LEASE = dt.timedelta(minutes=5)
RUN_S = 20.0
RECEIPTS_AT_ONCE = 50
RECEIPT_DAYS = 3


class Turn(StrEnum):
    """What became of one look into the outbox."""

    NOTHING = "nothing"
    SENT = "sent"
    FAILED = "failed"
    SET_ASIDE = (
        "set_aside"  # withdrawn, put off for quiet hours, or given up without another attempt
    )
    AWAY = "away"  # the channel itself is away: nothing else would go through either


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours until its lease is over."""

    delivery: Delivery
    choice: Choice
    address: "Addressed"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a claim goes to; the address itself is opened when everything else is ready."""

    account: str
    post: str


def send_due(*, by: Actor, channel: Channel, run_s: float = RUN_S) -> dict[Turn, int]:
    """Send what is due by one channel, for at most about `run_s` seconds. Never call it inside a transaction."""
    counted: dict[Turn, int] = {}
    adapter = channels.adapter_of(channel)
    if adapter is None:
        return counted
    end = time.monotonic() + run_s
    _call_back(channel)
    with adapter.session() as session:
        while time.monotonic() < end:
            turn = _turn(session, channel, by)
            counted[turn] = counted.get(turn, 0) + 1
            if turn in (Turn.NOTHING, Turn.AWAY):
                break
    return counted


def _call_back(channel: Channel) -> None:
    """What no rule could have put off so far was put off by a clock that was ahead, and is due now."""
    now = clock.now()
    waiting = Delivery.objects.filter(channel=channel.value, due_at__gt=now + FARTHEST)
    waiting.filter(state__in=[state.value for state in DUE_STATES]).update(due_at=now)


def _turn(session: Session, channel: Channel, by: Actor) -> Turn:
    claim = _claim(channel, by)
    if not isinstance(claim, Claim):
        return claim
    try:
        outgoing = _outgoing(claim)
        if not outgoing.address:
            _withdraw(claim.delivery, Reason.NO_ADDRESS, by)
            return Turn.SET_ASIDE
        reference = session.send(outgoing)
    except Trouble as trouble:
        _mark_failed(claim, trouble.reason, by)
        return Turn.AWAY if isinstance(trouble, Unreachable) else Turn.FAILED
    except (DatabaseError, InterfaceError):
        raise  # our own server is gone: the lease runs out by itself
    except Exception as error:  # noqa: BLE001 - one message must not keep the others
        log.error("delivery %d: %s", claim.delivery.pk, type(error).__qualname__)  # noqa: TRY400 - its text may quote an address
        _mark_failed(claim, Reason.FAULT, by)
        return Turn.FAILED
    _mark_sent(claim, reference, by)
    return Turn.SENT


@transaction.atomic
def _claim(channel: Channel, by: Actor) -> Claim | Turn:
    """Take the delivery that is longest due; or settle it here and now, if it is not to be sent."""
    now = clock.now()
    row = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message")
        .filter(
            channel=channel.value, due_at__lte=now, state__in=[state.value for state in DUE_STATES]
        )
        .order_by("due_at", "pk")
        .first()
    )
    if row is None:
        return Turn.NOTHING
    if row.state == DeliveryState.SENDING:  # whoever had it was killed, or lost the database
        row.uncertain = F("uncertain") + 1
        row.save(update_fields=["uncertain"])
        row.refresh_from_db(fields=["uncertain"])
        if is_over(attempts=row.attempts, uncertain=row.uncertain, reason=Reason.UNCERTAIN):
            _give_up(row, Reason.UNCERTAIN, by)
            return Turn.SET_ASIDE
    return _wanted(row, channel, now, by)


def _wanted(row: Delivery, channel: Channel, now: dt.datetime, by: Actor) -> Claim | Turn:
    to = Addressed(*_parts(row.message.recipient))
    try:
        account = contacts.contact_of(account=to.account, post=to.post).account
    except Refusal:
        account = ""
    choice = queries.choice_of(account) if account else Choice()
    reason = _unwanted(row, channel, account, choice)
    if reason is not Reason.NONE:
        _withdraw(row, reason, by)
        return Turn.SET_ASIDE
    at = not_before(choice, now, clock.ZONE, urgent=_is_urgent(row))
    if at > now:
        row.state, row.due_at = DeliveryState.QUEUED.value, at
        row.save(update_fields=["state", "due_at"])
        return Turn.SET_ASIDE
    row.state, row.due_at = DeliveryState.SENDING.value, now + LEASE
    row.attempts, row.changed_at = row.attempts + 1, now
    row.save(update_fields=["state", "due_at", "attempts", "changed_at"])
    return Claim(row, choice, to)


def _is_urgent(row: Delivery) -> bool:
    template = declared.template(row.message.template)
    return template is not None and template.urgent


def _parts(recipient: str) -> tuple[str, str]:
    """(account, post), one of them empty."""
    is_post = recipient.startswith("post:")
    return ("", recipient.removeprefix("post:")) if is_post else (recipient, "")


def _unwanted(row: Delivery, channel: Channel, account: str, choice: Choice) -> Reason:
    if row.message.read_at is not None:
        return Reason.ALREADY_READ
    if not account:
        return Reason.NO_ADDRESS
    return Reason.NONE if choice.wants(channel) else Reason.SWITCHED_OFF


def _outgoing(claim: Claim) -> Outgoing:
    """The message with its address, opened now and kept nowhere."""
    row, to = claim.delivery, claim.address
    text = text_in(claim.choice.language, row.message)
    opened = contacts.contact_of(account=to.account, post=to.post).opened()
    is_mail = row.channel == Channel.MAIL
    address = opened.mail if is_mail else opened.phone
    page = _page_of(row.message, to) if is_mail else ""
    return Outgoing(str(row.identity), text, claim.choice.language, address, page)


def _page_of(message: Message, to: Addressed) -> str:
    """The whole address of the matter's page, for who may open it now; never that of a page they would be refused."""
    node, key = channels.public_address(), contacts.contact_of(account=to.account, post=to.post)
    if not node or not key.account:
        return ""
    reader = get_user_model().objects.get(pk=queries.account_number(key.account))
    about = queries.about_of(message)
    path = declared.addresses([about], actor_for(reader, to.post or None)).get(about, "")
    return f"{node}{path}" if path else ""


def _still_ours(claim: Claim) -> Delivery | None:
    """The row, locked; None where the lease ran out and somebody else took it meanwhile."""
    row = Delivery.objects.select_for_update().get(pk=claim.delivery.pk)
    is_ours = row.state == DeliveryState.SENDING and row.attempts == claim.delivery.attempts
    return row if is_ours else None


@transaction.atomic
def _mark_sent(claim: Claim, reference: str, by: Actor) -> None:
    row = _still_ours(claim)
    if row is None:
        return
    row.state, row.reason, row.reference = DeliveryState.SENT.value, "", reference
    row.sent_at = row.changed_at = clock.now()
    row.save(update_fields=["state", "reason", "reference", "sent_at", "changed_at"])
    _record(row, events.SENT, by, attempt=row.attempts)


@transaction.atomic
def _mark_failed(claim: Claim, reason: Reason, by: Actor) -> None:
    row = _still_ours(claim)
    if row is None:
        return
    row.uncertain += int(reason is Reason.UNCERTAIN)
    if is_over(attempts=row.attempts, uncertain=row.uncertain, reason=reason):
        _give_up(row, reason, by)
        return
    now = clock.now()
    row.state, row.reason, row.changed_at = DeliveryState.FAILED.value, reason.value, now
    row.due_at = not_before(
        claim.choice,
        now + wait_after(row.attempts),
        clock.ZONE,
        urgent=_is_urgent(claim.delivery),
    )
    row.save(update_fields=["state", "reason", "uncertain", "due_at", "changed_at"])
    _record(row, events.FAILED, by, attempt=row.attempts, reason=reason.value)


def _give_up(row: Delivery, reason: Reason, by: Actor) -> None:
    row.state, row.reason, row.changed_at = DeliveryState.GIVEN_UP.value, reason.value, clock.now()
    row.save(update_fields=["state", "reason", "uncertain", "changed_at"])
    _record(row, events.GIVEN_UP, by, attempt=row.attempts, reason=reason.value)


@transaction.atomic
def _withdraw(row: Delivery, reason: Reason, by: Actor) -> None:
    row.state, row.reason = DeliveryState.WITHDRAWN.value, reason.value
    row.changed_at = clock.now()
    row.save(update_fields=["state", "reason", "changed_at"])
    _record(row, events.WITHDRAWN, by, reason=reason.value)


def ask_receipts(*, by: Actor) -> int:
    """Ask channels that can tell which messages arrived; how many were told. Never inside a transaction."""
    told = 0
    for channel in sorted(channels.open_channels()):
        adapter = channels.adapter_of(channel)
        pending = _pending(channel)
        if adapter is not None and pending:
            for number, arrived in adapter.receipts(pending).items():
                _mark_receipt(number, by, arrived=arrived)
                told += 1
    return told


def _pending(channel: Channel) -> dict[int, str]:
    """Sent, with a number to ask by, of the last days; asked longest ago first."""
    since = clock.now() - dt.timedelta(days=RECEIPT_DAYS)
    rows = Delivery.objects.filter(
        channel=channel.value, state=DeliveryState.SENT.value, sent_at__gte=since
    ).exclude(reference="")
    found = dict(rows.order_by("changed_at").values_list("pk", "reference")[:RECEIPTS_AT_ONCE])
    Delivery.objects.filter(pk__in=found).update(changed_at=clock.now())
    return found


@transaction.atomic
def _mark_receipt(number: int, by: Actor, *, arrived: bool) -> None:
    row = Delivery.objects.select_for_update().get(pk=number)
    if row.state != DeliveryState.SENT:
        return
    if not arrived:
        _give_up(row, Reason.BOUNCED, by)
        return
    row.state, row.changed_at = DeliveryState.DELIVERED.value, clock.now()
    row.save(update_fields=["state", "changed_at"])
    _record(row, events.DELIVERED, by)


def _record(row: Delivery, event: Event, by: Actor, **facts: str | int) -> None:
    record(
        event,
        by=by,
        about=About("message", str(row.message_id)),
        facts={"channel": row.channel, **facts},
    )

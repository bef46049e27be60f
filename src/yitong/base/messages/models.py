"""Messages, their deliveries outside the node, and how people want to be told. No address stands here."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models

from yitong.base.messages.rules import DEFAULT_CHOICE, DUE_STATES, Channel, DeliveryState
from yitong.kernel import clock


class Message(models.Model):
    """One thing told to one recipient: "account:42" or "post:<key of a post>". Its place in the inbox."""

    recipient = models.CharField(max_length=80, db_collation="C")
    key = models.CharField(max_length=120, db_collation="C")
    template = models.CharField(max_length=80, db_collation="C")
    facts = models.JSONField()
    about_type = models.CharField(max_length=40)
    about_key = models.CharField(max_length=120)
    sender = models.CharField(max_length=80)  # who acted, as the ledger names them
    sender_agency = models.CharField(max_length=18, blank=True, db_collation="C")
    queued_at = models.DateTimeField(default=clock.now, editable=False)
    read_at = models.DateTimeField(null=True)
    read_by = models.CharField(max_length=80, blank=True)
    # Since when what it said is gone: its facts and what it was about. That it was told and read stays.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="one_message_a_key"),
            models.CheckConstraint(
                condition=models.Q(read_at__isnull=True, read_by="")
                | (models.Q(read_at__isnull=False) & ~models.Q(read_by="")),
                name="message_read_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(facts={}, about_type="", about_key=""),
                name="message_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="message_inbox"),
            models.Index(
                fields=["recipient"],
                name="message_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["queued_at"],
                name="message_texts_by_age",
                condition=models.Q(erased_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"message:{self.pk}"


class Delivery(models.Model):
    """A message on its way out by one channel. With the message's key and recipient, unique by channel."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default=DeliveryState.QUEUED.value)
    # When it is next to be looked at: to be sent, or, while somebody sends it, when their lease is over.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    uncertain = models.PositiveSmallIntegerField(
        default=0
    )  # attempts of which nobody knows the end
    reason = models.CharField(max_length=16, blank=True)
    # The same on every attempt, so that a second copy can be known as one.
    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=120, blank=True)  # the channel's own number for it
    sent_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_a_channel"),
            models.CheckConstraint(
                condition=models.Q(channel__in=[c.value for c in Channel]),
                name="delivery_channel_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in DeliveryState]),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "delivered"])
                | models.Q(sent_at__isnull=False),
                name="delivery_sent_has_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                name="delivery_outbox",
                condition=models.Q(state__in=sorted(s.value for s in DUE_STATES)),
            ),
            models.Index(
                fields=["channel"],
                name="delivery_dead_letters",
                condition=models.Q(state="given_up"),
            ),
            models.Index(fields=["changed_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"delivery:{self.pk}"


class MessagePreference(models.Model):
    """How one account wants to be told; without a row it is the default."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="message_preference"
    )
    mail = models.BooleanField(default=DEFAULT_CHOICE.mail)
    sms = models.BooleanField(default=DEFAULT_CHOICE.sms)
    quiet_from = models.TimeField(default=dt.time(22))
    quiet_until = models.TimeField(default=dt.time(8))
    language = models.CharField(max_length=8, default=DEFAULT_CHOICE.language)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"preference:{self.account_id}"

"""The only door of messages."""

from yitong.base.messages import declared
from yitong.base.messages.actions import (
    Recipient,
    mark_all_read,
    mark_read,
    retry,
    send,
    set_preferences,
)
from yitong.base.messages.channels import public_address
from yitong.base.messages.queries import (
    DeliveryFacts,
    DeliveryFilter,
    InboxFilter,
    InboxMessage,
    choice_of,
    deliveries,
    inbox,
    outbox_status,
    unread_count,
)
from yitong.base.messages.rules import Choice
from yitong.base.messages.templates import FactKind, MessageTemplate

__all__ = [
    "Choice",
    "DeliveryFacts",
    "DeliveryFilter",
    "FactKind",
    "InboxFilter",
    "InboxMessage",
    "MessageTemplate",
    "Recipient",
    "choice_of",
    "declared",
    "deliveries",
    "inbox",
    "mark_all_read",
    "mark_read",
    "outbox_status",
    "public_address",
    "retry",
    "send",
    "set_preferences",
    "unread_count",
]

"""The scheduled work of messages: what waits in the outbox, what has arrived, what was kept long enough.

A schedule's run is one transaction. Other servers are talked to after its commit, in the same job, so that
nothing of theirs can hold a transaction open. Each channel has its own: one that hangs keeps no other.
"""

from django.db import transaction

from yitong.base.messages.disposing import dispose
from yitong.base.messages.rules import Channel
from yitong.base.messages.sending import ask_receipts, send_due
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Schedule

SENDER = Actor.system("messages")


def _send_mail() -> None:
    transaction.on_commit(lambda: _send(Channel.MAIL))


def _send_sms() -> None:
    transaction.on_commit(lambda: _send(Channel.SMS))


def _send(channel: Channel) -> None:
    send_due(by=SENDER, channel=channel)


def _receipts() -> None:
    transaction.on_commit(_ask)


def _ask() -> None:
    ask_receipts(by=SENDER)


def _dispose() -> bool:
    return dispose(by=SENDER)


SCHEDULES = (
    Schedule("messages.send_mail", "* * * * *", _send_mail),
    Schedule("messages.send_sms", "* * * * *", _send_sms),
    Schedule("messages.ask_receipts", "*/5 * * * *", _receipts),
    Schedule("messages.dispose", "23 2 * * *", _dispose),
)

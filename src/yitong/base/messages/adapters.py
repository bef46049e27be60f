"""What every way out of the node has in common: what it is given, and how it says that it could not.

An adapter raises one of four troubles, each with a word of ours. A server's own text stays where it is: it may
repeat the address.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from yitong.base.messages.rendering import MessageText
from yitong.base.messages.rules import Channel, Reason


class Trouble(Exception):
    """An attempt that did not succeed."""

    reason: ClassVar[Reason] = Reason.FAULT

    def __init__(self) -> None:
        super().__init__(self.reason.value)


class Unreachable(Trouble):
    """The channel is away: nothing was handed over, and nothing else would go through either."""

    reason = Reason.UNREACHABLE


class NotLetIn(Unreachable):
    """The channel does not take us: our settings or its certificate are wrong."""

    reason = Reason.NOT_LET_IN


class PutOff(Trouble):
    """The channel says: later."""

    reason = Reason.PUT_OFF


class Refused(Trouble):
    """The channel says: never."""

    reason = Reason.REFUSED


class Uncertain(Trouble):
    """It was handed over and no answer came: it may have gone."""

    reason = Reason.UNCERTAIN


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to leave. Its repr shows no address: logs see reprs."""

    identity: str
    text: MessageText
    language: str
    address: str = field(repr=False)
    page: str = ""  # the matter's page, whole, where the reader may open it


class Session(Protocol):
    """An open way out; several messages may go through it."""

    def send(self, outgoing: Outgoing) -> str:
        """Hand one message over; the channel's own number for it, or "". Raises a Trouble."""


class Adapter(Protocol):
    """A way out of the node."""

    channel: Channel

    def session(self) -> AbstractContextManager[Session]: ...

    def receipts(self, references: Mapping[int, str]) -> Mapping[int, bool]:
        """Which of these have arrived (True) or never will (False); who is not named is not known yet."""

"""How a delivery lives, when it is tried again, and when a person wants quiet. Pure.

The numbers here are the node's own order, of no law.
"""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """Ways out of the node. The inbox is no channel: every message stands in it, whatever else happens."""

    MAIL = "mail"
    SMS = "sms"


class DeliveryState(StrEnum):
    """What became of one message on one channel."""

    QUEUED = "queued"
    SENDING = "sending"  # somebody is at it; when its lease is over nobody knows what became of it
    SENT = "sent"  # the next server took it
    DELIVERED = "delivered"  # the channel says it arrived
    FAILED = "failed"  # this attempt failed; there will be another
    GIVEN_UP = "given_up"  # no more attempts: somebody must look (dead letter)
    WITHDRAWN = (
        "withdrawn"  # not wanted any more: read already, channel switched off, no address left
    )


class Reason(StrEnum):
    """Why an attempt failed or a delivery was withdrawn: a word of ours, never a server's text."""

    NONE = ""
    UNREACHABLE = "unreachable"  # nobody answers, or not in time
    NOT_LET_IN = "not_let_in"  # log-in, certificate or greeting refused: the settings are wrong
    PUT_OFF = "put_off"  # the server says later (4xx)
    REFUSED = "refused"  # the server says never (5xx)
    UNCERTAIN = "uncertain"  # handed over, no answer: it may have gone
    FAULT = "fault"  # a fault of our own
    ALREADY_READ = "already_read"
    SWITCHED_OFF = "switched_off"
    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"  # the channel says it never arrived


TRANSITIONS: Final[dict[DeliveryState, frozenset[DeliveryState]]] = {
    DeliveryState.QUEUED: frozenset({DeliveryState.SENDING}),
    DeliveryState.SENDING: frozenset(
        {
            DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED,
            DeliveryState.GIVEN_UP, DeliveryState.WITHDRAWN, DeliveryState.SENDING,
        }
    ),
    DeliveryState.SENT: frozenset({DeliveryState.DELIVERED, DeliveryState.GIVEN_UP}),
    DeliveryState.DELIVERED: frozenset(),
    DeliveryState.FAILED: frozenset({DeliveryState.SENDING}),
    DeliveryState.GIVEN_UP: frozenset({DeliveryState.QUEUED}),
    DeliveryState.WITHDRAWN: frozenset(),
}  # fmt: skip
DUE_STATES: Final = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.FAILED})

# 1, 4, 16, 64 minutes, then every four hours: ten attempts are about a day.
FIRST_WAIT: Final = dt.timedelta(minutes=1)
LONGEST_WAIT: Final = dt.timedelta(hours=4)
# Longer than any wait and any quiet hours together.
FARTHEST: Final = dt.timedelta(days=2)
GROWTH: Final = 4
MOST_ATTEMPTS: Final = 10
# How often one may go out a second time because nobody knows whether it went the first time.
MOST_UNCERTAIN: Final = 1
FINAL_REASONS: Final = frozenset({Reason.REFUSED, Reason.BOUNCED})


def wait_after(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts."""
    growth: int = GROWTH ** min(max(attempts - 1, 0), 10)
    return min(FIRST_WAIT * growth, LONGEST_WAIT)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier; in a shorter month its last (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_over(*, attempts: int, uncertain: int, reason: Reason) -> bool:
    """Whether no attempt follows: refused for good, tried often enough, or perhaps sent twice already."""
    return reason in FINAL_REASONS or attempts >= MOST_ATTEMPTS or uncertain > MOST_UNCERTAIN


@dataclass(frozen=True, slots=True)
class Choice:
    """How one person wants to be told. `quiet_from` equal to `quiet_until` means at any time."""

    mail: bool = True
    sms: bool = True
    quiet_from: dt.time = dt.time(22)
    quiet_until: dt.time = dt.time(8)
    language: str = "zh-hans"

    def wants(self, channel: Channel) -> bool:
        return self.mail if channel is Channel.MAIL else self.sms


DEFAULT_CHOICE: Final = Choice()


def is_quiet(choice: Choice, local: dt.datetime) -> bool:
    """Whether `local` lies in the person's quiet hours, which may pass midnight."""
    start, end, at = choice.quiet_from, choice.quiet_until, local.time()
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def not_before(choice: Choice, at: dt.datetime, zone: dt.tzinfo, *, urgent: bool) -> dt.datetime:
    """The first instant from `at` on that is not in quiet hours; an urgent message does not wait."""
    local = at.astimezone(zone)
    if urgent or not is_quiet(choice, local):
        return at
    end = local.replace(
        hour=choice.quiet_until.hour, minute=choice.quiet_until.minute, second=0, microsecond=0
    )
    if end <= local:
        end += dt.timedelta(days=1)
    return end.astimezone(dt.UTC)

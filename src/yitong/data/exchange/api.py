"""The only door of the exchange."""

from yitong.data.exchange import destruction, row_looks, wards
from yitong.data.exchange.actions import ReadAnswer, answer_not_sent, read
from yitong.data.exchange.connections import reading_pool, shut_down
from yitong.data.exchange.errors import CallMalformed, RateExceeded
from yitong.data.exchange.events import DATA_REFUSED
from yitong.data.exchange.queries import (
    Footprint,
    FootprintFilter,
    footprint,
    own_use,
    unanswered_uses,
    use_proof,
    uses_of_resource,
)
from yitong.data.exchange.register import register
from yitong.data.exchange.rules import ReadCall

__all__ = [
    "DATA_REFUSED",
    "CallMalformed",
    "Footprint",
    "FootprintFilter",
    "RateExceeded",
    "ReadAnswer",
    "ReadCall",
    "answer_not_sent",
    "destruction",
    "footprint",
    "own_use",
    "read",
    "reading_pool",
    "register",
    "row_looks",
    "shut_down",
    "unanswered_uses",
    "use_proof",
    "uses_of_resource",
    "wards",
]

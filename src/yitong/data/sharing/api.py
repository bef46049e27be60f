"""The only door of sharing."""

from yitong.data.sharing import endings, row_rules
from yitong.data.sharing.actions import (
    answer,
    approve_request,
    ask_supplement,
    deliver,
    grant,
    request_share,
    supplement,
)
from yitong.data.sharing.application import Agreed
from yitong.data.sharing.models import ShareRequest
from yitong.data.sharing.purposes import approve_purpose, load_purposes
from yitong.data.sharing.queries import grants, purposes, requests
from yitong.data.sharing.register import Call, GrantRow, active_grants
from yitong.data.sharing.rules import Order

__all__ = [
    "Agreed",
    "Call",
    "GrantRow",
    "Order",
    "ShareRequest",
    "active_grants",
    "answer",
    "approve_purpose",
    "approve_request",
    "ask_supplement",
    "deliver",
    "endings",
    "grant",
    "grants",
    "load_purposes",
    "purposes",
    "request_share",
    "requests",
    "row_rules",
    "supplement",
]

"""The only door of sharing."""

from yitong.data.sharing import row_rules
from yitong.data.sharing.actions import (
    answer,
    approve_request,
    ask_supplement,
    deliver,
    grant,
    request_share,
    supplement,
)
from yitong.data.sharing.endings import resume, revoke, suspend
from yitong.data.sharing.models import ShareRequest
from yitong.data.sharing.purposes import approve_purpose, load_purposes
from yitong.data.sharing.queries import grants, purposes, requests
from yitong.data.sharing.register import Call, GrantRow, active_grants
from yitong.data.sharing.rules import Order

__all__ = [
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
    "grant",
    "grants",
    "load_purposes",
    "purposes",
    "request_share",
    "requests",
    "resume",
    "revoke",
    "row_rules",
    "supplement",
    "suspend",
]

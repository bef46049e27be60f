"""The only door of sharing."""

from yitong.data.sharing import application, register, row_rules
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
from yitong.data.sharing.purposes import approve_purpose, load_purposes
from yitong.data.sharing.queries import grants, purposes, requests
from yitong.data.sharing.rules import Order

__all__ = [
    "Order",
    "answer",
    "application",
    "approve_purpose",
    "approve_request",
    "ask_supplement",
    "deliver",
    "grant",
    "grants",
    "load_purposes",
    "purposes",
    "register",
    "request_share",
    "requests",
    "resume",
    "revoke",
    "row_rules",
    "supplement",
    "suspend",
]

"""The only door of statutes."""

from yitong.base.statutes.actions import (
    add_limit,
    load_calendar,
    load_register,
    set_office_hours,
)
from yitong.base.statutes.errors import LimitNotInForce, LimitsConflict, LimitSplit, UnknownLimit
from yitong.base.statutes.local_limits import NewLimit
from yitong.base.statutes.models import Limit
from yitong.base.statutes.queries import (
    answering_place,
    calendar,
    code_table,
    hours_for,
    limit_by_id,
    limit_for,
    limits,
    reckon,
    stop_grounds,
)
from yitong.base.statutes.rules import TimeLimit

__all__ = [
    "Limit",
    "LimitNotInForce",
    "LimitSplit",
    "LimitsConflict",
    "NewLimit",
    "TimeLimit",
    "UnknownLimit",
    "add_limit",
    "answering_place",
    "calendar",
    "code_table",
    "hours_for",
    "limit_by_id",
    "limit_for",
    "limits",
    "load_calendar",
    "load_register",
    "reckon",
    "set_office_hours",
    "stop_grounds",
]

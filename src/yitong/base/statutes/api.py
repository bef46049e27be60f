"""The only door of statutes."""

from yitong.base.statutes import previews
from yitong.base.statutes.actions import (
    add_limit,
    end_limit,
    load_calendar,
    load_register,
    set_office_hours,
)
from yitong.base.statutes.local_limits import NewLimit
from yitong.base.statutes.queries import (
    Tables,
    answering_place,
    calendar,
    code_table,
    limit_for,
    limit_versions,
    limits,
    reckon,
    reckon_by_release,
    stop_grounds,
    tables,
)
from yitong.base.statutes.rules import RegisterRow, spoken_amount

__all__ = [
    "NewLimit",
    "RegisterRow",
    "Tables",
    "add_limit",
    "answering_place",
    "calendar",
    "code_table",
    "end_limit",
    "limit_for",
    "limit_versions",
    "limits",
    "load_calendar",
    "load_register",
    "previews",
    "reckon",
    "reckon_by_release",
    "set_office_hours",
    "spoken_amount",
    "stop_grounds",
    "tables",
]

"""What statutes records."""

from yitong.kernel.declare import Event
from yitong.kernel.errors import N_

REGISTER_LOADED = Event(
    "statutes.register_loaded",
    N_("载入时限登记簿：新增 {added} 条，更正 {corrected} 条，停用 {closed} 条，法规 {acts} 部。"),
    ("digest", "acts", "added", "corrected", "closed", "years"),
)
LIMIT_ADDED = Event(
    "statutes.limit_added",
    N_("登记区划「{place}」的时限「{key}」：{amount} {unit}，依据《{act}》第{article}条。"),
    ("key", "place", "amount", "unit", "act", "article", "valid_from", "valid_to", "limit"),
)
LIMIT_ENDED = Event(
    "statutes.limit_ended",
    N_("区划「{place}」的时限「{key}」自 {valid_to} 起失效：{reason}。"),
    ("key", "place", "valid_to", "reason", "limit"),
)
CALENDAR_LOADED = Event(
    "statutes.calendar_loaded",
    N_(
        "载入 {year} 年工作日历（{status}）：{days} 天有变化，自 {first_changed} 至 {last_changed}。"
    ),
    # `flipped` names each day on which work began or ended; the span covers changes of name and status too.
    ("year", "status", "source", "digest", "first_changed", "last_changed", "days", "flipped"),
)
HOURS_SET = Event(
    "statutes.hours_set",
    N_("机构「{agency}」自 {since} 起的办公时间为 {hours}。"),
    ("agency", "since", "hours", "basis"),
)

ALL = (REGISTER_LOADED, LIMIT_ADDED, LIMIT_ENDED, CALENDAR_LOADED, HOURS_SET)

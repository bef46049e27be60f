"""Reading a calendar file: rows of date, kind, status, name, source as CSV or JSON, in Chinese or English words.

Days that are left out are what their weekday says, so a file may list the festivals and the days worked for them only.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from yitong.base.statutes.errors import CalendarMalformed, CalendarTooLarge
from yitong.kernel.errors import N_
from yitong.kernel.workdays import CalendarDay, DayKind, DayStatus

_HEADS: Final[Mapping[str, str]] = {
    "date": "date", "on": "date", "日期": "date",
    "kind": "kind", "type": "kind", "类型": "kind",
    "status": "status", "状态": "status",
    "name": "name", "节日": "name", "名称": "name",
    "source": "source", "依据": "source", "来源": "source",
    "isoffday": "is_off",
}  # fmt: skip
_KINDS: Final[Mapping[str, DayKind]] = {
    **{kind.value: kind for kind in DayKind},
    "工作日": DayKind.WORKDAY, "周末": DayKind.WEEKEND, "休息日": DayKind.WEEKEND,
    "法定节日": DayKind.STATUTORY, "法定节假日": DayKind.STATUTORY, "放假": DayKind.STATUTORY,
    "调休": DayKind.ADJUSTED_OFF, "调休放假": DayKind.ADJUSTED_OFF, "补假": DayKind.ADJUSTED_OFF,
    "上班": DayKind.ADJUSTED_ON, "调休上班": DayKind.ADJUSTED_ON,
}  # fmt: skip
_BYTES_AT_MOST: Final = 512 * 1024  # several years, every day named, are a tenth of it
_WORDS_AT_MOST: Final = 200
# Nobody announces earlier years any more, and none is announced long before it begins.
_YEARS: Final = range(1949, 2101)
_STATUSES: Final[Mapping[str, DayStatus]] = {
    "": DayStatus.OFFICIAL, "official": DayStatus.OFFICIAL, "正式": DayStatus.OFFICIAL,
    "provisional": DayStatus.PROVISIONAL, "暂定": DayStatus.PROVISIONAL,
}  # fmt: skip


def read_days(text: str | bytes, name: str) -> list[CalendarDay]:
    """The days a file lists, by date. `name` is the source of rows that name none."""
    if len(text) > _BYTES_AT_MOST:
        raise CalendarTooLarge(most=_BYTES_AT_MOST // 1024)
    days: dict[dt.date, CalendarDay] = {}
    for line, row in _rows(_decoded(text)):
        day = _day(line, row, name)
        if day.on in days:
            raise CalendarMalformed(line=line, why=N_("日期重复"))
        days[day.on] = day
    if not days:
        raise CalendarMalformed(line=1, why=N_("没有日期"))
    return [days[on] for on in sorted(days)]


def _decoded(text: str | bytes) -> str:
    """Offices save in UTF-8 or in GB18030."""
    if isinstance(text, str):
        return text
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return text.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarMalformed(line=1, why=N_("不是 UTF-8 或 GB18030 文本"))


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    body = text.lstrip("\ufeff").strip()
    if body[:1] in {"{", "["}:
        yield from _json_rows(body)
        return
    rows = csv.DictReader(io.StringIO(body), restkey="", restval="")
    line = 2
    try:
        for line, row in enumerate(rows, 2):
            yield line, _named({str(head): _plain(value) for head, value in row.items()})
    except csv.Error as error:
        raise CalendarMalformed(line=line, why=N_("不是有效的 CSV")) from error


def _json_rows(body: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        document = json.loads(body)
    except json.JSONDecodeError as error:
        raise CalendarMalformed(line=error.lineno, why=N_("不是有效的 JSON")) from error
    except (ValueError, RecursionError) as error:  # a number or a nesting that nobody means
        raise CalendarMalformed(line=1, why=N_("不是有效的 JSON")) from error
    common, rows = {}, document
    if isinstance(document, dict):
        rows = document.get("days")
        common = {key: _plain(document[key]) for key in ("status", "source") if key in document}
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CalendarMalformed(line=1, why=N_("没有 days 列表"))
    for line, row in enumerate(rows, 1):
        yield line, common | _named({key: _plain(value) for key, value in row.items()})


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return "" if value is None else str(value)


def _named(row: Mapping[str, str]) -> dict[str, str]:
    named = ((_HEADS.get(head.strip().lower()), value.strip()) for head, value in row.items())
    return {head: value for head, value in named if head}


def _day(line: int, row: Mapping[str, str], name: str) -> CalendarDay:
    try:
        on = dt.date.fromisoformat(row.get("date", ""))
    except ValueError as error:
        raise CalendarMalformed(line=line, why=N_("日期应写成 2027-01-01")) from error
    if on.year not in _YEARS:
        raise CalendarMalformed(line=line, why=N_("年份应在 1949 至 2100 之间"))
    if not all(_is_plain(words) for words in (row.get("name", ""), row.get("source", ""), name)):
        raise CalendarMalformed(line=line, why=N_("名称或来源过长，或者含有不能显示的字符"))
    kind = _kind(row, on)
    status = _STATUSES.get(row.get("status", "").lower())
    if kind is None or status is None:
        raise CalendarMalformed(line=line, why=N_("不认识的 kind 或 status"))
    if not _fits(kind, on):
        raise CalendarMalformed(
            line=line, why=N_("与星期几不符：周末上班写 adjusted_on，平日放假写 adjusted_off")
        )
    return CalendarDay(on, kind, status, row.get("source") or name, row.get("name", ""))


def _is_plain(words: str) -> bool:
    """What can be stored and read: no control characters, no halves of characters, no essay."""
    return len(words) <= _WORDS_AT_MOST and (not words or words.isprintable())


def _kind(row: Mapping[str, str], on: dt.date) -> DayKind | None:
    """The kind in words; some published tables say only whether a day is off."""
    if word := row.get("kind", ""):
        return _KINDS.get(word.lower())
    off = row.get("is_off", "").lower()
    if off not in {"true", "false"}:
        return None
    is_weekend = on.weekday() >= 5
    if off == "false":
        return DayKind.ADJUSTED_ON if is_weekend else DayKind.WORKDAY
    return DayKind.STATUTORY if is_weekend or row.get("name") else DayKind.ADJUSTED_OFF


def _fits(kind: DayKind, on: dt.date) -> bool:
    if kind in {DayKind.WEEKEND, DayKind.ADJUSTED_ON}:
        return on.weekday() >= 5
    return kind is DayKind.STATUTORY or on.weekday() < 5


def by_year(days: Iterable[CalendarDay]) -> dict[int, list[CalendarDay]]:
    years: dict[int, list[CalendarDay]] = {}
    for day in days:
        years.setdefault(day.on.year, []).append(day)
    return years

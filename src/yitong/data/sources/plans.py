"""How a table's rows are kept here: its key, what stands in clear, what is sealed.

In the database every column has a plain name (c0, c1, … in clear; s0, s1, … inside the sealed value), so that no
header, however long or strange, becomes an identifier.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from yitong.data.sources.errors import BadPlan
from yitong.data.sources.shapes import (
    NULL_WORDS,
    tidy_cell,
    to_bool,
    to_date,
    to_instant,
    to_number,
)
from yitong.kernel import clock
from yitong.kernel.codes import normalise_person_number, parse_credit_code, parse_region_code
from yitong.kernel.errors import N_

KeyKind = Literal["person", "org", "text"]

_WRITTEN_OUT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d(?::[0-5]\d){2}", re.ASCII)
_HOUR: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d", re.ASCII)
_PLAIN_NUMBER: Final = re.compile(r"(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?", re.ASCII)
_TABLE_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,47}")
_MOST_DIGITS: Final = 100
_POSTGRES_TYPES: Final[Mapping[str, str]] = {
    "C": 'text collate "C"',
    "M": 'text collate "C"',
    "N": "numeric",
    "Y": "numeric",
    "I": "numeric",
    "D": "date",
    "T": "timestamptz",
    "L": "boolean",
}


@dataclass(frozen=True, slots=True)
class ClearColumn:
    """A column that rules and searches may see: a date, a code, a state."""

    name: str
    type_letter: str = "C"

    @property
    def postgres_type(self) -> str:
        return _POSTGRES_TYPES[self.type_letter]


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What becomes of each column of a table. A column in neither list is not taken.

    Persons' keys are stored as pseudonyms; other keys as the UTF-8 bytes of their tidied text.
    `one_row_per_key`: a second row with the same key is a fault and not loaded.
    """

    table_key: str
    key_column: str
    key_kind: KeyKind
    clear: tuple[ClearColumn, ...] = ()
    sealed: tuple[str, ...] = ()
    region_column: str | None = None
    one_row_per_key: bool = True

    @property
    def table(self) -> str:
        return f"rows_{self.table_key}"

    @property
    def staging(self) -> str:
        return f"stage_{self.table_key}"

    @property
    def names(self) -> tuple[str, ...]:
        return (*(column.name for column in self.clear), *self.sealed)

    @property
    def visible(self) -> tuple[str, ...]:
        """What stands in clear, the division among it: all that SQL may see."""
        region = (self.region_column,) if self.region_column else ()
        return (*(column.name for column in self.clear), *region)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "CopyPlan":
        clear = tuple(ClearColumn(**column) for column in stored["clear"])
        return cls(**{**stored, "clear": clear, "sealed": tuple(stored["sealed"])})


def check_plan(plan: CopyPlan, available: Sequence[str]) -> None:
    """Refuse a plan that names what is not there, or would show a person's key in clear."""
    if not _TABLE_KEY.fullmatch(plan.table_key):
        raise BadPlan(reason=N_("表的代号只能用小写字母、数字和下划线"))
    wanted = [plan.key_column, *plan.names, *([plan.region_column] if plan.region_column else [])]
    if missing := sorted(set(wanted) - set(available)):
        raise BadPlan(reason=f"表里没有“{'”“'.join(missing[:5])}”列")
    if len(set(plan.names)) != len(plan.names):
        raise BadPlan(reason=N_("同一列出现了两次"))
    if plan.key_kind == "person" and plan.key_column in {column.name for column in plan.clear}:
        raise BadPlan(reason=N_("公民身份号码不能以明文保存"))
    if unknown := sorted({column.type_letter for column in plan.clear} - _POSTGRES_TYPES.keys()):
        raise BadPlan(reason=f"不认识类型 {unknown[0]}")


def tidy_key(kind: KeyKind, text: str) -> str:
    """The one way to write a key: 18 digits for a person, capitals for a credit code; InvalidCode if it is none."""
    tidy = tidy_cell(text)
    if kind == "person":
        return normalise_person_number(tidy)
    if kind == "org":
        return parse_credit_code(tidy).code
    return tidy


def region_prefix(text: str) -> str:
    return parse_region_code(tidy_cell(text)).prefix


def converter(type_letter: str) -> Callable[[str], str | None]:
    """From a cell to how the server prints what is stored; raises ValueError where the cell is not of the type."""
    if type_letter in {"C", "M"}:
        return lambda text: text or None
    convert: Callable[[str], str | None] = {
        "D": _date_text,
        "T": _instant_text,
        "L": _bool_text,
    }.get(type_letter, _number_text)

    def converted(text: str) -> str | None:
        if not text.strip() or tidy_cell(text) in NULL_WORDS:
            return None
        value = convert(text)
        if value is None:
            raise ValueError(type_letter)
        return value

    return converted


def _date_text(text: str) -> str | None:
    day = to_date(text)
    return None if day is None else day.isoformat()


def _instant_text(text: str) -> str | None:
    """In UTC, as PostgreSQL prints it: no zeros at the end of a fraction."""
    if _WRITTEN_OUT.fullmatch(text) and (hour := _utc_hour(text[:10], text[11:13])):
        return f"{hour}{text[13:]}+00"
    instant = to_instant(text)
    if instant is None:
        return None
    try:
        whole, _, fraction = (
            instant.astimezone(dt.UTC).isoformat(" ").removesuffix("+00:00").partition(".")
        )
    except OverflowError:  # the first and the last day of the calendar, seen from another zone
        return None
    return f"{whole}.{fraction.rstrip('0')}+00" if fraction else f"{whole}+00"


def instant_hour(written: str) -> str:
    """The hour in UTC of `2026-03-05 08`, in the node's zone, as the server prints it; empty where there is none."""
    return _utc_hour(written[:10], written[11:]) if _HOUR.fullmatch(written) else ""


@lru_cache(maxsize=1 << 14)
def _utc_hour(day: str, hour: str) -> str:
    """The same hour in UTC, where the node's zone differs from it by whole hours; else empty."""
    try:
        local = dt.datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=clock.ZONE)
        utc = local.astimezone(dt.UTC)
        end = (local + dt.timedelta(minutes=59, seconds=59)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return ""
    is_whole = utc.minute == utc.second == 0 and end - utc == dt.timedelta(minutes=59, seconds=59)
    return utc.isoformat(" ")[:13] if is_whole else ""


def _bool_text(text: str) -> str | None:
    return {True: "t", False: "f", None: None}[to_bool(text)]


def _number_text(text: str) -> str | None:
    """A number that can be an amount; 1E+999999 is text that costs a megabyte."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    number = to_number(text)
    if number is None or abs(number.adjusted()) > _MOST_DIGITS:
        return None
    return f"{number or abs(number):f}"  # the server knows no negative zero

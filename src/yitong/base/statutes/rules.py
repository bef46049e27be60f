"""Which limit holds where and when, and which local one may be added.

Pure: rows, regions and days in, a limit or a refusal out.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from yitong.base.statutes.errors import (
    ClockDoesNotStop,
    ExtensionTooLong,
    HoursMalformed,
    LimitIsNoPeriod,
    LimitLaxer,
    LimitNotHere,
    LimitNotInForce,
    LimitsConflict,
    LimitSplit,
    UnknownLimit,
)
from yitong.kernel.law import Basis, Confidence, Expiry, Extension, LimitKind, TimeLimit, Unit
from yitong.kernel.workdays import OfficeHours, Reckoned

__all__ = [
    "Confidence",
    "Extension",
    "OfficeHours",
    "Reckoned",
    "Register",
    "RegisterRow",
    "Stop",
    "TimeLimit",
    "check_extension",
    "check_not_laxer",
    "hours_of",
    "limit_in_force",
    "parts_of",
    "spoken_amount",
]

NATION: Final = ""
MISSED: Final = Expiry.MISSED
STATUTORY: Final = "statutory"
PROMISE: Final = "promise"  # no law fixes the number; a region says its own
UNIT_WORDS: Final[Mapping[Unit, str]] = {
    Unit.WORKDAY: "个工作日",
    Unit.DAY: "日",
    Unit.WORKHOUR: "个工作时",
    Unit.HOUR: "小时",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}
_SPAN = r"\d\d:\d\d-\d\d:\d\d"
_HOURS: Final = re.compile(rf"{_SPAN}(?:,{_SPAN})*", re.ASCII)
_PART: Final = re.compile(r"[a-z]\Z")
# Between units only what holds on any calendar: so many of the first never end later than one of the second.
_AT_MOST: Final[Mapping[tuple[Unit, Unit], int]] = {
    (Unit.HOUR, Unit.DAY): 24,
    (Unit.HOUR, Unit.WORKDAY): 24,
    (Unit.DAY, Unit.WORKDAY): 1,
    (Unit.DAY, Unit.MONTH): 28,
    (Unit.DAY, Unit.YEAR): 365,
    (Unit.MONTH, Unit.YEAR): 12,
}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of the register: the limit, where its number comes from, and what it leaves to regions.

    `local_most` is how much a region may allow where the law lets it; None where it may only be stricter.
    """

    limit: TimeLimit
    nature: str = STATUTORY
    local_most: int | None = None
    note: str = ""

    def is_in_force(self, on: dt.date) -> bool:
        return _is_within(self.limit, on)


@dataclass(frozen=True, slots=True)
class HoursSince:
    """When an agency is open from a day on, and by which rule of its own."""

    since: dt.date
    hours: OfficeHours
    basis: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A ground that keeps the time of a procedure out of limits (pause), or begins them anew (restart)."""

    key: str
    title: str
    effect: str
    limits: tuple[str, ...]
    basis: Basis
    tell: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """All rows by key, the keys that name several periods, and the grounds that stop clocks."""

    rows: Mapping[str, tuple[RegisterRow, ...]]
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    by_number: Mapping[int, RegisterRow] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        rows: Iterable[RegisterRow],
        parts: Mapping[str, tuple[str, ...]] | None = None,
        stops: Iterable[Stop] = (),
    ) -> "Register":
        by_key: dict[str, list[RegisterRow]] = {}
        given = list(rows)
        for row in given:
            by_key.setdefault(row.limit.key, []).append(row)
        return cls(
            {key: tuple(found) for key, found in by_key.items()},
            parts or {},
            tuple(stops),
            {row.limit.id: row for row in given if row.limit.id is not None},
        )

    def has_local(self, key: str) -> bool:
        return any(row.limit.region for row in self.rows.get(key, ()))


def limit_in_force(
    register: Register, key: str, *, lineage: Sequence[str], on: dt.date
) -> TimeLimit:
    """The limit that binds a place on a day. `lineage` is the place's codes from the province down.

    Written rule: the nearest region's own limit binds, unless one above it is stricter and leaves nothing to regions.
    """
    rows = rows_of(register, key)
    here = [row for row in rows if row.limit.region in {NATION, *lineage}]
    if not here:
        raise LimitNotHere(key=key, regions="、".join(sorted({row.limit.region for row in rows})))
    binding: RegisterRow | None = None
    for region in (NATION, *lineage):
        own = [row for row in here if row.limit.region == region and row.is_in_force(on)]
        if len(own) > 1:
            raise LimitsConflict(key=key, region=region, times=times(row.limit for row in own))
        if own and (binding is None or _may_replace(own[0].limit, binding)):
            binding = own[0]
    if binding is None:
        raise LimitNotInForce(key=key, on=on.isoformat(), times=times(row.limit for row in here))
    return binding.limit


def parts_of(register: Register, key: str) -> tuple[str, ...]:
    """The keys of a row's several periods, in the order of its sentence."""
    if key in register.parts:
        return register.parts[key]
    return tuple(
        sorted(other for other in register.rows if other[:-1] == key and _PART.search(other))
    )


def check_not_laxer(above: RegisterRow, local: TimeLimit) -> None:
    """地方可以更严: a region may shorten what has to be done within, and lengthen what has to last."""
    if not _may_replace(local, above):
        raise LimitLaxer(
            key=local.key, above=spoken_amount(above.limit), local=spoken_amount(local)
        )


def check_extension(limit: TimeLimit, extended_by: int, *, has_segments: bool) -> None:
    """Refuse to stop or to extend what the law does not let stop, or longer than it lets."""
    if (extended_by or has_segments) and not limit.is_stoppable:
        raise ClockDoesNotStop(key=limit.key)
    most = limit.extension.amount if limit.extension else 0
    if extended_by < 0 or extended_by > most:
        words = UNIT_WORDS[limit.unit]
        raise ExtensionTooLong(key=limit.key, most=f"{most}{words}", asked=f"{extended_by}{words}")


def hours_of(text: str) -> OfficeHours:
    """Office hours as people write them: 09:00-12:00,13:30-17:30."""
    written = text.replace("，", ",").replace(" ", "")
    if not _HOURS.fullmatch(written):
        raise HoursMalformed
    spans = (span.split("-") for span in written.split(","))
    try:
        return OfficeHours(
            tuple(
                (dt.time.fromisoformat(begin), dt.time.fromisoformat(end)) for begin, end in spans
            )
        )
    except ValueError as error:
        raise HoursMalformed from error


def spoken_amount(limit: TimeLimit) -> str:
    """As a sentence says it: 20个工作日; 每年1月31日."""
    if limit.month_day:
        return f"每年{limit.month_day[0]}月{limit.month_day[1]}日"
    return f"{limit.amount}{UNIT_WORDS[limit.unit]}" if limit.amount else "当场"


def rows_of(register: Register, key: str) -> tuple[RegisterRow, ...]:
    """Every row of a key; refused where it has none, with the reason."""
    if rows := register.rows.get(key):
        return rows
    if stops := [stop for stop in register.stops if stop.key[:-1] == key]:
        raise LimitIsNoPeriod(
            key=key,
            procedures="、".join(stop.title for stop in stops),
            limits="、".join(dict.fromkeys(limit for stop in stops for limit in stop.limits)),
        )
    if parts := parts_of(register, key):
        raise LimitSplit(key=key, parts="、".join(parts))
    raise UnknownLimit(key=key)


def _is_within(limit: TimeLimit, on: dt.date) -> bool:
    began = limit.valid_from is None or limit.valid_from <= on
    return began and (limit.valid_to is None or on < limit.valid_to)


def may_end(limit: TimeLimit, on: dt.date) -> bool:
    """Whether a limit holds before a day and would go on holding from it."""
    began = limit.valid_from is None or limit.valid_from < on
    return began and (limit.valid_to is None or on < limit.valid_to)


def times(limits: Iterable[TimeLimit]) -> str:
    """When limits are in force, in the words of a sentence."""
    return "、".join(
        f"{limit.valid_from} 起" + (f"至 {limit.valid_to} 前" if limit.valid_to else "")
        for limit in limits
    )


def _may_replace(local: TimeLimit, above: RegisterRow) -> bool:
    """Whether a nearer limit binds in the place of one above it."""
    if local.kind is not above.limit.kind:
        return False
    if above.nature == PROMISE:
        return True
    if above.local_most is not None and local.unit is above.limit.unit:
        return local.amount <= above.local_most
    return _is_as_strict(local, above.limit)


def _is_as_strict(local: TimeLimit, above: TimeLimit) -> bool:
    if local.month_day and above.month_day:
        return local.month_day <= above.month_day
    if local.kind is LimitKind.WITHIN:
        return _reaches_no_further(local, above)
    return _reaches_no_further(above, local)


def _reaches_no_further(one: TimeLimit, other: TimeLimit) -> bool:
    if one.unit is other.unit:
        return one.amount <= other.amount and _extended(one) <= _extended(other)
    factor = _AT_MOST.get((one.unit, other.unit))
    return factor is not None and _extended(one) <= other.amount * factor


def _extended(limit: TimeLimit) -> int:
    return limit.amount + (limit.extension.amount if limit.extension else 0)

"""The register as data files, each row with its source and confidence, and their reading."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yitong.base.statutes.rules import Register, RegisterRow, Stop
from yitong.kernel.law import Basis, Confidence, Expiry, Extension, LimitKind, TimeLimit, Unit

FILES = (
    "acts.csv", "limits.csv", "parts.csv", "stops.csv", "code_tables.csv", "codes.csv", "calendar_2027.csv",
)  # fmt: skip
PROVISIONAL_YEARS = (2027,)


@dataclass(frozen=True, slots=True)
class SeedAct:
    """A version of an act as the files have it."""

    title: str
    kind: str
    number: str
    region: str
    in_force_from: dt.date
    in_force_to: dt.date | None
    source: str
    confidence: str


@cache
def acts() -> tuple[SeedAct, ...]:
    return tuple(
        SeedAct(
            row["title"],
            row["kind"],
            row["number"],
            row["region"],
            dt.date.fromisoformat(row["in_force_from"]),
            _date(row["in_force_to"]),
            row["source"],
            row["confidence"],
        )
        for row in rows_of("acts.csv")
    )


@cache
def register() -> Register:
    """The register of this release, without what a node's regions added."""
    return Register.of(map(_row, rows_of("limits.csv")), parts(), stops())


@cache
def parts() -> Mapping[str, tuple[str, ...]]:
    """Rows of the printed register that name two articles at once."""
    return {row["key"]: tuple(row["parts"].split("|")) for row in rows_of("parts.csv")}


@cache
def stops() -> tuple[Stop, ...]:
    return tuple(
        Stop(
            row["key"],
            row["title"],
            row["effect"],
            tuple(row["limits"].split("|")),
            Basis(row["act"], row["article"]),
            row["tell"],
        )
        for row in rows_of("stops.csv")
    )


@cache
def digest() -> str:
    return hashlib.sha256(b"".join(map(_bytes, FILES))).hexdigest()


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(name), newline="")))


def text_of(name: str) -> str:
    return _bytes(name).decode("utf-8")


def _bytes(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()


def _row(row: Mapping[str, str]) -> RegisterRow:
    unit = Unit(row["unit"])
    limit = TimeLimit(
        key=row["key"],
        kind=LimitKind(row["kind"]),
        amount=int(row["amount"]),
        unit=unit,
        basis=Basis(row["act"], row["article"]),
        extension=extension_of(_number(row["extension"]), unit, row["approver"], row["notify"]),
        on_expiry=Expiry.DEEMED if row["outcome"] else Expiry.MISSED,
        outcome=row["outcome"],
        outcome_from_start=bool(row["from_start"]),
        confidence=Confidence(row["confidence"]),
        source=row["source"],
        region=row["region"],
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        month_day=month_day_of(row["month_day"]),
        title=row["title"],
    )
    return RegisterRow(limit, row["nature"], _number(row["local_most"]), row["note"])


def extension_of(amount: int | None, unit: Unit, approver: str, notify: str) -> Extension | None:
    return Extension(amount, unit, approver, notify) if amount else None


def month_day_of(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    month, _, day = text.partition("-")
    return int(month), int(day)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None

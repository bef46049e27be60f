"""Whom a family's law tells of a miss, and which article a miss breaks: data with confidence and source."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yitong.kernel.law import Basis

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rung:
    """One superior on a family's ladder: which body, how many workdays after the miss, on which basis."""

    number: int
    body: str
    after_workdays: int
    basis: Basis | None


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def ladders() -> dict[str, tuple[Rung, ...]]:
    """The rungs of each family, lowest first."""
    found: dict[str, list[Rung]] = {}
    for row in _rows("escalation.csv"):
        basis = Basis(row["act"], row["article"]) if row["act"] else None
        found.setdefault(row["family"], []).append(
            Rung(int(row["rung"]), row["body"], int(row["after_workdays"]), basis)
        )
    return {
        family: tuple(sorted(rungs, key=lambda rung: rung.number))
        for family, rungs in found.items()
    }


@cache
def breaches() -> dict[str, Basis]:
    """The article that a missed limit breaks, by its key; others break the article of the limit itself."""
    return {row["limit"]: Basis(row["act"], row["article"]) for row in _rows("breaches.csv")}

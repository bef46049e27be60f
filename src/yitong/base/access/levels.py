"""How surely a person must be known for an action: a table with sources, since no law says it in numbers.

The levels are those of a provincial 统一身份认证 (1 to 5); what they mean stands with identity. An action that is not
named asks for none beyond what its policies ask.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from yitong.kernel.law import Confidence

TABLE: Final = Path(__file__).with_name("levels.csv")


@dataclass(frozen=True, slots=True)
class NeededLevel:
    """One row: the level that an action asks of a person, how sure we are, and where it comes from."""

    action: str
    level: int
    confidence: Confidence
    source: str


@cache
def needed_levels() -> Mapping[str, NeededLevel]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = (
            NeededLevel(
                row["action"], int(row["level"]), Confidence(row["confidence"]), row["source"]
            )
            for row in csv.DictReader(lines)
        )
        return {row.action: row for row in rows}


def needed_level(action: str) -> int:
    row = needed_levels().get(action)
    return row.level if row else 0

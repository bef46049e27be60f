"""How long messages and their deliveries are kept: from a table with sources, which a node may lengthen or shorten.

No law names a period for either, so both are the node's own order; below its least none is taken.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings

from yitong.base.messages.errors import KeepingTooShort
from yitong.base.messages.rules import months_before
from yitong.kernel import clock
from yitong.kernel.law import Confidence

TABLE = Path(__file__).with_name("keeping.csv")


class Kept(StrEnum):
    """What is kept for a while."""

    TEXTS = "texts"  # what messages say and what they are about
    DELIVERIES = "deliveries"  # when and how copies went out


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long one kind is kept, how sure we are, and where that comes from."""

    kind: Kept
    months: int
    least: int
    confidence: Confidence
    source: str

    @property
    def before(self) -> dt.datetime:
        """What is older than this has been kept long enough: whole days, by the local calendar."""
        first = months_before(clock.today(), self.months)
        return dt.datetime.combine(first, dt.time(), clock.ZONE)


@cache
def _table() -> Mapping[Kept, Keeping]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = [
            Keeping(
                Kept(row["kind"]),
                int(row["months"]),
                int(row["least"]),
                Confidence(row["confidence"]),
                row["source"],
            )
            for row in csv.DictReader(lines)
        ]
    return {row.kind: row for row in rows}


def keeping(kind: Kept) -> Keeping:
    """The period in force: the node's own where it is set, else the table's. KeepingTooShort."""
    row = _table()[kind]
    name, text = _set_here(kind)
    if not text:
        return row
    months = int(text) if text.isdecimal() else 0
    if months < row.least:
        raise KeepingTooShort(name=name, least=row.least)
    return Keeping(kind, months, row.least, row.confidence, name)


def _set_here(kind: Kept) -> tuple[str, str]:
    """The node's own setting and its name."""
    if kind is Kept.TEXTS:
        return "YITONG_KEEP_MESSAGES", str(settings.YITONG_KEEP_MESSAGES)
    return "YITONG_KEEP_DELIVERIES", str(settings.YITONG_KEEP_DELIVERIES)

"""Where a table begins: its delimiter, the lines above its header, and whether it has a header at all."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from yitong.data.sources.records import Record
from yitong.data.sources.shapes import Kind, classify

DELIMITERS: Final = (",", "\t", ";", "｜", "|")
HEAD_RECORDS: Final = 20
LONGEST_NAME: Final = 200
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
# A header never is one of these; a first row that has one is data.
_DATA_KINDS: Final = frozenset(
    {
        Kind.PERSON,
        Kind.PERSON_15,
        Kind.PERSON_BAD,
        Kind.PHONE,
        Kind.CREDIT,
        Kind.EMAIL,
        Kind.DATETIME,
    }
)
_VALUE_KINDS: Final = _DATA_KINDS | {
    Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER_TEXT, Kind.CODE, Kind.DATE, Kind.DATE_8, Kind.BANK_CARD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """`line`: the header's first line (0 where there is none); `skipped`: lines with something above it."""

    line: int
    headers: tuple[str, ...]
    skipped: int


def delimiter_of(text: str) -> str:
    """The sign by which most of these lines fall into the same number of cells."""
    first_line = text.partition("\n")[0]
    if declared := _SEPARATOR_LINE.fullmatch(first_line):
        return declared.group(1)
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def find_head(first: Sequence[Record]) -> Head:
    """The header among the first records: below titles, which fill one cell while the table has several."""
    usable = [record for record in first if not record.code]
    skipped = 0
    for place, record in enumerate(usable):
        if _SEPARATOR_LINE.fullmatch(",".join(record.cells)):
            continue
        if _is_title(record, usable[place + 1 :]):
            skipped += 1
            continue
        if looks_like_data(record.cells):
            return Head(0, ("",) * len(record.cells), skipped)
        return Head(record.line, tuple(clean_header(cell) for cell in record.cells), skipped)
    return Head(0, (), skipped)


def looks_like_data(cells: Sequence[str]) -> bool:
    kinds = [classify(cell) for cell in cells if cell.strip()]
    if _DATA_KINDS.intersection(kinds):
        return True
    values = sum(kind in _VALUE_KINDS for kind in kinds)
    # Years may stand in a header; other numbers and dates in most cells do not.
    years = sum(len(cell.strip()) == 4 and cell.strip().isdecimal() for cell in cells)
    return values > years and values * 2 > len(kinds)


def clean_header(cell: str) -> str:
    """A name on one line without what cannot be seen; everything else stays as it stands, also HTML."""
    return " ".join(_UNPRINTABLE.sub(" ", cell).split())[:LONGEST_NAME]


def _is_title(record: Record, following: Iterable[Record]) -> bool:
    filled = sum(bool(cell.strip()) for cell in record.cells)
    widths = [sum(bool(cell.strip()) for cell in later.cells) for later in following]
    return (
        filled <= 1
        and bool(widths)
        and max(widths) > 1
        and Counter(widths).most_common(1)[0][0] > 1
    )


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    try:
        widths = [
            len(cells)
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            if cells
        ]
    except csv.Error:
        return (0.0, 0)
    # The last one may be cut off.
    counts = Counter(width for width in widths[:-1] or widths if width > 1)
    if not counts:
        return (0.0, 0)
    width, count = counts.most_common(1)[0]
    return (round(count / len(widths), 1), width)

"""How much another server may send us: bounds on one value and on all rows of one key."""

from collections.abc import Iterator
from typing import Final

from yitong.data.sources.errors import SourceRowTooLarge

LONGEST_CELL: Final = 1 << 20
LARGEST_ANSWER: Final = 8 << 20


def within_bounds(name: str, rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Rows without their first column, which says whether a value was left out for its size."""
    size = 0
    for is_long, *cells in rows:
        size += sum(len(str(cell)) for cell in cells)
        if is_long or size > LARGEST_ANSWER:
            limit = LONGEST_CELL if is_long else LARGEST_ANSWER
            raise SourceRowTooLarge(name=name, limit=f"{limit >> 20} MB")
        yield tuple(cells)

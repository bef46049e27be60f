"""Where the table on a sheet begins: below titles and lines of particulars, with a head of one row or of several.

Merged cells of a head give every column below them the words above it: 监护人 over 姓名 and 电话 makes 监护人-姓名.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yitong.data.sources.heads import clean_header, looks_like_data
from yitong.data.sources.sheet_rows import Merge, SheetRow

HEAD_ROWS: Final = 40
DEEPEST: Final = 5
JOINED: Final = "-"

Cells = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class SheetHead:
    """`last`: the last line that is no data; `first_column`: where the table begins; `skipped`: lines above it."""

    last: int
    first_column: int
    headers: tuple[str, ...]
    skipped: int
    has_header: bool


def find_sheet_head(rows: Sequence[SheetRow], merges: Iterable[Merge]) -> SheetHead | None:
    """None where nothing stands on the sheet."""
    lines = {row.line: row.cells for row in rows if any(map(str.strip, row.cells.values()))}
    if not lines:
        return None
    near = [merge for merge in merges if merge.top <= max(lines)]
    filled = {line: with_merged(line, cells, near, lines) for line, cells in lines.items()}
    at, skipped = _first_line(lines, filled)
    below = [cells for line, cells in filled.items() if line >= at]
    left = min(min(cells) for cells in below)
    if looks_like_data(list(lines[at].values())):
        width = max(max(cells) for cells in below) - left + 1
        return SheetHead(at - 1, left, ("",) * width, skipped, has_header=False)
    last = _last_line(at, near, lines)
    head = [filled.get(line, {}) for line in range(at, last + 1)]
    right = max(max(cells) for cells in head if cells)
    headers = (
        _joined([cells.get(column, "") for cells in head]) for column in range(left, right + 1)
    )
    return SheetHead(last, left, tuple(headers), skipped, has_header=True)


def with_merged(
    line: int, cells: Cells, merges: Iterable[Merge], lines: Mapping[int, Cells]
) -> dict[int, str]:
    """The cells of a line where merged ones all have the words of their first."""
    found = dict(cells)
    for merge in merges:
        if merge.top <= line <= merge.bottom and (
            value := lines.get(merge.top, {}).get(merge.left, "")
        ):
            found |= dict.fromkeys(range(merge.left, merge.right + 1), value)
    return {column: value for column, value in found.items() if value.strip()}


def _first_line(lines: Mapping[int, Cells], filled: Mapping[int, Cells]) -> tuple[int, int]:
    """The first line that is neither a title nor particulars (制表单位：… 日期：…), and how many stand above."""
    widths = Counter(len(cells) for line, cells in filled.items() if not _is_title(lines[line]))
    usual = max(widths, key=lambda width: (widths[width], width), default=1)
    for place, line in enumerate(lines):
        too_narrow = len(filled[line]) * 2 < usual or _are_particulars(lines[line], usual)
        if usual == 1 or not (_is_title(lines[line]) or too_narrow):
            return line, place
    return next(iter(lines)), 0


def _is_title(cells: Cells) -> bool:
    return sum(bool(value.strip()) for value in cells.values()) <= 1


def _are_particulars(cells: Cells, usual: int) -> bool:
    """填表人：林晓　日期：2026年3月"""
    values = [value for value in cells.values() if value.strip()]
    return len(values) < usual and all("：" in value or ":" in value for value in values)


def _last_line(at: int, merges: Iterable[Merge], lines: Mapping[int, Cells]) -> int:
    """The head goes down as far as its merged cells do; below one that spans columns stands another line of it."""
    last, spans = at, False
    for merge in merges:
        if merge.top == at:
            last = max(last, min(merge.bottom, at + DEEPEST - 1))
            spans = spans or merge.right > merge.left
    below = lines.get(last + 1, {})
    if spans and last == at and below and not looks_like_data(list(below.values())):
        return last + 1
    return last


def _joined(words: Iterable[str]) -> str:
    return clean_header(JOINED.join(dict.fromkeys(filter(None, map(clean_header, words)))))

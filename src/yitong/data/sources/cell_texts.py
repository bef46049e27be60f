"""COPY's text of the cells of a column: looked up where they are like others before them, as they stand where they can be."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from yitong.data.sources.plans import converter, instant_hour, region_prefix
from yitong.kernel.codes import InvalidCode

# Cells remembered of a column: more than there are birthdays of living people.
_REMEMBERED: Final = 1 << 16
NULL: Final = b"\\N"
# What COPY writes for the signs that would end a column or a line.
_ESCAPES: Final = {
    b"\\": b"\\\\", b"\b": b"\\b", b"\f": b"\\f", b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t", b"\v": b"\\v",
}  # fmt: skip
_SPECIAL: Final = re.compile(rb"[\\\b\f\n\r\t\v]")
_BARE: Final = bytes(set(range(256)) - set(b"".join(_ESCAPES)))


class CellTexts(dict[bytes, bytes]):
    """COPY's text of each cell of a column, made once; empty for a cell that is refused."""

    def __init__(self, convert: Callable[[str], str | None]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: bytes) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        try:
            value = self._convert(cell.decode())
        except (ValueError, InvalidCode):
            text = b""
        else:
            text = NULL if value is None else _escaped(value.encode())
        self[cell] = text
        return text

    def of(self, cells: Sequence[bytes]) -> list[bytes]:
        return list(map(self.__getitem__, cells))


class PlainTexts(CellTexts):
    """Texts that are stored as they stand: most columns have no cell that needs a second look."""

    def of(self, cells: Sequence[bytes]) -> list[bytes]:
        if b"".join(cells).translate(None, _BARE):
            return super().of(cells)
        return [cell or NULL for cell in cells]


class InstantTexts(CellTexts):
    """Instants differ in every row, their hours do not."""

    def __init__(self, convert: Callable[[str], str | None]) -> None:
        super().__init__(convert)
        self._hours = _Hours()
        ends = (b":%02d:%02d" % divmod(second, 60) for second in range(3_600))
        self._ends = {end: end + b"+00" for end in ends}

    def of(self, cells: Sequence[bytes]) -> list[bytes]:
        hours, ends = self._hours, self._ends
        try:
            return [hours[cell[:13]] + ends[cell[13:]] for cell in cells]
        except KeyError:
            return list(map(self._text, cells))

    def _text(self, cell: bytes) -> bytes:
        try:
            return self._hours[cell[:13]] + self._ends[cell[13:]]
        except KeyError:  # written in another way, or nothing
            return self[cell]


class _Hours(dict[bytes, bytes]):
    """The hour in UTC of an hour that is written out; KeyError where it is not, or has none."""

    def __missing__(self, written: bytes) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        hour = instant_hour(written.decode(errors="replace"))
        if not hour:
            raise KeyError
        self[written] = found = hour.encode()
        return found


def cell_texts(type_letter: str) -> CellTexts:
    kind = {"C": PlainTexts, "M": PlainTexts, "T": InstantTexts}.get(type_letter, CellTexts)
    return kind(converter(type_letter))


def region_text(cell: str) -> str | None:
    """A row without a region keeps none: unknown stays unknown."""
    return region_prefix(cell) if cell.strip() else None


def _escaped(text: bytes) -> bytes:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)

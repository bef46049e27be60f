"""The cells of a column as fields of COPY's binary format: looked up where they are like others before them.

A field is the length of its value in four bytes, then the value; the binary values of types are psycopg's.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from struct import Struct
from typing import Final

from psycopg import DataError
from psycopg.types.bool import BoolBinaryDumper
from psycopg.types.datetime import DateBinaryDumper, DatetimeBinaryDumper
from psycopg.types.numeric import DecimalBinaryDumper

from yitong.data.sources.plans import converter, instant_hour, region_prefix
from yitong.kernel.codes import InvalidCode

HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
NULL: Final = b"\xff\xff\xff\xff"

# Cells remembered of a column: more than there are birthdays of living people.
_REMEMBERED: Final = 1 << 16
# Texts remembered of a column, before it is taken for one in which every row differs.
_STATES: Final = 1 << 12
_LENGTH: Final = Struct(">i")
_COUNT: Final = Struct(">h")
_LONG: Final = Struct(">iq")
_SECOND: Final = 1_000_000

_DUMP_DATE: Final = DateBinaryDumper(dt.date).dump
_DUMP_INSTANT: Final = DatetimeBinaryDumper(dt.datetime).dump
_DUMP_NUMBER: Final = DecimalBinaryDumper(Decimal).dump
_DUMP_BOOL: Final = BoolBinaryDumper(bool).dump


def field_count(count: int) -> bytes:
    """What every row begins with."""
    return _COUNT.pack(count)


def field(value: bytes) -> bytes:
    return _LENGTH.pack(len(value)) + value


def integer_fields(values: Sequence[int]) -> list[bytes]:
    """Fields of bigint and of timestamptz."""
    return list(map(_LONG.pack, repeat(8), values))


class _Lengths(dict[int, bytes]):
    """The first four bytes of a field."""

    def __missing__(self, length: int) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[length] = found = _LENGTH.pack(length)
        return found


_LENGTHS: Final = _Lengths()


def lengths(values: Sequence[bytes]) -> list[bytes]:
    """What stands before each value in its field."""
    return list(map(_LENGTHS.__getitem__, map(len, values)))


def row_bounds(rows: bytes) -> Iterator[tuple[int, int]]:
    """Where each row begins and ends."""
    at = 0
    while at < len(rows):
        start, (count,) = at, _COUNT.unpack_from(rows, at)
        at += _COUNT.size
        for _ in range(count):
            at += _LENGTH.size + max(0, _LENGTH.unpack_from(rows, at)[0])
        yield start, at


class CellFields(dict[bytes, bytes]):
    """The field of each cell of a column, made once; empty for a cell that is refused."""

    def __init__(self, convert: Callable[[str], bytes | None]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: bytes) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        try:
            value = self._convert(cell.decode())
        except (ValueError, InvalidCode):
            found = b""
        else:
            found = NULL if value is None else field(value)
        self[cell] = found
        return found

    def of(self, cells: Sequence[bytes]) -> list[bytes]:
        return list(map(self.__getitem__, cells))


class _PlainFields(CellFields):
    """Texts that are stored as they stand: states are looked up, names and addresses are not."""

    def __init__(self, convert: Callable[[str], bytes | None]) -> None:
        super().__init__(convert)
        self._differ = False

    def __missing__(self, cell: bytes) -> bytes:
        if len(self) >= _STATES:
            self._differ = True
            self.clear()
        self[cell] = found = field(cell) if cell else NULL
        return found

    def of(self, cells: Sequence[bytes]) -> list[bytes]:
        if not self._differ:
            return super().of(cells)
        before = _LENGTHS
        return [before[len(cell)] + cell if cell else NULL for cell in cells]


class _InstantFields(CellFields):
    """Instants differ in every row, their hours do not."""

    def __init__(self, convert: Callable[[str], bytes | None]) -> None:
        super().__init__(convert)
        self._hours = _Hours()
        ends = ((b":%02d:%02d" % divmod(second, 60), second) for second in range(3_600))
        self._ends = {end: second * _SECOND for end, second in ends}

    def of(self, cells: Sequence[bytes]) -> list[bytes]:
        hours, ends = self._hours, self._ends
        try:
            return integer_fields([hours[cell[:13]] + ends[cell[13:]] for cell in cells])
        except KeyError:
            return list(map(self._field, cells))

    def _field(self, cell: bytes) -> bytes:
        try:
            return _LONG.pack(8, self._hours[cell[:13]] + self._ends[cell[13:]])
        except KeyError:  # written in another way, or nothing
            return self[cell]


class _Hours(dict[bytes, int]):
    """The hour of an hour that is written out, as the server counts it; KeyError where it is not, or has none."""

    def __missing__(self, written: bytes) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        hour = instant_hour(written.decode(errors="replace"))
        if not hour:
            raise KeyError
        value = _instant_value(f"{hour}:00:00+00")
        self[written] = found = int.from_bytes(value, signed=True)
        return found


def cell_fields(type_letter: str) -> CellFields:
    kind = {"C": _PlainFields, "M": _PlainFields, "T": _InstantFields}.get(type_letter, CellFields)
    return kind(binary_converter(type_letter))


def binary_converter(type_letter: str) -> Callable[[str], bytes | None]:
    """`converter`, whose text becomes what the server has of it."""
    convert, as_value = converter(type_letter), _VALUES.get(type_letter, _number_value)

    def converted(text: str) -> bytes | None:
        printed = convert(text)
        return None if printed is None else as_value(printed)

    return converted


def region_value(cell: str) -> bytes | None:
    """A row without a region keeps none: unknown stays unknown."""
    return region_prefix(cell).encode() if cell.strip() else None


def _date_value(text: str) -> bytes:
    return bytes(_DUMP_DATE(dt.date.fromisoformat(text)) or b"")


def _instant_value(text: str) -> bytes:
    return bytes(_DUMP_INSTANT(dt.datetime.fromisoformat(text)) or b"")


def _bool_value(text: str) -> bytes:
    return bytes(_DUMP_BOOL(text == "t") or b"")


def _number_value(text: str) -> bytes:
    try:
        return bytes(_DUMP_NUMBER(Decimal(text)) or b"")
    except DataError as error:  # more digits than a number has there
        raise ValueError("digits") from error


_VALUES: Final[Mapping[str, Callable[[str], bytes]]] = {
    "C": str.encode,
    "M": str.encode,
    "D": _date_value,
    "T": _instant_value,
    "L": _bool_value,
}

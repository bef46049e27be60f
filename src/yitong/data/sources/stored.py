"""From the rows of a table to what is stored of them: key, region, clear columns, and the rest sealed.

A batch is made column by column, in the bytes in which it is sent to the server, by the interpreter's own loops: a look-up
for cells that are like others before them, then one join of all cells in the order of their rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, NamedTuple, Protocol

from yitong.data.sources.cell_fields import (
    NULL,
    CellFields,
    cell_fields,
    field,
    field_count,
    integer_fields,
    lengths,
    region_value,
    row_bounds,
)
from yitong.data.sources.plans import CopyPlan, KeyKind, tidy_key
from yitong.data.sources.shapes import tidy_cell
from yitong.data.sources.tables import Column, FaultList, Turned
from yitong.kernel.codes import InvalidCode

# Fields of a row before its clear columns: key, line, region, sealed.
FIXED: Final = 4
# What stands in every row alike, or in each its own.
_Part = bytes | Sequence[bytes]


def row_context(table_key: str, key: bytes) -> bytes:
    """Where a sealed value belongs: it opens in no other table and no other row."""
    return b"\x00".join((b"rows", table_key.encode(), key))


class RowKeys(Protocol):
    """What of `base.keys` is needed here."""

    def pseudonyms(self, kind: str, numbers: Sequence[bytes]) -> list[bytes]: ...
    def seal_columns(
        self, columns: Mapping[str, Sequence[bytes]], *, context: bytes, ends: Sequence[bytes]
    ) -> list[bytes]: ...


class StoredRows(NamedTuple):
    """Rows as they are stored, in COPY's binary format; keys only where each is to stand once."""

    keys: Sequence[bytes]
    lines: Sequence[int]
    rows: bytes

    def only(self, stays: Sequence[bool]) -> "StoredRows":
        bounds = compress(row_bounds(self.rows), stays)
        return StoredRows(
            list(compress(self.keys, stays)),
            list(compress(self.lines, stays)),
            b"".join(self.rows[start:end] for start, end in bounds),
        )


@dataclass(frozen=True, slots=True)
class _ClearPlace:
    """A column that stands in clear, and what is wrong with a row whose cell cannot."""

    name: str
    at: int
    fields: CellFields
    code: str


class RowMaker:
    """Makes stored rows of one load."""

    def __init__(self, plan: CopyPlan, columns: Sequence[Column], row_keys: RowKeys) -> None:
        place = {column.name: column.index for column in columns}
        self._plan = plan
        self._key = place[plan.key_column]
        region = plan.region_column
        self._clear = [
            *([_ClearPlace(region, place[region], CellFields(region_value), "region_invalid")] if region else []),
            *(
                _ClearPlace(column.name, place[column.name], cell_fields(column.type_letter), "type")
                for column in plan.clear
            ),
        ]  # fmt: skip
        # In the order of the canonical form: s10 stands before s2.
        self._sealed = dict(sorted((f"s{n}", place[name]) for n, name in enumerate(plan.sealed)))
        self._context = row_context(plan.table_key, b"")
        self._start = field_count(FIXED + len(plan.clear))
        self._row_keys = row_keys

    def rows(self, batch: Turned, faults: FaultList) -> StoredRows:
        """The rows that can be stored; of each other row its first fault is told."""
        refused: dict[int, tuple[str, str]] = {}
        lines, columns = batch
        made = self._keys(columns[self._key], refused)
        clear = [_fields(place, columns[place.at], refused) for place in self._clear]
        if refused:
            for row, (name, code) in sorted(refused.items()):
                faults.add(lines[row], name, code)
            stays = [row not in refused for row in range(len(lines))]
            made, lines = list(compress(made, stays)), list(compress(lines, stays))
            columns = [list(compress(column, stays)) for column in columns]
            clear = [list(compress(column, stays)) for column in clear]
        region, clear = (clear[:1], clear[1:]) if self._plan.region_column else ([NULL], clear)
        parts = [*self._key_parts(made), integer_fields(lines)]
        rows = _joined(len(lines), [*parts, *region, *self._seals(columns, made), *clear])
        return StoredRows(made if self._plan.one_row_per_key else (), lines, rows)

    def _key_parts(self, made: Sequence[bytes]) -> list[_Part]:
        """The beginning of a row and its key."""
        if self._plan.key_kind == "person" and made:  # pseudonyms are all of one length
            return [self._start + field(made[0])[: -len(made[0])], made]
        return [self._start, lengths(made), made]

    def _keys(self, cells: Sequence[bytes], refused: dict[int, tuple[str, str]]) -> Sequence[bytes]:
        made = self._made_keys(cells)
        if b"" in made:
            for row, key in enumerate(made):
                if not key:
                    code = "key_invalid" if tidy_cell(cells[row].decode()) else "key_missing"
                    refused[row] = (self._plan.key_column, code)
        return made

    def _made_keys(self, cells: Sequence[bytes]) -> list[bytes]:
        """The key of each cell, empty where there is none."""
        kind = self._plan.key_kind
        if kind != "person":
            return [_plain_key(kind, cell) for cell in cells]
        made = self._row_keys.pseudonyms("person", cells)
        if b"" in made:  # perhaps a number as spreadsheets keep it from becoming an amount
            left = [row for row, key in enumerate(made) if not key]
            tidy = [tidy_cell(cells[row].decode()).encode() for row in left]
            for row, key in zip(left, self._row_keys.pseudonyms("person", tidy), strict=True):
                made[row] = key
        return made

    def _seals(self, columns: Sequence[Sequence[bytes]], made: Sequence[bytes]) -> list[_Part]:
        """What is sealed of each row, as a field."""
        if not self._sealed:
            return [NULL]
        cells = {name: columns[at] for name, at in self._sealed.items()}
        sealed = self._row_keys.seal_columns(cells, context=self._context, ends=made)
        return [lengths(sealed), sealed]


def _joined(count: int, parts: Sequence[_Part]) -> bytes:
    """Row after row, each of all parts."""
    width = len(parts)
    cells = [b""] * (count * width)
    for at, part in enumerate(parts):
        cells[at::width] = [part] * count if isinstance(part, bytes) else part
    return b"".join(cells)


def _plain_key(kind: KeyKind, cell: bytes) -> bytes:
    try:
        return tidy_key(kind, cell.decode()).encode()
    except InvalidCode:
        return b""


def _fields(
    clear: _ClearPlace, cells: Sequence[bytes], refused: dict[int, tuple[str, str]]
) -> list[bytes]:
    fields = clear.fields.of(cells)
    if b"" in fields:
        for row, found in enumerate(fields):
            if not found:
                refused.setdefault(row, (clear.name, clear.code))
    return fields

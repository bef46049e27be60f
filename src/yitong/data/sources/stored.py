"""From the rows of a table to what is stored of them: key, region, clear columns, and the rest sealed.

A batch is made column by column, in the bytes in which it is stored, by the interpreter's own loops: a look-up for cells
that are like others before them, and none at all for text that is stored as it stands.
"""

from binascii import hexlify
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple, Protocol

from yitong.data.sources.cell_texts import NULL, CellTexts, cell_texts, region_text
from yitong.data.sources.plans import CopyPlan, KeyKind, tidy_key
from yitong.data.sources.shapes import tidy_cell
from yitong.data.sources.tables import Column, FaultList, Turned
from yitong.kernel.codes import InvalidCode


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
    """Rows as they are stored: each text is a line of COPY's text format."""

    keys: Sequence[bytes]
    lines: Sequence[int]
    texts: Sequence[bytes]

    def only(self, stays: Sequence[bool]) -> "StoredRows":
        return StoredRows(
            list(compress(self.keys, stays)),
            list(compress(self.lines, stays)),
            list(compress(self.texts, stays)),
        )


@dataclass(frozen=True, slots=True)
class _ClearPlace:
    """A column that stands in clear, and what is wrong with a row whose cell cannot."""

    name: str
    at: int
    texts: CellTexts
    code: str


class RowMaker:
    """Makes stored rows of one load."""

    def __init__(self, plan: CopyPlan, columns: Sequence[Column], row_keys: RowKeys) -> None:
        place = {column.name: column.index for column in columns}
        self._plan = plan
        self._key = place[plan.key_column]
        region = plan.region_column
        self._clear = [
            *([_ClearPlace(region, place[region], CellTexts(region_text), "region_invalid")] if region else []),
            *(
                _ClearPlace(column.name, place[column.name], cell_texts(column.type_letter), "type")
                for column in plan.clear
            ),
        ]  # fmt: skip
        # In the order of the canonical form: s10 stands before s2.
        self._sealed = dict(sorted((f"s{n}", place[name]) for n, name in enumerate(plan.sealed)))
        self._context = row_context(plan.table_key, b"")
        # A line of COPY's text format, as the server would print it.
        self._line = b"\t".join(
            (
                b"\\\\x%b\t%d",
                b"%b" if region else NULL,
                b"\\\\x%b" if plan.sealed else NULL,
                *(b"%b" for _ in plan.clear),
            )
        )
        self._line += b"\n"
        self._row_keys = row_keys

    def rows(self, batch: Turned, faults: FaultList) -> StoredRows:
        """The rows that can be stored; of each other row its first fault is told."""
        refused: dict[int, tuple[str, str]] = {}
        lines, columns = batch
        made = self._keys(columns[self._key], refused)
        texts = [_texts(clear, columns[clear.at], refused) for clear in self._clear]
        if refused:
            for row, (name, code) in sorted(refused.items()):
                faults.add(lines[row], name, code)
            stays = [row not in refused for row in range(len(lines))]
            made, lines = list(compress(made, stays)), list(compress(lines, stays))
            columns = [list(compress(column, stays)) for column in columns]
            texts = [list(compress(column, stays)) for column in texts]
        region, clear = (texts[:1], texts[1:]) if self._plan.region_column else ([], texts)
        sealed = self._seals(columns, made)
        cells = zip(map(hexlify, made), lines, *region, *sealed, *clear, strict=True)
        return StoredRows(made, lines, list(map(self._line.__mod__, cells)))

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

    def _seals(
        self, columns: Sequence[Sequence[bytes]], made: Sequence[bytes]
    ) -> list[Iterable[bytes]]:
        """What is sealed of each row, in hexadecimal digits; no column where nothing is."""
        if not self._sealed:
            return []
        cells = {name: columns[at] for name, at in self._sealed.items()}
        sealed = self._row_keys.seal_columns(cells, context=self._context, ends=made)
        return [map(hexlify, sealed)]


def _plain_key(kind: KeyKind, cell: bytes) -> bytes:
    try:
        return tidy_key(kind, cell.decode()).encode()
    except InvalidCode:
        return b""


def _texts(
    clear: _ClearPlace, cells: Sequence[bytes], refused: dict[int, tuple[str, str]]
) -> list[bytes]:
    texts = clear.texts.of(cells)
    if b"" in texts:
        for row, text in enumerate(texts):
            if not text:
                refused.setdefault(row, (clear.name, clear.code))
    return texts

"""From the rows of a table to what is stored of them: key, region, clear columns, and the rest sealed.

A batch is made column by column: most cells of a column are like others before them, and their text is at hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

from yitong.base.keys import api as keys
from yitong.data.sources.plans import CopyPlan, converter, region_prefix, tidy_key
from yitong.data.sources.shapes import tidy_cell
from yitong.data.sources.shelf import StoredRow
from yitong.data.sources.tables import Batch, Column, FaultList
from yitong.kernel.codes import InvalidCode

# Cells remembered of a column; some columns have a new one in each row.
_REMEMBERED: Final = 1 << 14
_NULL: Final = "\\N"
# What COPY writes for the signs that would end a column or a line.
_ESCAPED: Final = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)


def row_context(table_key: str, key: bytes) -> bytes:
    """Where a sealed value belongs: it opens in no other table and no other row."""
    return b"\x00".join((b"rows", table_key.encode(), key))


def stored_key(plan: CopyPlan, text: str) -> bytes:
    """A pseudonym for a person; else the text itself."""
    if plan.key_kind == "person":
        return keys.pseudonym("person", text)
    return tidy_key(plan.key_kind, text).encode()


def searched_keys(plan: CopyPlan, text: str) -> list[bytes]:
    """Every key under which a row may stand: after a rotation, pseudonyms of every live version."""
    tidy = tidy_key(plan.key_kind, text)
    if plan.key_kind == "person":
        return keys.pseudonyms("person", tidy)
    return [tidy.encode()]


class RowRefused(Exception):
    """Why one row cannot be stored."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CellTexts(dict[str, str]):
    """COPY's text of each cell of a column, made once; empty for a cell that is refused."""

    def __init__(self, convert: Callable[[str], str | None]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        try:
            value = self._convert(cell)
        except (ValueError, InvalidCode):
            text = ""
        else:
            text = _NULL if value is None else value.translate(_ESCAPED)
        self[cell] = text
        return text


@dataclass(frozen=True, slots=True)
class _ClearPlace:
    """A column that stands in clear, and what is wrong with a row whose cell cannot."""

    name: str
    at: int
    texts: CellTexts
    code: str


class RowMaker:
    """Makes stored rows of one load."""

    def __init__(self, plan: CopyPlan, columns: Sequence[Column]) -> None:
        place = {column.name: column.index for column in columns}
        self._plan = plan
        self._key = place[plan.key_column]
        region = plan.region_column
        self._clear = [
            *([_ClearPlace(region, place[region], CellTexts(_region), "region_invalid")] if region else []),
            *(
                _ClearPlace(column.name, place[column.name], CellTexts(converter(column.type_letter)), "type")
                for column in plan.clear
            ),
        ]  # fmt: skip
        # In the order of the canonical form: s10 stands before s2.
        self._sealed = dict(sorted((f"s{n}", place[name]) for n, name in enumerate(plan.sealed)))
        self._context = row_context(plan.table_key, b"")
        # Made before the first row: the key of a new resource is an entry of its own.
        self._sealer = keys.sealer(keys.Scope("resource", plan.table_key)) if self._sealed else None

    def rows(self, batch: Batch, faults: FaultList) -> list[StoredRow]:
        """The rows that can be stored; of each other row its first fault is told."""
        refused: dict[int, tuple[str, str]] = {}
        made = self._keys(batch.rows, refused)
        columns: list[Sequence[str]] = list(zip(*batch.rows, strict=True))
        texts = [_texts(clear, columns[clear.at], refused) for clear in self._clear]
        lines: Sequence[int] = batch.lines
        if refused:
            for row, (name, code) in sorted(refused.items()):
                faults.add(lines[row], name, code)
            stays = [row not in refused for row in range(len(lines))]
            made, lines = list(compress(made, stays)), list(compress(lines, stays))
            columns = [list(compress(column, stays)) for column in columns]
            texts = [list(compress(column, stays)) for column in texts]
        if not self._plan.region_column:
            texts.insert(0, [_NULL] * len(made))
        region, *clear = texts
        cells = zip(
            map(_bytes_text, made),
            map(str, lines),
            region,
            self._seals(columns, made),
            *clear,
            strict=True,
        )
        return [
            StoredRow(key, line, "\t".join(row) + "\n")
            for key, line, row in zip(made, lines, cells, strict=True)
        ]

    def _keys(
        self, rows: Sequence[Sequence[str]], refused: dict[int, tuple[str, str]]
    ) -> list[bytes]:
        at, made = self._key, []
        for row, cells in enumerate(rows):
            try:
                made.append(self._stored_key(cells[at]))
            except RowRefused as why:
                made.append(b"")
                refused[row] = (self._plan.key_column, why.code)
        return made

    def _stored_key(self, cell: str) -> bytes:
        text = tidy_cell(cell)
        if not text:
            raise RowRefused("key_missing")
        try:
            return stored_key(self._plan, text)
        except InvalidCode:
            raise RowRefused("key_invalid") from None

    def _seals(self, columns: Sequence[Sequence[str]], made: Sequence[bytes]) -> Iterable[str]:
        """COPY's text of what is sealed of each row."""
        if self._sealer is None:
            return [_NULL] * len(made)
        values = [[cell or None for cell in columns[at]] for at in self._sealed.values()]
        contexts = [self._context + key for key in made]
        return map(
            _bytes_text,
            self._sealer.seal_texts(list(self._sealed), list(zip(*values, strict=True)), contexts),
        )


def _texts(
    clear: _ClearPlace, cells: Sequence[str], refused: dict[int, tuple[str, str]]
) -> list[str]:
    texts = list(map(clear.texts.__getitem__, cells))
    if "" in texts:
        for row, text in enumerate(texts):
            if not text:
                refused.setdefault(row, (clear.name, clear.code))
    return texts


def _region(cell: str) -> str | None:
    """A row without a region keeps none: unknown stays unknown."""
    return region_prefix(cell) if cell.strip() else None


def _bytes_text(value: bytes) -> str:
    return f"\\\\x{value.hex()}"

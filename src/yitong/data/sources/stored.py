"""From a row of a table to what is stored of it: its key, its region, clear columns, and the rest sealed."""

from collections.abc import Callable, Sequence

from yitong.base.keys import api as keys
from yitong.data.sources.plans import CopyPlan, converter, region_prefix, tidy_key
from yitong.data.sources.shapes import tidy_cell
from yitong.data.sources.shelf import StoredRow
from yitong.data.sources.tables import Column
from yitong.kernel.codes import InvalidCode


class RowRefused(Exception):
    """Why one row cannot be stored."""

    def __init__(self, code: str, column: str) -> None:
        super().__init__(code)
        self.code = code
        self.column = column


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


class RowMaker:
    """Makes stored rows of one load."""

    def __init__(self, plan: CopyPlan, columns: Sequence[Column]) -> None:
        place = {column.name: column.index for column in columns}
        self._plan = plan
        self._key = place[plan.key_column]
        self._region = place[plan.region_column] if plan.region_column else None
        self._clear: list[tuple[str, int, Callable[[str], object | None]]] = [
            (column.name, place[column.name], converter(column.type_letter))
            for column in plan.clear
        ]
        self._sealed = [(f"s{number}", place[name]) for number, name in enumerate(plan.sealed)]
        # Made before the first row: the key of a new resource is an entry of its own.
        self._sealer = keys.sealer(keys.Scope("resource", plan.table_key)) if self._sealed else None

    def row(self, line: int, cells: Sequence[str]) -> StoredRow:
        key = self._stored_key(cells[self._key])
        region = self._stored_region(cells)
        clear = [self._cleared(name, cells[at], convert) for name, at, convert in self._clear]
        return StoredRow(key, line, region, self._seal(cells, key), tuple(clear))

    def _stored_key(self, cell: str) -> bytes:
        text = tidy_cell(cell)
        if not text:
            raise RowRefused("key_missing", self._plan.key_column)
        try:
            return stored_key(self._plan, text)
        except InvalidCode:
            raise RowRefused("key_invalid", self._plan.key_column) from None

    def _stored_region(self, cells: Sequence[str]) -> str | None:
        """A row without a region keeps none: unknown stays unknown."""
        if self._region is None or not cells[self._region].strip():
            return None
        try:
            return region_prefix(cells[self._region])
        except InvalidCode:
            raise RowRefused("region_invalid", self._plan.region_column or "") from None

    def _cleared(
        self, name: str, cell: str, convert: Callable[[str], object | None]
    ) -> object | None:
        try:
            return convert(cell)
        except ValueError:
            raise RowRefused("type", name) from None

    def _seal(self, cells: Sequence[str], key: bytes) -> bytes | None:
        if self._sealer is None:
            return None
        values = {name: cells[at] or None for name, at in self._sealed}
        return self._sealer.seal(values, context=row_context(self._plan.table_key, key))

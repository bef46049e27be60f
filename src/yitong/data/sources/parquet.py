"""A Parquet file as a table, read by DuckDB: a stream, with little memory, no disk, and no other file in reach.

A cell holds one value. Columns of lists, structures, maps and bytes are left out, each told with its type.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

import duckdb

from yitong.base.files.api import refuse_marks
from yitong.data.sources.errors import FileBroken, NoFlatColumn, TooManyColumns, TooMuchMemory
from yitong.data.sources.files import FileReader
from yitong.data.sources.heads import clean_header
from yitong.data.sources.tables import Batch, Column, Note, note, unique_names
from yitong.kernel.errors import N_

BATCH_ROWS: Final = 4_000
MEMORY: Final = "512MB"
MOST_COLUMNS: Final = 16_384
# The engine holds some thousand values of every column that it reads at once: wider tables are read by groups of
# columns, so many cells at a time.
COLUMNS_AT_ONCE: Final = 1_000
CELLS_AT_ONCE: Final = 2_000_000
_MARKED_ROWS: Final = 40
_SET_UP: Final = (
    f"set memory_limit = '{MEMORY}'",
    # What is read is not written down anywhere: it may be about people.
    "set max_temp_directory_size = '0KB'",
    "set temp_directory = ''",
    "set threads = 1",
    "set TimeZone = 'Asia/Shanghai'",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
_FLAT: Final = (
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
    "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "VARCHAR", "DATE", "TIME", "TIMESTAMP", "UUID", "ENUM", "INTERVAL",
    "JSON",
)  # fmt: skip
_WORDS: Final = (
    ("STRUCT", "结构"),
    ("MAP", "映射"),
    ("UNION", "联合"),
    ("BLOB", "二进制"),
    ("BIT", "位串"),
)


Found: TypeAlias = list[tuple[Any, ...]]


class ParquetReader(FileReader):
    """A Parquet file. "Line" numbers are places in it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self._opened() as connection:
            described = connection.execute("describe from read_parquet(?)", [str(path)]).fetchall()
            columns = [(str(name), str(kind)) for name, kind, *_ in described]
            if len(described) > MOST_COLUMNS:
                raise TooManyColumns(name=self.name, count=len(described), most=MOST_COLUMNS)
            self._raw = [name for name, kind in columns if is_flat(kind)]
            nested = [(clean_header(n), _plain_kind(k)) for n, k in columns if not is_flat(k)]
            if not self._raw:
                told = "、".join(f"{name}（{kind}）" for name, kind in nested[:10])
                raise NoFlatColumn(name=self.name, columns=told)
            declared = {name: kind for name, kind in columns if is_flat(kind)}
            self._name_columns(declared, nested)
            self._total = self._counted(connection)
            self._refuse_marks(connection)

    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        self.faults.clear()
        line = 1
        with self._opened() as connection:
            for found in self._found(connection, limit):
                lines, rows = [], []
                for number, (bad, *cells) in enumerate(found, start=line):
                    if bad:
                        self.faults.add(number, "", "nul")
                    else:
                        lines.append(number)
                        rows.append(["" if cell is None else cell for cell in cells])
                line += len(found)
                self.bytes_done = self.bytes_total * line // max(self._total, line)
                if rows:
                    yield Batch(lines, rows)

    def _found(self, connection: duckdb.DuckDBPyConnection, limit: int | None) -> Iterator[Found]:
        """Rows as they are stored, each behind whether it has a NUL."""
        if len(self._raw) > COLUMNS_AT_ONCE:
            yield from self._found_by_groups(connection, limit)
            return
        query = f"{self._select(0, len(self._raw))} from read_parquet(?)"
        cursor = connection.execute(_limited(query, limit), [str(self.path)])
        while found := cursor.fetchmany(BATCH_ROWS):
            yield found

    def _found_by_groups(
        self, connection: duckdb.DuckDBPyConnection, limit: int | None
    ) -> Iterator[Found]:
        """A few rows of all columns at a time, put together from queries of some columns each."""
        width = len(self._raw)
        height = max(1, CELLS_AT_ONCE // width)
        most = self._total if limit is None else min(limit, self._total)
        for first in range(0, most, height):
            last = min(first + height, most) - 1
            parts = [
                connection.execute(
                    f"{self._select(left, min(left + COLUMNS_AT_ONCE, width))} from read_parquet(?, file_row_number = true)"
                    " where file_row_number between ? and ? order by file_row_number",
                    [str(self.path), first, last],
                ).fetchall()
                for left in range(0, width, COLUMNS_AT_ONCE)
            ]
            yield [
                (any(part[0] for part in row), *chain.from_iterable(part[1:] for part in row))
                for row in zip(*parts, strict=True)
            ]

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A private engine that can open this one file and nothing else."""
        try:
            with duckdb.connect(":memory:") as connection:
                allowed = str(self.path).replace("'", "''")
                connection.execute(f"set allowed_paths = ['{allowed}']")
                for statement in _SET_UP:
                    connection.execute(statement)
                yield connection
        except duckdb.OutOfMemoryException as error:
            raise TooMuchMemory(name=self.name, limit=MEMORY) from error
        except duckdb.Error as error:
            raise FileBroken(name=self.name, reason=N_("不是完整的 Parquet 文件")) from error

    def _name_columns(self, declared: dict[str, str], nested: list[tuple[str, str]]) -> None:
        headers = [clean_header(name) for name in self._raw]
        names, renamed = unique_names(headers)
        self.columns = tuple(
            Column(name, header, index, declared[raw])
            for index, (name, header, raw) in enumerate(zip(names, headers, self._raw, strict=True))
        )
        left_out = [note("nested_left_out", column=name, declared=kind) for name, kind in nested]
        self.notes: tuple[Note, ...] = (*renamed, *left_out)

    def _counted(self, connection: duckdb.DuckDBPyConnection) -> int:
        found = connection.execute(
            "select count(*) from read_parquet(?)", [str(self.path)]
        ).fetchone()
        total = int(found[0]) if found else 0
        if not total:
            self.notes = (*self.notes, note("header_only"))
        return total

    def _select(self, left: int, right: int) -> str:
        """These columns as text, behind whether one of them has a NUL."""
        chosen = list(zip(self._raw, self.columns, strict=True))[left:right]
        texts = (
            _quoted(raw)
            for raw, column in chosen
            if column.declared.startswith(("VARCHAR", "JSON", "ENUM"))
        )
        bad = " or ".join(f"coalesce(contains({name}::varchar, chr(0)), false)" for name in texts)
        cells = ", ".join(f"{_quoted(raw)}::varchar" for raw, _ in chosen)
        return f"select {bad or 'false'}, {cells}"

    def _refuse_marks(self, connection: duckdb.DuckDBPyConnection) -> None:
        """共享条例 3: names as a heading, values as its rows."""
        rows = chain.from_iterable(self._found(connection, _MARKED_ROWS))
        lines = ["\t".join(clean_header(str(cell or "")) for cell in row[1:]) for row in rows]
        refuse_marks("\n".join(["\t".join(column.header for column in self.columns), *lines]))


def _limited(query: str, limit: int | None) -> str:
    return query if limit is None else f"{query} limit {int(limit)}"


def is_flat(kind: str) -> bool:
    return kind.startswith(_FLAT) and not kind.endswith("]")


def _plain_kind(kind: str) -> str:
    if kind.endswith("]"):
        return "列表"
    return next((word for name, word in _WORDS if kind.startswith(name)), clean_header(kind)[:40])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

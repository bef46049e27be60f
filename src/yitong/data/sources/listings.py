"""Which tables a place holds: a folder's files, a workbook's sheets, a schema's tables. None is read here.

A file that cannot even be looked at is listed with the reason, so that it does not keep its neighbours back.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from yitong.data.sources.errors import NoTables, TooManyTables
from yitong.data.sources.file_kinds import kind_of
from yitong.data.sources.files import read_errors_told, refuse_marked_name
from yitong.data.sources.heads import clean_header
from yitong.data.sources.locations import ServerLocation, is_url, server_location, table_location
from yitong.data.sources.opening import file_and_part
from yitong.data.sources.postgresql import tables_of
from yitong.kernel.errors import Refusal

MOST_TABLES: Final = 10_000
_TABLE_SUFFIXES: Final = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et", ".parquet", ".pq", ".jsonl", ".ndjson", ".jl", ".json"}
)  # fmt: skip
# What programs leave beside a file that is open, and what systems keep in folders.
_NOT_MEANT: Final = (".", "~$")


@dataclass(frozen=True, slots=True)
class Listed:
    """One table by its location, and the name it goes by among its neighbours.

    `refusal`: why it cannot be opened; `skipped`: a file of a kind that holds no table.
    """

    location: str
    name: str
    refusal: Refusal | None = None
    skipped: bool = False


def tables_at(location: str) -> tuple[Listed, ...]:
    """Where the place is one table, that alone, under the very location given."""
    if is_url(location):
        server = server_location(location)
        return _of_schema(location, server) if server.is_whole_schema else (Listed(location, ""),)
    path, part = file_and_part(location)
    if path.is_dir():
        refuse_marked_name(path.name)
        found = tuple(_of_folder(path, ""))
        if not any(not listed.skipped for listed in found):
            raise NoTables(name=clean_header(path.name))
        return found
    sheets = [] if part or kind_of(path) != "workbook" else _sheets(path)
    if len(sheets) <= 1:
        return (Listed(location, ""),)
    return tuple(Listed(f"{path}#{sheet}", _joined(path.stem, sheet)) for sheet in sheets)


def _of_schema(location: str, server: ServerLocation) -> tuple[Listed, ...]:
    names = _tables_of(server)
    if not names:
        raise NoTables(name=f"{server.name} {server.schema}")
    if len(names) > MOST_TABLES:
        raise TooManyTables(name=server.schema, most=MOST_TABLES)
    return tuple(Listed(table_location(location, name), clean_header(name)) for name in names)


def _tables_of(server: ServerLocation) -> list[str]:
    if server.driver == "mysql":
        from yitong.data.sources import mysql

        return mysql.tables_of(server, MOST_TABLES + 1)
    return tables_of(server, MOST_TABLES + 1)


def _of_folder(folder: Path, above: str) -> Iterator[Listed]:
    """Files in the order of their names, then folders; links are not followed out of the folder."""
    with read_errors_told(clean_header(folder.name)), os.scandir(folder) as entries:
        known = sorted(entries, key=lambda entry: (entry.is_dir(), entry.name))
    if len(known) > MOST_TABLES:
        raise TooManyTables(name=clean_header(folder.name), most=MOST_TABLES)
    for entry in known:
        if entry.name.startswith(_NOT_MEANT):
            continue
        path, name = Path(entry.path), _joined(above, clean_header(entry.name))
        if entry.is_symlink():
            yield Listed(str(path), name, skipped=True)
        elif entry.is_dir():
            yield from _refused_or(path, name, _of_subfolder(path, name))
        elif path.suffix.lower() not in _TABLE_SUFFIXES:
            yield Listed(str(path), name, skipped=True)
        else:
            yield from _refused_or(path, name, _of_file(path, above))


def _of_subfolder(folder: Path, name: str) -> Iterator[Listed]:
    refuse_marked_name(folder.name)
    yield from _of_folder(folder, name)


def _of_file(path: Path, above: str) -> Iterator[Listed]:
    name = _joined(above, clean_header(path.stem))
    sheets = _sheets(path) if kind_of(path) == "workbook" else []
    if len(sheets) <= 1:
        yield Listed(str(path), name)
    for sheet in sheets if len(sheets) > 1 else ():
        yield Listed(f"{path}#{sheet}", _joined(name, sheet))


def _refused_or(path: Path, name: str, found: Iterator[Listed]) -> Iterator[Listed]:
    try:
        yield from found
    except Refusal as refusal:
        yield Listed(str(path), name, refusal)


def _sheets(path: Path) -> list[str]:
    from yitong.data.sources.excel import sheets_of

    return sheets_of(path)


def _joined(above: str, name: str) -> str:
    return f"{above}-{name}" if above else name

"""From a location to a reader. What a file is, its first bytes say; its name only decides where they leave it open."""

import os
from pathlib import Path

from yitong.data.sources.delimited import CsvReader
from yitong.data.sources.errors import BadLocation
from yitong.data.sources.file_kinds import kind_of
from yitong.data.sources.locations import ServerLocation, is_url, server_location
from yitong.data.sources.postgresql import TableReader
from yitong.data.sources.profiles import TableProfile
from yitong.data.sources.tables import Reader
from yitong.kernel.errors import N_


def open_table(location: str) -> Reader:
    """A file by its path (a sheet of a workbook as `file.xlsx#sheet`), or a database's table by URL."""
    if is_url(location):
        return _open_server(server_location(location))
    return _open_file(*file_and_part(location))


def read_dictionary(location: str) -> tuple[TableProfile, ...]:
    """A profile without rows for every table that a data dictionary (xlsx, docx) lists."""
    from yitong.data.sources import dictionaries

    return dictionaries.read_dictionary(location)


def _open_server(location: ServerLocation) -> Reader:
    if location.driver == "mysql":
        from yitong.data.sources.mysql import MySqlReader

        return MySqlReader(location)
    return TableReader(location)


def file_and_part(location: str) -> tuple[Path, str]:
    """A path, and behind `#` the sheet; a file whose own name has a # is that file."""
    path = Path(location)
    head, hash_sign, part = location.rpartition("#")
    if hash_sign and part and os.sep not in part and not _exists(path) and _exists(Path(head)):
        return Path(head), part
    return path, ""


def _open_file(path: Path, part: str) -> Reader:
    """Readers are imported when a file of their kind is opened: who reads only CSV pays for nothing else."""
    kind = kind_of(path)
    if kind == "workbook":
        from yitong.data.sources.excel import SheetReader

        return SheetReader(path, part)
    if part:
        raise BadLocation(reason=N_("只有工作簿里的表用 # 指明"))
    if kind == "parquet":
        from yitong.data.sources.parquet import ParquetReader

        return ParquetReader(path)
    if kind == "json":
        from yitong.data.sources.json_lines import JsonLinesReader

        return JsonLinesReader(path)
    return CsvReader(path)


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False

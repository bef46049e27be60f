"""From a location to a reader. What a file is, its first bytes say; its name only decides where they leave it open."""

import os
from pathlib import Path
from typing import Final

from yitong.data.sources.delimited import CsvReader
from yitong.data.sources.errors import BadLocation
from yitong.data.sources.files import identity_of, read_errors_told, refuse_marked_name
from yitong.data.sources.locations import is_url, server_location
from yitong.data.sources.postgresql import TableReader
from yitong.data.sources.tables import Reader
from yitong.kernel.errors import N_

_SNIFFED: Final = 512


def open_table(location: str) -> Reader:
    """A file by its path (a sheet of a workbook as `file.xlsx#sheet`), or a database's table by URL."""
    if is_url(location):
        return TableReader(server_location(location))
    return _open_file(*file_and_part(location))


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
    return CsvReader(path)


def kind_of(path: Path) -> str:
    """A workbook or text; refuses what has a name that tells of secrets, and old or locked workbooks."""
    refuse_marked_name(path.name)
    identity_of(path)
    with read_errors_told(path.stem), path.open("rb") as stream:
        start = stream.read(_SNIFFED)
    from yitong.data.sources.workbooks import is_package, is_workbook, refuse_old

    refuse_old(path, start, path.stem)
    if is_package(start) and is_workbook(path):
        return "workbook"
    return "text"


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False

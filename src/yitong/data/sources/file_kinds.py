"""Which reader a file needs, told from its first bytes; its name decides only where they leave it open."""

import zipfile
from pathlib import Path
from typing import Final, Literal

import orjson

from yitong.data.sources.errors import FileBroken
from yitong.data.sources.files import identity_of, read_errors_told, refuse_marked_name
from yitong.data.sources.heads import clean_header
from yitong.data.sources.old_workbooks import refuse_old
from yitong.data.sources.packages import opened_zip
from yitong.kernel.errors import N_

FileKind = Literal["workbook", "parquet", "json", "text"]

_SNIFFED: Final = 64 << 10
_BOM: Final = b"\xef\xbb\xbf"
_PARQUET: Final = b"PAR1"
_JSON_SUFFIXES: Final = frozenset({".jsonl", ".ndjson", ".jl", ".json"})


def kind_of(path: Path) -> FileKind:
    """Refuses what has a name that tells of secrets, and old or locked workbooks."""
    refuse_marked_name(path.name)
    identity_of(path)
    with read_errors_told(path.stem):
        with path.open("rb") as stream:
            start = stream.read(_SNIFFED)
        refuse_old(path, start, path.stem)
        if is_package(start) and is_workbook(path):
            return "workbook"
        if is_parquet(path, start):
            return "parquet"
    return "json" if is_json_lines(path, start) else "text"


def is_package(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04")


def is_workbook(path: Path) -> bool:
    """Whether a zip file holds a workbook, of whatever kind."""
    try:
        with opened_zip(path) as package:
            return any(name.startswith("xl/workbook.") for name in package.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def is_parquet(path: Path, start: bytes) -> bool:
    """Both ends bear the mark; a file named so that lacks the last was cut off."""
    if not start.startswith(_PARQUET):
        return False
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - len(_PARQUET)))
        whole = stream.read() == _PARQUET
    if not whole and path.suffix.lower() in {".parquet", ".pq"}:
        raise FileBroken(name=clean_header(path.stem), reason=N_("Parquet 文件没有结尾"))
    return whole


def is_json_lines(path: Path, start: bytes) -> bool:
    """By its name, or because its first line is an object."""
    if path.suffix.lower() in _JSON_SUFFIXES:
        return True
    first = start.removeprefix(_BOM).lstrip().partition(b"\n")[0]
    return first.startswith(b"{") and _is_object(first)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False

"""The zip file a workbook is: its parts, bounded before a byte of them is unpacked, read as a stream of events.

Nothing is written to disk and no name of a part becomes a path, so `..` in one only names a part that is missing.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from yitong.data.sources.errors import FileBroken, UnpacksTooLarge, WorkbookLocked
from yitong.kernel.errors import N_

CHUNK: Final = 1 << 16
MOST_PARTS: Final = 10_000
MOST_UNPACKED: Final = 16 << 30
# Deflate gives 1032 times at most; rows of a real sheet that are all alike about a hundred.
MOST_TIMES: Final = 200
SMALL: Final = 64 << 20
# Parts that are read as a whole: lists of sheets and styles.
LARGEST_LIST: Final = 32 << 20
_ENCRYPTED: Final = 1
_KINDS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

Element = tuple[tuple[str, ...], dict[str, str]]


def opened_zip(path: Path) -> zipfile.ZipFile:
    """A zip file's directory, read; what zipfile makes of a broken one is BadZipFile, whatever it says by itself."""
    try:
        return zipfile.ZipFile(path)
    except (NotImplementedError, ValueError, OverflowError, struct.error) as error:
        raise zipfile.BadZipFile from error


@contextmanager
def opened_package(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """The zip file; whatever is wrong with it, then or later, becomes a refusal."""
    try:
        with opened_zip(path) as package:
            _check_bounds(package, name)
            yield package
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise FileBroken(name=name, reason=N_("压缩包读不完整")) from error
    except expat.ExpatError as error:
        raise FileBroken(name=name, reason=N_("里面的 XML 不完整")) from error
    except _Malformed as error:
        raise FileBroken(name=name, reason=str(error)) from error


class _Malformed(Exception):
    """What no writer of workbooks writes."""


def malformed(reason: str) -> Exception:
    """To be raised while a package is open; the refusal then names the file."""
    return _Malformed(reason)


def _check_bounds(package: zipfile.ZipFile, name: str) -> None:
    parts = package.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise WorkbookLocked(name=name)
    if not _KINDS.issuperset(part.compress_type for part in parts):
        raise _Malformed(N_("压缩的方法不认识"))
    unpacked = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > SMALL and part.file_size > MOST_TIMES * part.compress_size
        for part in parts
    )
    if bomb or unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise UnpacksTooLarge(name=name, megabytes=unpacked >> 20)


def part_named(package: zipfile.ZipFile, base: str, target: str) -> str:
    """A part by what a relation says of it: relative to the part that holds the relation, or from the root."""
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath(joined).lstrip("/")


def opened_part(package: zipfile.ZipFile, part: str) -> IO[bytes]:
    try:
        return package.open(part)
    except KeyError as error:
        raise _Malformed(N_("缺少它自己列出的部分")) from error
    except (RuntimeError, ValueError, OverflowError, struct.error) as error:
        raise _Malformed(N_("压缩包读不完整")) from error


def relations(package: zipfile.ZipFile, part: str) -> Mapping[str, tuple[str, str]]:
    """What a part refers to inside the package: id → (last word of the kind, part)."""
    folder, file = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{file}.rels")
    if listed not in package.namelist():
        return {}
    return {
        attributes.get("Id", ""): (
            attributes.get("Type", "").rpartition("/")[2],
            part_named(package, part, attributes.get("Target", "")),
        )
        for path, attributes in elements(package, listed)
        if path[-1] == "Relationship"
    }


def elements(package: zipfile.ZipFile, part: str) -> Iterator[Element]:
    """Every element of a small part: the names down to it and its attributes, without namespaces."""
    if package.getinfo(part).file_size > LARGEST_LIST:
        raise _Malformed(N_("目录部分大得异常"))
    found: list[Element] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(local(name))
        found.append((tuple(path[-2:]), {local(key): value for key, value in attributes.items()}))

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: path.pop()
    with opened_part(package, part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
            yield from found
            found.clear()


def new_parser() -> expat.XMLParserType:
    """A parser without entities: workbooks have none, and what grows from few bytes begins with one."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = CHUNK

    def refuse(*_declared: object) -> None:
        raise _Malformed(N_("含有 XML 实体声明"))

    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    return parser


class _Locals(dict[str, str]):
    """Names without their namespaces; there are some dozens of them, in a hostile file any number."""

    def __missing__(self, name: str) -> str:
        word = name[name.rfind(" ") + 1 :]
        if len(self) < MOST_PARTS:
            self[name] = word
        return word


# A name without its namespace.
local: Final = _Locals().__getitem__

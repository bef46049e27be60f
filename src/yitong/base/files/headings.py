"""The words at the top of a file, where marks of secrecy stand: bounded reading, no parser that a bomb could feed.

Pictures, and pages of a PDF that are drawn, are not read: of these only the name and a PDF's title are looked at.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from yitong.base.files import media

_PART = 256 * 1024
_BROKEN = (
    KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
_SHEET_ROWS = 40
_PARAGRAPH = re.compile(r"<(?:w:p|a:p)[ >].*?</(?:w:p|a:p)>", re.DOTALL)
_WORDS = re.compile(r"<(?:w:t|a:t|t)(?:\s[^>]*)?>([^<]*)<")
_SHARED = re.compile(r"<si>(.*?)</si>", re.DOTALL)
_ROW = re.compile(r"<row[ >].*?</row>", re.DOTALL)
_CELL = re.compile(
    r"<c\b(?P<attributes>[^>]*)>(?:<f>[^<]*</f>)?(?:<v>(?P<value>[^<]*)</v>|<is>(?P<inline>.*?)</is>)",
    re.DOTALL,
)
_SHEET_NAME = re.compile(r'<sheet [^>]*\bname="([^"]*)"')
_OFD_TEXT = re.compile(r"<(?:\w+:)?TextCode[^>]*>([^<]*)<")
_TITLE = re.compile(rb"/(?:Title|Subject|Keywords)\s*(?:\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f\s]*)>)")
_DC_TITLE = re.compile(rb"<dc:title>.*?<rdf:li[^>]*>([^<]*)<", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)


def heading(head: bytes, content: BinaryIO, kind: str) -> str:
    """The first lines of a file of this media type; "" where there are no words to read."""
    if kind.startswith("text/"):
        return head.decode(kind.rpartition("=")[2], "replace")
    if kind == media.PDF:
        return "\n".join(_pdf_titles(head, content))
    if kind in {media.DOCX, media.XLSX, media.OFD}:
        content.seek(0)
        with zipfile.ZipFile(content) as packed:
            lines = {media.DOCX: _docx, media.XLSX: _xlsx, media.OFD: _ofd}[kind](packed)
            return "\n".join(lines)
    return ""


def _part(packed: zipfile.ZipFile, name: str) -> str:
    """The beginning of a part, however large it unpacks; "" if it is missing or broken."""
    try:
        with packed.open(name) as part:
            return part.read(_PART).decode("utf-8", "replace")
    except _BROKEN:
        return ""


def _docx(packed: zipfile.ZipFile) -> Iterator[str]:
    headers = sorted(n for n in packed.namelist() if re.fullmatch(r"word/header\d*\.xml", n))
    for name in [*headers[:8], "word/document.xml"]:
        for paragraph in _PARAGRAPH.findall(_part(packed, name)):
            yield unescape("".join(_WORDS.findall(paragraph)))


def _xlsx(packed: zipfile.ZipFile) -> Iterator[str]:
    yield from map(unescape, _SHEET_NAME.findall(_part(packed, "xl/workbook.xml")))
    shared = [
        "".join(_WORDS.findall(s)) for s in _SHARED.findall(_part(packed, "xl/sharedStrings.xml"))
    ]
    sheets = sorted(n for n in packed.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n))
    for name in sheets[:8]:
        for row in _ROW.findall(_part(packed, name))[:_SHEET_ROWS]:
            yield "\t".join(unescape(_cell(cell, shared)) for cell in _CELL.finditer(row))


def _cell(cell: re.Match[str], shared: list[str]) -> str:
    value = cell["value"] or ""
    if 't="s"' in cell["attributes"] and value.isdecimal():
        return shared[int(value)] if int(value) < len(shared) else ""
    return "".join(_WORDS.findall(cell["inline"])) if cell["inline"] else value


def _ofd(packed: zipfile.ZipFile) -> Iterator[str]:
    pages = sorted(n for n in packed.namelist() if n.endswith("Content.xml") and "/Pages/" in n)
    for name in pages[:1]:
        yield from map(unescape, _OFD_TEXT.findall(_part(packed, name)))


def _pdf_titles(head: bytes, content: BinaryIO) -> Iterator[str]:
    """Titles that stand unpacked in the file's beginning or end."""
    end = content.seek(0, 2)
    content.seek(max(0, end - media.HEAD))
    both = head + b"\n" + content.read(media.HEAD)
    for literal, digits in _TITLE.findall(both):
        yield _pdf_text(_ESCAPED.sub(_unescaped, literal) if literal else _from_hex(digits))
    for title in _DC_TITLE.findall(both):
        yield unescape(title.decode("utf-8", "replace"))


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else code


def _from_hex(digits: bytes) -> bytes:
    packed = b"".join(digits.split())
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode())


def _pdf_text(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace")

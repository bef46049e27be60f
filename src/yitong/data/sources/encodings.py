"""Which encoding a file is in, found by reading all of it: UTF-8 if every byte is, else GB18030, else a mixture.

Both encodings keep the bytes of line ends, commas and quotes for themselves, so a file can be cut into lines
before it is decoded, and one bad line does not spoil its neighbours.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

EncodingName = Literal["utf-8", "gb18030"]

BLOCK: Final = 1 << 20
# Small enough to stay in the processor's cache while it is judged: twice as fast.
_DETECTED: Final = 1 << 18
LONGEST_LINE: Final = 8 << 20

_BOMS: Final[tuple[tuple[bytes, EncodingName], ...]] = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What UTF-8 decoding gives by accident for GB18030 bytes: two-byte characters (Latin, Greek, Cyrillic, Arabic).
# Chinese text in UTF-8 has none of them but the few signs that Chinese writing borrows.
_ACCIDENTAL: Final = re.compile(
    "[\u0080-\u00a0\u00a1-\u00af\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u07ff]"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """`uniform`: every line can be read in this encoding, and none looks as if it were in the other."""

    name: EncodingName
    bom: int
    uniform: bool

    @property
    def label(self) -> str:
        return {"utf-8": "UTF-8", "gb18030": "GB18030"}[self.name]


def line_blocks(stream: BinaryIO, size: int = 0) -> Iterator[tuple[bytes, bool]]:
    """Blocks of whole lines, about of this size (BLOCK); an empty line with True stands for one too long."""
    rest = b""
    while chunk := stream.read(size or BLOCK):
        rest += chunk
        # A lone \r ends a line as well (old files); one at the very end may belong to a \r\n.
        cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, -1)) + 1
        if cut:
            yield rest[:cut], False
            rest = rest[cut:]
        elif len(rest) > LONGEST_LINE:
            rest = _after_line(stream)
            yield b"\n", True
    if rest:
        yield rest, False


def detect(path: Path) -> Encoding:
    with path.open("rb") as stream:
        start = stream.read(4)
        for mark, name in _BOMS:
            if start.startswith(mark):
                stream.seek(len(mark))
                return Encoding(name, len(mark), _counted(stream, prefer=name).uniform)
        stream.seek(0)
        return _counted(stream)


def presumed(start: bytes) -> Encoding | None:
    """What the whole lines of a file's beginning promise for the rest of it, if that is UTF-8 throughout."""
    bom = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    lines = start[: start.rfind(b"\n") + 1]
    is_so = bool(lines) and not start.startswith(_BOMS[1][0]) and is_utf8(lines)
    return Encoding("utf-8", bom, uniform=True) if is_so else None


def is_utf8(data: bytes) -> bool:
    return _decodes(data, "utf-8")


def decoded(line: bytes, encoding: Encoding) -> tuple[str, str]:
    """One line of a mixed file: its text and the code of its fault, or an empty one."""
    if line.isascii():
        return line.decode("ascii"), ""
    if encoding.name == "gb18030" and is_chinese_utf8(line):
        return line.decode(), "mixed_encoding"
    try:
        return line.decode(encoding.name), ""
    except UnicodeDecodeError:
        other = _decodes(line, "gb18030") if encoding.name == "utf-8" else False
        return line.decode(encoding.name, "replace"), "mixed_encoding" if other else "undecodable"


def is_chinese_utf8(line: bytes) -> bool:
    """Whether bytes beyond ASCII are UTF-8 on purpose: short GB18030 text can be valid UTF-8 by accident."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return False
    return not text.isascii() and not _ACCIDENTAL.search(text)


def _counted(stream: BinaryIO, prefer: EncodingName | None = None) -> Encoding:
    """Count lines by what they can be; the encoding of most of them is the file's."""
    utf8 = chinese = other = bad = 0
    for block, _ in line_blocks(stream, _DETECTED):
        if _decodes(block, "utf-8"):
            # A block of a UTF-8 file: no need to look at its lines, unless the file turns out to be mixed.
            lines = 0 if block.isascii() else block.count(b"\n") + 1
            utf8 += lines
            chinese += lines
            continue
        for line in block.splitlines():
            if line.isascii():
                continue
            if _decodes(line, "utf-8"):
                utf8 += 1
                chinese += is_chinese_utf8(line) or not _decodes(line, "gb18030")
            elif _decodes(line, "gb18030"):
                other += 1
            else:
                bad += 1
    if prefer == "utf-8" or (prefer is None and utf8 >= other):
        return Encoding("utf-8", 0, uniform=not other and not bad)
    return Encoding("gb18030", 0, uniform=not chinese and not bad)


def _decodes(data: bytes, encoding: EncodingName) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _after_line(stream: BinaryIO) -> bytes:
    """Skip to the end of the line; what follows it in the last block read."""
    while chunk := stream.read(BLOCK):
        cut = chunk.find(b"\n") + 1
        if cut:
            return chunk[cut:]
    return b""

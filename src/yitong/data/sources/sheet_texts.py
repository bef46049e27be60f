"""The texts of a workbook, which its cells name by number."""

import re
import tempfile
import weakref
import zipfile
from array import array
from typing import Final

from yitong.data.sources.packages import CHUNK, local, malformed, new_parser, opened_part
from yitong.kernel.errors import N_

LONGEST_TEXT: Final = 1 << 20  # a cell holds 32,767 signs
_IN_MEMORY: Final = 8 << 20
_REMEMBERED: Final = 50_000
_REMEMBERED_LENGTH: Final = 200
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")


class SharedTexts:
    """The texts of a workbook by number: on disk when they are many, in a file without a name."""

    def __init__(self) -> None:
        self._spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with us
        self._ends = array("Q", [0])
        self._known: dict[int, str] = {}
        self._close = weakref.finalize(self, self._spool.close)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        if (known := self._known.get(number)) is not None:
            return known
        if not 0 <= number < len(self):
            raise malformed(N_("单元格指向不存在的文字"))
        start, end = self._ends[number], self._ends[number + 1]
        self._spool.seek(start)
        text = self._spool.read(end - start).decode("utf-8", "surrogatepass")
        if len(text) <= _REMEMBERED_LENGTH:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[number] = text
        return text

    def add(self, text: str) -> None:
        self._spool.write(text.encode("utf-8", "surrogatepass"))
        self._ends.append(self._spool.tell())


class TextCollector:
    """Gathers the text of one cell or shared text, without phonetic guides, and never more than a cell can hold."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.is_open = False
        self.too_long = False

    def begin(self) -> None:
        self._parts, self._length, self.too_long = [], 0, False

    def take(self, text: str) -> None:
        if not self.is_open:
            return
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            self.too_long = True
        else:
            self._parts.append(text)

    def text(self) -> str:
        return "".join(self._parts)


class _TextBuilder:
    """Hears the parser and adds each text when it is whole."""

    def __init__(self) -> None:
        self.texts = SharedTexts()
        self.text = TextCollector()
        self._phonetic = False

    def start(self, name: str, _attributes: object) -> None:
        tag = local(name)
        if tag == "si":
            self.text.begin()
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "t":
            self.text.is_open = not self._phonetic

    def end(self, name: str) -> None:
        tag = local(name)
        if tag == "si":
            self.texts.add(unescaped(self.text.text()))
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "t":
            self.text.is_open = False


def read_texts(package: zipfile.ZipFile, part: str) -> SharedTexts:
    """Every shared text, in constant memory."""
    builder = _TextBuilder()
    if part not in package.namelist():
        return builder.texts
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text.take
    with opened_part(package, part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
    return builder.texts


def unescaped(text: str) -> str:
    """`_x000D_` stands for a sign that XML cannot hold."""
    return _ESCAPE.sub(_sign, text) if "_x" in text else text


def _sign(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)

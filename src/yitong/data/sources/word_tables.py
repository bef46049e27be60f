"""The tables of a Word document (.docx), each with the paragraph above it, as a stream."""

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from yitong.data.sources.packages import CHUNK, local, malformed, new_parser, opened_part
from yitong.kernel.errors import N_

DOCUMENT: Final = "word/document.xml"
LONGEST_CELL: Final = 10_000
MOST_CELLS: Final = 200
_HEADER: Final = re.compile(r"word/header[0-9]*\.xml")


class WordBuilder:
    """Hears the parser; `found` has paragraphs outside of tables as texts and rows of tables as lists of cells."""

    def __init__(self) -> None:
        self.found: list[str | list[str]] = []
        self._text: list[str] = []
        self._size = 0
        self._depth = 0
        self._open = self._goes_on = False
        self._row: list[str] = []
        self._above: list[str] = []
        self._span = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "t":
            self._open = True
        elif tag == "tbl":
            self._depth += 1
            self._above = []
        elif tag == "tr" and self._depth == 1:
            self._row = []
        elif tag == "tc" and self._depth == 1:
            self._text, self._size, self._span, self._goes_on = [], 0, 1, False
        elif tag in {"vMerge", "gridSpan"}:
            said = next((v for k, v in attributes.items() if local(k) == "val"), "")
            self._merged(tag, said)

    def _merged(self, tag: str, said: str) -> None:
        if tag == "vMerge":
            self._goes_on = said != "restart"
        elif said.isdecimal():
            self._span = min(int(said), MOST_CELLS)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag == "t":
            self._open = False
        elif tag == "tbl":
            self._depth -= 1
        elif tag == "p" and not self._depth:
            self.found.append(self._taken())
        elif tag == "tc" and self._depth == 1:
            self._end_cell()
        elif tag == "tr" and self._depth == 1:
            self._above = self._row
            self.found.append(self._row)

    def text(self, words: str) -> None:
        if self._open and self._size < LONGEST_CELL:
            self._text.append(words[: LONGEST_CELL - self._size])
            self._size += len(words)

    def _end_cell(self) -> None:
        at, words = len(self._row), self._taken()
        if self._goes_on and at < len(self._above):
            words = self._above[at]
        if at + self._span > MOST_CELLS:
            raise malformed(N_("表格的列多得异常"))
        self._row += [words] * self._span

    def _taken(self) -> str:
        words = "".join(self._text).strip()
        self._text, self._size = [], 0
        return words


def word_blocks(package: zipfile.ZipFile, part: str = DOCUMENT) -> Iterator[str | list[str]]:
    """Paragraphs and rows in their order."""
    builder, parser = WordBuilder(), new_parser()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text
    with opened_part(package, part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
            yield from builder.found
            builder.found.clear()
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position only


def page_heads(package: zipfile.ZipFile) -> list[str]:
    """What is printed at the top of pages, where marks of secrecy stand."""
    parts = sorted(filter(_HEADER.fullmatch, package.namelist()))
    return [str(block) for part in parts[:8] for block in word_blocks(package, part)]

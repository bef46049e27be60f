"""A text file in pieces of whole lines, and what of each may be given to an engine that reads lines its own way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import BinaryIO, Final

_BOM: Final = b"\xef\xbb\xbf"
# A piece that ends within a line ends here: whoever gets it must look at more of the file.
_LONGEST: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines: how many stand above them, how many line feeds they have, and where in the file they end."""

    data: bytes
    before: int
    feeds: int
    end: int
    is_last: bool

    @property
    def start(self) -> int:
        return self.end - len(self.data)

    @property
    def lines(self) -> int:
        """By their line feeds; the last may have none."""
        return self.feeds + (not self.data.endswith(b"\n"))

    @property
    def has_quotes(self) -> bool:
        return b'"' in self.data

    @property
    def line_end(self) -> str | None:
        """The one sign that ends all lines, or nothing where lines and signs are not as simple as they look."""
        data = self.data
        if b"\0" in data or data.startswith(_BOM):
            return None
        # csv takes spaces around quotes for content; others do not.
        if self.has_quotes and (b' "' in data or b'" ' in data):
            return None
        if b"\r" not in data:
            return "\n"
        all_alike = data.count(b"\r") == data.count(b"\r\n") == self.feeds
        return "\r\n" if all_alike else None

    def parts(self, size: int) -> Iterator["Piece"]:
        """The same in smaller pieces."""
        before, start, all_ = self.before, 0, len(self.data)
        while start < all_:
            cut = self.data.rfind(b"\n", start, start + size) + 1
            if not cut or start + size >= all_:
                cut = (self.data.find(b"\n", start + size) + 1) or all_
            data = self.data[start:cut]
            feeds = data.count(b"\n")
            end = self.end - all_ + cut
            yield Piece(data, before, feeds, end, is_last=self.is_last and cut == all_)
            before += _line_ends(data, feeds)
            start = cut


def _line_ends(data: bytes, feeds: int) -> int:
    """How many lines end here as readers count them: a carriage return by itself ends one too."""
    if b"\r" not in data:
        return feeds
    return feeds + data.count(b"\r") - data.count(b"\r\n")


def pieces(stream: BinaryIO, sizes: Sequence[int]) -> Iterator[Piece]:
    """From where the stream stands: pieces of about these sizes, the last of which goes on to the end."""
    following = chain(sizes, repeat(sizes[-1]))
    before, at, wanted = 0, stream.tell(), next(following)
    while data := _lines(stream, at, wanted):
        is_last = len(data) < wanted
        at += len(data)
        feeds = data.count(b"\n")
        yield Piece(data, before, feeds, at, is_last=is_last)
        before += _line_ends(data, feeds)
        wanted = next(following)


def _lines(stream: BinaryIO, at: int, wanted: int) -> bytes:
    """The last line is measured first: what is read in one go need not be copied."""
    stream.seek(at + wanted)
    more = len(stream.readline(_LONGEST))
    stream.seek(at)
    return stream.read(wanted + more)

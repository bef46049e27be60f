"""What a workbook or a document has beside its cells: pictures, their descriptions, drawn text, its own title.

A stamp 机密 is often a picture or a drawn word. Words are looked at here (names, descriptions, text boxes, water marks, the
title of the file); what a picture shows is not: no character of it is recognised. So pictures are counted by their sheets,
and a person is asked to look. Drawings are read as bytes, since those of old programs are not even XML.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final
from zipfile import ZipFile

from yitong.base.files.api import refuse_marks
from yitong.data.sources.files import refuse_marked_name
from yitong.data.sources.heads import clean_header
from yitong.data.sources.packages import opened_part, relations
from yitong.data.sources.tables import Note, note
from yitong.data.sources.workbooks import Sheet

MOST_READ: Final = 8 << 20
MOST_PARTS: Final = 200
_NAMED: Final = 5
_DRAWINGS: Final = re.compile(
    r"(?:xl|word)/(?:drawings/[^/]+\.(?:xml|vml)|cellimages\.xml|(?:header|footer)[0-9]*\.xml)|docProps/(?:core|custom|app)\.xml"
)
_DOCUMENT: Final = "word/document.xml"
_MEDIA: Final = re.compile(r"(?:xl|word)/media/[^/]+")
_SAID: Final = re.compile(rb"\b(?:name|descr|title|alt|string)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_TEXT: Final = re.compile(rb">([^<>]+)<")
_DRAWN: Final = frozenset({"drawing", "vmlDrawing"})


def refuse_drawn_marks(package: ZipFile) -> None:
    """共享条例 3: a mark in a picture's name or description, in a drawn word or in the file's own title."""
    for part in _media(package):
        refuse_marked_name(posixpath.basename(part))
    parts = sorted(filter(_DRAWINGS.fullmatch, package.namelist()))[:MOST_PARTS]
    words = [word for part in parts for word in _words(_start_of(package, part))]
    if _DOCUMENT in package.namelist():
        words += _descriptions(_start_of(package, _DOCUMENT))
    for word in dict.fromkeys(words):
        refuse_marks(word)  # each by itself: whatever is drawn may be a stamp


def picture_notes(package: ZipFile, sheets: Iterable[Sheet] = ()) -> Iterator[Note]:
    """How many pictures there are and on which sheets: nobody has read what they show."""
    count = len(_media(package))
    if not count:
        return
    known = frozenset(package.namelist())
    by_sheet = {sheet.name: _pictures(package, sheet.part, known) for sheet in sheets}
    named = [name for name, found in by_sheet.items() if found]
    if named:
        more = "…" if len(named) > _NAMED else ""
        yield note("pictures_on", count=count, sheets="、".join(named[:_NAMED]) + more)
    else:
        yield note("pictures", count=count)


def _media(package: ZipFile) -> list[str]:
    return [part for part in package.namelist() if _MEDIA.fullmatch(part)]


def _pictures(package: ZipFile, part: str, known: frozenset[str]) -> int:
    """Pictures that a sheet leads to: its drawings, the heads of its pages, its background."""
    seen, left, found = {part}, [part], 0
    while left:
        for kind, target in relations(package, left.pop()).values():
            if kind == "image":
                found += 1
            elif kind in _DRAWN and target in known and target not in seen:
                seen.add(target)
                left.append(target)
    return found


def _start_of(package: ZipFile, part: str) -> bytes:
    with opened_part(package, part) as stream:
        return stream.read(MOST_READ)


def _words(drawing: bytes) -> Iterator[str]:
    yield from _descriptions(drawing)
    for found in _TEXT.findall(drawing):
        yield _plain(found)


def _descriptions(drawing: bytes) -> Iterator[str]:
    for double, single in _SAID.findall(drawing):
        yield _plain(double or single)


def _plain(raw: bytes) -> str:
    return clean_header(unescape(raw.decode("utf-8", "replace")))

"""What a header says: Chinese words exact or contained, English, pinyin in full and by initials.

Words weigh less the shorter they are and the more elements share them: `xm` is 姓名 and 项目 alike.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pypinyin import lazy_pinyin

from yitong.data.standards.elements import Element
from yitong.kernel.errors import N_

_BRACKETS: Final = re.compile(r"[(（\[【<《{][^)）\]】>》}]*[)）\]】>》}]")
_NOISE: Final = re.compile(r"[\s*＊:：、，,;；.。'\"“”‘’/\\|?？!！#-]+")
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")

# Points for each way in which a header can name an element.
NAME_POINTS: Final = 96
SYNONYM_POINTS: Final = 93
SHARED_POINTS: Final = 4
_LISTED: Final = {2: 72, 3: 84}  # by length; longer ones below
_LISTED_LONG: Final = 91
_PINYIN: Final = 88
_INITIALS: Final = {2: 50, 3: 66}
_INITIALS_LONG: Final = 80


@dataclass(frozen=True, slots=True)
class HeaderHit:
    """How strongly a header names an element (0-100), and a sentence why."""

    points: int
    reason: str


class Words:
    """Every word by which elements are named, made once for an edition."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.chinese: dict[str, dict[str, int]] = defaultdict(dict)
        self.latin: dict[str, dict[str, int]] = defaultdict(dict)
        for element in elements:
            self._add(element)
        self.longest = max(map(len, self.chinese), default=0)

    def _add(self, element: Element) -> None:
        for word in (element.name, *element.synonyms):
            points = NAME_POINTS if word == element.name else SYNONYM_POINTS
            plain = plain_header(word)
            _keep(self.chinese[plain], element.code, points)
            if not plain.isascii():
                syllables = lazy_pinyin(plain)
                _keep(self.latin["".join(syllables)], element.code, _PINYIN)
                initials = "".join(syllable[:1] for syllable in syllables)
                _keep(
                    self.latin[initials],
                    element.code,
                    _by_length(initials, _INITIALS, _INITIALS_LONG),
                )
        for word in element.latin:
            joined = "".join(latin_words(word))
            _keep(self.latin[joined], element.code, _by_length(joined, _LISTED, _LISTED_LONG))


def plain_header(header: str) -> str:
    """Without what forms add: brackets with units, stars, spaces; narrow and in small letters."""
    text = unicodedata.normalize("NFKC", header)
    return _NOISE.sub("", _BRACKETS.sub("", text) or text).lower()


def latin_words(header: str) -> list[str]:
    """`applicantIdNo`, `APPLICANT_ID_NO` and `applicant id no` fall into the same words."""
    text = unicodedata.normalize("NFKC", header)
    return [word.lower() for word in _WORDS.findall(text)]


def header_hits(header: str, words: Words) -> dict[str, HeaderHit]:
    """For every element that the header may name: points and reason."""
    hits: dict[str, HeaderHit] = {}
    plain = plain_header(header)
    if _HAN.search(plain):
        _chinese_hits(header, plain, words, hits)
    else:
        _latin_hits(header, words, hits)
    return hits


def _chinese_hits(header: str, plain: str, words: Words, hits: dict[str, HeaderHit]) -> None:
    for start in range(len(plain)):
        for end in range(start + 1, min(len(plain), start + words.longest) + 1):
            part = plain[start:end]
            owners = words.chinese.get(part)
            if not owners or (len(part) < 2 and part != plain):
                continue
            whole, last = part == plain, end == len(plain)
            for code, points in owners.items():
                # The last word says what a Chinese compound is; the words before it only which.
                gained = points if whole else (66 if last else 46) + 24 * len(part) // len(plain)
                reason = _reason(header, part, whole=whole)
                _raise(hits, code, gained - _shared(owners), reason)


def _latin_hits(header: str, words: Words, hits: dict[str, HeaderHit]) -> None:
    parts = latin_words(header)
    joined = "".join(parts)
    for code, points in words.latin.get(joined, {}).items():
        sentence = N_("列名“{header}”是它的拼音、英文或缩写").format(header=header)
        _raise(hits, code, points - _shared(words.latin[joined]), sentence)
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            part = "".join(parts[start:end])
            if part == joined or len(part) < 3:
                continue
            last = end == len(parts)
            for code, points in words.latin.get(part, {}).items():
                gained = min(points, 70 if last else 52) - _shared(words.latin[part])
                sentence = N_("列名“{header}”里有它的英文或拼音“{part}”").format(
                    header=header, part=part
                )
                _raise(hits, code, gained, sentence)


def _reason(header: str, part: str, *, whole: bool) -> str:
    if whole:
        return N_("列名“{header}”就是它的名称或同义词").format(header=header)
    return N_("列名“{header}”里有“{part}”").format(header=header, part=part)


def _shared(owners: Mapping[str, int]) -> int:
    """What is lost because other elements have the same word."""
    return min(16, SHARED_POINTS * (len(owners) - 1))


def _raise(hits: dict[str, HeaderHit], code: str, points: int, reason: str) -> None:
    if code not in hits or hits[code].points < points:
        hits[code] = HeaderHit(points, reason)


def _keep(owners: dict[str, int], code: str, points: int) -> None:
    owners[code] = max(points, owners.get(code, 0))


def _by_length(word: str, points: Mapping[int, int], longer: int) -> int:
    return points.get(len(word), longer if len(word) > 3 else 0)


@lru_cache(maxsize=4)
def words_of(elements: tuple[Element, ...]) -> Words:
    return Words(elements)

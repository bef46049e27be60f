"""Headers cut into words: Chinese by known words, Latin by case and underscore, pinyin by syllables and words.

A word carries keys, by which it is found again however it was written: its concept (号码, 编号 and `no` are one), else
itself. Several keys where the writing leaves it open: `shijian` is 时间 and 事件, `property` 性质 and 不动产.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from yitong.data.standards.elements import Concept

_BRACKETS: Final = re.compile(r"[(（\[【<《{][^)）\]】>》}]*[)）\]】>》}]")
_NOISE: Final = re.compile(r"[\s*＊:：、，,;；.。'\"“”‘’/\\|?？!！#-]+")
_NUMBERING: Final = re.compile(r"^[\s(（]*\d{1,3}[\s.、)）:：]+")
_LATIN: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LATIN_RUN: Final = re.compile(r"[a-z0-9]+")
_VOWELS: Final = re.compile("[aeiou]")
LIGHT: Final = frozenset({"filler", "self"})
HEADS: Final = frozenset({"head", "tail"})
_LONGEST_PINYIN: Final = 30


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a header. `keys` find it again; a head says what kind of value, a light word hardly anything.

    A tail is a head that says nothing more behind another: 类型名称 is a 类型.
    """

    text: str
    keys: tuple[str, ...]
    role: str = "thing"
    is_personal: bool = False


def plain_header(header: str) -> str:
    """Without what forms add: numbering, brackets with units, stars, spaces; narrow and in small letters."""
    text = unicodedata.normalize("NFKC", header)
    text = _NUMBERING.sub("", text) or text
    return _NOISE.sub("", _BRACKETS.sub("", text) or text).lower()


def latin_words(header: str) -> list[str]:
    """`applicantIdNo`, `APPLICANT_ID_NO` and `applicant id no` fall into the same words."""
    text = unicodedata.normalize("NFKC", header)
    return [word.lower() for word in _LATIN.findall(text)]


@lru_cache(maxsize=50_000)
def pinyin(word: str) -> tuple[str, ...]:
    # Here and not above: its tables would take every process 55 MiB and a good part of its start.
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))


def initials(word: str) -> str:
    return "".join(syllable[:1] for syllable in pinyin(word))


@cache
def _syllables() -> frozenset[str]:
    """Every syllable that a character has, without tones."""
    from pypinyin import pinyin_dict
    from pypinyin.contrib.tone_convert import to_normal

    readings = {reading for line in pinyin_dict.pinyin_dict.values() for reading in line.split(",")}
    plain = {str(to_normal(reading)) for reading in readings}
    return frozenset(each for each in plain if each.isascii() and _VOWELS.search(each))


class Lexicon:
    """The words that headers are made of, with what they mean."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = {concept.name: concept for concept in concepts}
        self._han: dict[str, Concept] = {}
        self._english: dict[str, list[Concept]] = defaultdict(list)
        self._pinyin: dict[str, list[Concept]] = defaultdict(list)
        for concept in concepts:
            for word in concept.chinese:
                self._han.setdefault(word.lower(), concept)
                if HAN.search(word):
                    _note(self._pinyin["".join(pinyin(word))], concept)
            for token in concept.english:
                _note(self._english[token], concept)
        self._skeletons = {
            skeleton: word
            for word in reversed([*self._english])
            if len(word) > 3 and len(skeleton := _skeleton(word)) > 1
        }
        self._longest_han = max(map(len, self._han), default=1)
        self._longest_pinyin = max(map(len, self._pinyin), default=1)

    def cut_chinese(self, plain: str) -> list[Word]:
        """By the fewest and longest known words; what nobody knows falls into characters."""

        def worth(part: str) -> float | None:
            if part in self._han:
                return len(part) ** 2
            return 0.5 if len(part) == 1 or _LATIN_RUN.fullmatch(part) else None

        parts = _best_cut(plain, self._longest_han, worth)
        return [self._han_word(part) for part in parts or ()]

    def cut_pinyin(self, joined: str) -> list[Word]:
        """Words by their pinyin, the rest by syllables; empty where it is no pinyin."""
        if not 3 < len(joined) <= _LONGEST_PINYIN or not joined.isalpha():
            return []

        def worth(part: str) -> float | None:
            if part in self._pinyin and len(part) > 2:
                return len(part) ** 2
            return 0.5 if part in _syllables() else None

        parts = _best_cut(joined, self._longest_pinyin, worth) or ()
        return [_word(part, self._pinyin.get(part, ()), f"~{part}") for part in parts]

    def english(self, parts: Sequence[str]) -> list[Word]:
        return [self._english_word(part) for part in parts if not part.isdigit()]

    def options(self, word: Word) -> list[str]:
        """Initials of every Chinese word for the same."""
        concept = self.concepts.get(word.keys[0])
        if concept is None or not HAN.search(word.text):
            return [initials(word.text)]
        found = [initials(word.text), *map(initials, filter(HAN.search, concept.chinese))]
        return list(dict.fromkeys(found))

    def light_initials(self) -> frozenset[str]:
        """Initials of words that may stand before a name without changing what it means: 申请人, 所属."""
        return frozenset(
            initials(word)
            for concept in self.concepts.values()
            if concept.role in LIGHT
            for word in concept.chinese
        )

    def _han_word(self, part: str) -> Word:
        concept = self._han.get(part)
        sound = "~" + ("".join(pinyin(part)) if HAN.search(part) else part)
        found = _word(part, [concept] if concept else (), sound)
        return found if concept else Word(part, (part, sound), found.role)

    def _english_word(self, part: str) -> Word:
        for form in (part, part.removesuffix("s"), self._skeletons.get(_skeleton(part), "")):
            if form in self._english:
                return _word(part, self._english[form], f"={form}")
        return Word(part, (f"={part}",))


def _word(text: str, concepts: Sequence[Concept], own: str) -> Word:
    roles = {concept.role for concept in concepts}
    role = next(
        (each for each in ("thing", "head", "tail", "self", "filler") if each in roles), "thing"
    )
    personal = bool(concepts) and all(concept.is_personal for concept in concepts)
    return Word(text, (*(concept.name for concept in concepts), own), role, personal)


def _note(found: list[Concept], concept: Concept) -> None:
    if concept not in found:
        found.append(concept)


def _skeleton(word: str) -> str:
    """`number` and `nmbr` fall together: the first letter and the consonants after it."""
    return word[:1] + _VOWELS.sub("", word[1:])


def _best_cut(text: str, longest: int, worth: Callable[[str], float | None]) -> list[str] | None:
    """The cut whose parts are worth most together; None where there is none."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        found = (-1.0, -1)
        for start in range(max(0, end - longest), end):
            if best[start][1] < 0 or (value := worth(text[start:end])) is None:
                continue
            found = max(found, (best[start][0] + value, start))
        best.append(found)
    if best[-1][1] < 0:
        return None
    parts: list[str] = []
    end = len(text)
    while end:
        start = best[end][1]
        parts.insert(0, text[start:end])
        end = start
    return parts

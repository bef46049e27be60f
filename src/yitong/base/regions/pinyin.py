"""Pinyin of names of places, character by character, with a list of exceptions.

Half a million names share five thousand characters, so each character is looked up once. What a
character is in the name of a place often differs from the dictionary's first reading (重庆, 厦门, 六安): these
stand in `pinyin.csv`, single characters for all names, longer terms where they occur, both perhaps only
within a region. Without tones, since nobody types them.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

EXCEPTIONS = Path(__file__).with_name("pinyin.csv")


class Reading(NamedTuple):
    """How a term is read within a region ("" everywhere)."""

    term: str
    syllables: tuple[str, ...]
    within: str


class Spelling(NamedTuple):
    """All syllables joined, and their first letters."""

    pinyin: str
    initials: str


class _Characters(dict[str, str]):
    """Each character's syllable, looked up when first met; "" for what is not read aloud."""

    def __missing__(self, character: str) -> str:
        if character.isascii():
            syllable = character.lower() if character.isalnum() else ""
        else:
            from pypinyin import lazy_pinyin  # heavy: its dictionary takes 0.1 s

            syllable = lazy_pinyin(character, v_to_u=False)[0]
        self[character] = syllable if syllable.isascii() else ""
        return self[character]


class Speller:
    """Spells names. Keep one: it remembers every character it met."""

    def __init__(self, readings: list[Reading]) -> None:
        self._characters = _Characters()
        self._terms: dict[str, list[Reading]] = defaultdict(list)
        for reading in readings:
            if len(reading.term) == 1 and not reading.within:
                self._characters[reading.term] = reading.syllables[0]
            else:
                self._terms[reading.term[0]].append(reading)
        for terms in self._terms.values():
            terms.sort(key=lambda r: (-len(r.term), -len(r.within)))
        # A name needs a closer look only where a character stands that some term reads otherwise.
        self._doubtful = frozenset(
            character
            for terms in self._terms.values()
            for term in terms
            for character, syllable in zip(term.term, term.syllables, strict=True)
            if self._characters[character] != syllable
        )
        self._syllable = self._characters.__getitem__

    def spell(self, name: str, code: str = "") -> Spelling:
        """The spelling of a name; the code says where the place is."""
        if self._doubtful.isdisjoint(name):
            syllables = list(map(self._syllable, name))
        else:
            syllables = list(self._syllables(name, code))
        return Spelling("".join(syllables), "".join([s[:1] for s in syllables]))

    def _syllables(self, name: str, code: str) -> Iterator[str]:
        at = 0
        while at < len(name):
            reading = self._reading(name, at, code)
            if reading is None:
                yield self._characters[name[at]]
                at += 1
            else:
                yield from reading.syllables
                at += len(reading.term)

    def _reading(self, name: str, at: int, code: str) -> Reading | None:
        """The longest exception that stands here, the more local one first."""
        for reading in self._terms.get(name[at], ()):
            if name.startswith(reading.term, at) and code.startswith(reading.within):
                return reading
        return None


def exceptions() -> list[Reading]:
    """The list in the tree."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as lines:
        return [
            Reading(row["term"], tuple(row["pinyin"].split()), row["within"])
            for row in csv.DictReader(lines)
        ]


@cache
def speller() -> Speller:
    """The speller with the exceptions of the tree."""
    return Speller(exceptions())

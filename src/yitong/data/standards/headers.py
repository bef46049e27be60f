"""What a header says: the name of an element word for word, or in words that mean the same.

Every name, synonym and English name of the register is cut into words once; a header is cut likewise and compared by
the words both have, rare ones weighing more. Initials (`sfzh`) are looked up, also of words with the same meaning.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, product
from typing import Final

from yitong.data.standards.elements import Concept, Edition, Element
from yitong.data.standards.words import (
    HAN,
    HEADS,
    LIGHT,
    Lexicon,
    Word,
    initials,
    latin_words,
    pinyin,
    plain_header,
)
from yitong.kernel.errors import N_

# Points for each way in which a header can name an element.
NAME_POINTS: Final = 96
SYNONYM_POINTS: Final = 93
SHARED_POINTS: Final = 2
MEANT_POINTS: Final = 90
_LISTED: Final = {2: 72, 3: 84}  # by length; longer ones below
_LISTED_LONG: Final = 91
_PINYIN: Final = 88
_INITIALS: Final = {2: 50, 3: 66}
_INITIALS_LONG: Final = 80
_VARIANT_LESS: Final = 8
_VARIANTS: Final = 60
_LONGEST_INITIALS: Final = 14

_OTHER_HEAD: Final = 0.8  # 出生日期 and 出生地 differ in what stands below
_HEAD_MISSING: Final = 0.94
_UNSAID: Final = (
    0.6  # a word of the header that the element does not have weighs less than the reverse
)
_LIGHT_WEIGHT: Final = 0.12
_LIGHT_ALONE: Final = 0.5
_OTHERWISE: Final = (
    0.06  # the same meaning in another word: 编码 and 号码 may be two things after all
)
_LEAST: Final = 0.22
_GUESS: Final = 1
_RANKS: Final = {"head": 2, "tail": 3, "self": 4, "filler": 4}
_ENGLISH: Final = (
    "en "  # before the keys of English names: only English headers are held against them
)
_EXACTLY: Final = N_("列名“{header}”就是它的名称或同义词")
_IN_LATIN: Final = N_("列名“{header}”是它的拼音、英文或缩写")
_SAME: Final = N_("列名“{header}”和“{name}”是一个意思")
_NEAR: Final = N_("列名“{header}”里有“{shared}”，和“{name}”相近")
_INITIALLY: Final = N_("列名“{header}”里有“{part}”，是它的拼音首字母")
_AS_GOOD_AS_SAME: Final = 0.9
_PREFIX: Final = re.compile(r"^(?:t|f|c|tbl|col|fld|xx)_+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeaderHit:
    """How strongly a header names an element (0-100), and a sentence why."""

    points: int
    sentence: str
    places: tuple[tuple[str, str], ...] = ()

    @property
    def reason(self) -> str:
        return self.sentence.format(**dict(self.places))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A name of an element, cut into words with their weights."""

    code: str
    text: str
    weights: tuple[float, ...]
    heads: frozenset[int]
    points: int

    @property
    def total(self) -> float:
        return sum(self.weights)


class Words:
    """Every word by which elements are named, made once for an edition."""

    def __init__(self, elements: Sequence[Element], concepts: Sequence[Concept] = ()) -> None:
        self.lexicon = Lexicon(concepts)
        self.exact: dict[str, dict[str, int]] = defaultdict(dict)
        self.initials: dict[str, dict[str, int]] = defaultdict(dict)
        self.light = self.lexicon.light_initials()
        self._cut: list[tuple[str, str, list[Word], bool]] = []
        for element in elements:
            self._add(element)
        frequency = Counter(key for *_, cut, _ in self._cut for word in cut for key in word.keys)
        self._rarest = math.log(1 + len(self._cut))
        self.weights = {
            key: math.log(1 + len(self._cut) / n) / self._rarest for key, n in frequency.items()
        }
        self.phrases: list[_Phrase] = []
        self.texts: list[tuple[str, ...]] = []
        self.bare: set[int] = set()  # names that are a head and nothing else: 原因, 状态
        self.found_by: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for code, text, cut, is_english in self._cut:
            self._index(code, text, cut, is_english=is_english)

    def weight(self, word: Word) -> float:
        """Rare words tell elements apart; of a word with several meanings the commonest counts."""
        if word.role in LIGHT:
            return _LIGHT_WEIGHT
        return min((self.weights[key] for key in word.keys if key in self.weights), default=0.8)

    def weights_of(self, cut: Sequence[Word]) -> list[float]:
        """The words' weights. 个人编号 is not any 编号: beside nothing but a head even a light word counts."""
        alone = all(word.role in LIGHT or word.role in HEADS for word in cut)
        headed = any(word.role == "head" for word in cut)
        return [self._weight_in(word, alone=alone, headed=headed) for word in cut]

    def _weight_in(self, word: Word, *, alone: bool, headed: bool) -> float:
        if alone and word.role == "self":
            return max(self.weight(word), _LIGHT_ALONE)
        if headed and word.role == "tail":
            return _LIGHT_WEIGHT
        return self.weight(word)

    def _add(self, element: Element) -> None:
        for word in (element.name, *element.synonyms):
            points = NAME_POINTS if word == element.name else SYNONYM_POINTS
            plain = plain_header(word)
            _keep(self.exact[plain], element.code, points)
            cut = self.lexicon.cut_chinese(plain)
            self._cut.append((element.code, word, cut, False))
            if HAN.search(plain):
                _keep(self.exact["".join(pinyin(plain))], element.code, _PINYIN)
                self._add_initials(element.code, plain, cut)
        for word in (element.english, *element.latin):
            parts = latin_words(word)
            joined = "".join(parts)
            _keep(self.exact[joined], element.code, _by_length(joined, _LISTED, _LISTED_LONG))
            self._cut.append((element.code, word, self.lexicon.english(parts), True))

    def _add_initials(self, code: str, plain: str, cut: Sequence[Word]) -> None:
        own = initials(plain)
        _keep(self.initials[own], code, _by_length(own, _INITIALS, _INITIALS_LONG))
        options = [self.lexicon.options(word) for word in cut]
        for variant in islice(product(*options), _VARIANTS):
            written = "".join(variant)
            points = _by_length(written, _INITIALS, _INITIALS_LONG) - _VARIANT_LESS
            if len(written) > 1:
                _keep(self.initials[written], code, points)

    def _index(self, code: str, text: str, cut: Sequence[Word], *, is_english: bool) -> None:
        points = MEANT_POINTS - 2 if is_english else MEANT_POINTS
        heads = frozenset(_heads(cut))
        weights = tuple(self.weights_of(cut))
        number = len(self.phrases)
        self.phrases.append(_Phrase(code, text, weights, heads, points))
        self.texts.append(tuple(word.text for word in cut))
        if [word.role for word in cut if word.role not in LIGHT] in (["head"], ["tail"]):
            self.bare.add(number)
        for place, word in enumerate(cut):
            if word.role not in LIGHT or len(cut) == 1:
                for key in word.keys:
                    self.found_by[_ENGLISH + key if is_english else key].append((number, place))


def header_hits(header: str, words: Words) -> dict[str, HeaderHit]:
    """For every element that the header may name: points and reason."""
    hits: dict[str, HeaderHit] = {}
    plain = plain_header(header)
    if not plain:
        return hits
    if HAN.search(plain):
        _exact_hits(header, plain, words, hits)
        cut = [replace(w, keys=w.keys[:-1]) for w in words.lexicon.cut_chinese(plain)]
        _meant_hits(header, cut, words, hits, 1.0)
        return hits
    parts = latin_words(_PREFIX.sub("", header))
    joined = "".join(part for part in parts if not part.isdigit())
    _exact_hits(header, "".join(parts), words, hits)
    english = words.lexicon.english(parts)
    both = [replace(w, keys=(*w.keys, *(_ENGLISH + key for key in w.keys))) for w in english]
    _meant_hits(header, both, words, hits, 1.0)
    _meant_hits(header, words.lexicon.cut_pinyin(joined), words, hits, 0.97)
    _initial_hits(header, joined, words, hits)
    return hits


def personal_word(header: str, words: Words) -> str:
    """A word of the header that only speaks of people: 患者, 户籍, patient; empty where there is none."""
    plain = plain_header(header)
    if HAN.search(plain):
        cut = words.lexicon.cut_chinese(plain)
    else:
        parts = latin_words(header)
        cut = [*words.lexicon.english(parts), *words.lexicon.cut_pinyin("".join(parts))]
    return next((word.text for word in cut if word.is_personal), "")


def _exact_hits(header: str, plain: str, words: Words, hits: dict[str, HeaderHit]) -> None:
    owners = words.exact.get(plain, {})
    for code, points in owners.items():
        sentence = _EXACTLY if HAN.search(header) else _IN_LATIN
        _raise(hits, code, points - _shared(owners), sentence, header=header)


def _meant_hits(
    header: str, cut: Sequence[Word], words: Words, hits: dict[str, HeaderHit], trust: float
) -> None:
    """Elements whose names have the same words, or words of the same meaning."""
    if not cut:
        return
    matched = _matched(cut, words)
    weights = words.weights_of(cut)
    heads = _heads(cut)
    for number, places in matched.items():
        phrase = words.phrases[number]
        alike = _alike(phrase, places, weights, heads)
        own = words.texts[number]
        other = sum(cut[place].text != own[met] for place, met in places.items())
        alike *= 1 - _OTHERWISE * other / len(places)
        if alike < _LEAST:
            continue
        points = int(phrase.points * alike * trust)
        known = hits.get(phrase.code)
        if known is None or known.points < points:
            shared = "、".join(cut[place].text for place in sorted(places))
            _raise(
                hits,
                phrase.code,
                points,
                _SAME if alike > _AS_GOOD_AS_SAME else _NEAR,
                header=header,
                name=phrase.text,
                shared=shared,
            )


def _matched(cut: Sequence[Word], words: Words) -> dict[int, dict[int, int]]:
    """For every phrase: which word of the header meets which of its own.

    Things find phrases first; what only has the same head is found where no thing is known, a tail where nothing is.
    A name that is a bare head (原因) may stand for any of its kind.
    """
    matched: dict[int, dict[int, int]] = {}
    found = -1
    for place in sorted(range(len(cut)), key=lambda place: _rank(cut[place])):
        rank = _rank(cut[place])
        may_find = found < 0 or rank <= found
        for key in cut[place].keys:
            for number, own in words.found_by.get(key, ()):
                if not may_find and number not in matched and number not in words.bare:
                    continue
                pairs = matched.setdefault(number, {})
                if place not in pairs and own not in pairs.values():
                    pairs[place] = own
                    found = rank if found < 0 and rank != _GUESS else found
    return matched


def _rank(word: Word) -> int:
    """Known things, then characters that nobody knows, heads, tails, and words that say hardly anything."""
    if word.role == "thing":
        return _GUESS if len(word.text) == 1 else 0
    return _RANKS[word.role]


def _heads(cut: Sequence[Word]) -> set[int]:
    """Where the words stand that say what kind of value it is."""
    heads = {place for place, word in enumerate(cut) if word.role == "head"}
    return heads or {place for place, word in enumerate(cut) if word.role == "tail"}


def _alike(
    phrase: _Phrase, places: Mapping[int, int], weights: Sequence[float], heads: set[int]
) -> float:
    both = sum(weights[place] + phrase.weights[own] for place, own in places.items())
    said = sum(weight for place, weight in enumerate(weights) if place not in places)
    unmet = sum(weight for own, weight in enumerate(phrase.weights) if own not in places.values())
    alike = both / (both + said * _UNSAID + unmet)
    own_heads = phrase.heads
    if heads and own_heads:
        met = any(place in heads and own in own_heads for place, own in places.items())
        return alike if met else alike * _OTHER_HEAD
    return alike * _HEAD_MISSING if heads or own_heads else alike


def _initial_hits(header: str, joined: str, words: Words, hits: dict[str, HeaderHit]) -> None:
    """Initials of a name; also as part of something longer, or around a word that changes nothing."""
    if not 1 < len(joined) <= _LONGEST_INITIALS or not joined.isalpha():
        return
    found = {joined: 0, **_parts(joined), **_shortened(joined, words.light)}
    for part, less in found.items():
        owners = words.initials.get(part, {})
        for code, points in owners.items():
            gained = points - less - _shared(owners)
            _raise(hits, code, gained, _INITIALLY, header=header, part=part)


def _parts(joined: str) -> dict[str, int]:
    """Every part of three letters and more, with what it loses by what it leaves out."""
    return {
        joined[start:end]: 12 + 40 * (len(joined) - end + start) // len(joined)
        for start in range(len(joined))
        for end in range(start + 3, len(joined) + 1)
        if end - start < len(joined)
    }


def _shortened(joined: str, light: Collection[str]) -> dict[str, int]:
    """Without one to three letters: little is lost where a light word (本人, 所属, 的) is spelt by them."""
    found: dict[str, int] = {}
    for length in (3, 2, 1):
        for start in range(len(joined) - length + 1):
            rest = joined[:start] + joined[start + length :]
            is_light = joined[start : start + length] in light
            if len(rest) < (2 if is_light else 3):
                continue
            less = 5 if is_light else 10 + 60 * length // len(joined)
            found[rest] = min(less, found.get(rest, less))
    return found


def _shared(owners: Mapping[str, int]) -> int:
    """What is lost because other elements have the same word."""
    return min(16, SHARED_POINTS * (len(owners) - 1))


def _raise(
    hits: dict[str, HeaderHit], code: str, points: int, sentence: str, **places: str
) -> None:
    if code not in hits or hits[code].points < points:
        hits[code] = HeaderHit(points, sentence, tuple(places.items()))


def _keep(owners: dict[str, int], code: str, points: int) -> None:
    owners[code] = max(points, owners.get(code, 0))


def _by_length(word: str, points: Mapping[int, int], longer: int) -> int:
    return points.get(len(word), longer if len(word) > 3 else 0)


@lru_cache(maxsize=4)
def words_of(edition: Edition) -> Words:
    return Words(edition.elements, edition.concepts)

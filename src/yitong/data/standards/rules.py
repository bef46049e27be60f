"""Which data element a column holds: what its header says, judged by what its values are.

Pure. Values with check digits decide against any header: a 备注 full of valid person numbers is person numbers,
and a 身份证 full of running numbers is not. A missed piece of personal information does more harm than one too
many, so whatever carries people's numbers is personal, whichever element it is matched to.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from yitong.data.standards.elements import Edition, Element
from yitong.data.standards.evidence import (
    DATE_KINDS,
    FEW,
    KIND_NAMES,
    MANY,
    NEARLY_ALL,
    NUMBER_KINDS,
    Column,
    Seen,
    Support,
)
from yitong.data.standards.headers import (
    HeaderHit,
    Words,
    header_hits,
    personal_word,
    words_of,
)
from yitong.kernel.errors import N_

_BASE: Final = {"name": 70, "address": 66}
_BASE_STRICT: Final = 82
_BASE_SET: Final = 74
_BASE_FORM: Final = 62

_NEXT_TO_NONE: Final = 5
# By how much of what the header left open values make it surer: many elements are dates, few are of one code set.
_SURELY: Final = 45
_CLEARLY: Final = 50
_TYPICALLY: Final = 20
_COMMON: Final = frozenset({"dates", "number", "name", "address", "bool", "serial", "party"})

LEAST_VALUES: Final = 3
LOW: Final = 30
LEAST_POINTS: Final = 20
MOST_MATCHES: Final = 5
# Another reading that is nearly as likely: what it says of people counts too.
NEAR: Final = 15
SURE: Final = 60
# From how many points on a header names an element, and how far others of the same values then stand behind it.
NAMED: Final = 50
BEHIND: Final = 4


@dataclass(frozen=True, slots=True)
class Match:
    """One proposal. `personal` is the element's kind of personal information, or what values and header show."""

    code: str
    score: int
    reasons: tuple[str, ...]
    personal: str = ""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What looks like personal information, of which kind and why; no kind where nothing does."""

    personal: str = ""
    reason: str = ""


NOTHING_SUSPECT: Final = Suspicion()


@dataclass(frozen=True, slots=True)
class Judged:
    """A header's points after the values have spoken, and what they said."""

    score: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One element that a column may hold, with its score so far and what the values said."""

    element: Element
    score: int
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A column as far as it can be read by itself: every candidate, best first."""

    column: Column
    seen: Seen
    hits: Mapping[str, HeaderHit]
    found: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        return self.found[0] if self.found else None


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """What is proposed for a column: elements, best first, and what looks personal even where there is none."""

    matches: tuple[Match, ...]
    suspicion: Suspicion

    @property
    def personal(self) -> str:
        return self.matches[0].personal if self.matches else self.suspicion.personal


def matches(column: Column, edition: Edition) -> list[Match]:
    """The best elements for a column, best first; empty where nothing fits."""
    return list(proposed(read(column, edition), words_of(edition)).matches)


def read(column: Column, edition: Edition) -> Reading:
    """Every element that header or values speak for."""
    hits = _hits(column, words_of(edition))
    seen = Seen(column)
    ruler = seen.ruling_kind() if seen.known >= LEAST_VALUES else ""
    candidates = _candidates(edition, hits, seen)
    found = [
        Candidate(element, judged.score, judged.reasons)
        for element in candidates
        if (judged := _judged(element, _points(hits, element), seen, edition, ruler)).score
        >= LEAST_POINTS
    ]
    return Reading(column, seen, hits, ranked(_behind_the_named(found, hits)))


def _behind_the_named(
    found: Sequence[Candidate], hits: Mapping[str, HeaderHit]
) -> Iterable[Candidate]:
    """What values alone suggest stands behind what a header names and the same values confirm.

    父亲证件号 is not one's own number, though both are valid person numbers.
    """
    named: dict[str, int] = {}
    for each in found:
        test = each.element.evidence.strip("!")
        if test and _points(hits, each.element) >= NAMED:
            named[test] = max(each.score, named.get(test, 0))
    for each in found:
        best = named.get(each.element.evidence.strip("!"))
        behind = best is not None and _points(hits, each.element) < NAMED
        yield replace(each, score=min(each.score, best - BEHIND)) if behind and best else each


def ranked(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(found, key=lambda each: (-each.score, each.element.code)))


def proposed(
    reading: Reading, words: Words, *, beside: Suspicion = NOTHING_SUSPECT
) -> ColumnProposal:
    """The first few, each with its reasons; `beside` is what the other columns of the table make of an unsure one."""
    suspicion = _suspicion(reading.column, reading.seen, words, _near(reading.found))
    if not suspicion.personal and (reading.best is None or reading.best.score < SURE):
        suspicion = beside
    found = tuple(
        _tagged(each, _reasons(reading.hits, each), reading.seen, suspicion)
        for each in reading.found[:MOST_MATCHES]
    )
    return ColumnProposal(found, suspicion)


def _points(hits: Mapping[str, HeaderHit], element: Element) -> int:
    hit = hits.get(element.code)
    return hit.points if hit else 0


def _reasons(hits: Mapping[str, HeaderHit], candidate: Candidate) -> tuple[str, ...]:
    hit = hits.get(candidate.element.code)
    return (hit.reason, *candidate.said) if hit else candidate.said


def _near(found: Sequence[Candidate]) -> list[Element]:
    """Readings that are nearly as likely as the first; where the first is unsure, all that are half as likely."""
    if not found:
        return []
    best = found[0].score
    least = best - NEAR if best >= SURE else best // 2
    return [each.element for each in found if each.score >= least]


def personal_by_values(seen: Seen) -> str:
    """The kind of personal information that the values show, whatever the column is called."""
    if seen.count("person", "person_15", "person_inside"):
        return "identity"
    if seen.share("bank_card") >= MANY:
        return "finance"
    if seen.share("phone", "phone_inside", "email") >= 1:
        return "contact"
    if seen.share("name") >= NEARLY_ALL:
        return "basic"
    return "property" if seen.share("plate") >= MANY else ""


def _hits(column: Column, words: Words) -> dict[str, HeaderHit]:
    """By the header, or by a database's comment where that says it better."""
    hits = header_hits(column.header, words)
    if column.comment:
        for code, hit in header_hits(column.comment, words).items():
            if code not in hits or hits[code].points < hit.points:
                hits[code] = hit
    return hits


def _candidates(edition: Edition, hits: Collection[str], seen: Seen) -> list[Element]:
    """What the header may mean, and what values alone can show; numbers and dates show no name of a code set."""
    by_code, alone = _by_code(edition)
    plain = seen.share(*NUMBER_KINDS, *DATE_KINDS) >= NEARLY_ALL
    shown = () if plain else (each for each in alone if each.code not in hits)
    return [*(by_code[code] for code in hits), *shown]


@lru_cache(maxsize=4)
def _by_code(edition: Edition) -> tuple[dict[str, Element], tuple[Element, ...]]:
    alone = tuple(each for each in edition.elements if each.evidence.startswith("!"))
    return {each.code: each for each in edition.elements}, alone


def _tagged(
    candidate: Candidate, reasons: tuple[str, ...], seen: Seen, suspicion: Suspicion
) -> Match:
    code, score, personal = candidate.element.code, candidate.score, candidate.element.personal
    if personal:
        return Match(code, score, reasons, personal)
    if home := _home(candidate.element, seen):
        suspicion = Suspicion(home, _CARRIED)
    if suspicion.personal:
        return Match(code, score, (*reasons, suspicion.reason), suspicion.personal)
    return Match(code, score, reasons)


_CARRIED: Final = N_("值里有个人的号码、电话、姓名或地址，按个人信息对待")


def _suspicion(column: Column, seen: Seen, words: Words, near: Sequence[Element]) -> Suspicion:
    if by_values := personal_by_values(seen):
        # A telephone is an organisation's own where nothing else in its name speaks of a person.
        return Suspicion(by_values, _CARRIED)
    if other := next((each for each in near if each.personal), None):
        reason = N_("也可能是“{name}”，先按个人信息对待").format(name=other.name)
        return Suspicion(other.personal, reason)
    for text in (column.header, column.comment):
        if text and (word := personal_word(text, words)):
            reason = N_("列名里的“{word}”说的是个人，先按个人信息对待").format(word=word)
            return Suspicion("basic", reason)
    return Suspicion()


def _home(element: Element, seen: Seen) -> str:
    """Addresses where none is expected: somebody's, as long as nothing says whose."""
    expected = element.about_organisation or "address" in element.evidence
    return "basic" if not expected and seen.share("address") >= NEARLY_ALL else ""


def _judged(element: Element, points: int, seen: Seen, edition: Edition, ruler: str) -> Judged:
    if seen.known < LEAST_VALUES:
        return Judged(max(0, points - 5), (N_("没有足够的值可以核对"),))
    if ruler and ruler not in element.evidence:
        reason = N_("多数值是{kind}，与这个含义不符").format(kind=KIND_NAMES[ruler])
        return Judged(min(points, LOW), (reason,) if points else ())
    return _weighed(element, points, seen, seen.support(element, edition))


def _weighed(element: Element, points: int, seen: Seen, support: Support) -> Judged:
    if support.share is None:
        return _untested(element, points, seen)
    if support.share >= (MANY if support.strict else NEARLY_ALL):
        return _supported(element, points, support, seen)
    return _contradicted(points, support)


def _contradicted(points: int, support: Support) -> Judged:
    """Fewer values than one would expect speak for it."""
    share = support.share or 0
    if support.mild:
        return Judged(points * 85 // 100)
    if share >= FEW or not points:
        return Judged(points if share >= MANY else points * 9 // 10)
    reason = N_("只有{share}%的值是{sought}，与列名不符").format(share=share, sought=support.sought)
    left = 45 if share < _NEXT_TO_NONE else 60
    return Judged(min(points, LOW) if support.strict else points * left // 100, (reason,))


def _untested(element: Element, points: int, seen: Seen) -> Judged:
    """No test of its own: the values can only disagree by their type or length."""
    if odd := seen.misfit(element):
        return Judged(points * 6 // 10, (N_("值是{odd}，与这个含义不符").format(odd=odd),))
    if points and seen.overlong(element):
        return Judged(points * 8 // 10, (N_("值比它的格式长得多"),))
    if points and seen.share("name") >= NEARLY_ALL and element.mask != "name":
        return Judged(points * 8 // 10, (N_("值多是人名，与这个含义不大相符"),))
    return Judged(points)


def _supported(element: Element, points: int, support: Support, seen: Seen) -> Judged:
    alone = element.evidence.startswith("!")
    if not points and not alone:
        return Judged(0)
    reason = N_("{share}%的值是{sought}").format(share=support.share, sought=support.sought)
    if support.strict:
        base = _BASE_STRICT + (support.share or 0) // 20 if alone else 0
        return Judged(min(100, max(base, _raised(points, _SURELY))), (reason,))
    test = element.evidence.strip("!")
    base = _BASE.get(test, _BASE_FORM if test.startswith("form:") else _BASE_SET) if alone else 0
    if points and seen.misfit(element):
        return Judged(min(99, max(base, points * 6 // 10)), (reason,))
    rise = _TYPICALLY if test in _COMMON else _CLEARLY
    return Judged(min(99, max(base, _raised(points, rise))), (reason,))


def _raised(points: int, rise: int) -> int:
    """What values confirm is as much surer as the header left open."""
    return points + max(6, (100 - points) * rise // 100) if points else 0

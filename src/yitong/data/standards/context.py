"""What the columns of one table say of each other.

A table is about something: beside 车牌号 and 发动机号, `ys` is rather 车身颜色 than 药商. It has an item once: where one column
surely is 姓名, another that only may be is rather something else. And what stands in one row with somebody's number is
that person's information (个人信息保护法 4), so what nobody can read there is taken for personal. Pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from yitong.data.standards.elements import Edition
from yitong.data.standards.evidence import Column
from yitong.data.standards.headers import words_of
from yitong.data.standards.rules import (
    Candidate,
    ColumnProposal,
    Reading,
    Suspicion,
    proposed,
    ranked,
    read,
)
from yitong.kernel.errors import N_

# A column this sure speaks for its group and holds its element; one less sure can be moved by the others.
SAYS: Final = 75
MOVABLE: Final = 88
GROUP_POINTS: Final = 16
TAKEN_POINTS: Final = 18
_GENERAL: Final = frozenset({"业务", "时间", "地址"})
_BESIDE: Final = Suspicion("basic", N_("同一行里有个人的身份号码，看不准的列先按个人信息对待"))
_ALONE: Final = Suspicion()


def proposed_together(columns: Sequence[Column], edition: Edition) -> list[ColumnProposal]:
    """What is proposed for every column of a table, each in the light of the others."""
    words = words_of(edition)
    readings = [read(column, edition) for column in columns]
    groups, taken = _groups(readings), _taken(readings)
    beside = _BESIDE if any(map(_names_a_person, readings)) else _ALONE
    return [proposed(_moved(each, groups, taken), words, beside=beside) for each in readings]


def _names_a_person(reading: Reading) -> bool:
    return reading.seen.share("person", "person_15") >= SAYS


def _groups(readings: Sequence[Reading]) -> Counter[str]:
    """How many sure columns are of each group; 业务, 时间 and 地址 stand in every table."""
    return Counter(
        reading.best.element.group
        for reading in readings
        if reading.best
        and reading.best.score >= SAYS
        and reading.best.element.group not in _GENERAL
    )


def _taken(readings: Sequence[Reading]) -> Mapping[str, int]:
    taken: dict[str, int] = {}
    for reading in readings:
        if reading.best and reading.best.score >= SAYS:
            code = reading.best.element.code
            taken[code] = max(reading.best.score, taken.get(code, 0))
    return taken


def _moved(reading: Reading, groups: Counter[str], taken: Mapping[str, int]) -> Reading:
    if reading.best is None or reading.best.score >= MOVABLE:
        return reading
    total = groups.total()
    return replace(
        reading, found=ranked(_weighed(each, groups, total, taken) for each in reading.found)
    )


def _weighed(
    candidate: Candidate, groups: Counter[str], total: int, taken: Mapping[str, int]
) -> Candidate:
    element, score = candidate.element, candidate.score
    if score >= MOVABLE:
        return candidate
    gained = GROUP_POINTS * groups[element.group] // total if total else 0
    lost = TAKEN_POINTS if taken.get(element.code, 0) > score else 0
    if not gained and not lost:
        return candidate
    said = candidate.said
    if lost:
        said = (*said, N_("另有一列更像它"))
    elif gained * 4 >= GROUP_POINTS:
        said = (*said, N_("同一张表里多是“{group}”一类").format(group=element.group))
    return replace(candidate, score=max(0, min(MOVABLE, score + gained) - lost), said=said)

"""Where a question about a limit is asked from, on a day: written rules for divisions that are no more.

A division in force on the day stands for itself. One that was merged before it is asked as its successor, so its own
local limits have lapsed. Where no successor is known, the nearest division above that is in force answers.
"""

import datetime as dt
from dataclasses import dataclass

from yitong.base.regions import api as regions
from yitong.base.statutes.errors import RegionWithoutSuccessor
from yitong.kernel.codes import parse_region_code


@dataclass(frozen=True, slots=True)
class Place:
    """The division that answers, and its codes from the province down; `asked` is what was named."""

    asked: str
    code: str
    lineage: tuple[str, ...]

    @property
    def is_moved(self) -> bool:
        return self.asked != self.code


NATION = Place("", "", ())


def place_of(code: str, on: dt.date) -> Place:
    """The division that answers for a code on a day."""
    if not code:
        return NATION
    asked = parse_region_code(code).prefix
    if not regions.loaded_editions():
        return Place(asked, asked, _lineage(asked))
    answering = _answering(code, on)
    return Place(regions.region(code, on=on).code, answering, _lineage(answering))


def _answering(code: str, on: dt.date) -> str:
    seen: set[str] = set()
    while True:
        here = regions.region(code, on=on)
        if here.valid_to is None or here.valid_to > on:
            return here.code
        if here.code in seen:
            raise RegionWithoutSuccessor(code=here.code)
        seen.add(here.code)
        if not here.replaced_by:
            return _nearest_above(here.code, on)
        code = here.replaced_by


def _nearest_above(code: str, on: dt.date) -> str:
    for above in reversed(_lineage(code)[:-1]):
        try:
            found = regions.region(above, on=on)
        except regions.UnknownRegion:
            continue
        if found.valid_to is None or found.valid_to > on:
            return found.code
    return ""


def _lineage(code: str) -> tuple[str, ...]:
    return tuple(code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code))

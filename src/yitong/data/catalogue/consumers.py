"""Who is given an entry's items now. Grants stand above the catalogue, so whoever keeps them declares how to ask.

An app declares `CONSUMERS = (ConsumerList(…),)` in its `consumers.py`; `config` hands the lists over.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consumer:
    """An agency that is given these items under a grant that stands, by its number."""

    grant: int
    agency: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class ConsumerList:
    """How the consumers of an entry, by its code, are asked for."""

    name: str
    of: Callable[[str], Sequence[Consumer]]


_lists: dict[str, ConsumerList] = {}


def install(lists: Iterable[ConsumerList]) -> None:
    """Take the lists; a name given twice stops the start."""
    _lists.clear()
    for each in lists:
        if each.name in _lists:
            raise ValueError(f"consumers {each.name} are declared twice")
        _lists[each.name] = each


def standing(code: str) -> list[Consumer]:
    """Everyone who is given something of this entry."""
    return [found for each in _lists.values() for found in each.of(code)]

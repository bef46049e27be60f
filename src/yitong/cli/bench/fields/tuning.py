"""The set on which the matcher may be tuned: words of the register, asked for while they are out of it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from yitong.cli.bench.fields import Planted, Vocabulary, planted

if TYPE_CHECKING:
    from yitong.data.standards.elements import Edition, Element

FOLDS: Final = 5
TUNING_SEED: Final = 7


def tuning_folds(
    edition: "Edition", *, count: int, seed: int = TUNING_SEED
) -> Iterator[tuple["Edition", list[Planted]]]:
    """For each fold: the register without a fifth of its synonyms, and fields that are headed by these."""
    dice = random.Random(seed)  # noqa: S311 - made to be the same every time
    place = {element.code: dice.sample(range(FOLDS), FOLDS) for element in edition.elements}
    for fold in range(FOLDS):
        elements, words = [], {}
        for element in edition.elements:
            less, asked = _without(element, place[element.code][fold])
            elements.append(less)
            if asked.chinese:
                words[element.code] = asked
        yield (
            replace(edition, elements=tuple(elements)),
            list(planted(words, count=count // FOLDS, seed=seed + fold)),
        )


def _without(element: "Element", part: int) -> tuple["Element", Vocabulary]:
    chinese = _part(element.synonyms, part)
    latin = _part(tuple(word for word in element.latin if "_" in word), part)
    less = replace(
        element,
        synonyms=tuple(word for word in element.synonyms if word not in chinese),
        latin=tuple(word for word in element.latin if word not in latin),
    )
    spoken = tuple(word for word in chinese if not word.isascii())
    return less, Vocabulary(spoken, latin)


def _part(words: tuple[str, ...], part: int) -> tuple[str, ...]:
    return words[part::FOLDS]

"""Made-up tables with planted truth, on which the matching of columns to data elements is judged.

Two sets. `tuning` asks for words that the register itself has, each taken out of it while it is asked for (five folds).
`test` has its own words (`headers_test.csv`), none of which is a word of the register, and another seed. What they do not
differ in: the makers of values (`values.csv`), the ways in which headers are written, and who thought of the words. How the
test's words came about, and what was measured on them when, is told in docs/decisions/0023.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from yitong.cli.bench.fields.headers import Style, dressed
from yitong.cli.bench.fields.values import column_values

FIELDS: Final = 2_000
ROWS: Final = 150
TEST_SEED: Final = 20261122
STYLES: Final[Mapping[Style, int]] = {
    "chinese": 44, "english": 18, "pinyin": 12, "initials": 12, "misleading": 14,
}  # fmt: skip
# What the values of these decide by themselves; a misleading header stands above them.
DECIDED: Final = {
    "person": "DE01001", "phone": "DE01026", "email": "DE01028", "credit": "DE02001", "card": "DE01058",
    "plate": "DE01061", "landline": "DE01027",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """One field: its header, how that was written, its values, and the element it truly is."""

    header: str
    style: Style
    values: tuple[str, ...]
    element: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Headers of an element in Chinese and English."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]


@cache
def makers() -> dict[str, str]:
    return {row["element"]: row["maker"] for row in _rows("values.csv")}


@cache
def held_out_words() -> dict[str, Vocabulary]:
    """The words of the test: written after the tuning, measured on once; none of them is in the register."""
    return {
        row["element"]: Vocabulary(_list(row["chinese"]), _list(row["english"]))
        for row in _rows("headers_test.csv")
        if row["chinese"]
    }


def planted(
    words: Mapping[str, Vocabulary], *, count: int = FIELDS, seed: int = TEST_SEED
) -> Iterator[Planted]:
    """Fields of every element in turn, in the styles' shares."""
    dice = random.Random(seed)  # noqa: S311 - made to be the same every time
    elements = sorted(words)
    styles = list(STYLES)
    for number in range(count):
        element = elements[number % len(elements)]
        style = dice.choices(styles, weights=[STYLES[each] for each in styles])[0]
        if style == "misleading":
            yield _misleading(dice, words)
            continue
        if style == "english" and not words[element].english:
            style = "chinese"
        vocabulary = words[element]
        source = vocabulary.english if style == "english" else vocabulary.chinese
        header = dressed(dice.choice(source), style, dice)
        yield Planted(header, style, column_values(makers()[element], ROWS, dice), element)


def _misleading(dice: random.Random, words: Mapping[str, Vocabulary]) -> Planted:
    """A header of one element above values that are surely of another."""
    maker = dice.choice(sorted(DECIDED))
    strangers = sorted(set(words) - {code for code, m in makers().items() if m == maker})
    element = dice.choice(strangers)
    header = dressed(dice.choice(words[element].chinese), "chinese", dice)
    return Planted(header, "misleading", column_values(maker, ROWS, dice), DECIDED[maker])


def _list(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def _rows(name: str) -> Sequence[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))

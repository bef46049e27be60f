"""Columns as profiling describes them, made from their values. All people are made up."""

from collections import Counter
from dataclasses import dataclass, field

from yitong.data.sources.shapes import classify


@dataclass
class Column:
    """A column as profiling describes it, made from its values."""

    header: str
    given: list[str]
    comment: str = ""
    unique: str = "no"
    name: str = ""
    kinds: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = Counter(classify(value) for value in self.given)

    @property
    def rows(self) -> int:
        return len(self.given)

    @property
    def max_length(self) -> int:
        return max(map(len, self.given), default=0)

    @property
    def values(self) -> set[str]:
        found = {value for value in self.given if value}
        return found if len(found) <= 100 else set()

    @property
    def samples(self) -> list[str]:
        return self.given[:50]


def person_numbers() -> list[str]:
    from datetime import date

    from yitong.kernel.codes import person_number

    return [person_number("890102", date(1960 + n, 3, 15), n) for n in range(30)]


PERSONS = person_numbers()

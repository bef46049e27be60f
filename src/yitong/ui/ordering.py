"""In which order a table stands: asked for in the address, named in words, and kept by what narrows and pages it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.utils.translation import gettext

from yitong.kernel.errors import N_

NAME: Final = "sort"  # the address has `sort=amount`, or `sort=-amount` for the other way
UPWARDS: Final = (N_("从前到后"), N_("从后到前"))

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head. With a `name` the table can be ordered by it; `ways` say how, both ways.

    `by` is what the table is then ordered by, where that is not what the head says.
    """

    words: str
    name: str = ""
    ways: tuple[str, str] = UPWARDS
    by: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """The heads of a table, and by which of them it stands. The first that can be ordered by is the usual order."""

    headings: tuple[Heading, ...]
    name: str
    is_down: bool = False

    @property
    def usual(self) -> str:
        return next(head.name for head in self.headings if head.name)

    @property
    def value(self) -> str:
        """As the address says it; nothing for the usual order."""
        if self.name == self.usual and not self.is_down:
            return ""
        return f"-{self.name}" if self.is_down else self.name

    @property
    def words(self) -> str:
        """按期限，从短到长: beside the title of the table."""
        head = next(head for head in self.headings if head.name == self.name)
        return said(head, is_down=self.is_down)

    def arranged(
        self, items: Iterable[Item], keys: Mapping[str, Callable[[Item], Any]]
    ) -> list[Item]:
        """Ordered by the key of this name; what is equal stays as it came, either way."""
        return sorted(items, key=keys[self.name], reverse=self.is_down)


def said(head: Heading, *, is_down: bool) -> str:
    places = {"column": head.by or head.words, "way": gettext(head.ways[is_down])}
    return gettext("按{column}，{way}").format(**places)


def order_of(query: Mapping[str, str], headings: Sequence[Heading]) -> Order:
    """What the address asks for; an unknown order is the usual one."""
    asked = query.get(NAME, "")
    usual = Order(tuple(headings), "")
    names = {head.name for head in headings if head.name}
    name = asked.removeprefix("-")
    if name not in names:
        return Order(usual.headings, usual.usual)
    return Order(usual.headings, name, is_down=asked.startswith("-"))

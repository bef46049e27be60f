"""What a rule about an entry's rows may speak of: its items as typed fields, sealed or in clear."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Protocol

from yitong.kernel.predicates import Field, Kind, Schema

REGION_ELEMENT: Final = "DE03005"  # 行政区划代码
# Stored numbers have no declared bounds; these leave room for products of two of them.
DIGITS, SCALE = 19, 6
# An instant has no day without a zone, and a file or picture nothing to compare: no rule speaks of them.
_KINDS: Final[Mapping[str, Kind]] = {
    "C": Kind.TEXT,
    "M": Kind.TEXT,
    "N": Kind.DECIMAL,
    "Y": Kind.DECIMAL,
    "I": Kind.DECIMAL,
    "D": Kind.DATE,
    "L": Kind.BOOLEAN,
}


class Item(Protocol):
    """An item as the catalogue keeps it."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> str: ...
    @property
    def type_letter(self) -> str: ...
    @property
    def element(self) -> str: ...


def schema_of(items: Iterable[Item], clear: Collection[str]) -> Schema:
    """The fields of a rule; whatever does not stand in clear is judged after opening only."""
    return Schema(
        Field(
            item.name,
            kind,
            label=item.header,
            sealed=item.name not in clear,
            digits=DIGITS,
            scale=SCALE,
        )
        for item in items
        if (kind := _kind(item)) is not None
    )


def _kind(item: Item) -> Kind | None:
    return Kind.REGION if item.element == REGION_ELEMENT else _KINDS.get(item.type_letter)

"""What leaves and what is written down: masks, digests, and whom a row is about. Pure."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from yitong.data.exchange.errors import CallMalformed
from yitong.kernel.declare import About
from yitong.kernel.errors import N_
from yitong.kernel.hashing import canonical, sha256
from yitong.kernel.predicates import Field, Predicate, evaluate, read_row
from yitong.kernel.predicates.schema import RowValue

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class ReadCall:
    """What a caller asks: the row of one key, for one purpose; no fields means all that are granted."""

    LONGEST_KEY: ClassVar = 128
    MOST_FIELDS: ClassVar = 200
    PURPOSE: ClassVar = re.compile(r"[a-z][a-z0-9-]{0,39}")
    RESOURCE: ClassVar = re.compile(r"[0-9]{6,30}/[0-9]{1,9}")  # 发改高技〔2017〕1272号

    resource: str
    key: str = field(repr=False)
    purpose: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRule:
    """The rule of a grant, ready to be asked of opened rows.

    `division` is the item whose value is the division that was read when the row was stored, "" where it is an item
    like any other.
    """

    predicate: Predicate
    digest: str
    division: str = ""
    fields: tuple[Field, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Once: to walk the rule's tree for each row would cost as much as to judge it.
        object.__setattr__(self, "fields", self.predicate.fields)

    @property
    def items(self) -> tuple[str, ...]:
        """What is read of a row for the rule alone; it does not leave."""
        return tuple(f.name for f in self.fields if f.name != self.division)

    def row(self, region: str, row: Row) -> Mapping[str, RowValue]:
        """The row as the rule reads it. What cannot be read is not known."""
        texts = {**row, self.division: region or None} if self.division else row
        return read_row(self.fields, texts)[0]

    def lets_through(self, region: str, row: Row, *, on: dt.date) -> bool:
        """Only what is known to meet it: not known is not given."""
        return evaluate(self.predicate, self.row(region, row), on=on) is True


def about_uses(resource: str) -> About:
    """Uses of a resource have a life of their own: a million of them must not hide the few steps of its entry."""
    return About("resource_use", resource)


def check_call(call: ReadCall) -> None:
    if not call.key or len(call.key) > call.LONGEST_KEY:
        raise CallMalformed(detail=N_("key 要写明查谁或者查哪一个，不超过128个字符"))
    # The record repeats both for ever: what is no code could be anything, a person's number in the wrong place too.
    if not call.PURPOSE.fullmatch(call.purpose):
        raise CallMalformed(detail=N_("purpose 要写明目的代码"))
    if not call.RESOURCE.fullmatch(call.resource):
        raise CallMalformed(detail=N_("地址里要写资源代码"))
    if len(call.fields) > call.MOST_FIELDS:
        raise CallMalformed(detail=N_("fields 太多"))


class Named(Protocol):
    """An item of a grant."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> str: ...


def items_said(items: Iterable[Named]) -> str:
    """`sfzh（身份证号）、zt`: what a call may ask for, by name, with the header where it says more."""
    return "、".join(
        item.name if item.header == item.name else f"{item.name}（{item.header}）" for item in items
    )


def masked(
    rows: Iterable[Row], masks: Mapping[str, Callable[[str | None], str | None]]
) -> list[dict[str, str | None]]:
    """Only the asked fields, each under its mask, in the order of `masks`."""
    return [{name: cover(row.get(name)) for name, cover in masks.items()} for row in rows]


def digest(rows: Sequence[Row]) -> str:
    """What the record says of the answer: it can be compared, and says nothing by itself."""
    return sha256(canonical([list(row.values()) for row in rows])).hex()


def people_of(
    rows: Iterable[Row], subjects: Mapping[str, str], pseudonym: Callable[[str, str], bytes | None]
) -> frozenset[bytes]:
    """Everyone whom the rows are about, by the items that hold persons' or organisations' numbers."""
    found = (
        pseudonym(kind, number)
        for row in rows
        for name, kind in subjects.items()
        if (number := row.get(name))
    )
    return frozenset(subject for subject in found if subject is not None)

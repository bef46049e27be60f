"""What apps declare as plain lists and `config` hands to the runner: events, schedules, reactions, measures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

# What a ledger entry may carry: no float, so that its canonical form is one and the same everywhere.
Value = str | int | bool | None | list["Value"] | dict[str, "Value"]
Facts = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of ledger entry: dotted name, one Chinese sentence with places, and its fields."""

    name: str
    sentence: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What an entry is about: a type and a key, as text, so that nothing points up the ladder."""

    type: str
    key: str


class RecordedEntry(Protocol):
    """A sequenced ledger entry as a reaction sees it."""

    @property
    def index(self) -> int: ...
    @property
    def entry_id(self) -> int: ...
    @property
    def event(self) -> str: ...
    @property
    def about(self) -> About: ...
    @property
    def facts(self) -> Facts: ...


@dataclass(frozen=True, slots=True)
class Reaction:
    """What an app does when others' events happen; effects are unique per (name, index)."""

    name: str
    events: tuple[str, ...]
    run: Callable[[RecordedEntry], None]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that recurs: a cron line in the node's zone and an action without arguments."""

    name: str
    cron: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something an app offers to be counted, derived from ledger entries."""

    name: str
    title: str
    events: tuple[str, ...]
    unit: str = "件"
    labels: Mapping[str, str] = field(default_factory=dict)

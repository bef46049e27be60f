"""What apps declare as plain lists and `config` hands to the runner: events, schedules, reactions, measures."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from yitong.kernel.actor import Actor

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


@dataclass(frozen=True, slots=True)
class MatterPage:
    """Where a kind of matter (the type of an `About`) is looked at; a portal declares it, each kind has at most one.

    `addresses` gives the path on this node for each of these keys that the viewer may open, and for no other.
    """

    type: str
    addresses: Callable[[Actor, Collection[str]], Mapping[str, str]]


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
    """Work that recurs: a cron line in the node's zone and an action without arguments.

    One that answers True has done a part in its transaction and is run again at once in another.
    """

    name: str
    cron: str
    run: Callable[[], bool | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something an app offers to be counted, derived from ledger entries."""

    name: str
    title: str
    events: tuple[str, ...]
    unit: str = "件"
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DutyKind:
    """A kind of duty: what is owed, by which limit, whom its law tells when it is late, and what ends it.

    `title` and `group` are marked Chinese sentences; `limits` are keys of the deadline register, the first of which
    holds unless the opening names another; `family` is the law's (DSR, PER, GID, PET, 12345); `done_when` says in words
    what meets it and `outcomes` how it may be met; `act` is the verb of its link, in whose address `{key}` stands for
    the key of the matter. Warnings come when so many percent are used, and so many workdays before the last.
    """

    name: str
    title: str
    group: str
    limits: tuple[str, ...]
    family: str
    done_when: str
    outcomes: Mapping[str, str]
    act: str = ""
    link: str = ""
    warn_percents: tuple[int, int] = (50, 80)
    warn_workdays: int = 1

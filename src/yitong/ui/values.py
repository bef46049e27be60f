"""Values that pages hand to components: frozen, with plain text; what is text is escaped where it is drawn."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from yitong.ui.states import State


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; `is_here` marks the page one is on, `count` stands behind the words."""

    words: str
    href: str = ""
    is_here: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its words; a number that can be opened has the address of exactly its rows."""

    value: str | int
    words: str
    sub: str = ""
    href: str = ""
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A term with its value. `lines` stand below the value; `change` is the address of 修改."""

    term: str
    value: object
    lines: tuple[str, ...] = ()
    change: str = ""
    change_words: str = ""


SourceKind = Literal["obtained", "changed", "disputed", "missing"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from, in one or two lines, with what one may do about it."""

    kind: SourceKind
    lines: tuple[str, ...]
    action: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter menu."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A menu above a table: `name` is the query parameter, `chosen` its value, "" for all."""

    name: str
    words: str
    choices: tuple[Choice, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """Start, promise or end under a clock bar: a date with one word, for example 受理."""

    on: dt.date
    word: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One department's part of a bundle: few states, or why it cannot start yet."""

    words: str
    href: str = ""
    state: State | None = None
    state_words: str = ""
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message as a list shows it: what happened, who and why below, and since when it is read.

    `read_url` takes the mark by POST; `hidden` are the values that go with it. `href` leads to what it is about.
    """

    number: int
    at: dt.datetime
    title: str
    rows: tuple[Row, ...] = ()
    read_at: dt.datetime | None = None
    labels: tuple[str, ...] = ()
    href: str = ""
    read_url: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in, as the frame shows it: masked name, post and agency, unread messages, own pages.

    `acting` names for whom they act just now, in words; every page then says so, with the way back at `acting_href`.
    """

    name: str
    post: str = ""
    agency: str = ""
    unread: int = 0
    links: tuple[Link, ...] = ()
    acting: str = ""
    acting_href: str = ""

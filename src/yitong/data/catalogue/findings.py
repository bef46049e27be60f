"""What was found in each column, as it is kept beside a proposal: counts, line numbers and reasons, never a value. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol, Self, cast

from yitong.kernel.declare import Value

# How many line numbers of one kind of fault are shown beside its field; the download has all that are known.
LINES_SHOWN = 10


class Fault(Protocol):
    """What is wrong with one row."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def code(self) -> str: ...


class Column(Protocol):
    """What profiling says of a column, as far as it is kept."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> str: ...
    @property
    def type_letter(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def max_length(self) -> int: ...
    @property
    def null_count(self) -> int: ...
    @property
    def distinct(self) -> int: ...
    @property
    def distinct_exact(self) -> bool: ...
    @property
    def unique(self) -> str: ...
    @property
    def faults(self) -> Mapping[str, int]: ...
    @property
    def low(self) -> str | None: ...
    @property
    def high(self) -> str | None: ...


class Candidate(Protocol):
    """A 数据元 that the column may hold."""

    @property
    def code(self) -> str: ...
    @property
    def score(self) -> int: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...
    @property
    def personal(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """One 数据元 that the field may hold, with its score of 100 and why."""

    code: str
    score: int
    reasons: tuple[str, ...] = ()
    personal: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One kind of fault in a column: how many rows, and the lines of the first ones."""

    code: str
    count: int
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """What was found in one column. `low` and `high` only where the table is not about people."""

    name: str
    header: str
    type_letter: str
    rows: int = 0
    max_length: int = 0
    missing: int = 0
    distinct: int = 0
    distinct_exact: bool = True
    unique: str = "no"
    low: str = ""
    high: str = ""
    flaws: tuple[Flaw, ...] = ()
    meanings: tuple[Meaning, ...] = ()

    @property
    def repeated(self) -> int:
        """How many rows repeat a value of another row; only known where all values were counted."""
        return max(0, self.rows - self.missing - self.distinct) if self.distinct_exact else 0

    @property
    def missing_percent(self) -> int:
        return self.missing * 100 // self.rows if self.rows else 0

    def meaning(self, code: str) -> Meaning | None:
        return next((each for each in self.meanings if each.code == code), None)

    def as_facts(self) -> dict[str, Value]:
        return cast("dict[str, Value]", _plain(asdict(self)))

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """As kept; what a later release added takes its default."""
        known = _known(cls, facts)
        known["flaws"] = tuple(
            Flaw(each["code"], each["count"], tuple(each["lines"]))
            for each in facts.get("flaws", ())
        )
        known["meanings"] = tuple(
            Meaning(each["code"], each["score"], tuple(each["reasons"]), each["personal"])
            for each in facts.get("meanings", ())
        )
        return cls(**known)


def finding_of(
    column: Column, candidates: Iterable[Candidate], faults: Sequence[Fault]
) -> FieldFinding:
    """`faults` are those of this column that were kept, with their lines."""
    lines: dict[str, list[int]] = {}
    for fault in faults:
        lines.setdefault(fault.code, []).append(fault.line)
    flaws = (
        Flaw(code, count, tuple(sorted(lines.get(code, ()))[:LINES_SHOWN]))
        for code, count in column.faults.items()
        if count
    )
    meanings = (Meaning(c.code, c.score, tuple(c.reasons), c.personal) for c in candidates)
    return FieldFinding(
        name=column.name,
        header=column.header,
        type_letter=column.type_letter,
        rows=column.rows,
        max_length=column.max_length,
        missing=column.null_count,
        distinct=column.distinct,
        distinct_exact=column.distinct_exact,
        unique=column.unique,
        low=column.low or "",
        high=column.high or "",
        flaws=tuple(flaws),
        meanings=tuple(meanings),
    )


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _known(shape: type, facts: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(shape)}
    return {key: value for key, value in facts.items() if key in names}

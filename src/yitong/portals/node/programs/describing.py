"""What the OpenAPI document says of an operation beyond its types: examples, problems, who may."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
ANYONE, KNOWN = "anyone", "known"  # else the scope that a client needs


@dataclass(frozen=True, slots=True)
class Described:
    """An operation's example of an answer, what is asked, its body, and the problems it may answer.

    `who` is "anyone" (a token or a log-in may show more), "known", or a scope; `changes` says that it takes an
    Idempotency-Key. `said` words a problem for this operation: status → (code, detail).
    """

    answer: Mapping[str, Any]
    asked: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    problems: tuple[int, ...] = ()
    who: str = ANYONE
    status: int = 200
    changes: bool = False
    said: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def statuses(self) -> tuple[int, ...]:
        """The problems it names, and those that its guards have."""
        guards = (429,) if self.who == ANYONE else (401, 403, 429)
        repeats = (400, 409, 422) if self.changes else ()
        return tuple(sorted({*self.problems, *guards, *repeats}))

    @property
    def security(self) -> list[Json]:
        if self.who == ANYONE:
            return [{}, {"token": []}, {"session": []}]
        return [{"token": [] if self.who == KNOWN else [self.who]}, {"session": []}]

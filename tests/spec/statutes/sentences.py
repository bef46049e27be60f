"""A row of the register as a sentence with its citation and one worked example.

Numbers here are typed from the text of the law, not read from the data files: both have to agree. `make rulebook`
writes these sentences down.
"""

import datetime as dt
from dataclasses import dataclass

from yitong.base.statutes import rules, seed
from yitong.base.statutes.calendars import seeded_calendar
from yitong.kernel import clock
from yitong.kernel.law import LimitKind, TimeLimit
from yitong.kernel.workdays import reckon

_KINDS = {
    LimitKind.WITHIN: "",
    LimitKind.AT_LEAST: "at least ",
    LimitKind.BEFORE: "before ",
    LimitKind.KEEP: "keep ",
}


@dataclass(frozen=True)
class Sentence:
    """What an article says about time. In the example a clock that starts at `start` ends on `due_on`."""

    key: str
    citation: str
    period: str
    start: str
    due_on: str
    says: str
    extension: str = ""
    outcome: str = ""
    region: str = ""

    def __str__(self) -> str:
        return f"{self.key}-{self.start[:4]}"

    @property
    def began(self) -> dt.date | dt.datetime:
        if "T" in self.start:
            return dt.datetime.fromisoformat(self.start).replace(tzinfo=clock.ZONE)
        return dt.date.fromisoformat(self.start)

    @property
    def limit(self) -> TimeLimit:
        on = dt.date.fromisoformat(self.start[:10])
        lineage = (self.region[:2], self.region) if self.region else ()
        return rules.limit_in_force(seed.register(), self.key, lineage=lineage, on=on)


def check(sentence: Sentence) -> None:
    """The register has the row, with the article, the period, the extension and the effect that the law gives."""
    limit = sentence.limit
    assert f"{limit.basis.act} {limit.basis.article}".strip() == sentence.citation
    assert _period(limit) == sentence.period
    extension = f"{limit.extension.amount} {limit.extension.unit}" if limit.extension else ""
    assert extension == sentence.extension
    effect = f"{limit.outcome} from start" if limit.outcome_from_start else limit.outcome
    assert effect == sentence.outcome
    assert limit.title
    assert limit.source

    reckoned = reckon(limit, sentence.began, seeded_calendar())
    assert reckoned is not None
    assert reckoned.due_on.isoformat() == sentence.due_on


def _period(limit: TimeLimit) -> str:
    if limit.month_day:
        return "yearly {:02}-{:02}".format(*limit.month_day)
    promise = " 承诺" if _is_promise(limit) else ""
    return f"{_KINDS[limit.kind]}{limit.amount} {limit.unit}{promise}"


def _is_promise(limit: TimeLimit) -> bool:
    rows = seed.register().rows[limit.key]
    return next(row for row in rows if row.limit is limit).nature == rules.PROMISE

"""Why a rule lets one row through or not, clause by clause; what the row holds is masked as the catalogue has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext

from yitong.kernel.errors import N_
from yitong.kernel.masking import mask
from yitong.kernel.predicates import Field, Trace, Words
from yitong.kernel.predicates.schema import RowValue
from yitong.kernel.predicates.tracing import TOLD
from yitong.portals.bureau.words import mask_words

STATES: Final = {True: "done", False: "refused", None: "at_risk"}
ANSWERS: Final[Mapping[bool | None, str]] = {
    True: N_("这一行放行"),
    False: N_("这一行不放行"),
    None: N_("不知道，所以不放行"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a rule for one row."""

    words: str
    state: str
    answer: str
    seen: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one row."""

    state: str
    words: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class CoveredWords(Words):
    """Words in which a row's values are masked as the catalogue has it."""

    masks: Mapping[str, str] = field(default_factory=dict)

    def held(self, field: Field, value: RowValue) -> str:
        name = self.masks.get(field.name, "hidden")
        if name == "none" or value is None:
            return Words.held(self, field, value)
        covered = mask(name, str(value))
        return covered or mask_words("hidden")


def verdict(trace: Trace, words: Words) -> Verdict:
    steps = sorted(trace.steps, key=lambda step: not step.decided)
    comma = gettext("，")
    clauses = tuple(
        Clause(
            step.says(words),
            STATES[step.answer],
            gettext(TOLD[step.answer]),
            comma.join(step.shows(words)),
            step.decided,
        )
        for step in steps
    )
    return Verdict(STATES[trace.value], gettext(ANSWERS[trace.value]), clauses)

"""From what standards say of a column to what a proposal makes of it."""

from collections.abc import Mapping

from yitong.data.catalogue.drafting import Recognised
from yitong.data.catalogue.grading import Grade, PersonalKind, highest, least_grade
from yitong.data.standards.api import ColumnProposal, Match, element

# Below this score of 100 a match is a guess: the item is proposed without a 数据元, and people's numbers in it hide it.
LEAST_SCORE = 50


def recognised_in(found: Mapping[str, ColumnProposal]) -> dict[str, Recognised]:
    """For each column of which anything is known."""
    return {name: known for name, each in found.items() if (known := recognised(each)) is not None}


def recognised(found: ColumnProposal) -> Recognised | None:
    """The best 数据元; where none is sure, what looks personal is still tagged and hidden."""
    best = found.matches[0] if found.matches else None
    if best is not None and best.score >= LEAST_SCORE:
        return as_element(best)
    if not found.personal:
        return None
    kind = PersonalKind(found.personal)
    reasons = best.reasons if best else (found.suspicion.reason,)
    return Recognised("", "", reasons, personal=kind.value, grade=least_grade(kind), mask="hidden")


def as_element(match: Match) -> Recognised:
    """What holds of a column that is this 数据元."""
    known = element(match.code)
    grade = Grade(f"general_{known.grade}")
    by_values = match.personal if not known.personal else ""
    if by_values:
        grade = highest([grade, least_grade(PersonalKind(by_values))])
    return Recognised(
        element=known.code,
        name=known.name,
        reasons=match.reasons,
        type_letter=known.type_letter,
        personal=match.personal,
        subject=known.subject,
        grade=grade,
        harm="" if by_values else known.harm.reason,
        mask="hidden" if by_values else known.mask,
    )

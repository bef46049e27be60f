"""The only door of standards."""

from yitong.data.standards import claims
from yitong.data.standards.actions import load_standards
from yitong.data.standards.elements import CodeSet, Edition, Element, Harm
from yitong.data.standards.errors import UnknownElement
from yitong.data.standards.models import DataElement, SourceClaim
from yitong.data.standards.queries import (
    element,
    elements_like,
    live_claims,
    match,
    match_all,
    proposals,
    source_of,
)
from yitong.data.standards.rules import ColumnProposal, Match
from yitong.data.standards.seed import edition, grade_matrix

__all__ = [
    "CodeSet",
    "ColumnProposal",
    "DataElement",
    "Edition",
    "Element",
    "Harm",
    "Match",
    "SourceClaim",
    "UnknownElement",
    "claims",
    "edition",
    "element",
    "elements_like",
    "grade_matrix",
    "live_claims",
    "load_standards",
    "match",
    "match_all",
    "proposals",
    "source_of",
]

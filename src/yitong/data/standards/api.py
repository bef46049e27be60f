"""The only door of standards."""

from yitong.data.standards.actions import load_standards
from yitong.data.standards.elements import CodeSet, Edition, Element, Harm
from yitong.data.standards.errors import UnknownElement
from yitong.data.standards.models import DataElement
from yitong.data.standards.queries import element, elements_like, match, match_all
from yitong.data.standards.rules import Match
from yitong.data.standards.seed import edition, grade_matrix

__all__ = [
    "CodeSet",
    "DataElement",
    "Edition",
    "Element",
    "Harm",
    "Match",
    "UnknownElement",
    "edition",
    "element",
    "elements_like",
    "grade_matrix",
    "load_standards",
    "match",
    "match_all",
]

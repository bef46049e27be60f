"""A data element (数据元) and a code set as plain values, as the seed files and the matcher know them."""

from collections.abc import Mapping
from dataclasses import dataclass

# Kinds of personal information that PIPL 28 calls sensitive.
SENSITIVE_KINDS = frozenset(
    {"health", "biometric", "finance", "location", "belief", "status", "child"}
)


@dataclass(frozen=True, slots=True)
class Harm:
    """Who is hurt, how much, if data of this element leak or are changed, and the grade that follows."""

    key: str
    interest: str
    harm: str
    grade: int
    reason: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Element:
    """One data element. `evidence` says which values prove it; `!` before it: values alone suggest it."""

    code: str
    name: str
    english: str
    definition: str
    group: str
    synonyms: tuple[str, ...]
    latin: tuple[str, ...]
    type_letter: str
    format: str
    code_set: str
    personal: str
    subject: str
    about_organisation: bool
    harm: Harm
    mask: str
    evidence: str
    source: str
    confidence: str

    @property
    def sensitivity(self) -> str:
        """One of none, personal, sensitive (个人信息保护法 4, 28)."""
        if not self.personal:
            return "none"
        return "sensitive" if self.personal in SENSITIVE_KINDS else "personal"

    @property
    def grade(self) -> int:
        """Sub-level 1-4 of 一般数据 (GB/T 43697 annex H) of this element alone; together they may weigh more."""
        return self.harm.grade


@dataclass(frozen=True, slots=True)
class CodeValue:
    """One value of a code set; without a code where only the name is used."""

    code: str
    name: str
    confidence: str


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A code table with where it comes from and how sure we are of it."""

    key: str
    name: str
    source: str
    confidence: str
    values: tuple[CodeValue, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """What headers say in many words: 号, 号码, 编号, no, number. A head says what kind of value stands below.

    A `self` word names the person whom a row is about and a `filler` says nothing: neither tells elements apart.
    """

    name: str
    role: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A form that values have, without a check digit: what looks so may be it."""

    key: str
    pattern: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """Everything the seed files hold. Two editions are one only where they are the same object."""

    elements: tuple[Element, ...]
    code_sets: Mapping[str, CodeSet]
    concepts: tuple[Concept, ...]
    forms: Mapping[str, Form]
    digest: bytes

    def element(self, code: str) -> Element | None:
        return next((each for each in self.elements if each.code == code), None)

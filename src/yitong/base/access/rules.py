"""What is asked and what is answered, and the fast form of the decision on a grant.

Pure. The policies themselves are text (policies/*.cedar); `fast_decision` must decide as they do, which a property
test checks on thousands of made-up calls.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from yitong.base.access.reasons import REASONS
from yitong.kernel.law import Basis

# Where a division's code may end: province, city, county, town, village.
REGION_LENGTHS: Final = (2, 4, 6, 9, 12)
SHARED_TYPES: Final = frozenset({"unconditional", "conditional"})

# What a policy may know of a thing beyond its agency and region; all text, "" where it is not so.
ATTRIBUTES: Final = ("line", "state", "owner", "grantee", "approved_by", "role", "appointee")


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on: a type and a key, whose it is and where.

    `attributes` may name `line` (条), `state`, `owner` (the account whose it is), `grantee` (the agency that may use
    it), `approved_by` (the account that approved it), `role` (of a post) and `appointee` (the account that gets it).
    """

    type: str
    key: str
    agency: str = ""
    region: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := set(self.attributes) - set(ATTRIBUTES):
            raise ValueError(f"no policy knows {sorted(unknown)}; they know {ATTRIBUTES}")


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, the policies that made it so, and what to say to the person."""

    allowed: bool
    policies: tuple[str, ...]
    reason: str
    basis: Basis | None

    @classmethod
    def of(cls, policies: tuple[str, ...], *, allowed: bool, needed: tuple[str, ...] = ()) -> Self:
        """`needed` are the permits any one of which would have sufficed where nothing forbade."""
        told = [REASONS[policy] for policy in policies or needed]
        if not told:
            return cls(allowed, policies, "", None)
        sentences = [reason.sentence for reason in told]
        bases = (reason.basis for reason in told if reason.basis is not None)
        return cls(allowed, policies, "；".join(dict.fromkeys(sentences)), next(bases, None))


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """Everything on which a governed read depends: the caller, the grant with its resource, and the call."""

    client: str
    client_agency: str
    granted_client: str  # "" where any client of the agency may call
    granted_agency: str
    resource: str
    provider_agency: str
    share_type: str
    in_force: bool  # a published version is in force
    state: str  # of the grant; "active" or not
    granted_purposes: frozenset[str]
    granted_fields: frozenset[str]
    granted_region: str  # "" where every row is granted
    since: dt.date
    until: dt.date
    on: dt.date
    purpose: str
    requested_fields: frozenset[str]
    row_region: str
    ruled: bool = False  # the grant gives rows by a rule
    rule_met: bool = False  # by this row; not known is not met


def regions_of(code: str) -> frozenset[str]:
    """The division and all that contain it, the nation ("") included."""
    return frozenset(
        {"", code} | {code[:length] for length in REGION_LENGTHS if length < len(code)}
    )


def is_within(code: str, region: str) -> bool:
    """Whether `region` is the division or one that contains it; without building the path."""
    if code == region or not region:
        return True
    return len(region) in REGION_LENGTHS and code.startswith(region)


def fast_decision(facts: GrantFacts) -> Decision:
    """The decision of grants.cedar in plain comparisons, for every call."""
    against = tuple(_against(facts))
    if against:
        return Decision.of(against, allowed=False)
    is_grantee = (
        facts.client_agency != ""
        and facts.client_agency == facts.granted_agency
        and facts.granted_client in {"", facts.client}
    )
    if not is_grantee:
        return NOT_THE_GRANTEE
    return ALLOWED


def _against(facts: GrantFacts) -> Iterator[str]:
    """The forbidding policies that apply, in the order of their names."""
    if not facts.requested_fields or not facts.requested_fields <= facts.granted_fields:
        yield "grant.fields_beyond"
    if facts.state != "active":
        yield "grant.not_active"
    if not facts.in_force:
        yield "grant.not_published"
    if not facts.purpose or facts.purpose not in facts.granted_purposes:
        yield "grant.other_purpose"
    if not facts.since <= facts.on <= facts.until:
        yield "grant.out_of_time"
    yield from _against_row(facts)
    if facts.share_type not in SHARED_TYPES:
        yield "grant.withheld"


def _against_row(facts: GrantFacts) -> Iterator[str]:
    if not is_within(facts.row_region, facts.granted_region):
        yield "grant.region_beyond"
    if facts.ruled and not facts.rule_met:
        yield "grant.rule_beyond"


GRANTEE: Final = ("grant.grantee",)
ALLOWED: Final = Decision.of(GRANTEE, allowed=True)
NOT_THE_GRANTEE: Final = Decision.of((), allowed=False, needed=GRANTEE)

"""一数一源: for one element of one kind of subject in one place, at most one authoritative resource. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Protocol

from yitong.data.standards import errors
from yitong.kernel.errors import N_


class Subject(StrEnum):
    """What the rows are about: a person's 状态 and a licence's are not one item."""

    PERSON = "person"
    ORGANISATION = "org"
    PLACE = "place"
    THING = "thing"
    MATTER = "matter"


SUBJECT_NAMES: Final[Mapping[Subject, str]] = {
    Subject.PERSON: N_("自然人"),
    Subject.ORGANISATION: N_("单位"),
    Subject.PLACE: N_("地方"),
    Subject.THING: N_("物品和设施"),
    Subject.MATTER: N_("事项和办件"),
}


class ClaimState(StrEnum):
    """In force, in conflict with another, decided against, or taken back."""

    IN_FORCE = "in_force"
    CONTESTED = "contested"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Final[Mapping[ClaimState, str]] = {
    ClaimState.IN_FORCE: N_("数源"),
    ClaimState.CONTESTED: N_("有争议"),
    ClaimState.DECLINED: N_("未被确定为数源"),
    ClaimState.WITHDRAWN: N_("已撤回"),
}
LIVE: Final = (ClaimState.IN_FORCE, ClaimState.CONTESTED)


class Placed(Protocol):
    """A claim as far as a conflict goes."""

    @property
    def pk(self) -> int: ...
    @property
    def region(self) -> str: ...
    @property
    def state(self) -> str: ...


def overlap(one: str, other: str) -> bool:
    """Whether two divisions, by the prefix form of their codes, have a place in common: one lies in the other."""
    return one.startswith(other) or other.startswith(one)


def state_beside(region: str, others: Iterable[Placed]) -> ClaimState:
    """The first to say so is the source; a second in the same place is a conflict."""
    meets = any(overlap(region, other.region) for other in others if other.state in LIVE)
    return ClaimState.CONTESTED if meets else ClaimState.IN_FORCE


def settled(claims: Iterable[Placed]) -> list[Placed]:
    """Contested claims that nothing stands against any more."""
    live = [claim for claim in claims if claim.state in LIVE]
    return [
        claim
        for claim in live
        if claim.state == ClaimState.CONTESTED
        and not any(overlap(claim.region, o.region) for o in live if o.pk != claim.pk)
    ]


def check_subject(subject: str) -> None:
    if subject not in set(Subject):
        raise errors.SubjectUnknown(subject=subject, known="、".join(SUBJECT_NAMES.values()))


def check_live(claim: Placed) -> None:
    if claim.state not in LIVE:
        raise errors.ClaimOver(state=STATE_NAMES[ClaimState(claim.state)])


def check_said(text: str, what: str) -> str:
    """Words that others can judge: which duty or provision makes it the source, or why it is decided so."""
    if not text.strip():
        raise errors.ClaimNeedsWords(what=what)
    return text.strip()

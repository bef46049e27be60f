"""How requests and grants live, and what a grant may contain. Pure.

A grant never shows more than was asked and agreed, never outlives its entry in the catalogue, its purpose's
longest term or the date asked for, and never wears a looser mask than the catalogue's unless the provider's
answer said so for that very field and mask.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from yitong.data.sharing import errors
from yitong.kernel.errors import N_
from yitong.kernel.masking import MASKS

MOST_PER_MINUTE = 600_000


class GrantState(StrEnum):
    """Where a grant stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    EXPIRED = "expired"


class GrantStep(StrEnum):
    """What can happen to a grant."""

    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    EXPIRE = "expire"


GRANT_STATE_NAMES: Mapping[GrantState, str] = {
    GrantState.ACTIVE: N_("有效"),
    GrantState.SUSPENDED: N_("暂停"),
    GrantState.ENDED: N_("终止"),
    GrantState.EXPIRED: N_("到期"),
}
GRANT_STEP_NAMES: Mapping[GrantStep, str] = {
    GrantStep.SUSPEND: N_("暂停"),
    GrantStep.RESUME: N_("恢复"),
    GrantStep.END: N_("终止"),
    GrantStep.EXPIRE: N_("到期"),
}
GRANT_TRANSITIONS: Mapping[tuple[GrantState, GrantStep], GrantState] = {
    (GrantState.ACTIVE, GrantStep.SUSPEND): GrantState.SUSPENDED,
    (GrantState.ACTIVE, GrantStep.END): GrantState.ENDED,
    (GrantState.ACTIVE, GrantStep.EXPIRE): GrantState.EXPIRED,
    (GrantState.SUSPENDED, GrantStep.RESUME): GrantState.ACTIVE,
    (GrantState.SUSPENDED, GrantStep.END): GrantState.ENDED,
    (GrantState.SUSPENDED, GrantStep.EXPIRE): GrantState.EXPIRED,
}


def next_grant_state(state: GrantState, step: GrantStep, *, grant: int = 0) -> GrantState:
    after = GRANT_TRANSITIONS.get((state, step))
    if after is None:
        steps = [s for (source, s) in GRANT_TRANSITIONS if source is state]
        raise errors.GrantStepNotOpen(
            grant=grant,
            state=GRANT_STATE_NAMES[state],
            step=GRANT_STEP_NAMES[step],
            open="、".join(GRANT_STEP_NAMES[s] for s in steps) or N_("无"),
        )
    return after


class Cause(StrEnum):
    """Why a grant ends (art. 27)."""

    PURPOSE_DONE = "purpose_done"
    MISUSE = "misuse"
    PROVIDER_CHANGE = "provider_change"
    RETIRED = "retired"


CAUSE_NAMES: Mapping[Cause, str] = {
    Cause.PURPOSE_DONE: N_("目的已实现或者不再必要"),
    Cause.MISUSE: N_("超范围使用，拒不整改或者整改不到位"),
    Cause.PROVIDER_CHANGE: N_("提供部门有正当理由"),
    Cause.RETIRED: N_("目录停用"),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Why and how a grant ends; `consultation` and `filing` say when and how the two were done."""

    cause: Cause
    reason: str
    consultation: str = ""
    filing: str = ""


def check_ending(ending: Ending, state: GrantState, *, grant: int) -> None:
    """Art. 27: misuse is suspended first; a provider gives a reason, talks, and files."""
    check_reason(ending.reason, GRANT_STEP_NAMES[GrantStep.END])
    if ending.cause is Cause.MISUSE and state is not GrantState.SUSPENDED:
        raise errors.MisuseNotSuspended(grant=grant)
    if ending.cause is Cause.PROVIDER_CHANGE:
        parts = {N_("与需求部门的协商"): ending.consultation, N_("主管部门备案"): ending.filing}
        if missing := [name for name, text in parts.items() if not text.strip()]:
            raise errors.EndingUnfounded(missing="、".join(missing))


def check_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise errors.ReasonNeeded(what=what)


# A mask that shows nothing of a value stands above one that only says whether there is any.
_STRICTEST = ("yesno", "hidden")


def is_as_strict(mask: str, default: str) -> bool:
    """Whether `mask` shows no more than `default`. Two masks that show different parts are not comparable."""
    if default in {mask, "none"}:
        return True
    if mask not in _STRICTEST:
        return False
    return default not in _STRICTEST or _STRICTEST.index(mask) > _STRICTEST.index(default)


def effective_mask(granted: str, default: str, *, decided_over: str | None = None) -> str:
    """What a call applies, now that the catalogue's default may have become stricter than at the grant.

    A looser mask stands only while the default is still the one the provider decided over.
    """
    if decided_over == default or is_as_strict(granted, default):
        return granted
    return default if is_as_strict(default, granted) else "hidden"


@dataclass(frozen=True, slots=True)
class Item:
    """A field of the entry in force as far as a grant must know it."""

    name: str
    header: str
    mask: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The entry to be shared: its state, its owner and its fields."""

    name: str
    owner: str
    owner_name: str
    state_name: str
    share_type: str
    citation: str
    items: tuple[Item, ...]
    key: str
    is_in_force: bool
    is_destroyed: bool = False


@dataclass(frozen=True, slots=True)
class Grantee:
    """The agency that asks."""

    code: str
    name: str
    is_enterprise: bool


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    """A purpose as far as a grant must know it."""

    code: str
    longest_days: int
    missing_approvals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: 使用依据, 场景, 范围 (fields, rows), 方式, 时限 (art. 20), and the technical terms.

    `fields` may name items by name or header; `masks` only those that differ from the catalogue's default.
    """

    resource: str
    client: str
    fields: tuple[str, ...]
    purpose: str
    until: dt.date
    basis: str = ""
    scene: str = ""
    method: str = "interface"
    row_region: str = ""
    row_rule: str = ""
    rate_per_minute: int = 600
    masks: Mapping[str, str] = field(default_factory=dict)


def check_shareable(subject: Subject, grantee: Grantee) -> None:
    """Whether this entry may be shared with this agency at all (arts. 2, 3, 14, 16)."""
    if not subject.is_in_force:
        raise errors.NotInForce(name=subject.name, state=subject.state_name)
    if subject.is_destroyed:
        raise errors.NothingLeft(name=subject.name)
    if subject.share_type == "withheld":
        raise errors.Withheld(
            name=subject.name, citation=subject.citation, owner=subject.owner_name
        )
    if grantee.code == subject.owner:
        raise errors.OwnData(agency=grantee.name, name=subject.name)
    if grantee.is_enterprise:
        raise errors.OutsideGovernment(agency=grantee.name)


def resolve_fields(asked: Sequence[str], subject: Subject) -> tuple[str, ...]:
    """Names of the items asked for, by name or header, in the entry's order; the key must be among them."""
    known = "、".join(item.header for item in subject.items)
    if not asked:
        raise errors.FieldsMissing(known=known)
    by_word = {item.header: item.name for item in subject.items}
    by_word |= {item.name: item.name for item in subject.items}
    if unknown := [word for word in asked if word.strip() not in by_word]:
        raise errors.FieldsUnknown(name=subject.name, unknown="、".join(unknown), known=known)
    wanted = {by_word[word.strip()] for word in asked}
    if subject.key and subject.key not in wanted:
        header = next((i.header for i in subject.items if i.name == subject.key), subject.key)
        raise errors.KeyDropped(key=header)
    return tuple(item.name for item in subject.items if item.name in wanted)


@dataclass(frozen=True, slots=True)
class Masks:
    """The mask of each granted field, and over which default the provider decided a looser one."""

    applied: Mapping[str, str]
    decided_over: Mapping[str, str]


def named_masks(
    masks: Mapping[str, str], fields: Sequence[str], subject: Subject
) -> dict[str, str]:
    """Masks by the names of granted items, wherever headers were used; each mask must exist."""
    by_header = {item.header: item.name for item in subject.items}
    named = {by_header.get(word, word): mask for word, mask in masks.items()}
    if stray := [name for name in named if name not in fields]:
        known = "、".join(item.header for item in subject.items if item.name in fields)
        raise errors.FieldsUnknown(name=subject.name, unknown="、".join(stray), known=known)
    if strange := [mask for mask in named.values() if mask not in MASKS]:
        raise errors.MaskUnknown(mask=strange[0], known="、".join(MASKS))
    return named


def resolve_masks(
    asked: Mapping[str, str], fields: Sequence[str], subject: Subject, agreed: Mapping[str, str]
) -> Masks:
    """Defaults for what is not asked; looser ones only where `agreed` (the answer) names this field and mask."""
    defaults = {item.name: item.mask for item in subject.items}
    applied = {name: asked.get(name, defaults[name]) for name in fields}
    looser = {n: defaults[n] for n, m in applied.items() if not is_as_strict(m, defaults[n])}
    if refused := [n for n in looser if agreed.get(n) != applied[n]]:
        headers = [item.header for item in subject.items if item.name in refused]
        raise errors.MaskLoosened(fields="、".join(headers))
    return Masks(applied, looser)


_REGION = re.compile(r"(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?")


def check_terms(order: Order, purpose: PurposeFacts, on: dt.date) -> None:
    """Every grant has a known purpose, an end, a rate and rows that a code can narrow."""
    if purpose.missing_approvals:
        raise errors.PurposeNotApproved(
            purpose=purpose.code, missing="、".join(purpose.missing_approvals)
        )
    earliest = on + dt.timedelta(days=1)
    latest = on + dt.timedelta(days=purpose.longest_days)
    if not earliest <= order.until <= latest:
        raise errors.UntilUnfit(
            earliest=earliest.isoformat(), latest=latest.isoformat(), until=order.until.isoformat()
        )
    if not _REGION.fullmatch(order.row_region):
        raise errors.RegionUnfit(region=order.row_region)
    if not 1 <= order.rate_per_minute <= MOST_PER_MINUTE:
        raise errors.RateUnfit(most=MOST_PER_MINUTE, rate=order.rate_per_minute)

"""What the users of an entry lose when one content takes the place of another. Pure.

Whoever is given an item goes on being given it under its name, its type, its header and its mask; anything that takes
one of these away is a change of a service that is being provided (政务数据共享条例 27).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from yitong.data.catalogue.proposal import FieldProposal, Proposal
from yitong.kernel.errors import N_


class LossKind(StrEnum):
    """How an item is given less than before, or not as before."""

    REMOVED = "removed"
    WITHHELD = "withheld"
    MASKED = "masked"
    SEALED = "sealed"
    RETYPED = "retyped"
    RENAMED = "renamed"
    REKEYED = "rekeyed"


LOSS_NAMES: Mapping[LossKind, str] = {
    LossKind.REMOVED: N_("不再提供"),
    LossKind.WITHHELD: N_("改为不予共享"),
    LossKind.MASKED: N_("遮盖得更多"),
    LossKind.SEALED: N_("改为密封保存，按条件筛选时不能再用它"),
    LossKind.RETYPED: N_("类型改变"),
    LossKind.RENAMED: N_("名称改变"),
    LossKind.REKEYED: N_("改为按另一项查询"),
}

# What whoever was told may say.
ANSWERS: Mapping[str, str] = {"agreed": N_("同意"), "objected": N_("有意见")}


@dataclass(frozen=True, slots=True, order=True)
class Loss:
    """One item that is given otherwise. An empty `field` is every item of the entry."""

    field: str
    kind: str
    header: str = ""

    @property
    def words(self) -> str:
        return LOSS_NAMES[LossKind(self.kind)]

    @property
    def mark(self) -> str:
        """What a notice keeps: that this loss was told."""
        return f"{self.kind}:{self.field}"


def losses(before: Proposal, after: Proposal) -> tuple[Loss, ...]:
    """What somebody who is given items of `before` loses by `after`, in the order of the items."""
    return tuple(_losses(before, after))


def _losses(before: Proposal, after: Proposal) -> Iterator[Loss]:
    if after.share_type == "withheld" and before.share_type != "withheld":
        yield Loss("", LossKind.WITHHELD)
    if (before.key_field, before.key_kind) != (after.key_field, after.key_kind):
        yield Loss("", LossKind.REKEYED, before.key_field)
    items = {item.name: item for item in after.fields}
    newly_sealed = set(after.sealed_fields) - set(before.sealed_fields)
    for item in before.fields:
        now = items.get(item.name)
        if now is None:
            yield Loss(item.name, LossKind.REMOVED, item.header)
            continue
        for kind in _otherwise(item, now):
            yield Loss(item.name, kind, item.header)
        if item.name in newly_sealed:
            yield Loss(item.name, LossKind.SEALED, item.header)


def _otherwise(before: FieldProposal, after: FieldProposal) -> Iterator[LossKind]:
    if before.type_letter != after.type_letter:
        yield LossKind.RETYPED
    if before.header != after.header:
        yield LossKind.RENAMED
    if shows_less(before.mask, after.mask):
        yield LossKind.MASKED


def shows_less(before: str, after: str) -> bool:
    """Whether a mask may hide what the one before it showed; two that show different parts both do."""
    if after in {before, "none"} or before == "hidden":
        return False
    return before != "yesno" or after == "hidden"

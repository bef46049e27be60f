"""The data items of an entry as rows: what stands, and beside it what a revision in work changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from yitong.data.catalogue.api import Proposal, Resource
from yitong.kernel.errors import N_
from yitong.portals.bureau.words import chosen, mask_words


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and the older one where it changes."""

    now: str
    before: str = ""

    @property
    def is_changed(self) -> bool:
        return bool(self.before)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One data item; `change` is one of 不变, 修改, 新增, 删除."""

    header: str
    name: str
    kind: str
    element: str
    personal: str
    mask: Cell
    grade: Cell
    reason: str
    is_key: bool
    change: str

    @property
    def is_touched(self) -> bool:
        return self.change != UNCHANGED


UNCHANGED, CHANGED, ADDED, REMOVED = N_("不变"), N_("修改"), N_("新增"), N_("删除")


@dataclass(frozen=True, slots=True)
class _Item:
    """A data item of an entry in force or of a revision: both have these."""

    name: str
    header: str
    type_letter: str
    length: int
    element: str
    personal: str
    mask: str
    grade: str
    grade_reason: str
    is_key: bool


def _items(content: Resource | Proposal) -> list[_Item]:
    fields = content.fields if isinstance(content, Proposal) else content.fields.all()
    return [
        _Item(
            f.name, f.header, f.type_letter, f.length, f.element, f.personal, f.mask, f.grade,
            f.grade_reason, f.is_key,
        )
        for f in fields
    ]  # fmt: skip


def field_rows(in_force: Resource, pending: Proposal | None) -> list[FieldRow]:
    """The items of the revision in work against those in force; without a revision, what stands."""
    old = {item.name: item for item in _items(in_force)}
    if pending is None:
        return [_row(item, item, UNCHANGED) for item in old.values()]
    new = {item.name: item for item in _items(pending)}
    rows = [_row(item, old.get(name), _change(old.get(name), item)) for name, item in new.items()]
    return rows + [_row(item, item, REMOVED) for name, item in old.items() if name not in new]


def touched(rows: Sequence[FieldRow]) -> str:
    """修改1项，新增1项."""
    counted = {change: sum(row.change == change for row in rows) for change in _COUNTED}
    said = [
        gettext(_COUNTED[change]).format(count=count) for change, count in counted.items() if count
    ]
    return gettext("，").join(said)


_COUNTED = {CHANGED: N_("修改{count}项"), ADDED: N_("新增{count}项"), REMOVED: N_("删除{count}项")}


def _change(old: _Item | None, new: _Item) -> str:
    if old is None:
        return ADDED
    return UNCHANGED if old == new else CHANGED


def _row(item: _Item, old: _Item | None, change: str) -> FieldRow:
    before = old or item
    return FieldRow(
        header=item.header,
        name=item.name,
        kind=f"{item.type_letter}{_length(item)}",
        element=item.element,
        personal=chosen("personal", item.personal) if item.personal else "",
        mask=_cell(mask_words(item.mask), mask_words(before.mask)),
        grade=_cell(chosen("grade", item.grade), chosen("grade", before.grade)),
        reason=item.grade_reason,
        is_key=item.is_key,
        change=change,
    )


def _length(item: _Item) -> str:
    """Only text and numbers have one that says anything."""
    return str(item.length) if item.length and item.type_letter in {"C", "N"} else ""


def _cell(now: str, before: str) -> Cell:
    return Cell(now, "" if now == before else before)

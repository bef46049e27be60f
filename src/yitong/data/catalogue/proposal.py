"""The content of a catalogue entry as a value: what is proposed, filed, kept as a version and compared. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self, cast

from yitong.data.catalogue.grading import Grade
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_
from yitong.kernel.hashing import canonical, sha256

# What identifies a person or says who they are is text; dates, numbers and truth values stay in clear.
_TEXT_LETTERS = frozenset({"C", "M", "G"})


@dataclass(frozen=True, slots=True)
class FieldProposal:
    """One 数据项.

    `personal` is a kind of personal information or empty, `element` a 数据元's code or empty; `subject` says
    whose number the item holds ("person", "org"): by it every use is shown to the person it is about.
    """

    name: str
    header: str
    type_letter: str = "C"
    length: int = 0
    element: str = ""
    is_key: bool = False
    personal: str = ""
    subject: str = ""
    grade: str = Grade.GENERAL_1.value
    grade_reason: str = ""
    mask: str = "none"
    order: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One entry with its fields. `unverified` names the items that stand at a default nobody has confirmed.

    `key_field` is the item by which one row is asked for and `key_kind` whose number it is: "person", "org", or
    "text" for a number of things. `subject_link` says, as "code#item", where rows about people without a
    person's number can be joined to one.
    """

    name: str
    owner: str
    fields: tuple[FieldProposal, ...]
    abstract: str = ""
    duty: str = ""
    category: str = "307"
    kind: str = "table"
    data_format: str = ""
    update_cycle: str = ""
    share_type: str = ""
    share_methods: tuple[str, ...] = ()
    share_scope: str = ""
    use_purposes: str = ""
    use_condition: str = ""
    basis_level: str = ""
    basis_citation: str = ""
    withhold_reason: str = ""
    open_type: str = "closed"
    grade: str = ""
    grade_reason: str = ""
    key_field: str = ""
    key_kind: str = ""
    key_unique: bool = True
    subject_link: str = ""
    source: str = ""
    row_count: int = 0
    unverified: tuple[str, ...] = ()
    reasons: tuple[str, ...] = field(default=())

    @property
    def has_personal(self) -> bool:
        return any(f.personal for f in self.fields)

    @property
    def sealed_fields(self) -> tuple[str, ...]:
        """Items to be sealed where rows are copied in: personal text, and text nobody has recognised beside it."""
        if not self.has_personal:
            return ()
        return tuple(
            f.name
            for f in self.fields
            if f.type_letter in _TEXT_LETTERS and (f.personal or not f.element)
        )

    def as_facts(self) -> dict[str, Value]:
        """Plain values, the same for every reader: what a version keeps and its digest covers."""
        return cast("dict[str, Value]", _plain(asdict(self)))

    @classmethod
    def from_facts(cls, facts: Mapping[str, Value]) -> Self:
        """The entry a version keeps; items that a later release added take their defaults."""
        items = _known(cls, facts)
        rows = cast("list[dict[str, Value]]", facts.get("fields", []))
        items["fields"] = tuple(FieldProposal(**_known(FieldProposal, row)) for row in rows)
        return cls(**items)

    @property
    def digest(self) -> str:
        return sha256(canonical(self.as_facts())).hex()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value


def _known(shape: type, facts: Mapping[str, Value]) -> dict[str, Any]:
    """Keyword arguments for `shape`, lists as tuples."""
    names = {f.name for f in fields(shape)}
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in facts.items()
        if key in names
    }


ITEM_NAMES: Mapping[str, str] = {
    "name": N_("数据目录名称"),
    "owner": N_("提供单位"),
    "fields": N_("数据项"),
    "abstract": N_("摘要"),
    "duty": N_("来自职责"),
    "category": N_("信息资源分类"),
    "kind": N_("资源类型"),
    "data_format": N_("数据格式"),
    "update_cycle": N_("数据更新频率"),
    "share_type": N_("共享属性"),
    "share_methods": N_("共享方式"),
    "share_scope": N_("共享范围"),
    "use_purposes": N_("使用用途"),
    "use_condition": N_("使用条件"),
    "basis_level": N_("依据层级"),
    "basis_citation": N_("依据条文"),
    "withhold_reason": N_("不予共享的理由"),
    "open_type": N_("开放属性"),
    "grade": N_("数据分类分级"),
    "grade_reason": N_("定级理由"),
    "key_field": N_("主键"),
    "key_kind": N_("主键类别"),
    "key_unique": N_("主键不重复"),
    "subject": N_("谁的号码"),
    "subject_link": N_("与本人的联系"),
    "source": N_("数据源"),
    "row_count": N_("记录数"),
    "header": N_("名称"),
    "type_letter": N_("类型"),
    "length": N_("长度"),
    "element": N_("数据元"),
    "is_key": N_("是否主键"),
    "personal": N_("个人信息类别"),
    "mask": N_("默认遮盖"),
    "order": N_("顺序"),
}
# How a proposal came about is kept in its version, but saying it differently changes nothing for anyone.
_ASIDE = frozenset({"reasons", "unverified", "row_count", "fields"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `field` is empty for the entry itself, `item` is empty for a field added or removed."""

    field: str
    item: str
    before: Value
    after: Value

    @property
    def label(self) -> str:
        return ITEM_NAMES.get(self.item, self.item)


def diff(before: Proposal, after: Proposal) -> list[Change]:
    """What changed between any two versions, entry first, then fields in the order of the newer one."""
    old, new = before.as_facts(), after.as_facts()
    changes = list(_differences("", old, new))
    old_fields = {f.name: f for f in before.fields}
    new_fields = {f.name: f for f in after.fields}
    for name, item in new_fields.items():
        if name not in old_fields:
            changes.append(Change(name, "", None, item.header))
            continue
        changes += _differences(
            name,
            cast("dict[str, Value]", asdict(old_fields[name])),
            cast("dict[str, Value]", asdict(item)),
        )
    gone = (f for name, f in old_fields.items() if name not in new_fields)
    changes += [Change(f.name, "", f.header, None) for f in gone]
    return changes


def _differences(
    name: str, before: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[Change]:
    for item, value in after.items():
        if item not in _ASIDE and before.get(item) != value:
            yield Change(name, item, before.get(item), value)

"""Correcting a proposal, and learning from it: what a person chose, what follows from it, what differs. Pure.

A field that is given another 数据元 takes over what that one brings (type, personal information, mask, grade); what the
person chose otherwise stays as chosen. Whoever protects a field less than was proposed says why.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yitong.data.catalogue.drafting import Recognised
from yitong.data.catalogue.grading import (
    GRADE_NAMES,
    GRADES,
    Grade,
    PersonalKind,
    highest,
    least_grade,
)
from yitong.data.catalogue.proposal import FieldProposal, Proposal
from yitong.kernel.errors import N_
from yitong.kernel.hashing import canonical, sha256

__all__ = [
    "TYPE_NAMES",
    "Correction",
    "Edit",
    "FieldChoice",
    "FieldProposal",
    "choice_of",
    "corrections",
    "edited",
    "normal",
    "shape_of",
    "taken_over",
    "unexplained",
    "weakened",
]

FIELD_ITEMS = ("element", "type_letter", "personal", "subject", "grade", "grade_reason", "mask")
# What another month's file of the same shape may take over; not its name, its owner and what was counted.
ENTRY_ITEMS = (
    "duty", "category", "update_cycle", "share_type", "share_methods", "share_scope", "use_purposes",
    "use_condition", "basis_level", "basis_citation", "withhold_reason", "open_type", "subject_link",
)  # fmt: skip
TYPE_NAMES: Mapping[str, str] = {
    "C": N_("文字"),
    "N": N_("数字"),
    "I": N_("整数"),
    "D": N_("年月日"),
    "T": N_("日期和时间"),
    "Y": N_("金额"),
    "L": N_("是否"),
    "M": N_("长文字"),
    "G": N_("图片、文件"),
}
_ASIDE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """What a person chose for one field. `why` is needed where it protects less than was proposed."""

    element: str
    type_letter: str
    personal: str
    subject: str
    grade: str
    mask: str
    why: str = ""


def choice_of(field: FieldProposal) -> FieldChoice:
    """The field as it stands."""
    return FieldChoice(
        field.element, field.type_letter, field.personal, field.subject, field.grade, field.mask
    )


def corrected(
    field: FieldProposal, choice: FieldChoice, known: Recognised | None, *, said: str
) -> FieldProposal:
    """The field as chosen. `known` is the chosen 数据元 where it is another; `said` tells who chose, and when."""
    base = _with_element(field, known) if choice.element != field.element else field
    before = choice_of(field)
    chosen = {
        item: getattr(choice, item)
        for item in ("type_letter", "personal", "subject", "grade", "mask")
        if getattr(choice, item) != getattr(before, item)
    }
    found = replace(base, **chosen)
    if choice == replace(before, why=choice.why):
        return field
    found = _at_least(found) if "grade" not in chosen else found
    if found.grade != base.grade:
        found = replace(found, grade_reason=_grade_words(found, choice.why, said))
    return replace(found, reasons=(*_without_said(found.reasons), said))


def _with_element(field: FieldProposal, known: Recognised | None) -> FieldProposal:
    if known is None:
        return replace(field, element="")
    reason = N_("按选定的数据元“{name}”").format(name=known.name)
    return replace(
        field,
        element=known.element,
        type_letter=known.type_letter or field.type_letter,
        personal=known.personal,
        subject=known.subject,
        grade=known.grade.value,
        grade_reason=known.harm or reason,
        mask=known.mask,
        reasons=(reason,),
    )


def _at_least(field: FieldProposal) -> FieldProposal:
    """Newly called personal, a field weighs at least what its kind does."""
    if not field.personal:
        return field
    grade = highest([Grade(field.grade), least_grade(PersonalKind(field.personal))])
    return replace(field, grade=grade.value) if field.element == "" else field


def _grade_words(field: FieldProposal, why: str, said: str) -> str:
    name = GRADE_NAMES[Grade(field.grade)]
    because = f"：{why.strip()}" if why.strip() else ""
    return N_("{said}定为{grade}").format(said=said, grade=name) + because


_SAID = N_("按{post}{day}的更正")


def said_by(post: str, day: str) -> str:
    """“As corrected by <post> on <date>”."""
    return _SAID.format(post=post, day=day)


_SAID_FORM = re.compile(r"^按.+的更正$")


def _without_said(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(reason for reason in reasons if not _SAID_FORM.match(reason))


def weakened(proposed: FieldProposal, now: FieldProposal) -> list[str]:
    """In which ways a field protects less than was proposed, in words; empty where it does not."""
    found = []
    if GRADES.index(Grade(now.grade)) < GRADES.index(Grade(proposed.grade)):
        found.append(N_("级别比建议的低"))
    if proposed.personal and not now.personal:
        found.append(N_("不再算个人信息"))
    if proposed.mask != "none" and now.mask == "none":
        found.append(N_("不再遮盖"))
    return found


def completed(entry: Proposal, fields: Sequence[FieldProposal]) -> Proposal:
    """The entry with corrected fields: what follows from all of them together is found anew."""
    known = {field.name: field for field in fields}
    items = tuple(known.get(field.name, field) for field in entry.fields)
    grade = highest(Grade(field.grade) for field in items)
    deciding = [field.header for field in items if field.grade == grade.value]
    words = N_("就高从严：{items}为{grade}").format(
        items="、".join(deciding[:5]) + ("等" if len(deciding) > 5 else ""),
        grade=GRADE_NAMES[grade],
    )
    return replace(entry, fields=items, grade=grade.value, grade_reason=words)


def keyed(entry: Proposal, name: str, *, is_unique: bool) -> Proposal:
    """The entry asked for by another item, or by none."""
    fields = tuple(replace(field, is_key=field.name == name) for field in entry.fields)
    chosen = next((field for field in fields if field.is_key), None)
    kind = "" if chosen is None else (chosen.subject or "text")
    return replace(
        entry,
        fields=fields,
        key_field=chosen.name if chosen else "",
        key_kind=kind,
        key_unique=is_unique if chosen else False,
    )


def normal(header: str) -> str:
    """A header without what differs between two exports of one table: width, case, spaces, punctuation."""
    plain = _ASIDE.sub("", unicodedata.normalize("NFKC", header).casefold())
    return (plain or header)[:200]


def shape_of(headers: Iterable[str]) -> str:
    """One digest for tables with the same headers, in whatever order."""
    return sha256(canonical(sorted(normal(header) for header in headers))).hex()


@dataclass(frozen=True, slots=True)
class Correction:
    """One item in which a person's word differs; `header` is normal, and empty for the entry itself."""

    header: str
    item: str
    value: Any


def corrections(before: Proposal, after: Proposal) -> list[Correction]:
    """What was corrected between two states of one proposal, as another file of the same shape can take it over."""
    old = {field.name: field for field in before.fields}
    found = [
        Correction(normal(field.header), item, getattr(field, item))
        for field in after.fields
        if field.name in old
        for item in FIELD_ITEMS
        if getattr(field, item) != getattr(old[field.name], item)
    ]
    if after.key_field != before.key_field:
        key = next((normal(f.header) for f in after.fields if f.name == after.key_field), "")
        found.append(Correction("", "key_field", key))
    return found + [
        Correction("", item, _plain(getattr(after, item)))
        for item in ENTRY_ITEMS
        if getattr(after, item) != getattr(before, item)
    ]


def taken_over(
    entry: Proposal,
    learnt: Iterable[Correction],
    *,
    said: str,
    stated: frozenset[str] = frozenset(),
    unique: frozenset[str] = frozenset(),
) -> Proposal:
    """The machine's proposal with what was corrected before.

    `stated` are items that the filer has said this time, `unique` the fields without repetition in this file.
    """
    by_header: dict[str, dict[str, Any]] = {}
    for each in learnt:
        by_header.setdefault(each.header, {})[each.item] = each.value
    own = by_header.pop("", {})
    fields = [
        replace(field, **items, reasons=(*field.reasons, said))
        for field in entry.fields
        if (items := by_header.get(normal(field.header)))
    ]
    entry = completed(entry, fields)
    key = own.pop("key_field", None)
    if key is not None:
        named = next((f.name for f in entry.fields if normal(f.header) == key), "")
        entry = keyed(entry, named, is_unique=named in unique)
    items = {
        item: tuple(value) if isinstance(value, list) else value
        for item, value in own.items()
        if item in ENTRY_ITEMS and item not in stated
    }
    if "update_cycle" in items:
        items["unverified"] = tuple(i for i in entry.unverified if i != "update_cycle")
    return replace(entry, **items, reasons=(*entry.reasons, said))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person saved in the editor: choices by field name, items of the entry, and by what one row is asked for.

    `key` is None where it was not touched; `is_unique` says whether the key's values stand once each.
    """

    fields: Mapping[str, FieldChoice]
    entry: Mapping[str, Any]
    key: str | None = None
    is_unique: bool = False


def edited(
    entry: Proposal, edit: Edit, known: Callable[[str], Recognised | None], *, said: str
) -> Proposal:
    """The proposal as saved. `known` gives what follows from a 数据元's code."""
    fields = [
        corrected(field, choice, _known(field, choice, known), said=said)
        for field in entry.fields
        if (choice := edit.fields.get(field.name)) is not None
    ]
    found = replace(entry, **edit.entry)
    changed = [field for field in fields if field not in entry.fields]
    if changed:
        found = completed(found, changed)
    if edit.key is not None and edit.key != entry.key_field:
        return keyed(found, edit.key, is_unique=edit.is_unique)
    key = next((field for field in found.fields if field.name == found.key_field), None)
    return replace(found, key_kind=key.subject or "text") if key else found


def _known(
    field: FieldProposal, choice: FieldChoice, known: Callable[[str], Recognised | None]
) -> Recognised | None:
    is_other = bool(choice.element) and choice.element != field.element
    return known(choice.element) if is_other else None


def unexplained(
    machine: Proposal, before: Proposal, after: Proposal, edit: Edit
) -> dict[str, list[str]]:
    """Fields that now protect less than was proposed, and nobody said why: by name, in which ways."""
    proposed = {field.name: field for field in machine.fields}
    old = {field.name: field for field in before.fields}
    found: dict[str, list[str]] = {}
    for field in after.fields:
        if field.name not in edit.fields or field.name not in proposed:
            continue
        was = weakened(proposed[field.name], old[field.name])
        ways = [way for way in weakened(proposed[field.name], field) if way not in was]
        if ways and not edit.fields[field.name].why.strip():
            found[field.name] = ways
    return found

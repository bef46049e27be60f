"""From a profiled table to a proposed entry, with a reason for every choice. Pure; a person confirms.

What the table cannot tell (how often it is updated) stands at a default and is named in `unverified`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Protocol
from urllib.parse import urlsplit

from yitong.data.catalogue.grading import (
    GRADE_NAMES,
    PERSONAL_NAMES,
    SENSITIVE,
    Grade,
    PersonalKind,
    highest,
    least_grade,
)
from yitong.data.catalogue.proposal import FieldProposal, Proposal
from yitong.data.catalogue.rules import (
    SHARE_TYPE_NAMES,
    UNCONDITIONAL_WORDS,
    ShareType,
    check_content,
)
from yitong.kernel.errors import N_


class Column(Protocol):
    """What profiling says of one column."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> str: ...
    @property
    def type_letter(self) -> str: ...
    @property
    def max_length(self) -> int: ...
    @property
    def null_count(self) -> int: ...
    @property
    def distinct(self) -> int: ...
    @property
    def unique(self) -> str: ...
    @property
    def is_key(self) -> bool: ...
    @property
    def kinds(self) -> Mapping[Any, int]: ...


class Table(Protocol):
    """What profiling says of a table."""

    @property
    def row_count(self) -> int: ...
    @property
    def columns(self) -> Sequence[Column]: ...


@dataclass(frozen=True, slots=True)
class Recognised:
    """The 数据元 a column was recognised as, and why.

    `grade` is that of the 数据元 alone and `harm` who is hurt how much, in words; `personal` may come from the values
    where the 数据元 itself is not about persons. `subject` is as in FieldProposal.
    """

    element: str
    name: str
    reasons: tuple[str, ...] = ()
    type_letter: str = ""
    personal: str = ""
    subject: str = ""
    grade: Grade = Grade.GENERAL_1
    harm: str = ""
    mask: str = "none"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who files says beyond the table itself; everything may be left open."""

    abstract: str = ""
    duty: str = ""
    category: str = "307"
    data_format: str = ""
    update_cycle: str = ""
    share_type: str = ""
    share_scope: str = ""
    use_purposes: str = ""
    basis_level: str = ""
    basis_citation: str = ""
    withhold_reason: str = ""
    subject_link: str = ""
    source: str = ""


NO_WISHES = Wishes()
# The conditions that hold wherever personal information is shared, in words of arts. 20, 25 and 27.
DEFAULT_SCOPE = N_("因依法履行职责确需使用的政府部门，经本单位共享工作机构负责人同意")
DEFAULT_PURPOSES = N_("仅限申请时写明的用途，每次使用都要写明目的")
DEFAULT_CONDITION = N_("按授权的数据项、范围、频次和期限使用，默认遮盖，不得提供给第三方")
_NEARLY_UNIQUE = (
    90  # percent: duplicate and faulty rows of a key are listed one by one when the file is read
)


def propose(
    table: Table,
    recognised: Mapping[str, Recognised],
    *,
    owner: str,
    name: str,
    wishes: Wishes = Wishes(),
) -> Proposal:
    """The entry as it could be filed. `recognised` has one 数据元 at most for each column's name."""
    recognised = {**_numbers_in(table), **recognised}
    key, key_kind, key_unique, key_reason = _key(table, recognised)
    on_people = any(recognised[c.name].personal for c in table.columns if c.name in recognised)
    beside_person = on_people and key_kind != "org"
    fields = tuple(
        replace(
            _field(column, recognised.get(column.name), beside_person=beside_person),
            is_key=column.name == key,
            order=order,
        )
        for order, column in enumerate(table.columns)
    )
    grade = highest(Grade(f.grade) for f in fields)
    share_type, share_reason = _share_type(wishes, on_people=on_people)
    cycle_known = bool(wishes.update_cycle)
    entry = Proposal(
        name=name.strip(),
        owner=owner,
        fields=fields,
        abstract=wishes.abstract or _abstract(name, table),
        duty=wishes.duty,
        category=wishes.category,
        kind="table",
        data_format=wishes.data_format or _data_format(wishes.source),
        update_cycle=wishes.update_cycle or "irregular",
        share_type=share_type.value,
        **_conditions(wishes, share_type),
        share_methods=_methods(share_type, on_people=on_people),
        basis_level=wishes.basis_level,
        basis_citation=wishes.basis_citation,
        withhold_reason=wishes.withhold_reason,
        open_type="closed" if on_people or share_type is not ShareType.UNCONDITIONAL else "open",
        grade=grade.value,
        grade_reason=_whole_reason(fields, grade),
        key_field=key,
        key_kind=key_kind,
        key_unique=key_unique,
        subject_link=wishes.subject_link,
        source=safe_source(wishes.source),
        row_count=table.row_count,
        unverified=() if cycle_known else ("update_cycle",),
        reasons=(key_reason, share_reason, _cycle_reason(cycle_known=cycle_known)),
    )
    check_content(entry)
    return entry


def _field(column: Column, known: Recognised | None, *, beside_person: bool) -> FieldProposal:
    grade, why = _field_grade(known, beside_person=beside_person)
    return FieldProposal(
        name=column.name,
        header=column.header,
        type_letter=(known.type_letter if known else "") or column.type_letter,
        length=column.max_length,
        element=known.element if known else "",
        personal=known.personal if known else "",
        subject=known.subject if known else "",
        grade=grade.value,
        grade_reason=why,
        mask=known.mask if known else "none",
        reasons=_recognition(column, known),
    )


# Numbers of people that profiling saw in columns which no 数据元 explains: (kinds, category of information).
_NUMBERS = (
    (("person_inside", "person", "person_15", "person_bad"), PersonalKind.IDENTITY),
    (("phone_inside", "phone"), PersonalKind.CONTACT),
    (("bank_card",), PersonalKind.FINANCE),
)


def _numbers_in(table: Table) -> dict[str, Recognised]:
    """Columns in whose text people's numbers stand: hidden by default, whatever their header says."""
    return {
        column.name: Recognised(
            "",
            "",
            (N_("有的值是或者夹着{kind}").format(kind=PERSONAL_NAMES[kind]),),
            personal=kind.value,
            grade=least_grade(kind),
            mask="hidden",
        )
        for column in table.columns
        for kinds, kind in reversed(_NUMBERS)
        if any(column.kinds.get(k) for k in kinds)
    }


def _recognition(column: Column, known: Recognised | None) -> tuple[str, ...]:
    if known is not None and not known.element:
        return known.reasons
    if known is None:
        return (N_("没有对上数据元，类型按取值判断为{letter}").format(letter=column.type_letter),)
    because = f"：{'；'.join(known.reasons)}" if known.reasons else ""
    return (N_("对上数据元“{name}”").format(name=known.name) + because,)


def _field_grade(known: Recognised | None, *, beside_person: bool) -> tuple[Grade, str]:
    """The weight of one item: its 数据元's, never less than its kind of personal information has."""
    grade, why = (known.grade, known.harm) if known else (Grade.GENERAL_1, "")
    kind = PersonalKind(known.personal) if known and known.personal else None
    if kind in SENSITIVE:
        why = why or N_("敏感个人信息（{kind}，个人信息保护法第二十八条）").format(
            kind=PERSONAL_NAMES[kind]
        )
    elif kind:
        why = why or N_("个人信息（{kind}）").format(kind=PERSONAL_NAMES[kind])
    elif beside_person and grade is Grade.GENERAL_1:
        # PIPL 4: whatever relates to an identified person is that person's information.
        return Grade.GENERAL_2, N_("和能认出个人的数据项在同一行，泄露会一般危害个人权益")
    return grade, why or N_("没有发现个人信息，可以公开")


def _whole_reason(fields: Sequence[FieldProposal], grade: Grade) -> str:
    """GB/T 43697 6.6: the highest of all items decides."""
    deciding = [f.header for f in fields if f.grade == grade.value]
    return N_("就高从严：{items}为{grade}").format(
        items="、".join(deciding[:5]) + ("等" if len(deciding) > 5 else ""),
        grade=GRADE_NAMES[grade],
    )


def _key(table: Table, recognised: Mapping[str, Recognised]) -> tuple[str, str, bool, str]:
    """The item to ask by: a person's number, else an organisation's, else any number without repetition."""
    ranked = sorted(
        (c for c in table.columns if _subject(c, recognised)),
        key=lambda c: (
            not _is_unique(c, table, _NEARLY_UNIQUE),
            _subject(c, recognised) != "person",
        ),
    )
    if ranked:
        column = ranked[0]
        unique = _is_unique(column, table, _NEARLY_UNIQUE)
        return column.name, _subject(column, recognised), unique, _key_reason(column, table)
    codes = [c for c in table.columns if _is_unique(c, table, 100) and c.type_letter in {"C", "I"}]
    if codes:
        column = max(codes, key=lambda c: c.is_key)
        return column.name, "text", True, _key_reason(column, table)
    return "", "", False, N_("没有找到主键，只能按文件或者批量共享")


def _subject(column: Column, recognised: Mapping[str, Recognised]) -> str:
    known = recognised.get(column.name)
    return known.subject if known else ""


def _is_unique(column: Column, table: Table, percent: int) -> bool:
    """Whether so many of a hundred rows have a value of their own; `unique` knows what counting only estimates."""
    if column.unique == "yes" and column.null_count == 0:
        return True
    counted = column.distinct * 100 >= table.row_count * percent
    return table.row_count > 0 and percent < 100 and counted


def _key_reason(column: Column, table: Table) -> str:
    if _is_unique(column, table, 100):
        words = N_("主键是“{header}”：没有空值，没有重复")
    elif _is_unique(column, table, _NEARLY_UNIQUE):
        words = N_("主键是“{header}”：少数行为空、重复或者有错，逐行列出")
    else:
        words = N_("主键是“{header}”：同一个号码有多行，按号码查询会得到多行")
    return words.format(header=column.header)


def _share_type(wishes: Wishes, *, on_people: bool) -> tuple[ShareType, str]:
    if wishes.share_type:
        chosen = ShareType(wishes.share_type)
        return chosen, N_("共享属性按填报为{name}").format(name=SHARE_TYPE_NAMES[chosen])
    if on_people:
        return ShareType.CONDITIONAL, N_("含个人信息，建议有条件共享，列明范围和用途（第十五条）")
    return ShareType.UNCONDITIONAL, N_("不含个人信息，可以提供给所有政府部门，建议无条件共享")


def _conditions(wishes: Wishes, share_type: ShareType) -> dict[str, str]:
    if share_type is ShareType.CONDITIONAL:
        return {
            "share_scope": wishes.share_scope or DEFAULT_SCOPE,
            "use_purposes": wishes.use_purposes or DEFAULT_PURPOSES,
            "use_condition": DEFAULT_CONDITION,
        }
    stated = {"share_scope": wishes.share_scope, "use_purposes": wishes.use_purposes}
    if share_type is ShareType.UNCONDITIONAL:
        return {**stated, "use_condition": UNCONDITIONAL_WORDS}
    return {**stated, "use_condition": wishes.withhold_reason}


def _methods(share_type: ShareType, *, on_people: bool) -> tuple[str, ...]:
    """Art. 22 names three ways; rows about people go one by one unless a batch is decided on."""
    if share_type is ShareType.WITHHELD:
        return ()
    return ("interface",) if on_people else ("interface", "batch", "file")


def _cycle_reason(*, cycle_known: bool) -> str:
    if cycle_known:
        return N_("数据更新频率按填报")
    return N_("数据更新频率没有填，先写“不定期”，待核实")


def _abstract(name: str, table: Table) -> str:
    items = "、".join(c.header for c in table.columns[:12])
    more = "等" if len(table.columns) > 12 else ""
    words = N_("{name}，{count}个数据项：{items}{more}。").format(
        name=name.strip(), count=len(table.columns), items=items, more=more
    )
    return words[:256]


_FORMATS: Mapping[str, str] = {
    "postgresql": N_("数据库/PostgreSQL"),
    "postgres": N_("数据库/PostgreSQL"),
    "mysql": N_("数据库/MySQL"),
    "mariadb": N_("数据库/MariaDB"),
    ".xlsx": N_("电子表格/xlsx"),
    ".xlsm": N_("电子表格/xlsx"),
    ".parquet": N_("文件/parquet"),
    ".pq": N_("文件/parquet"),
    ".jsonl": N_("文件/json"),
    ".ndjson": N_("文件/json"),
    ".json": N_("文件/json"),
}


def _data_format(source: str) -> str:
    scheme, is_server, _rest = source.partition("://")
    word = scheme if is_server else PurePath(source.partition("#")[0]).suffix.lower()
    return _FORMATS.get(word, N_("电子表格/csv"))


def safe_source(location: str) -> str:
    """Where the rows come from, without credentials and without the folders of somebody's machine."""
    if "://" not in location:
        return PurePath(location).name
    parts = urlsplit(location)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    named = [part for part in parts.query.split("&") if part.startswith(("schema=", "table="))]
    table = f"?{'&'.join(named)}" if named else ""
    return f"{parts.scheme}://{host}{port}{parts.path}{table}"

"""How an entry of the catalogue reads to officials: facts, checks, who decides, differences, who uses it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from yitong.base.identity.api import agencies
from yitong.data.catalogue.api import EntryView, Resource
from yitong.data.sources.api import source_table
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Basis
from yitong.ui.components.words import date_words
from yitong.ui.values import Row

SHARING = "政务数据共享条例"
MASKS: Mapping[str, str] = {
    "none": N_("不遮"),
    "hidden": N_("全遮"),
    "name": N_("姓名，首尾字"),
    "id": N_("证件号，前后各四位"),
    "phone": N_("电话，前三后四位"),
    "address": N_("地址，到街道、乡镇"),
    "account": N_("账号，末尾几位"),
    "year": N_("日期，只到年"),
    "region": N_("区划，只到区县"),
    "yesno": N_("只答是或者否"),
}
# The nine entries of art. 13, in the article's order: item of the entry and its name.
NINE: tuple[tuple[str, str], ...] = (
    ("name", N_("数据目录名称")),
    ("fields", N_("数据项")),
    ("owner", N_("提供单位")),
    ("data_format", N_("数据格式")),
    ("update_cycle", N_("数据更新频率")),
    ("share_type", N_("共享属性")),
    ("share_methods", N_("共享方式")),
    ("use_condition", N_("使用条件")),
    ("grade", N_("数据分类分级")),
)


def chosen(item: str, value: str) -> str:
    """The words of a value that comes from a list."""
    words = Resource.CHOICES[item].get(value, value)
    return gettext(words) if words else ""


def mask_words(mask: str) -> str:
    return gettext(MASKS.get(mask, mask))


def unknown() -> str:
    """For a cell about which nothing is known; zero is written 0."""
    return gettext("暂无数据")


def nine_entries(row: Resource, headers: Sequence[str], missing: Iterable[str]) -> list[Row]:
    """What art. 13 asks an entry to say; what lacks says so."""
    conditions = (row.share_scope, row.use_purposes, row.use_condition)
    said: dict[str, str] = {
        "name": row.name,
        "fields": gettext("、").join(headers),
        "owner": row.owner.name,
        "data_format": row.data_format,
        "update_cycle": chosen("update_cycle", row.update_cycle),
        "share_type": chosen("share_type", row.share_type),
        "share_methods": gettext("、").join(chosen("share_methods", m) for m in row.share_methods),
        "use_condition": "；".join(text for text in conditions if text),
        "grade": f"{chosen('category', row.category)} · {chosen('grade', row.grade)}",
    }
    lacking = set(missing)
    return [
        Row(
            gettext(name),
            said[item] or gettext("还没有填"),
            (gettext("待核实"),) if item in row.unverified or name in lacking else (),
        )
        for item, name in NINE
    ]


def more_entries(row: Resource) -> list[Row]:
    """What an entry says beyond the nine."""
    key = f"{row.key_field}（{chosen('key_kind', row.key_kind)}）" if row.key_field else ""
    said = (
        (gettext("资源代码"), row.code),
        (gettext("摘要"), row.abstract),
        (gettext("资源类型"), chosen("kind", row.kind)),
        (gettext("按什么查一行"), key),
        (gettext("开放属性"), chosen("open_type", row.open_type)),
        (gettext("数据源"), row.source),
    )
    return [Row(term, value) for term, value in said if value]


def facts(row: Resource) -> list[Row]:
    """The column at the left: what one wants to know of any entry."""
    loaded_at = loaded(row)
    version = gettext("第{version}版，{day}起")
    in_force = (
        version.format(version=row.version_in_force, day=f"{row.published_at:%Y-%m-%d}")
        if row.version_in_force and row.published_at
        else gettext("还没有发布")
    )
    return [
        Row(gettext("数源部门"), row.owner.name),
        Row(gettext("承诺更新"), chosen("update_cycle", row.update_cycle) or unknown()),
        Row(gettext("最近更新"), loaded_at or unknown()),
        Row(gettext("记录数"), f"{row.row_count:,}"),
        Row(gettext("来自职责"), row.duty or unknown()),
        Row(gettext("现行版本"), in_force),
    ]


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of the rows behind an entry."""

    rows: int
    refused: int
    loaded_at: dt.datetime
    is_copied: bool


def table_of(row: Resource) -> Table | None:
    """None until the rows were copied in or the table was linked."""
    try:
        found = source_table(row.table_key)
    except Refusal:
        return None
    return Table(found.row_count, found.refused_count, found.loaded_at, found.state == "loaded")


def loaded(row: Resource) -> str:
    found = table_of(row)
    return date_words(found.loaded_at, form="minute") if found else ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold before filing."""

    words: str
    is_met: bool
    detail: str = ""


def checks(view: EntryView) -> list[Check]:
    """提交前检查, by arts. 13 to 15, of the present version."""
    row = view.resource
    outcomes = {a.kind: a.outcome for a in reversed(view.assessments) if a.version == row.version}
    lacking = gettext("、").join(gettext(name) for name in view.missing)
    found = [
        Check(gettext("第十三条要求的九项都写了"), not view.missing, lacking),
        Check(gettext("每一行能联到本人，本人查得到使用记录"), view.is_traceable),
    ]
    for kind in ("secrecy", "personal"):
        outcome = outcomes.get(kind, "")
        said = chosen("outcome", outcome) if outcome else gettext("还没有登记")
        found.append(
            Check(chosen("assessment", kind), outcome in {"passed", "not_concerned"}, said)
        )
    if row.share_type == "unconditional":
        found.append(Check(gettext("没有擅自增设条件"), is_met=True))
    return found


@dataclass(frozen=True, slots=True)
class Decider:
    """One of the three who make an entry: who, what and whether it is done."""

    words: str
    sentence: str
    basis: Basis
    by: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A post in words."""

    title: str
    agency: str

    def __str__(self) -> str:
        return f"{self.agency} · {self.title}"


def seats(keys: Iterable[str]) -> dict[str, str]:
    """Posts by key, in words: one query."""
    found = agencies().filter(posts__key__in={key for key in keys if key})
    rows = found.values_list("posts__key", "posts__title", "name")
    return {str(key): str(Seat(gettext(str(title)), str(name))) for key, title, name in rows}


def value_words(item: str, value: Value) -> str:
    """A value of an entry in words, for a comparison of versions."""
    if isinstance(value, list):
        return gettext("、").join(value_words(item, each) for each in value) or gettext("（空）")
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    text = "" if value is None else str(value)
    if item == "mask":
        return mask_words(text)
    return (chosen(item, text) if item in Resource.CHOICES else text) or gettext("（空）")

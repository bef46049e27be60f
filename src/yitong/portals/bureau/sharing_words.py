"""How a file that was handed in reads: where it stands, how far the work is, what is to do with each of its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext

from yitong.data.catalogue.api import Resource, uploads
from yitong.kernel.errors import N_, Refusal
from yitong.ui.states import State

FAULTS_SHOWN = 10
# What each kind of fault is called beside a field; the download says it by the line.
FLAWS: Mapping[str, str] = {
    "person_check": N_("身份号码无效"),
    "person_15": N_("15位旧号"),
    "credit_check": N_("信用代码校验不符"),
    "formula": N_("像公式"),
    "formula_cell": N_("公式单元格"),
    "formula_unknown": N_("公式没有算出值"),
    "type": N_("类型不符"),
    "date_shape": N_("日期写法不一"),
    "date_bad": N_("日期不存在"),
    "number_text": N_("数字带符号"),
    "damaged": N_("被改成科学计数法"),
    "republic_date": N_("民国或农历日期"),
    "error_value": N_("表格错误值"),
    "region_invalid": N_("不是行政区划代码"),
    "key_missing": N_("没有主键"),
    "key_invalid": N_("主键无效"),
    "key_duplicate": N_("主键重复"),
    "outlier": N_("离群值"),
}
PHASES: Mapping[str, str] = {
    "opening": N_("正在打开文件"),
    "reading": N_("正在读取并分析“{table}”"),
    "proposing": N_("正在为“{table}”提出建议"),
    "loading": N_("正在密封载入“{table}”"),
    "submitting": N_("正在报送“{table}”"),
}
_SIGNS: Mapping[str, State] = {
    "waiting": State.RUNNING,
    "working": State.RUNNING,
    "receiving": State.RUNNING,
    "stopping": State.PAUSED,
    "stopped": State.PAUSED,
    "choosing": State.AT_RISK,
    "read": State.DONE,
    "refused": State.REFUSED,
    "closed": State.DONE,
}


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table of a file: what it is called, what became of it, and where one goes on."""

    number: int
    name: str
    words: str
    detail: str
    href: str
    verb: str
    is_open: bool
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file stands, in words. `percent` is None where nobody knows how much there is."""

    row: uploads.Upload
    name: str
    state_words: str
    sign: State
    words: str
    sub: str
    percent: int | None
    is_silent: bool
    lines: tuple[TableLine, ...]
    choices: list[tuple[int, str]]
    proposed: tuple[int, ...]
    refusal: uploads.Words | None
    next_url: str


def standing_of(row: uploads.Upload) -> Standing:
    tables = list(row.tables.all())
    lines = tuple(_line(row, table) for table in tables if table.state != "listed")
    open_lines = [line for line in lines if line.is_open]
    own = reverse("bureau:upload", args=[row.pk])
    words, sub, percent = _work(row)
    return Standing(
        row=row,
        name=_name(row, tables),
        state_words=gettext(uploads.STATE_NAMES[row.state]),
        sign=_SIGNS[row.state],
        words=words,
        sub=sub,
        percent=percent,
        is_silent=uploads.is_silent(row),
        lines=lines,
        choices=[(table.number, table.name) for table in tables if table.state == "listed"],
        proposed=tuple(line.number for line in open_lines) if not row.is_at_work else (),
        refusal=uploads.refusal_of(row),
        next_url=open_lines[0].href if len(open_lines) == 1 and len(tables) == 1 else own,
    )


def _name(row: uploads.Upload, tables: Sequence[uploads.UploadTable]) -> str:
    try:
        name = uploads.name_of(row)
    except Refusal:
        name = ""
    return name or (tables[0].name if tables else gettext("第{number}号上传").format(number=row.pk))


def _work(row: uploads.Upload) -> tuple[str, str, int | None]:
    """(what is happening, how far, percent)."""
    said: dict[str, Any] = row.progress
    if row.state != "working" or "phase" not in said:
        return gettext(uploads.STATE_NAMES[row.state]), "", None
    words = gettext(PHASES[said["phase"]]).format(table=said["table"])
    if said["places"] > 1 and said["place"]:
        place = gettext("第{place}张表，共{places}张")
        words = f"{words}（{place.format(place=said['place'], places=said['places'])}）"
    total, done = said["total"], said["done"]
    percent = min(99, done * 100 // total) if total else None
    rows = gettext("{rows}行").format(rows=intcomma(said["rows"], use_l10n=False))
    if percent is None:
        return words, rows if said["rows"] else "", None
    return words, gettext("，").join([rows, f"{percent}%"]), percent


def _line(row: uploads.Upload, table: uploads.UploadTable) -> TableLine:
    words = {
        "chosen": N_("等着读取"),
        "proposed": N_("建议已提出，等着看"),
        "loading": N_("正在载入"),
        "filed": N_("已成为目录"),
        "refused": N_("没有读成"),
    }[table.state]
    refusal = uploads.refusal_of(table)
    href, verb = "", ""
    is_open = table.state == "proposed" and row.state != "closed"
    if is_open:
        href, verb = reverse("bureau:proposal", args=[row.pk, table.number]), gettext("看建议")
    elif table.state == "filed":
        href, verb = reverse("bureau:entry", args=[table.resource_id]), gettext("看目录")
    detail = f"{refusal.sentence}{refusal.remedy}" if refusal else _counts(table)
    return TableLine(
        table.number,
        table.name,
        gettext(words),
        detail,
        href,
        verb,
        is_open,
        tuple(table.loaded.get("faults", ())[:FAULTS_SHOWN]),
    )


def _counts(table: uploads.UploadTable) -> str:
    if table.state == "filed":
        rows, refused = table.loaded.get("rows", 0), table.loaded.get("refused", 0)
        said = gettext("载入{rows}行，没有载入{refused}行")
        return said.format(
            rows=intcomma(rows, use_l10n=False), refused=intcomma(refused, use_l10n=False)
        )
    if not table.findings:
        return ""
    said = gettext("{rows}行，{fields}个数据项，{faults}处问题")
    return said.format(
        rows=intcomma(table.findings["rows"], use_l10n=False),
        fields=len(table.findings["fields"]),
        faults=intcomma(sum(table.findings["fault_counts"].values()), use_l10n=False),
    )


def grade_words(grade: str) -> str:
    return gettext(Resource.CHOICES["grade"].get(grade, grade))

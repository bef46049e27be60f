"""`yitong regions`: the table of administrative divisions."""

from typing import TYPE_CHECKING, Any

import click

from yitong.cli.errors import RegionNotFound
from yitong.cli.node import Node, on_node
from yitong.cli.speech import table
from yitong.cli.words import _

if TYPE_CHECKING:
    from yitong.base.regions.api import LoadReport, RegionFacts


@click.group(help=_("行政区划：查找和载入。"))
def regions() -> None:
    """Everything about divisions."""


@regions.command(help=_("按名称、拼音、首字母或代码查找；几个词之间是上下级（如“澜宁 桐花”）。"))
@click.argument("text", metavar="NAME|CODE")
@click.option(
    "--limit", type=click.IntRange(1, 200), default=20, show_default=True, help=_("最多几条")
)
@on_node
def find(node: Node, text: str, limit: int) -> None:
    from yitong.base.regions.api import find as found_in
    from yitong.base.regions.api import national_totals

    found = found_in(text, limit=limit)
    if not found:
        loaded = (
            _("全国区划表已载入。")
            if national_totals()
            else _("全国区划表还没有载入，先运行 yitong regions load。")
        )
        raise RegionNotFound(text=text, hint=loaded)
    rows = [(one.code, "".join(one.path), _remark(one)) for one in found]
    node.speech.answer([_plain(one) for one in found], table(rows))


@regions.command(help=_("载入全国行政区划和县级沿革；已是最新的不再载入。"))
@on_node(founds=True)
def load(node: Node) -> None:
    from yitong.base.regions.api import load_county_history, load_national

    by = node.actor
    with node.speech.progress(_("载入全国行政区划")) as tell:
        national = load_national(by=by, progress=tell)
    reports = [national, load_county_history(by=by)]
    node.speech.answer([_counted(report) for report in reports], map(_told, reports))


def _plain(region: "RegionFacts") -> dict[str, Any]:
    return {
        "code": region.code,
        "level": int(region.level),
        "name": region.name,
        "path": list(region.path),
        "pinyin": region.pinyin,
        "valid_from": region.valid_from.isoformat() if region.valid_from else None,
        "valid_to": region.valid_to.isoformat() if region.valid_to else None,
        "replaced_by": region.replaced_by or None,
        "overlay": region.overlay or None,
    }


def _remark(region: "RegionFacts") -> str:
    if region.overlay:
        return _("演示区划，不是真实地方")
    if region.valid_to:
        return _("{day}已撤销").format(day=region.valid_to.isoformat())
    return ""


def _counted(report: "LoadReport") -> dict[str, Any]:
    return {
        "table": report.table,
        "edition": report.edition,
        "rows": report.rows,
        "added": report.added,
        "renamed": report.renamed,
        "closed": report.closed,
        "unchanged": report.is_unchanged,
    }


def _told(report: "LoadReport") -> str:
    if report.is_unchanged:
        return _("{edition}：{rows:,} 条，已是最新").format(
            edition=report.edition, rows=report.rows
        )
    return _("{edition}：{rows:,} 条，新增 {added:,}，改名 {renamed:,}，撤销 {closed:,}").format(
        edition=report.edition,
        rows=report.rows,
        added=report.added,
        renamed=report.renamed,
        closed=report.closed,
    )

"""`yitong statutes`: the register of time limits. `yitong calendar`: the working calendar."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yitong.cli.node import Node, on_node
from yitong.cli.speech import table
from yitong.cli.words import _

if TYPE_CHECKING:
    from yitong.base.statutes.api import RegisterRow

_UNITS = ("WD", "D", "WH", "H", "M", "Y")
_KINDS = ("within", "at_least", "before", "keep")
_day = click.DateTime(["%Y-%m-%d"])


@click.group(help=_("时限登记簿：列出、查看、登记地方时限。"))
def statutes() -> None:
    """Everything about limits."""


@statutes.command("list", help=_("列出时限；--region 只列在那里有效的，--on 只列当日有效的。"))
@click.option("--region", default=None, metavar="CODE", help=_("在哪个区划"))
@click.option("--on", type=_day, default=None, help=_("在哪一天"))
@on_node
def list_(node: Node, region: str | None, on: dt.datetime | None) -> None:
    from yitong.base.statutes.api import limits, spoken_amount

    found = limits(region=region, on=on.date() if on else None)
    rows = [
        (
            row.limit.key,
            spoken_amount(row.limit),
            str(row.limit.basis),
            row.limit.region or _("全国"),
            row.limit.confidence,
            row.limit.title,
        )
        for row in found
    ]
    node.speech.answer([_plain(row) for row in found], table(rows))


@statutes.command(help=_("查看一项时限的各个版本、地方规定和可以停止计时的事由。"))
@click.argument("key", metavar="LIMIT_KEY")
@on_node
def show(node: Node, key: str) -> None:
    from yitong.base.statutes.api import limit_versions, spoken_amount, stop_grounds

    rows = limit_versions(key)
    stops = stop_grounds(key)
    document = {
        "key": key,
        "limits": [_plain(row) for row in rows],
        "stops": [
            {"key": one.key, "title": one.title, "effect": one.effect, "article": str(one.basis)}
            for one in stops
        ],
    }
    told = [
        (
            row.limit.region or _("全国"),
            spoken_amount(row.limit),
            str(row.limit.basis),
            f"{row.limit.valid_from} – {row.limit.valid_to or ''}",
            row.limit.confidence,
            "；".join(filter(None, (row.limit.title, row.note))),
        )
        for row in rows
    ]
    grounds = [(one.title, str(one.basis), one.tell) for one in stops]
    node.speech.answer(document, [*table(told), *table(grounds)])


@statutes.command(help=_("登记一项地方时限：写明区划、期限、依据和生效日期。"))
@click.argument("key", metavar="LIMIT_KEY")
@click.option("--region", required=True, metavar="CODE", help=_("在哪个区划"))
@click.option("--amount", required=True, type=click.IntRange(min=1), help=_("期限的数"))
@click.option("--unit", required=True, type=click.Choice(_UNITS), help=_("期限的单位"))
@click.option("--act", required=True, help=_("依据的名称"))
@click.option("--article", default="", help=_("依据的条款，如 9"))
@click.option("--from", "since", required=True, type=_day, help=_("自哪天起有效"))
@click.option("--to", "until", type=_day, default=None, help=_("到哪天之前有效"))
@click.option(
    "--act-kind", default="", help=_("依据是登记簿里没有的，写明它的种类，如 地方政府规章")
)
@click.option("--title", default="", help=_("地方自己的时限，写明是什么事"))
@click.option("--kind", type=click.Choice(_KINDS), default="within", help=_("期限的种类"))
@click.option("--extension", type=click.IntRange(min=0), default=0, help=_("最多延长多少"))
@click.option("--confidence", type=click.Choice(["H", "M", "L"]), default="M", help=_("把握"))
@click.option("--source", default="", help=_("出处"))
@on_node
def add(node: Node, key: str, **given: Any) -> None:  # noqa: ANN401 - what each option's type made
    from yitong.base.statutes.api import NewLimit, add_limit, spoken_amount
    from yitong.kernel.law import Confidence, LimitKind, Unit

    until = given["until"]
    limit = NewLimit(
        key=key,
        region=given["region"],
        amount=given["amount"],
        unit=Unit(given["unit"]),
        act=given["act"],
        article=given["article"],
        valid_from=given["since"].date(),
        valid_to=until.date() if until else None,
        title=given["title"],
        kind=LimitKind(given["kind"]),
        extension=given["extension"],
        act_kind=given["act_kind"],
        confidence=Confidence(given["confidence"]),
        source=given["source"],
    )
    added = add_limit(limit=limit, by=node.actor)
    said = _("已登记：{region} {key} {amount}，依据{basis}，自 {since} 起").format(
        region=added.region,
        key=added.key,
        amount=spoken_amount(added),
        basis=added.basis,
        since=added.valid_from,
    )
    node.speech.answer({"key": added.key, "region": added.region, "id": added.id}, [said])


@statutes.command(help=_("终止一项地方时限：自 --on 那天起失效，恢复适用上级的规定。"))
@click.argument("key", metavar="LIMIT_KEY")
@click.option("--region", required=True, metavar="CODE", help=_("在哪个区划"))
@click.option("--on", type=_day, required=True, help=_("自哪天起失效"))
@click.option("--reason", required=True, help=_("依据或原因，如哪个文件废止了它"))
@on_node
def end(node: Node, key: str, region: str, on: dt.datetime, reason: str) -> None:
    from yitong.base.statutes.api import end_limit

    ended = end_limit(key=key, region=region, on=on.date(), reason=reason, by=node.actor)
    said = _("已登记：{region} {key} 自 {on} 起失效").format(
        region=ended.region, key=ended.key, on=ended.valid_to
    )
    node.speech.answer(
        {
            "key": ended.key,
            "region": ended.region,
            "valid_to": str(ended.valid_to),
            "id": ended.id,
        },
        [said],
    )


@click.group(help=_("工作日历：载入国务院办公厅公布的放假安排。"))
def calendar() -> None:
    """Everything about the calendar."""


@calendar.command(
    help=_("载入一年或几年的安排：CSV 或 JSON，每行写明 date、kind，可加 status、name、source。")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_node
def load(node: Node, file: Path) -> None:
    from yitong.base.statutes.api import load_calendar

    reports = load_calendar(text=file.read_bytes(), name=file.name, by=node.actor)
    document = [
        {
            "year": report.year,
            "status": report.status,
            "source": report.source,
            "changed": [on.isoformat() for on in report.changed],
            "flipped": [on.isoformat() for on in report.flipped],
            "unchanged": report.is_unchanged,
        }
        for report in reports
    ]
    lines = [
        _("{year} 年没有变化").format(year=report.year)
        if report.is_unchanged
        else _("{year} 年：{days} 天有变化，其中上班与放假互换的 {flipped}").format(
            year=report.year,
            days=len(report.changed),
            flipped="、".join(on.isoformat() for on in report.flipped) or _("没有"),
        )
        for report in reports
    ]
    node.speech.answer(document, lines)


def _plain(row: "RegisterRow") -> dict[str, Any]:
    limit = row.limit
    return {
        "key": limit.key,
        "title": limit.title,
        "kind": limit.kind,
        "amount": limit.amount,
        "unit": limit.unit,
        "month_day": "{:02}-{:02}".format(*limit.month_day) if limit.month_day else None,
        "act": limit.basis.act,
        "article": limit.basis.article,
        "basis": str(limit.basis),
        "extension": limit.extension.amount if limit.extension else None,
        "approver": limit.extension.approver if limit.extension else "",
        "outcome": limit.outcome,
        "nature": row.nature,
        "region": limit.region,
        "valid_from": limit.valid_from.isoformat() if limit.valid_from else None,
        "valid_to": limit.valid_to.isoformat() if limit.valid_to else None,
        "confidence": limit.confidence,
        "source": limit.source,
        "note": row.note,
        "id": limit.id,
    }

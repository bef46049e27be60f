"""`yitong due`: when a limit of the law is over, by which article, and every day that did not count."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yitong.cli.node import data_option, json_option, opened, set_up_django
from yitong.cli.place import place_of
from yitong.cli.speech import Speech, table
from yitong.cli.words import _
from yitong.kernel import clock

if TYPE_CHECKING:
    from yitong.kernel.workdays import Excluded, Reckoned

_REASONS = {
    "weekend": _("周末"),
    "statutory": _("法定节日"),
    "adjusted_off": _("调休放假"),
    "stopped": _("停止计时"),
}


class StartType(click.ParamType[dt.date]):
    """A day, or an instant; one without a zone is in the node's."""

    name = "start"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> dt.date | dt.datetime:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
        try:
            instant = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(_("应为日期（2026-11-22）或时刻（2026-11-22T09:30）"), param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=clock.ZONE)


@click.command(
    help=_(
        "按时限登记簿计算届满日，列出依据和不计入的每一天。START 是起算的日期或时刻；“之前”类的时限写它所等待的日子。"
    )
)
@click.argument("key", metavar="LIMIT_KEY")
@click.argument("start", metavar="START", type=StartType())
@click.option("--region", default="", metavar="CODE", help=_("在哪个区划（默认全国）"))
@data_option
@json_option
def due(*, key: str, start: dt.date, region: str, data: Path | None, as_json: bool) -> None:
    place = place_of(data)
    speech = Speech(as_json=as_json)
    if not place.is_there and not region:
        # The nation's limits stand in the tree: whoever only asks needs no node.
        set_up_django(place, "")
        from yitong.base.statutes.api import reckon_by_release

        _answer(speech, reckon_by_release(key, start), start, ("", ""))
        return
    place.require()
    with opened(place, speech):
        from yitong.base.statutes.api import answering_place, limit_for, reckon

        on = clock.local(start).date() if isinstance(start, dt.datetime) else start
        answering = answering_place(region, on=on)
        found = reckon(limit_for(key, region=answering.code, on=on), start)
        _answer(speech, found, start, (answering.asked, answering.code))


def _answer(
    speech: Speech, found: "Reckoned | None", start: dt.date, region: tuple[str, str]
) -> None:
    assert found is not None  # noqa: S101 - without stops no clock stands
    speech.answer(_plain(found, start, region), _lines(found, start, region))


def _plain(found: "Reckoned", start: dt.date, region: tuple[str, str]) -> dict[str, Any]:
    limit = found.limit
    specific = (found.earliest, found.latest, found.kept_until)
    return {
        "key": limit.key,
        "title": limit.title,
        "kind": limit.kind,
        "amount": limit.amount,
        "unit": limit.unit,
        "start": start.isoformat(),
        "region": region[0],
        "answering_region": region[1],
        "limit_region": limit.region,
        "due": None if any(specific) else _local(found.due),
        "earliest": _local(found.earliest),
        "latest": _local(found.latest),
        "kept_until": _local(found.kept_until),
        "due_on": found.due_on.isoformat(),
        "article": str(found.article),
        "act": limit.basis.act,
        "excluded": [
            {"on": day.on.isoformat(), "reason": day.reason, "name": day.name}
            for day in found.excluded
        ],
        "provisional": found.provisional,
        "extension": {
            "amount": limit.extension.amount,
            "unit": limit.extension.unit,
            "approver": limit.extension.approver,
            "notify": limit.extension.notify,
        }
        if limit.extension
        else None,
        "on_expiry": limit.on_expiry,
        "outcome": limit.outcome,
        "deemed_on": found.deemed_on.isoformat() if found.deemed_on else None,
        "confidence": limit.confidence,
        "source": limit.source,
        "valid_from": limit.valid_from.isoformat() if limit.valid_from else None,
        "valid_to": limit.valid_to.isoformat() if limit.valid_to else None,
    }


def _local(instant: dt.datetime | None) -> str | None:
    return clock.local(instant).isoformat() if instant else None


def _lines(found: "Reckoned", start: dt.date, region: tuple[str, str]) -> list[str]:
    from yitong.base.statutes.api import spoken_amount

    limit = found.limit
    rows = [
        (_("时限"), f"{limit.key}  {limit.title}"),
        (_("法定期限"), spoken_amount(limit)),
        (_("起算"), start.isoformat()),
        (_head(found), _end(found)),
        (_("依据"), str(found.article)),
    ]
    if region[0] != region[1]:
        rows.append(
            (_("区划"), _("{asked} 已撤销，按 {code} 计算").format(asked=region[0], code=region[1]))
        )
    if limit.extension:
        longest = f"{limit.extension.amount} {limit.extension.unit}"
        rows.append((_("可延长"), " ".join(filter(None, (longest, limit.extension.approver)))))
    if limit.confidence != "H":
        rows.append((_("把握"), f"{limit.confidence}  {limit.source}"))
    if found.provisional:
        rows.append((_("提示"), _("其中有的年份还没有公布放假安排，日期是暂定的")))
    rows += [(_("不计入"), _day(day)) for day in found.excluded]
    return list(table(rows))


def _head(found: "Reckoned") -> str:
    heads = {"at_least": _("最早"), "before": _("最迟"), "keep": _("保存至")}
    return heads.get(found.limit.kind, _("届满"))


def _end(found: "Reckoned") -> str:
    end = clock.local(found.due)
    if end.time() == dt.time() and end.date() > found.due_on:
        return f"{found.due_on.isoformat()} 24:00"
    return f"{end:%Y-%m-%d %H:%M}"


def _day(day: "Excluded") -> str:
    return " ".join(filter(None, (day.on.isoformat(), _REASONS[day.reason], day.name)))

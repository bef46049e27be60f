"""`yitong messages`: how messages went out, and dead letters sent again."""

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from yitong.cli.node import Node, on_node
from yitong.cli.speech import table
from yitong.cli.words import _
from yitong.kernel import clock

if TYPE_CHECKING:
    from yitong.base.messages.api import DeliveryFacts

STATES = ("queued", "sending", "sent", "delivered", "failed", "given_up", "withdrawn")


@click.group(help=_("消息：投递情况和重新投递。看不到内容，也看不到地址。"))
def messages() -> None:
    """Everything about messages on their way out."""


@messages.command("list", help=_("投递情况，新的在前；运维人员看全部，其他人看本单位发出的。"))
@click.option("--state", type=click.Choice(STATES), help=_("只看这种状态"))
@click.option("--channel", type=click.Choice(("mail", "sms")), help=_("只看这条渠道"))
@click.option("--after", type=click.IntRange(1), default=None, help=_("接着这个编号往下看"))
@click.option(
    "--limit", type=click.IntRange(1, 500), default=50, show_default=True, help=_("最多几条")
)
@on_node
def list_(node: Node, **asked: Any) -> None:  # noqa: ANN401 - what each option's type made
    from yitong.base.messages.api import DeliveryFilter, deliveries

    wanted = DeliveryFilter(
        asked["state"] or "", asked["channel"] or "", asked["after"] or 0, asked["limit"]
    )
    found = deliveries(node.actor, wanted)
    heads = (
        _("编号"),
        _("消息模板"),
        _("收件人"),
        _("渠道"),
        _("状态"),
        _("原因"),
        _("次数"),
        _("时间"),
    )
    lines = table([_row(one) for one in found], heads) if found else [_("没有投递")]
    node.speech.answer({"deliveries": [_document(one) for one in found]}, lines)


def _row(one: "DeliveryFacts") -> tuple[str, ...]:
    at = clock.local(one.sent_at or one.queued_at)
    return (
        str(one.number),
        one.template,
        one.recipient,
        one.channel,
        one.state,
        one.reason or "–",
        str(one.attempts),
        f"{at:%Y-%m-%d %H:%M}",
    )


def _document(one: "DeliveryFacts") -> dict[str, object]:
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value
        for name, value in asdict(one).items()
    }


@messages.command(help=_("把“不再尝试”的投递放回去重新发；给出编号，或者用 --all。"))
@click.argument("numbers", metavar="NUMBER", type=click.IntRange(1), nargs=-1)
@click.option("--all", "every", is_flag=True, help=_("全部“不再尝试”的投递，最多 500 条"))
@on_node
def retry(node: Node, *, numbers: tuple[int, ...], every: bool) -> None:
    from yitong.base.messages.api import DeliveryFilter, deliveries
    from yitong.base.messages.api import retry as send_again

    by = node.actor
    if bool(numbers) == every:
        raise click.UsageError(_("给出编号，或者用 --all，两者取一"))
    if every:
        numbers = tuple(one.number for one in deliveries(by, DeliveryFilter("given_up", limit=500)))
    for number in numbers:
        send_again(by=by, delivery=number)
    node.speech.answer(
        {"retried": list(numbers)},
        [_("已放回 {count} 条，一分钟内再发").format(count=len(numbers))],
    )

"""`yitong grant`: let one agency's system read some items of a resource, for one purpose, until a day."""

import datetime as dt
import re
from collections.abc import Sequence

import click

from yitong.cli.node import Node, on_node
from yitong.cli.speech import table
from yitong.cli.words import _


@click.command(
    help=_("授权一个接入凭证按用途、数据项和期限读取一项资源（RESOURCE 是资源代码或名称）。")
)
@click.argument("resource", metavar="RESOURCE")
@click.option("--to", "client", required=True, metavar="CLIENT", help=_("接入凭证编号"))
@click.option(
    "--fields", "fields", required=True, multiple=True, help=_("数据项，用逗号分开；主键必须在内")
)
@click.option("--purpose", required=True, help=_("使用目的的代号"))
@click.option("--until", required=True, metavar="YYYY-MM-DD", help=_("使用到哪一天"))
@click.option("--basis", default="", help=_("使用依据（不写则取使用目的的依据）"))
@click.option("--scene", default="", help=_("使用场景（不写则取使用目的的说明）"))
@click.option("--mask", "masks", multiple=True, metavar="ITEM=MASK", help=_("与目录默认不同的遮盖"))
@click.option("--region", default="", metavar="CODE", help=_("只限这个区划内的行"))
@click.option(
    "--rows", default="", metavar="RULE", help=_("只给符合规则的行；不知道是否符合的不给")
)
@click.option(
    "--rate", type=click.IntRange(min=1), default=600, show_default=True, help=_("每分钟最多几次")
)
@on_node
def grant(node: Node, resource: str, client: str, **asked: object) -> None:
    from yitong.data.sharing.api import Order, row_rules
    from yitong.data.sharing.api import grant as share_with

    order = Order(
        resource=resource,
        client=client,
        fields=split(asked["fields"]),  # type: ignore[arg-type]
        purpose=str(asked["purpose"]),
        until=_day(str(asked["until"])),
        basis=str(asked["basis"]),
        scene=str(asked["scene"]),
        row_region=str(asked["region"]),
        row_rule=str(asked["rows"]),
        rate_per_minute=int(asked["rate"]),  # type: ignore[call-overload]
        masks=_masks(asked["masks"]),  # type: ignore[arg-type]
    )
    made = share_with(order=order, by=node.actor)
    rule = row_rules.in_words_of(made.row_rule, made.resource, _) if made.row_rule else ""
    document = {
        "grant": made.pk,
        "resource": made.resource.code,
        "name": made.resource.name,
        "client": made.client_id,
        "agency": made.agency.name,
        "fields": list(made.fields),
        "masks": dict(made.masks),
        "purpose": made.purpose.code,
        "basis": made.basis,
        "region": made.row_region or None,
        "rows": made.row_rule or None,
        "rows_in_words": rule or None,
        "rows_digest": made.row_rule_digest or None,
        "rate_per_minute": made.rate_per_minute,
        "until": made.until.isoformat(),
        "state": made.state,
        "policies": list(made.policies),
    }
    shown = "、".join(f"{name}（{made.masks.get(name, 'none')}）" for name in made.fields)
    rows = [
        (_("授权"), str(made.pk)),
        (_("资源"), f"{made.resource.name}（{made.resource.code}）"),
        (_("提供给"), f"{made.agency.name}（{made.client_id}）"),
        (_("数据项和遮盖"), shown),
        (_("目的"), made.purpose.sentence),
        (_("依据"), made.basis),
        (_("期限"), made.until.isoformat()),
        *([(_("只给这些行"), rule)] if rule else []),
    ]
    node.speech.answer(document, table(rows))


def split(texts: Sequence[str]) -> tuple[str, ...]:
    """Names separated by any of the commas and dots in use."""
    return tuple(
        word for text in texts for word in re.split(r"\s*[,，、;；]\s*", text.strip()) if word
    )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            _("日期写成 YYYY-MM-DD，例如 2027-03-31"), param_hint="--until"
        ) from None


def _masks(pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        item, equals, mask = pair.partition("=")
        if not equals:
            raise click.BadParameter(_("写成 数据项=遮盖，例如 姓名=name"), param_hint="--mask")
        found[item.strip()] = mask.strip()
    return found

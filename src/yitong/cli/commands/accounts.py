"""`yitong accounts`: log-ins of staff and citizens: found, opened, closed, reset, and whose they are."""

from typing import TYPE_CHECKING, Any

import click

from yitong.cli.commands.login import asked
from yitong.cli.node import Node, on_node, yes_option
from yitong.cli.speech import table
from yitong.cli.words import _

if TYPE_CHECKING:
    from yitong.base.identity.api import accounts as nouns

MOST = 1000


@click.group(help=_("账号：查找、开立、停用、恢复、重置，登记使用人。"))
def accounts() -> None:
    """Everything about log-ins."""


@accounts.command(name="list", help=_("列出账号；几个条件一起用。"))
@click.option("--text", default="", help=_("用户名里的字"))
@click.option("--agency", default="", metavar="NAME", help=_("机构全称"))
@click.option("--kind", type=click.Choice(["person", "staff", "machine"]), help=_("账号类别"))
@click.option("--state", type=click.Choice(["active", "locked"]), help=_("状态"))
@click.option(
    "--limit", type=click.IntRange(1, MOST), default=100, show_default=True, help=_("最多几条")
)
@on_node
def show_list(
    node: Node, *, text: str, agency: str, kind: str | None, state: str | None, limit: int
) -> None:
    from yitong.base.identity.api import accounts, agency_named

    found = accounts.accounts_found(
        viewer=node.actor,
        text=text,
        agency=agency_named(agency).code if agency else "",
        kind=kind or "",
        state=state or "",
    )
    rows = list(found[:limit])
    lines = [(row.username, _kind(row), _state(row), _agency(row)) for row in rows]
    node.speech.answer([_plain(row) for row in rows], table(lines))


@accounts.command(help=_("看一个账号：岗位、第二因素、登录着的地方。"))
@click.argument("username", metavar="NAME")
@on_node
def show(node: Node, username: str) -> None:
    from yitong.base.identity.api import accounts, devices, posts_of

    account = _seen(node, username)
    held = [post.key for post in posts_of(account)]
    factors = [str(one.type) for one in devices.factors_of(account)]
    running = len(devices.sessions_of(account))
    document = _plain(account) | {"posts": held, "factors": factors, "sessions": running}
    lines = [
        (_("用户名"), account.username),
        (_("编号"), f"account:{account.pk}"),
        (_("类别"), _kind(account)),
        (_("状态"), _state(account)),
        (_("机构"), _agency(account)),
        (_("使用人"), accounts.officer_name(account) if account.holder_id else _("未登记")),
        (_("岗位"), "、".join(held) or "—"),
        (_("第二因素"), "、".join(factors) or "—"),
        (_("登录着"), _("{count} 处").format(count=running)),
    ]
    node.speech.answer(document, table(lines))


@accounts.command(help=_("开立账号；没有密码，重置一次得到第一个密码。"))
@click.argument("username", metavar="NAME")
@click.option("--kind", type=click.Choice(["person", "staff"]), default="staff", help=_("账号类别"))
@click.option("--agency", default="", metavar="NAME", help=_("所属机构全称"))
@on_node
def create(node: Node, username: str, kind: str, agency: str) -> None:
    from yitong.base.identity.api import accounts, agency_named

    account = accounts.create_account(
        by=node.actor,
        username=username,
        kind=kind,
        agency=agency_named(agency) if agency else None,
    )
    told = _("已开立账号 {name}（account:{number}）")
    node.speech.answer(_plain(account), [told.format(name=account.username, number=account.pk)])


@accounts.command(help=_("停用账号：立即退出所有登录，不能再登录。"))
@click.argument("username", metavar="NAME")
@click.option("--reason", required=True, help=_("停用原因；记入账本，不要写姓名和号码"))
@on_node
def lock(node: Node, username: str, reason: str) -> None:
    from yitong.base.identity.api import accounts

    account = _seen(node, username)
    accounts.lock_account(by=node.actor, account=account, reason=reason)
    node.speech.answer(_plain(_seen(node, username)), [_("停用中")])


@accounts.command(help=_("恢复停用的账号；连续失败造成的暂停也一并解除。"))
@click.argument("username", metavar="NAME")
@on_node
def unlock(node: Node, username: str) -> None:
    from yitong.base.identity.api import accounts

    accounts.unlock_account(by=node.actor, account=_seen(node, username))
    node.speech.answer(_plain(_seen(node, username)), [_("已恢复")])


@accounts.command(help=_("重置账号：新密码只显示这一次，第二因素和登录全部作废。"))
@click.argument("username", metavar="NAME")
@yes_option
@on_node
def reset(node: Node, *, username: str, yes: bool) -> None:
    from yitong.base.identity.api import accounts

    account = _seen(node, username)
    node.speech.confirm(_("重置 {name} 的登录？").format(name=account.username), yes=yes)
    password = accounts.reset_account(by=node.actor, account=account)
    lines = [
        *table([(_("用户名"), account.username), (_("新密码"), password)]),
        _("密码只显示这一次，请当面交给本人。"),
    ]
    node.speech.answer(_plain(account) | {"password": password}, lines)


@accounts.command(help=_("登记工作人员账号的使用人；姓名和号码从终端或标准输入读，不作参数。"))
@click.argument("username", metavar="NAME")
@on_node
def holder(node: Node, username: str) -> None:
    from yitong.base.identity.api import accounts

    account = _seen(node, username)
    name = asked(_("使用人姓名"), is_hidden=False)
    number = asked(_("公民身份号码"), is_hidden=True)
    accounts.name_holder(by=node.actor, account=account, name=name, number=number)
    node.speech.answer(_plain(_seen(node, username)), [_("已登记使用人")])


def _seen(node: Node, username: str) -> "nouns.Account":
    """The account, for whoever may oversee it."""
    from yitong.base.identity.api import accounts

    found = accounts.account_named(username)
    return accounts.account_numbered(found.pk, viewer=node.actor)


def _plain(account: "nouns.Account") -> dict[str, Any]:
    return {
        "account": f"account:{account.pk}",
        "username": account.username,
        "kind": account.kind,
        "state": "active" if account.is_active else "locked",
        "agency": account.agency.code if account.agency else None,
        "has_holder": account.holder_id is not None,
    }


def _kind(account: "nouns.Account") -> str:
    return {"person": _("个人"), "staff": _("工作人员"), "machine": _("系统")}[account.kind]


def _state(account: "nouns.Account") -> str:
    return _("正常") if account.is_active else _("停用中")


def _agency(account: "nouns.Account") -> str:
    return account.agency.name if account.agency else "—"

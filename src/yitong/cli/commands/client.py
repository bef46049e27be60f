"""`yitong client`: the credentials by which an agency's system calls the node."""

import click

from yitong.cli.node import Node, on_node, yes_option
from yitong.cli.speech import table
from yitong.cli.words import _


@click.group(help=_("接入凭证：签发和收回。"))
def client() -> None:
    """Everything about machine clients."""


@client.command(help=_("给一个部门的业务系统签发编号和密钥；密钥只显示这一次。"))
@click.option("--agency", required=True, metavar="NAME", help=_("部门全称"))
@click.option("--name", required=True, help=_("系统名称"))
@click.option(
    "--back",
    "addresses",
    multiple=True,
    metavar="URL",
    help=_("登录后回跳的地址：给了它，凭证用来让人登录到对方系统（OpenID Connect），不能读数据"),
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(("exchange", "catalogue", "sharing", "claims")),
    help=_(
        "令牌能做什么，可以写几项：exchange 读数据（默认），catalogue 编目，sharing 申请共享，claims 登记数源"
    ),
)
@on_node
def issue(
    node: Node, agency: str, name: str, addresses: tuple[str, ...], scopes: tuple[str, ...]
) -> None:
    from yitong.base.identity.api import agency_named, clients

    owner = agency_named(agency)
    if addresses and scopes:
        raise click.UsageError(_("--back 和 --scope 只能写其中一种"))
    if addresses:
        issued = clients.issue_log_in(by=node.actor, agency=owner, name=name, addresses=addresses)
    else:
        given = scopes or (clients.SCOPE,)
        issued = clients.issue_client(by=node.actor, agency=owner, name=name, scopes=given)
    lines = [
        _("已给{agency}签发接入凭证：").format(agency=owner.name),
        *table([(_("编号"), issued.client_id), (_("密钥"), issued.secret)]),
        _("密钥只显示这一次，请现在就保存到对方系统的保密配置里。"),
    ]
    document = {"agency": owner.name, "client_id": issued.client_id, "secret": issued.secret}
    node.speech.answer(document, lines)


@client.command(help=_("收回一个接入凭证：它的令牌立即失效，不能恢复。"))
@click.argument("client_id", metavar="CLIENT")
@yes_option
@on_node
def revoke(node: Node, *, client_id: str, yes: bool) -> None:
    from yitong.base.identity.api import clients

    clients.client_actor(client_id)
    node.speech.confirm(_("收回 {client} 后不能恢复。继续吗？").format(client=client_id), yes=yes)
    clients.revoke_client(by=node.actor, client_id=client_id)
    node.speech.answer({"client_id": client_id, "revoked": True}, [_("已收回")])

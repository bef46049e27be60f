"""`yitong login`, `yitong logout`: act as a member of staff instead of as the operator."""

import sys

import click

from yitong.cli.errors import InputMissing
from yitong.cli.node import Node, on_node
from yitong.cli.words import _


@click.command(help=_("以工作人员账号登录；之后的命令以该账号的岗位办理和记录，8 小时后失效。"))
@click.option("--user", metavar="NAME", help=_("用户名（不写则询问，或读标准输入的第一行）"))
@click.option("--post", metavar="KEY", help=_("以哪个岗位办理（任多个岗位时要写）"))
@on_node
def login(node: Node, user: str | None, post: str | None) -> None:
    """The password is typed or piped in: an argument would stand in the list of processes."""
    from yitong.cli.session import LogIn, log_in

    username = user or asked(_("用户名"), is_hidden=False)
    password = asked(_("密码"), is_hidden=True)
    actor = log_in(
        node.place,
        LogIn(
            username, password, post, second=lambda: asked(_("动态口令或恢复码"), is_hidden=True)
        ),
    )
    who = {
        "account": actor.account,
        "post": actor.post,
        "agency": actor.agency,
        "roles": sorted(actor.roles),
    }
    as_post = _("，岗位 {post}").format(post=actor.post) if actor.post else _("，没有选定岗位")
    node.speech.answer(who, [_("已登录：{account}").format(account=actor.account) + as_post])


@click.command(help=_("退出登录；之后的命令以本机运维人员身份办理。"))
@on_node
def logout(node: Node) -> None:
    from yitong.cli.session import log_out

    log_out(node.place)
    node.speech.answer({"logged_out": True}, [_("已退出登录")])


def asked(what: str, *, is_hidden: bool) -> str:
    """From the terminal, else one line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=is_hidden, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise InputMissing(what=what, how=_("在终端里输入，或从标准输入给出一行。"))
    return line

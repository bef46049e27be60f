"""The destruction of a resource's data at the command line: confirmed by typing its code."""

import sys

import click

from yitong.cli.errors import ConfirmationNeeded, NotConfirmed
from yitong.cli.node import Node
from yitong.cli.words import _

confirm_option = click.option(
    "--confirm", default="", metavar="CODE", help=_("没有终端时，在这里再写一遍资源代码")
)
reason_option = click.option("--reason", required=True, help=_("依据和原因，记入账本"))


def destroy(node: Node, *, resource: str, reason: str, confirm: str) -> None:
    """Shared by `keys destroy` and `catalogue destroy`: one act, found from both sides."""
    from yitong.base.keys.api import custody
    from yitong.data.catalogue.api import resource as resource_named
    from yitong.data.exchange.api import destruction

    by = node.actor
    row = resource_named(resource, viewer=by)
    _confirm(row.code, row.name, confirm)
    destroyed = destruction.destroy_data(code=row.code, reason=reason, by=by)
    copies = custody.copy_status().copies
    document = {
        "resource": row.code,
        "name": row.name,
        "keys": destroyed.keys,
        "rows_dropped": destroyed.rows,
        "copies_to_destroy": copies,
    }
    lines = [
        _(
            "“{name}”（{code}）的 {keys} 个密钥已经销毁：它的各行谁也不能再读取，所有备份里的也一样。"
        ).format(name=row.name, code=row.code, keys=destroyed.keys),
        _("本节点上的 {rows} 行已经一并删除。").format(rows=destroyed.rows),
        _(
            "以前的备份里，没有封存的列（日期、代码、区划）还在：备份到期要删除，急需的现在就删，再做一份新的备份。"
        ),
    ]
    if copies:
        lines.append(
            _(
                "以前导出过 {copies} 份密钥副本，里面还有这些密钥：请逐份销毁，再 yitong keys export。"
            ).format(copies=copies)
        )
    node.speech.answer(document, lines)


def _confirm(code: str, name: str, typed: str) -> None:
    if not typed:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise ConfirmationNeeded
        question = _(
            "“{name}”的数据将永远不能读取，备份也不能恢复。请输入资源代码 {code} 确认"
        ).format(name=name, code=code)
        typed = click.prompt(question, err=True, default="", show_default=False)
    if typed.strip() != code:
        raise NotConfirmed

"""`yitong keys`: how the node's keys are, and a new master key."""

from dataclasses import asdict

import click

from yitong.cli.node import Node, on_node, yes_option
from yitong.cli.speech import FAILED, coloured, table
from yitong.cli.words import _


@click.group(help=_("密钥：状态和主密钥轮换。"))
def keys() -> None:
    """Everything about the node's keys."""


@keys.command(help=_("密钥库是否完好，各有几个密钥；有问题时退出码为 1。"))
@on_node
def status(node: Node) -> int:
    from yitong.base.keys.api import status as key_status

    found = key_status()
    state = "ok" if found.ok else "fail"
    rows = [
        (_("密钥库"), found.place),
        (_("算法"), found.profile),
        (_("主密钥版本"), "、".join(map(str, found.master_versions)) or "–"),
        (_("假名版本"), "、".join(map(str, found.pseudonym_versions)) or "–"),
        (
            _("数据密钥"),
            "，".join(f"{name} {count}" for name, count in found.data_keys.items()) or "0",
        ),
        (_("仍在旧主密钥下"), str(found.under_older_master)),
        (_("打不开的密钥"), "、".join(found.unopened) or "–"),
        (_("结论"), coloured(found.fault or (_("完好") if found.ok else _("有问题")), state)),
    ]
    node.speech.answer({"ok": found.ok, **asdict(found)}, table(rows))
    return 0 if found.ok else FAILED


@keys.command("rotate-master", help=_("换一个新的主密钥，并重新封装全部数据密钥；不停机。"))
@yes_option
@on_node
def rotate_master(node: Node, *, yes: bool) -> None:
    from yitong.base.access.api import Thing, require
    from yitong.base.keys.api import rotate_master as rotate

    by = node.actor
    require(by, "keys.rotate", of=Thing("keys", "master"))
    node.speech.confirm(_("轮换后，以前的密钥库备份打不开新数据，需要重新备份。继续吗？"), yes=yes)
    version = rotate(by=by)
    node.speech.answer(
        {"master_version": version},
        [_("主密钥已换到第 {version} 版；请立即备份密钥库。").format(version=version)],
    )

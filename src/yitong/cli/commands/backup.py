"""`yitong backup`: the whole node in one signed file, without its keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yitong.cli.errors import FileUnwritable
from yitong.cli.node import Node, on_node
from yitong.cli.words import _
from yitong.kernel import clock

if TYPE_CHECKING:
    from yitong.base.backups.api import Made


@click.command(
    help=_(
        "备份：数据库、文件和账本检查点写成一个由节点签名的文件，不停机。密钥不在里面，另用 yitong keys export。"
    )
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help=_("写到哪里（默认为数据目录下的 backups/）；不覆盖已有的文件"),
)
@on_node
def backup(node: Node, *, to: Path | None) -> None:
    from yitong.base.backups.api import make
    from yitong.hosting.api import sigterm_leaves

    target = _target(node, to)
    with sigterm_leaves(), node.speech.progress(_("备份")) as tell:
        try:
            made = make(target=target, by=node.actor, progress=tell)
        except PermissionError as error:
            raise FileUnwritable(path=target, why=error.strerror) from error
    node.speech.answer(_document(made), _lines(made))


def _target(node: Node, to: Path | None) -> Path:
    if to is None:
        to = node.place.directory / "backups"
        to.mkdir(mode=0o700, exist_ok=True)
    if to.is_dir():
        to = to / f"yitong-{clock.now():%Y%m%dT%H%M%SZ}.tar"
    if not to.parent.is_dir():
        raise FileUnwritable(path=to, why=_("没有这个目录"))
    return to.absolute()


def _document(made: "Made") -> dict[str, object]:
    manifest = made.manifest
    return {
        "file": str(made.path),
        "backup": manifest.backup,
        "digest": made.digest,
        "bytes": made.size,
        "node": manifest.node,
        "ledger_size": manifest.ledger_size,
        "files": manifest.parts["files"].count,
        "versions": dict(manifest.versions),
    }


def _lines(made: "Made") -> Iterator[str]:
    manifest = made.manifest
    yield _("已备份到 {path}（{size:,} 字节）").format(path=made.path, size=made.size)
    yield _("账本到第 {entries:,} 条，文件 {files:,} 个，清单摘要 {digest}").format(
        entries=manifest.ledger_size, files=manifest.parts["files"].count, digest=made.digest
    )
    yield _("里面没有密钥：没有密钥副本（yitong keys export），封存的内容谁也打不开。")

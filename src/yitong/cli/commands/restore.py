"""`yitong restore`: a node from its backup, into an empty place and nowhere else."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yitong.cli.commands.ledger import text_of
from yitong.cli.errors import FileUnreadable, LossNotAccepted
from yitong.cli.node import (
    close_connections,
    data_option,
    operator,
    set_up_django,
    speaking,
    yes_option,
)
from yitong.cli.passphrase import passphrase
from yitong.cli.place import Place, place_of
from yitong.cli.restoring import Journal, check_place, database_for, fill, finish, unreadable
from yitong.cli.speech import FAILED, Speech
from yitong.cli.words import _

if TYPE_CHECKING:
    from yitong.base.keys.api import custody
    from yitong.hosting.api import archive


@click.command(
    help=_(
        "把备份恢复到一个空的节点：先核对整个文件，再恢复文件和数据库，更新结构，最后用检查点核对账本。"
        "中断以后再执行一次即可接着做。"
    )
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--keys",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("密钥副本（yitong keys export）"),
)
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("在别处保存的检查点，可写多次：比备份新的，会说明丢失了多少"),
)
@yes_option
@data_option
@speaking
def restore(
    speech: Speech,
    *,
    file: Path,
    keys: Path | None,
    checkpoints: Sequence[Path],
    yes: bool,
    data: Path | None,
) -> int:
    from yitong.hosting.api import archive, sigterm_leaves

    place, kept = place_of(data), [text_of(path) for path in checkpoints]
    with sigterm_leaves():
        with speech.progress(_("核对备份")) as tell:
            found = archive.open_archive(file.absolute(), progress=tell)
        check_place(place, found)
        journal = _accepted(found, kept, yes=yes)
        with database_for(place) as url:
            place.furnish()
            set_up_django(place, url)
            try:
                return _restore(place, found, journal, keys, speech)
            finally:
                close_connections()


def _accepted(found: "archive.Archive", kept: Sequence[str], *, yes: bool) -> Journal:
    """The restore as it will be recorded; a loss that a checkpoint proves must be accepted first."""
    size, lost = found.manifest.ledger_size, found.manifest.lost(kept)
    if lost and not yes:
        raise LossNotAccepted(ledger_size=size, published=size + lost, lost=lost)
    return Journal.of(found, kept=kept, lost=lost)


def _restore(
    place: Place, found: "archive.Archive", journal: Journal, keys: Path | None, speech: Speech
) -> int:
    from yitong.base.backups.api import check_keys, check_restorable

    check_restorable(found.manifest, by=operator())
    if keys is not None:
        take_in(keys)
    has_keys = check_keys(found.manifest)
    fill(place, found, journal, speech)
    if has_keys:
        told(speech, journal, finish(place, journal, speech))
        return 0
    _say_what_is_closed(speech, journal)
    return FAILED


def take_in(path: Path) -> "custody.KeyCopy":
    """Put the keys of a copy into the node's store."""
    from yitong.base.keys.api import custody

    try:
        document = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(path=path, why=error.strerror) from error
    return custody.take_in(document, passphrase=passphrase())


def told(speech: Speech, journal: Journal, size: int) -> None:
    """The end of a restore in words."""
    document = {
        "state": "restored",
        "backup": journal.backup,
        "made_at": journal.made_at,
        "node": journal.node,
        "ledger_size": journal.ledger_size,
        "verified": size,
        "lost": journal.lost,
    }
    lines = [
        _("已恢复 {made_at} 的备份；账本 {size:,} 条核对无误").format(
            made_at=journal.made_at, size=size
        ),
        _(
            "这份备份以后的记录不在里面：凡保存着第 {size} 条以后的检查点的人，能证明它们曾经存在。"
        ).format(size=journal.ledger_size),
    ]
    if journal.lost:
        lines.append(_("已知至少丢失 {lost} 条，已记入账本").format(lost=journal.lost))
    lines.append(_("接着运行 yitong doctor，再 yitong run。"))
    speech.answer(document, lines)


def _say_what_is_closed(speech: Speech, journal: Journal) -> None:
    closed = list(unreadable(journal))
    document = {
        "state": "waiting_for_keys",
        "backup": journal.backup,
        "node": journal.node,
        "unreadable": closed,
        "scopes": journal.scopes,
    }
    lines = [
        _("文件和数据库已经恢复，但这里没有节点 {node} 的密钥，节点还不能启动。").format(
            node=journal.node
        ),
        _("没有密钥，下列内容谁也读不出来："),
        *(f"  {line}" for line in closed),
        _("账本要等密钥到了才能核对。"),
        _("怎么办：yitong keys import 密钥副本，会接着做完；密钥副本找不到的，这些内容无法恢复。"),
    ]
    speech.answer(document, lines)

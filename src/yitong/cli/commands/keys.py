"""`yitong keys`: how the node's keys are, new ones, copies of them, and their end."""

import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import click

from yitong.cli.commands.restore import take_in, told
from yitong.cli.destruction import confirm_option, destroy, reason_option
from yitong.cli.errors import FileUnwritable
from yitong.cli.node import (
    Node,
    close_connections,
    data_option,
    database,
    on_node,
    operator,
    prepare,
    set_up_django,
    speaking,
    yes_option,
)
from yitong.cli.passphrase import passphrase
from yitong.cli.place import Place, place_of
from yitong.cli.restoring import finish, journal_of
from yitong.cli.speech import FAILED, Speech, coloured, table
from yitong.cli.words import _


@click.group(help=_("密钥：状态、轮换、副本、销毁。"))
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
    from yitong.base.keys.api import rotation

    by = node.actor
    require(by, "keys.rotate", of=Thing("keys", "master"))
    goes_on = rotation.is_unfinished()
    if not goes_on:
        node.speech.confirm(
            _("轮换后，以前的密钥副本打不开新数据，需要重新导出。继续吗？"), yes=yes
        )
    version = rotation.rotate_master(by=by)
    said = (
        _("上次没有做完的轮换已经做完：主密钥在第 {version} 版；请立即导出密钥副本。")
        if goes_on
        else _("主密钥已换到第 {version} 版；请立即导出密钥副本。")
    )
    document = {"master_version": version, "finished_earlier": goes_on}
    node.speech.answer(document, [said.format(version=version)])


@keys.command("rotate-pseudonyms", help=_("换一版假名密钥；旧版继续用于查找以前的记录。"))
@yes_option
@on_node
def rotate_pseudonyms(node: Node, *, yes: bool) -> None:
    from yitong.base.access.api import Thing, require
    from yitong.base.keys.api import rotate_pseudonyms as rotate

    by = node.actor
    require(by, "keys.rotate", of=Thing("keys", "pseudonyms"))
    node.speech.confirm(_("换版不能撤销，以前各版仍要保留。继续吗？"), yes=yes)
    version = rotate(by=by)
    node.speech.answer(
        {"pseudonym_version": version},
        [_("假名密钥已换到第 {version} 版；请重新导出密钥副本。").format(version=version)],
    )


@keys.command(
    "retire-master", help=_("移除一版旧的主密钥：泄露过的，或者用它封装的旧备份都已销毁的。")
)
@click.argument("version", type=click.IntRange(min=1), metavar="VERSION")
@yes_option
@on_node
def retire_master(node: Node, *, version: int, yes: bool) -> None:
    from yitong.base.access.api import Thing, require
    from yitong.base.keys.api import rotation

    by = node.actor
    require(by, "keys.rotate", of=Thing("keys", "master"))
    node.speech.confirm(_("移除后，轮换以前的备份用现在的密钥库打不开。继续吗？"), yes=yes)
    rotation.retire_master(version=version, by=by)
    line = _("第 {version} 版主密钥已移除；请重新导出密钥副本。").format(version=version)
    node.speech.answer({"master_version": version}, [line])


@keys.command(
    "destroy",
    help=_(
        "销毁一项资源的数据密钥：它的各行永远不能读取，备份里的也一样。有授权没有终止的，不能销毁。"
    ),
)
@click.argument("resource", metavar="RESOURCE")
@reason_option
@confirm_option
@on_node
def destroy_(node: Node, *, resource: str, reason: str, confirm: str) -> None:
    destroy(node, resource=resource, reason=reason, confirm=confirm)


@keys.command(
    help=_("把密钥写成一个以口令封存的副本；口令取 YITONG_PASSPHRASE 或标准输入，至少12个字符。")
)
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("写到哪里；不覆盖已有的文件"),
)
@on_node
def export(node: Node, *, to: Path) -> None:
    from yitong.base.access.api import Thing, require
    from yitong.base.keys.api import custody

    by = node.actor
    require(by, "keys.export", of=Thing("keys", "copy"))
    if to.exists():
        raise FileUnwritable(path=to, why=_("已有这个文件"))
    words, written = passphrase(is_new=True), False

    def deliver(document: bytes) -> None:
        nonlocal written
        _write_new(to, document)
        written = True

    try:
        copy = custody.export(passphrase=words, deliver=deliver, by=by)
    except BaseException:
        if written:
            to.unlink()
        raise
    document = {"file": str(to), **asdict(copy)}
    lines = [
        _("{keys} 个密钥已封存到 {path}").format(keys=copy.keys, path=to),
        _(
            "副本和口令分开保管，也不要和备份放在一起；以后新增或销毁了密钥，要重新导出并销毁旧副本。"
        ),
    ]
    node.speech.answer(document, lines)


@keys.command("import", help=_("从副本放回密钥；恢复在等密钥的，接着把恢复做完。"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@data_option
@speaking
def import_(speech: Speech, *, file: Path, data: Path | None) -> None:
    place = place_of(data)
    if not place.is_there:
        place.furnish()
        set_up_django(place, "")
        _say_taken_in(speech, place, file)
        return
    with database(place) as url:
        place.furnish()
        set_up_django(place, url)
        try:
            _import_into(place, file, speech)
        finally:
            close_connections()


def _import_into(place: Place, file: Path, speech: Speech) -> None:
    from yitong.base.access.api import Thing, require
    from yitong.base.backups.api import Found, found_for
    from yitong.base.keys.api import custody

    by = operator()
    require(by, "keys.export", of=Thing("keys", "copy"))
    if found_for("") is Found.EMPTY:
        _say_taken_in(speech, place, file)
        return
    copy = take_in(file)
    journal = journal_of(place)
    if journal is not None:
        size = finish(place, journal, speech)
        custody.note_import(copy=copy, by=by)
        told(speech, journal, size)
        return
    prepare(speech)
    custody.note_import(copy=copy, by=by)
    speech.answer(
        asdict(copy), [_("已导入 {keys} 个密钥；请运行 yitong doctor。").format(keys=copy.keys)]
    )


def _say_taken_in(speech: Speech, place: Place, file: Path) -> None:
    """Before there is a database there is no ledger: the restore that follows is what is recorded."""
    copy = take_in(file)
    line = _("已放好 {keys} 个密钥；{path} 里还没有数据，接着 yitong restore。")
    speech.answer(asdict(copy), [line.format(keys=copy.keys, path=place.directory)])


def _write_new(path: Path, content: bytes) -> None:
    """A file of mode 0600, whole or not at all, never over another."""
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    except PermissionError as error:
        raise FileUnwritable(path=path, why=error.strerror) from error
    except FileNotFoundError as error:
        raise FileUnwritable(path=path, why=_("没有这个目录")) from error
    finally:
        with suppress(OSError):
            half.unlink()

"""`yitong ledger`: check the log, make it again from what cannot be forged, prove an entry, sign its size."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import click

from yitong.cli.errors import FileUnreadable, FileUnwritable
from yitong.cli.node import Node, on_node
from yitong.cli.speech import FAILED, as_json, coloured
from yitong.cli.words import _
from yitong.kernel.actor import Actor


class Fault(Protocol):
    """One thing that does not fit, as the ledger says it."""

    @property
    def index(self) -> int | None: ...
    @property
    def code(self) -> str: ...
    @property
    def detail(self) -> str: ...


class Verification(Protocol):
    """What the ledger found when it recomputed itself."""

    size: int
    root: bytes
    checkpoints: int
    erased: int
    pending: int

    @property
    def ok(self) -> bool: ...
    @property
    def faults(self) -> Sequence[Fault]: ...
    @property
    def first_fault(self) -> Fault | None: ...


_SHOWN = 10


@click.group(help=_("账本：核对、重建、凭证、检查点。"))
def ledger() -> None:
    """Everything about the ledger."""


@ledger.command(help=_("重新计算整个账本，指出第一处不符；不符时退出码为 1。"))
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("以前保存的检查点，可写多次：历史被改写就对不上"),
)
@on_node
def verify(node: Node, checkpoints: Sequence[Path]) -> int:
    from yitong.base.ledger.api import verify as verified

    kept = [text_of(path) for path in checkpoints]
    with node.speech.progress(_("核对账本")) as tell:
        found = verified(kept=kept, progress=tell)
    return _say(node, found)


@ledger.command(help=_("由各条记录重新生成树和分片，再核对一遍。"))
@on_node
def rebuild(node: Node) -> int:
    from yitong.base.ledger.api import rebuild as rebuilt

    by = _maintainer(node)
    with node.speech.progress(_("重建账本")) as tell:
        found = rebuilt(by=by, progress=tell)
    return _say(node, found)


@ledger.command(help=_("数据库恢复到另一个集群之后，接续账本。"))
@on_node
def settle(node: Node) -> None:
    from yitong.base.ledger.api import settle as settled

    taken = settled(by=_maintainer(node))
    line = (
        _("已接续 {count} 条").format(count=taken) if taken else _("账本就在原来的地方，不用接续")
    )
    node.speech.answer({"entries": taken}, [line])


@ledger.command(help=_("一条记录的凭证：离线也能核对。"))
@click.argument("entry", type=click.IntRange(min=1), metavar="ENTRY")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help=_("写到文件（默认标准输出）")
)
@on_node
def prove(node: Node, entry: int, out: Path | None) -> None:
    from yitong.base.access.api import Thing, require
    from yitong.base.ledger.api import entry_proof, sequence_all

    require(node.actor, "ledger.prove", of=Thing("ledger_entry", str(entry)))
    sequence_all()  # a node that stands still has nobody else who gives entries their place
    proof = entry_proof(entry)
    text = as_json(proof.document)
    if out is None:
        node.speech.answer(proof.document, [text])
        return
    _write(out, f"{text}\n")
    document = {"entry": proof.entry_id, "index": proof.index, "size": proof.size, "file": str(out)}
    line = _("第 {index} 号的凭证已写到 {path}").format(index=proof.index, path=out)
    node.speech.answer(document, [line])


@ledger.command(help=_("账本现在的大小和根，由节点签名；保存它，以后可以核对历史有没有被改写。"))
@on_node
def checkpoint(node: Node) -> None:
    from yitong.base.ledger.api import PublicLog, sequence_all

    sequence_all()
    found = PublicLog.checkpoint()
    document = {
        "origin": found.origin,
        "size": found.size,
        "root": found.root.hex(),
        "note": found.note,
    }
    node.speech.answer(document, [found.note.removesuffix("\n")])


def _maintainer(node: Node) -> Actor:
    from yitong.base.access.api import Thing, require

    by = node.actor
    require(by, "ledger.maintain", of=Thing("ledger", "log"))
    return by


def _say(node: Node, found: Verification) -> int:
    document = {
        "ok": found.ok,
        "size": found.size,
        "root": found.root.hex(),
        "checkpoints": found.checkpoints,
        "erased": found.erased,
        "pending": found.pending,
        "first_fault": _plain(found.first_fault) if found.first_fault else None,
        "faults": [_plain(fault) for fault in found.faults],
    }
    node.speech.answer(document, _lines(found))
    return 0 if found.ok else FAILED


def _plain(fault: Fault) -> dict[str, object]:
    return {"index": fault.index, "code": fault.code, "detail": fault.detail}


def _lines(found: Verification) -> Iterator[str]:
    facts = _(
        "{size:,} 条，{checkpoints} 个检查点，依法删除 {erased:,} 条，待入账 {pending:,} 条"
    ).format(
        size=found.size, checkpoints=found.checkpoints, erased=found.erased, pending=found.pending
    )
    if found.first_fault is None:
        verdict = coloured(_("账本完好"), "ok")
        yield _("{what}：{facts}").format(what=verdict, facts=facts)
        yield f"{_('根')} {found.root.hex()}"
        return
    verdict = coloured(_("账本不符"), "fail")
    yield _("{what}：{facts}").format(what=verdict, facts=facts)
    ordered = sorted(found.faults, key=lambda fault: (fault.index is None, fault.index or 0))
    for fault in ordered[:_SHOWN]:
        place = "–" if fault.index is None else str(fault.index)
        yield f"  {place}  {fault.code}  {fault.detail}"
    if len(ordered) > _SHOWN:
        yield _("  还有 {count} 处").format(count=len(ordered) - _SHOWN)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or _("不是文本")
        raise FileUnreadable(path=path, why=why) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileUnwritable(path=path, why=error.strerror) from error

"""`yitong catalogue`: an entry, its versions, what differs between two of them, and the end of its data."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import click

from yitong.cli.destruction import confirm_option, destroy, reason_option
from yitong.cli.node import Node, on_node
from yitong.cli.proposal import nine
from yitong.cli.speech import table
from yitong.cli.words import _

if TYPE_CHECKING:
    from yitong.data.catalogue.api import EntryView, Proposal
    from yitong.data.catalogue.api import notices as notices_module


class Change(Protocol):
    """One difference, as the catalogue tells it."""

    @property
    def field(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def before(self) -> object: ...
    @property
    def after(self) -> object: ...


@click.group(help=_("目录：查看一项资源、它的各版和差异，销毁它的数据。"))
def catalogue() -> None:
    """Everything about catalogue entries."""


@catalogue.command(
    help=_("一项资源现在的样子：状态、九项内容、数据项（RESOURCE 是代码、编号或名称）。")
)
@click.argument("resource", metavar="RESOURCE")
@on_node
def show(node: Node, *, resource: str) -> None:
    from yitong.data.exchange.api import destruction

    view = _entry(node, resource)
    gone = destruction.is_destroyed(view.resource.code)
    node.speech.answer(_shown_document(view, destroyed=gone), _shown(view, destroyed=gone))


@catalogue.command(help=_("一项资源的各版：什么时候、谁、为什么，哪一版有效。"))
@click.argument("resource", metavar="RESOURCE")
@on_node
def versions(node: Node, *, resource: str) -> None:
    view = _entry(node, resource)
    found = [
        {
            "version": each.number,
            "at": f"{each.at:%Y-%m-%dT%H:%M:%SZ}",
            "account": each.account,
            "post": each.post,
            "reason": each.reason,
            "fields": len(each.entry.fields),
            "digest": each.digest,
            "in_force": each.number == view.resource.version_in_force,
        }
        for each in view.versions
    ]
    heads = (_("版"), _("时间"), _("经办"), _("数据项"), _("有效"), _("原因"))
    rows = [
        (
            str(each["version"]),
            str(each["at"]),
            str(each["account"]),
            str(each["fields"]),
            "✓" if each["in_force"] else "",
            str(each["reason"]) or "–",
        )
        for each in found
    ]
    document = {"resource": view.resource.code, "versions": found}
    node.speech.answer(document, table(rows, heads))


@catalogue.command(help=_("两版之间的差异；不写版号的，比较有效的一版和最新的一版。"))
@click.argument("resource", metavar="RESOURCE")
@click.argument("before", type=click.IntRange(min=1), required=False, metavar="[FROM]")
@click.argument("after", type=click.IntRange(min=1), required=False, metavar="[TO]")
@on_node
def diff(node: Node, *, resource: str, before: int | None, after: int | None) -> None:
    view = _entry(node, resource)
    row = view.resource
    pair = (before or row.version_in_force or row.version, after or row.version)
    changes = _entry(node, row.code, pair).changes
    document = {
        "resource": row.code,
        "from": pair[0],
        "to": pair[1],
        "changes": [_plain(each) for each in changes],
    }
    node.speech.answer(document, _differences(pair, changes))


@catalogue.command(
    help=_("新版会改变谁在用的数据项、什么时候告知的、怎样答复的（政务数据共享条例第二十七条）。")
)
@click.argument("resource", metavar="RESOURCE")
@on_node
def told(node: Node, *, resource: str) -> None:
    from yitong.data.catalogue.api import notices

    row = _entry(node, resource).resource
    _say_notices(node, row.code, notices.notices(row, viewer=node.actor))


@catalogue.command(
    help=_("告知还没有告知的使用部门；报送审核时会自动告知，这里用于后来才有的授权。")
)
@click.argument("resource", metavar="RESOURCE")
@on_node
def tell(node: Node, *, resource: str) -> None:
    from yitong.data.catalogue.api import notices

    row = _entry(node, resource).resource
    _say_notices(node, row.code, notices.tell(code=row.code, by=node.actor))


def _say_notices(node: Node, code: str, found: "list[notices_module.ChangeNotice]") -> None:
    document = {
        "resource": code,
        "notices": [
            {
                "number": each.pk,
                "version": each.version,
                "agency": each.agency.code,
                "name": each.agency.name,
                "losses": [{"field": x.field or None, "kind": x.kind} for x in each.items],
                "grants": each.grants,
                "told_at": f"{each.told_at:%Y-%m-%dT%H:%M:%SZ}",
                "until": each.until.isoformat(),
                "answer": each.answer or None,
                "words": each.answer_words or None,
                "ended": each.ended_at is not None,
            }
            for each in found
        ],
    }
    if not found:
        node.speech.answer(document, [_("没有告知过使用部门。")])
        return
    heads = (_("版"), _("使用部门"), _("改变"), _("告知"), _("答复期到"), _("答复"))
    rows = [
        (
            str(each.version),
            each.agency.name,
            "；".join(f"{x.field} {_(x.words)}".strip() for x in each.items),
            f"{each.told_at:%Y-%m-%d}",
            each.until.isoformat(),
            _(each.answer_name) or "–",
        )
        for each in found
    ]
    node.speech.answer(document, table(rows, heads))


@catalogue.command(
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


def _entry(node: Node, asked: str, compare: tuple[int, int] | None = None) -> "EntryView":
    from yitong.data.catalogue.api import entry

    return entry(asked, viewer=node.actor, compare=compare)


def _present(view: "EntryView") -> "Proposal":
    """What the reader is shown: the version in force, else the newest."""
    wanted = view.resource.version_in_force or view.resource.version
    return next(each for each in view.versions if each.number == wanted).entry


def _shown_document(view: "EntryView", *, destroyed: bool) -> dict[str, Any]:
    row = view.resource
    return {
        "resource": row.code,
        "state": row.state,
        "version": row.version,
        "version_in_force": row.version_in_force,
        "destroyed": destroyed,
        "missing": list(view.missing),
        **_present(view).as_facts(),
    }


def _shown(view: "EntryView", *, destroyed: bool) -> Iterator[str]:
    row, content = view.resource, _present(view)
    yield f"{row.name}（{row.code}）"
    in_force = str(row.version_in_force) if row.version_in_force else "–"
    yield _("{state}，第 {version} 版，有效的是第 {in_force} 版").format(
        state=_(row.state_name), version=row.version, in_force=in_force
    )
    if destroyed:
        yield _("数据已经销毁，谁也不能读取。")
    yield ""
    yield from table(list(nine(content).items()))
    yield ""
    heads = (_("数据项"), _("名称"), _("类型"), _("数据元"), _("分级"), _("遮盖"))
    rows = [
        (each.name, each.header, each.type_letter, each.element or "–", each.grade, each.mask)
        for each in content.fields
    ]
    yield from table(rows, heads)


def _plain(change: Change) -> dict[str, Any]:
    kind = "changed"
    if not change.item:
        kind = "removed" if change.after is None else "added"
    return {
        "change": kind,
        "field": change.field or None,
        "item": change.item or None,
        "before": change.before,
        "after": change.after,
    }


def _differences(pair: tuple[int, int], changes: Iterable[Change]) -> Iterator[str]:
    told = [_sentence(each) for each in changes]
    first, second = pair
    if not told:
        yield _("第 {first} 版和第 {second} 版没有差异").format(first=first, second=second)
        return
    yield _("从第 {first} 版到第 {second} 版，{count} 处差异").format(
        first=first, second=second, count=len(told)
    )
    yield from (f"  {line}" for line in told)


def _sentence(change: Change) -> str:
    if not change.item:
        if change.after is None:
            return _("去掉数据项 {field}（{header}）").format(
                field=change.field, header=change.before
            )
        return _("增加数据项 {field}（{header}）").format(field=change.field, header=change.after)
    where = _("数据项 {field} 的").format(field=change.field) if change.field else ""
    return _("{where}{item}：{before} → {after}").format(
        where=where, item=_(change.label), before=_text(change.before), after=_text(change.after)
    )


def _text(value: object) -> str:
    if value is None or value in ("", [], ()):
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""A proposed catalogue entry as a reader sees it in a terminal, and as JSON."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from yitong.cli.filing import Examined, Filed
from yitong.cli.speech import table
from yitong.cli.words import _

if TYPE_CHECKING:
    from yitong.data.catalogue.api import Proposal

FAULTS_SHOWN = 10


def lines(examined: Examined) -> Iterator[str]:
    """What was found, the data items, the nine entries of art. 13, and what is wrong by line."""
    profile, proposal = examined.profile, examined.proposal
    yield _("{name}：{rows:,} 行，{columns} 列").format(
        name=profile.name, rows=profile.row_count, columns=len(profile.columns)
    )
    for note in profile.notes:
        yield f"  {note.sentence}"
    yield ""
    yield from table(_items(proposal), _item_heads())
    yield ""
    yield _("为什么这样建议")
    yield from table(
        [(f"  {item.header}", _why(item.grade_reason, item.reasons)) for item in proposal.fields]
    )
    yield ""
    yield _("目录九项（政务数据共享条例第十三条）")
    yield from table([(f"  {label}", text) for label, text in nine(proposal).items()])
    for reason in proposal.reasons:
        yield f"  · {reason}"
    yield from _faults(examined)


def _item_heads() -> tuple[str, ...]:
    return (
        _("数据项"), _("类型"), _("数据元"), _("个人信息"), _("级别"), _("遮盖"), _("主键")
    )  # fmt: skip


def _items(proposal: "Proposal") -> list[tuple[str, ...]]:
    from yitong.data.catalogue.api import Resource
    from yitong.data.standards.api import element

    return [
        (
            item.header if item.header == item.name else f"{item.header}→{item.name}",
            item.type_letter + (str(item.length) if item.length else ""),
            element(item.element).name if item.element else "–",
            _(Resource.CHOICES["personal"][item.personal]) if item.personal else "–",
            _(Resource.CHOICES["grade"][item.grade]),
            item.mask,
            "✓" if item.is_key else "",
        )
        for item in proposal.fields
    ]


def _why(grade_reason: str, reasons: Sequence[str]) -> str:
    return "；".join([grade_reason, *reasons])


def nine(proposal: "Proposal") -> dict[str, str]:
    """The nine entries in the words and the order of art. 13."""
    from yitong.data.catalogue.api import Resource

    def named(item: str, value: str) -> str:
        return _(Resource.CHOICES[item].get(value, "")) or _("未填")

    unverified = _("（待核实）") if "update_cycle" in proposal.unverified else ""
    conditions = (
        proposal.share_scope,
        proposal.use_purposes,
        proposal.use_condition,
        proposal.withhold_reason,
        proposal.basis_citation,
    )
    category, grade = named("category", proposal.category), named("grade", proposal.grade)
    return {
        _("数据目录名称"): proposal.name,
        _("数据项"): "、".join(item.header for item in proposal.fields),
        _("提供单位"): proposal.owner or _("未填"),
        _("数据格式"): proposal.data_format,
        _("数据更新频率"): named("update_cycle", proposal.update_cycle) + unverified,
        _("共享属性"): named("share_type", proposal.share_type),
        _("共享方式"): "、".join(named("share_methods", way) for way in proposal.share_methods)
        or _("无"),
        _("使用条件"): "；".join(dict.fromkeys(text for text in conditions if text)),
        _("数据分类分级"): f"{category}，{grade}（{proposal.grade_reason}）",
    }


def _faults(examined: Examined) -> Iterator[str]:
    faults, counts = examined.profile.faults, examined.profile.fault_counts
    total = sum(counts.values())
    if not total:
        return
    yield ""
    yield _("有问题的地方 {total:,} 处：").format(total=total)
    for fault in faults[:FAULTS_SHOWN]:
        mark = _("（仍会载入）") if fault.is_warning else ""
        yield f"  {fault.sentence}{mark}"
    if total > FAULTS_SHOWN:
        yield _("  还有 {count:,} 处，用 --faults FILE 写出全部").format(count=total - FAULTS_SHOWN)


def as_document(examined: Examined) -> dict[str, Any]:
    """The proposal for a script; no value of any row stands in it."""
    profile = examined.profile
    return {
        "proposal": examined.proposal.as_facts(),
        "nine": nine(examined.proposal),
        "profile": profile.as_json()
        | {
            "faults": [
                {
                    "line": fault.line,
                    "column": fault.column,
                    "code": fault.code,
                    "sentence": fault.sentence,
                    "loads": fault.is_warning,
                }
                for fault in profile.faults
            ]
        },
        "filed": None,
    }


def filed_as_document(filed: Filed, *, is_demo: bool) -> dict[str, Any]:
    loaded = filed.loaded
    return {
        "resource": filed.resource.code,
        "name": filed.resource.name,
        "state": filed.resource.state,
        "state_name": filed.resource.state_name,
        "rows": {
            "how": loaded.how,
            "loaded": loaded.rows,
            "refused": loaded.refused,
            "digest": loaded.digest,
            "faults": list(loaded.faults),
        },
        "signatures": [
            {
                "step": signed.step,
                "account": signed.account,
                "post": signed.post,
                "demo": is_demo and signed.step != "submit",
            }
            for signed in filed.signatures
        ],
        "next": filed.wanting or None,
        "demo": is_demo,
    }


def filed_lines(filed: Filed, *, is_demo: bool) -> Iterator[str]:
    """What became of it."""
    row, loaded = filed.resource, filed.loaded
    yield ""
    yield _("目录 {code}“{name}”：{state}").format(
        code=row.code, name=row.name, state=_(row.state_name)
    )
    yield {
        "copied": _("已载入 {rows:,} 行，未载入 {refused:,} 行"),
        "linked": _("就地读取，约 {rows:,} 行，不复制"),
        "nothing": _("没有主键，没有载入行；只能按文件或批量共享"),
        "described": _("按数据字典登记了结构，没有数据行"),
        "same": _("没有变化，仍是 {rows:,} 行"),
    }[loaded.how].format(rows=loaded.rows, refused=loaded.refused)
    for fault in loaded.faults[:FAULTS_SHOWN]:
        yield f"  {fault}"
    if len(loaded.faults) > FAULTS_SHOWN:
        yield _("  还有 {count:,} 处").format(count=len(loaded.faults) - FAULTS_SHOWN)
    for signed in filed.signatures:
        mark = _("【演示岗位签署】") if is_demo and signed.step != "submit" else ""
        who = signed.post or signed.account
        yield mark + _("{what}：{facts}").format(what=signed.title, facts=who)
    if filed.wanting:
        yield _("下一步：{who}").format(who=filed.wanting)

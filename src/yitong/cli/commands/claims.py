"""`yitong claims`: 一数一源, who says to be the one source of an element, and what was decided."""

from typing import TYPE_CHECKING, Any

import click

from yitong.cli.node import Node, on_node, yes_option
from yitong.cli.speech import coloured, table
from yitong.cli.words import _
from yitong.kernel import clock

if TYPE_CHECKING:
    from yitong.base.duties.api import Face
    from yitong.data.standards.api import SourceClaim

AT_ONCE = 100
STATES = ("in_force", "contested", "declined", "withdrawn")
SUBJECTS = ("person", "org", "place", "thing", "matter")
_MARKS = {"in_force": "ok", "contested": "warn"}
_number = click.argument("number", type=click.IntRange(1), metavar="NUMBER")
_reason = click.option("--reason", required=True, help=_("理由，留在记录里，几个部门都看得到"))


@click.group(help=_("数源：列出、查看、登记、确定、撤回。同一项数据在一个地方只有一个数源部门。"))
def claims() -> None:
    """Everything about source claims."""


@claims.command("list", help=_("数源登记，新的在前。"))
@click.option("--text", default="", help=_("数据元、资源代码、部门里的词"))
@click.option("--state", type=click.Choice(STATES), default=None, help=_("只看这种状态的"))
@click.option("--element", default="", metavar="CODE", help=_("只看这个数据元的"))
@click.option("--after", type=click.IntRange(0), default=0, help=_("接着这个编号往后列"))
@click.option(
    "--limit",
    type=click.IntRange(1, AT_ONCE),
    default=50,
    show_default=True,
    help=_("每页最多几件"),
)
@on_node
def list_(node: Node, **asked: Any) -> None:  # noqa: ANN401 - what each option's type made
    from yitong.data.standards.api import claims as register

    sought = register.ClaimFilter(
        text=asked["text"], state=asked["state"] or "", element=asked["element"]
    )
    found = register.listed(sought, after=asked["after"], limit=asked["limit"])
    document = {
        "total": found.total,
        "after": found.after or None,
        "claims": [_plain(row) for row in found.rows],
    }
    heads = (_("编号"), _("状态"), _("数据元"), _("对象"), _("数据"), _("部门"), _("依据"))
    lines = list(table([_row(row) for row in found.rows], heads)) if found.rows else []
    lines.append(_("共 {total} 条").format(total=found.total))
    node.speech.answer(document, lines)


@claims.command(help=_("一条数源登记：写明的、与它相争的、主管部门的时钟、经过。"))
@_number
@on_node
def show(node: Node, number: int) -> None:
    from yitong.base.duties.api import inboxes
    from yitong.data.standards.api import claims as register
    from yitong.kernel.declare import About

    row = register.claim(number)
    rivals = register.against(row)
    course = register.course(row)
    faces = inboxes.of_matter("standards.decide_source", About("source_claim", str(row.pk)))
    document = _plain(row) | {
        "against": [_plain(rival) for rival in rivals],
        "clocks": [_clock(face) for face in faces],
        "course": [{"at": _instant(e.at), "words": said, "post": e.post} for said, e in course],
    }
    rows = [
        (_("编号"), str(row.pk)),
        (_("数据元"), f"{row.element.name}（{row.element.code}）"),
        (_("对象"), _(row.subject_name)),
        (_("区划"), row.region or _("全国")),
        (_("数据"), row.resource),
        (_("部门"), row.agency.name),
        (_("依据"), row.basis),
        (_("状态"), _(row.state_name)),
        (_("理由"), row.reason or "–"),
    ]
    rows += [(_("与它相争的"), f"{r.pk} {r.agency.name} {r.resource}") for r in rivals]
    rows += [(_("时钟"), f"{face.state_words} {face.duty.due_on or '–'}") for face in faces]
    told = [(_instant(entry.at), said) for said, entry in course]
    node.speech.answer(document, [*table(rows), *table(told)])


@claims.command(help=_("登记一项资源（代码或名称）为数据元的数源；部门就是资源的提供部门。"))
@click.argument("resource", metavar="RESOURCE")
@click.option("--element", required=True, metavar="CODE", help=_("数据元的编号"))
@click.option(
    "--subject",
    required=True,
    type=click.Choice(SUBJECTS),
    help=_("说的是人、单位、地方、物还是事"),
)
@click.option(
    "--basis", required=True, help=_("法律、法规或者“三定”规定的哪一条把它的采集交给这个部门")
)
@click.option("--region", default=None, metavar="CODE", help=_("区划代码；不写就是部门自己的区划"))
@on_node
def make(node: Node, resource: str, **asked: Any) -> None:  # noqa: ANN401 - what each option's type made
    from yitong.data.catalogue.api import resource as resource_of
    from yitong.data.standards.api import claims as register

    row = resource_of(resource, viewer=node.actor)
    new = register.NewClaim(
        element=asked["element"],
        subject=asked["subject"],
        resource=row.code,
        agency=row.owner.code,
        basis=asked["basis"],
        region=asked["region"],
    )
    _told(node, register.claim_source(claim=new, by=node.actor))


@claims.command(
    help=_("裁定有争议的登记：确定这一条为数源；--refer 涉及职责争议，转机构编制部门，时钟停下。")
)
@_number
@_reason
@click.option("--refer", is_flag=True, help=_("转机构编制部门"))
@yes_option
@on_node
def answer(node: Node, number: int, *, reason: str, refer: bool, yes: bool) -> None:
    from yitong.data.standards.api import claims as register

    row = register.claim(number)
    words = _("转机构编制部门") if refer else _("确定{agency}的{resource}为数源")
    question = words.format(agency=row.agency.name, resource=row.resource)
    node.speech.confirm(_("{step}。继续吗？").format(step=question), yes=yes)
    act = register.refer_conflict if refer else register.decide_source
    _told(node, act(claim_id=number, reason=reason, by=node.actor))


@claims.command(help=_("撤回本部门的登记；没有别的登记相争的，留下的那一项成为数源。"))
@_number
@_reason
@yes_option
@on_node
def withdraw(node: Node, number: int, *, reason: str, yes: bool) -> None:
    from yitong.data.standards.api import claims as register

    register.claim(number)
    node.speech.confirm(_("撤回第 {number} 号登记。继续吗？").format(number=number), yes=yes)
    _told(node, register.withdraw_claim(claim_id=number, reason=reason, by=node.actor))


def _told(node: Node, row: "SourceClaim") -> None:
    said = _("第 {number} 号登记：{resource}，“{name}”，{state}").format(
        number=row.pk, resource=row.resource, name=row.element.name, state=_(row.state_name)
    )
    node.speech.answer(_plain(row), [said])


def _row(row: "SourceClaim") -> tuple[str, ...]:
    return (
        str(row.pk),
        coloured(_(row.state_name), _MARKS.get(row.state, "ok")),
        f"{row.element.name}（{row.element.code}）",
        _(row.subject_name),
        row.resource,
        row.agency.name,
        row.basis,
    )


def _plain(row: "SourceClaim") -> dict[str, Any]:
    return {
        "claim": row.pk,
        "element": row.element.code,
        "element_name": row.element.name,
        "subject": row.subject,
        "region": row.region,
        "resource": row.resource,
        "agency": row.agency.name,
        "basis": row.basis,
        "state": row.state,
        "state_name": row.state_name,
        "reason": row.reason or None,
        "claimed_at": _instant(row.claimed_at),
    }


def _clock(face: "Face") -> dict[str, Any]:
    duty = face.duty
    return {
        "duty": duty.pk,
        "agency": duty.agency.name,
        "state": face.state.value,
        "due": _instant(duty.due_at),
        "limit": duty.limit_key,
        "article": str(duty.basis),
        "outcome": duty.outcome or None,
    }


def _instant(at: object) -> str:
    return clock.local(at).isoformat(timespec="minutes") if at is not None else ""  # type: ignore[arg-type]

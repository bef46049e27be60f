"""`yitong duties`: what is owed, by whom, until when; and who has it from now on."""

from typing import TYPE_CHECKING, Any

import click

from yitong.cli.node import Node, on_node, yes_option
from yitong.cli.speech import coloured, table
from yitong.cli.words import _
from yitong.kernel import clock

if TYPE_CHECKING:
    from yitong.base.duties.api import DutyView, Face

_MARKS = {"missed": "fail", "at_risk": "warn"}
AT_ONCE = 500


@click.group(help=_("责任：列出、查看、转办。每件都有负责的岗位、时限、依据和结果。"))
def duties() -> None:
    """Everything about duties."""


@duties.command("list", help=_("没有办结的责任，按到期先后；登录的看本单位的，运维人员看全部。"))
@click.option("--agency", default="", metavar="CODE", help=_("只看这个单位（统一社会信用代码）"))
@click.option(
    "--state",
    type=click.Choice(("missed", "today", "at_risk", "running", "paused")),
    help=_("只看时钟在这种状态的"),
)
@click.option("--text", default="", help=_("编号、事由里的词"))
@click.option("--page", type=click.IntRange(1), default=1, help=_("第几页"))
@click.option(
    "--limit",
    type=click.IntRange(1, AT_ONCE),
    default=50,
    show_default=True,
    help=_("每页最多几件"),
)
@on_node
def list_(node: Node, **asked: Any) -> None:  # noqa: ANN401 - what each option's type made
    from yitong.base.duties.api import inboxes

    by = node.actor
    sieve = inboxes.Sieve(
        scope="agency" if by.agency and not asked["agency"] else "region",
        state=asked["state"] or "",
        text=asked["text"],
        agency=asked["agency"],
        page=asked["page"],
        size=asked["limit"],
    )
    found = inboxes.inbox(viewer=by, sieve=sieve)
    counts = found.counts
    document = {
        "as_of": found.as_of.isoformat(),
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "counts": {
            name: getattr(counts, name)
            for name in ("total", "missed", "at_risk", "running", "paused", "today", "unassigned")
        },
        "duties": [_plain(face) for face in found.rows],
    }
    heads = (_("编号"), _("时钟"), _("到期"), _("事由"), _("依据"), _("岗位"))
    lines = list(table([_row(face) for face in found.rows], heads)) if found.rows else []
    lines.append(
        _("共 {total} 件：逾期 {missed}，将到期 {at_risk}，计时中 {running}，暂停 {paused}").format(
            total=counts.total,
            missed=counts.missed,
            at_risk=counts.at_risk,
            running=counts.running,
            paused=counts.paused,
        )
    )
    node.speech.answer(document, lines)


def _row(face: "Face") -> tuple[str, ...]:
    duty = face.duty
    return (
        str(duty.pk),
        coloured(face.state_words, _MARKS.get(face.state, "ok")),
        str(duty.due_on or "–"),
        f"{face.title}：{duty.subject}" if duty.subject else face.title,
        str(duty.basis),
        duty.post,
    )


def _plain(face: "Face") -> dict[str, Any]:
    duty = face.duty
    return {
        "duty": duty.pk,
        "kind": duty.kind,
        "title": face.title,
        "subject": duty.subject,
        "about": f"{duty.about_type}/{duty.about_key}",
        "step": duty.step,
        "state": face.state.value,
        "agency": duty.agency_id,
        "post": duty.post,
        "home_post": duty.home_post,
        "unassigned": duty.is_unassigned,
        "limit": duty.limit_key,
        "article": str(duty.basis),
        "standing": duty.standing,
        "start": _instant(duty.started_at),
        "due": _instant(duty.due_at),
        "due_on": duty.due_on.isoformat() if duty.due_on else None,
        "provisional": duty.is_provisional,
        "missed_at": _instant(duty.missed_at),
        "closed_at": _instant(duty.closed_at),
        "outcome": duty.outcome or None,
        "result": duty.result or None,
    }


def _instant(at: object) -> str | None:
    return clock.local(at).isoformat() if at is not None else None  # type: ignore[arg-type]


@duties.command(help=_("一件责任：时钟怎么走的、不计入的每一天、逾期告知了谁。"))
@click.argument("number", type=click.IntRange(1), metavar="NUMBER")
@on_node
def show(node: Node, number: int) -> None:
    from yitong.base.duties.api import duty

    view = duty(number, viewer=node.actor)
    row = view.face.duty
    document = _plain(view.face) | _course(view)
    rows = [
        (_("编号"), str(row.pk)),
        (_("事由"), f"{view.face.title}：{row.subject}"),
        (_("时钟"), view.face.state_words),
        (_("负责"), f"{row.agency.name} {row.post}"),
        (_("起算"), document["start"]),
        (_("到期"), document["due"] or "–"),
        (_("时限"), f"{row.limit_key} {view.limit.title}"),
        (_("依据"), str(row.basis)),
        (_("违反"), str(view.breached) if view.miss else "–"),
    ]
    turns = [(turn["since"], turn["state"], turn["reason"]) for turn in document["segments"]]
    off = [(str(day.on), day.reason, day.name) for day in view.excluded]
    told = [(e["at"], e["agency"], e["article"]) for e in document["told"]]
    node.speech.answer(document, [*table(rows), *table(turns), *table(told), *table(off)])


def _course(view: "DutyView") -> dict[str, Any]:
    row, miss = view.face.duty, view.miss
    return {
        "segments": [
            {"state": state, "since": since, "reason": reason, "basis": basis or None}
            for state, since, reason, basis in row.segments
        ],
        "extension": {
            "amount": row.extended_amount,
            "reason": row.extension_reason,
            "consent": row.extension_consent,
            "notice": row.extension_notice,
        }
        if row.extended_at
        else None,
        "excluded": [
            {"on": day.on.isoformat(), "reason": day.reason, "name": day.name}
            for day in view.excluded
        ],
        "miss": {
            "at": _instant(miss.at),
            "noted_at": _instant(miss.noted_at),
            "breaks": str(view.breached),
            "explanation": miss.explanation or None,
        }
        if miss
        else None,
        "told": [
            {
                "at": _instant(told.at),
                "agency": told.agency_id,
                "article": f"{told.basis_act} {told.basis_article}".strip(),
            }
            for told in view.escalations
        ],
        "date_changes": [
            {"from": _instant(change.old_due_at), "to": _instant(change.new_due_at)}
            for change in view.date_changes
        ],
    }


@duties.command(
    "hand-over", help=_("把责任转给同一单位另一个有人在岗的岗位；--from 转一个岗位的全部。")
)
@click.argument("numbers", type=click.IntRange(1), nargs=-1, metavar="[NUMBER]...")
@click.option("--from", "from_post", default="", metavar="POST", help=_("这个岗位没有办结的全部"))
@click.option("--to", "to_post", required=True, metavar="POST", help=_("接办的岗位"))
@click.option("--reason", required=True, help=_("理由，留在每一件的记录里"))
@yes_option
@on_node
def hand_over(node: Node, numbers: tuple[int, ...], *, yes: bool, **asked: str) -> None:
    from yitong.base.duties.api import owners

    chosen = list(numbers)
    if asked["from_post"]:
        chosen += owners.open_duties_of(asked["from_post"], viewer=node.actor)
    if not chosen:
        raise click.UsageError(_("写明编号，或者用 --from 写明岗位"))
    node.speech.confirm(
        _("把 {count} 件责任转给 {post}。继续吗？").format(
            count=len(chosen), post=asked["to_post"]
        ),
        yes=yes,
    )
    moved: list[int] = []
    stayed: list[tuple[int, str]] = []
    for start in range(0, len(chosen), AT_ONCE):
        done = owners.hand_over(
            duties=chosen[start : start + AT_ONCE],
            to_post=asked["to_post"],
            reason=asked["reason"],
            by=node.actor,
        )
        moved += done.moved
        stayed += done.stayed
    document = {
        "to": asked["to_post"],
        "moved": moved,
        "stayed": [{"duty": pk, "reason": _(why)} for pk, why in stayed],
    }
    lines = [_("转办了 {count} 件").format(count=len(moved))]
    lines += [f"{pk}：{_(why)}" for pk, why in stayed]
    node.speech.answer(document, lines)

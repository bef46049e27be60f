"""时钟怎么走的: every turn of a duty's clock in one table, the oldest first."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from yitong.base.duties.api import DutyView
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis
from yitong.portals.staff import words
from yitong.ui.components.words import article, date_words

CIVIL_CODE = Basis("民法典", "201")


@dataclass(frozen=True, slots=True)
class Moment:
    """When, what, why or on which basis, and whether the time counts."""

    at: dt.date
    title: str
    why: str
    label: str
    standing: str = "property"


def moments_of(view: DutyView) -> list[Moment]:
    """The start, the turns, the extension, changed dates, and the end."""
    row = view.face.duty
    found = [
        Moment(
            row.started_at,
            gettext("收到，时钟开始"),
            article(CIVIL_CODE if row.unit in {"WD", "D", "M", "Y"} else row.basis),
            gettext("开始"),
        )
    ]
    found += [_turn(*segment) for segment in row.segments]
    if row.extended_at is not None:
        why = f"{row.extension_reason} {row.extension_consent}"
        found.append(Moment(row.extended_at, gettext("经同意延长"), why, gettext("延长")))
    found += [
        _moved(
            change.recount.begun_at, change.recount.cause, (change.old_due_at, change.new_due_at)
        )
        for change in view.date_changes
    ]
    if view.miss is not None:
        found.append(
            Moment(view.miss.at, gettext("到期，没有办结"), article(view.breached), gettext("逾期"))
        )
        if view.miss.explained_at is not None:
            said = view.miss.explanation
            found.append(Moment(view.miss.explained_at, gettext("陈述理由"), said, gettext("理由")))
    if row.closed_at is not None:
        found.append(Moment(row.closed_at, _ending(view), row.closing_reason, gettext("办结")))
    return sorted(found, key=lambda moment: _instant(moment.at))


def _instant(at: dt.date) -> dt.datetime:
    return at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time.min, dt.UTC)


def _turn(state: str, since: str, reason: str, basis: str) -> Moment:
    cited = words.cited(basis)
    why = f"{reason} {article(cited)}" if cited else reason
    counts = {
        "paused": (gettext("暂停"), "property" if cited else "unverified"),
        "running": (gettext("继续"), "property"),
        "restarted": (gettext("重新计时"), "property"),
    }
    label, standing = counts[state]
    title = gettext(words.SEGMENT_WORDS[state])
    return Moment(dt.datetime.fromisoformat(since), title, why, label, standing)


_CAUSES = {
    "calendar": N_("放假安排公布了"),
    "limit": N_("时限的规定变了"),
    "hours": N_("办公时间变了"),
}


def _moved(at: dt.datetime, cause: str, ends: tuple[dt.datetime, dt.datetime]) -> Moment:
    # An end at midnight is the end of the day before it.
    old, new = (date_words(end - dt.timedelta.resolution) for end in ends)
    said = gettext("由{old}改为{new}").format(old=old, new=new)
    why = f"{gettext(_CAUSES[cause])}：{said}"
    return Moment(at, gettext("到期日变了"), why, gettext("改期"))


def _ending(view: DutyView) -> str:
    row = view.face.duty
    if row.state == "deemed":
        return gettext("期满，法律视为已有结果")
    if row.state == "waived":
        return gettext("已免除")
    outcome = view.face.kind.outcomes.get(row.outcome, "")
    return gettext(outcome) if outcome else gettext("已办结")

"""What the work-bench says of a duty: its date, what is left, what it rests on, how its clock ran."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext

from yitong.base.duties.api import Face
from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis, Unit
from yitong.kernel.workdays import ClockState
from yitong.ui.components.clocks import clock_words, left_words
from yitong.ui.components.words import article, date_words
from yitong.ui.states import State, counted

SEGMENT_WORDS: Mapping[str, str] = {
    ClockState.PAUSED: N_("暂停计时"),
    ClockState.RUNNING: N_("继续计时"),
    ClockState.RESTARTED: N_("重新计时"),
}


def due_words(face: Face) -> str:
    """今天, a date, or that the clock stands."""
    duty = face.duty
    if face.state is State.PAUSED:
        return gettext("暂停中")
    if face.is_today:
        return gettext("今天")
    return date_words(duty.due_on) if duty.due_on else ""


def due_side(face: Face) -> str:
    """Beside the date: what is left, how late, or how much was used."""
    if face.state is State.PAUSED:
        return clock_words(face.clock)
    if face.state is State.MISSED:
        return clock_words(face.clock) if face.clock.over else gettext("已过时限")
    if face.is_today and face.duty.due_at:
        local = clock.local(face.duty.due_at)
        at = "24:00" if local.time() == dt.time.min else f"{local:%H:%M}"
        return gettext("{at}前").format(at=at)
    return left_words(face.clock)


def basis_words(face: Face) -> str:
    return article(face.duty.basis)


def cited(stored: str) -> Basis | None:
    """A basis as a segment keeps it: the act, a space, the article."""
    act, _, article = stored.rpartition(" ")
    return Basis(act, article) if act else None


def deadline(face: Face) -> dt.date | None:
    """The end as a page says it: a day ends at 24:00, an hour at its minute."""
    due = face.duty.due_at
    if due is None:
        return None
    local = clock.local(due)
    return face.duty.due_on if local.time() == dt.time.min else local


def amount_words(amount: int, unit: Unit) -> str:
    """10个工作日."""
    return counted(unit, amount)

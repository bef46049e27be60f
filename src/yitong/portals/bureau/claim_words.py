"""How a claim to be a source reads to officials."""

from django.utils.translation import gettext

from yitong.base.duties.api import Face
from yitong.base.regions.api import region
from yitong.data.standards.api import SourceClaim
from yitong.kernel.errors import Refusal
from yitong.ui.components.words import article, date_words
from yitong.ui.values import Row


def said_rows(row: SourceClaim, name: str = "") -> list[Row]:
    """What the claim says; `name` is that of the resource, where it may be read."""
    lines = (gettext(row.reason),) if row.reason else ()
    return [
        Row(gettext("数据元"), row.element.name, (row.element.code,)),
        Row(gettext("对象"), gettext(row.subject_name)),
        Row(gettext("所在区划"), place_words(row.region)),
        Row(gettext("数据"), name or row.resource, (row.resource,) if name else ()),
        Row(gettext("部门"), row.agency.name),
        Row(gettext("依据"), row.basis),
        Row(gettext("现在的状态"), gettext(row.state_name), lines),
    ]


def place_words(code: str) -> str:
    """A division with its name, where it is known."""
    if not code:
        return gettext("全国")
    try:
        return f"{''.join(region(code).path[-2:])}（{code}）"
    except Refusal:
        return code


def duty_rows(face: Face) -> list[Row]:
    """What the authority owes about it."""
    duty = face.duty
    due = date_words(duty.due_on) if duty.due_on else gettext("还没有算出")
    return [
        Row(gettext("由谁确定"), duty.agency.name),
        Row(gettext("到期"), due),
        Row(gettext("依据"), article(duty.basis)),
    ]

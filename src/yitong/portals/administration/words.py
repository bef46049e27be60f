"""What stands in the database as a code, in words."""

import datetime as dt

from django.utils.translation import gettext

from yitong.base.identity.api import accounts, posts
from yitong.kernel import clock


def role(code: str) -> str:
    return gettext(posts.ROLE_TITLES[posts.Role(code)])


def roles(everything: str) -> dict[str, str]:
    return {"": everything, **{one.value: role(one.value) for one in posts.Role}}


def account_kinds(everything: str) -> dict[str, str]:
    kinds = accounts.AccountKind
    return {
        "": everything,
        kinds.STAFF.value: gettext("工作人员"),
        kinds.PERSON.value: gettext("个人"),
        kinds.MACHINE.value: gettext("系统"),
    }


def state_of(seat: posts.Seat) -> tuple[str, str]:
    """在岗, 离岗 with who stands in, or 空缺; and until when."""
    if seat.holder is None:
        return gettext("空缺"), gettext("要办的事转给上一级")
    if seat.away_until is None:
        return gettext("在岗"), ""
    until = gettext("到{instant}").format(instant=instant(seat.away_until))
    if seat.deputy is None:
        return gettext("离岗，没有代理"), until
    return gettext("离岗，{deputy}代理").format(deputy=seat.deputy.get_username()), until


def instant(at: dt.datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"

"""The steps on a post and on an account: each asked on a page of its own that says what will follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from yitong.base.identity.api import accounts, posts
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.portals.administration.forms import (
    AppointForm,
    HandOverForm,
    HolderForm,
    LeaveForm,
    LockForm,
    SureForm,
)


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked, what the button says, what follows, and what is done; `run` may answer with words to show once."""

    question: str
    verb: str
    consequence: str
    done: str
    form: type[forms.Form]
    run: Callable[[Actor, Any, forms.Form], str | None]
    is_danger: bool = False


def _appoint(by: Actor, post: posts.Post, form: forms.Form) -> None:
    assert isinstance(form, AppointForm)  # noqa: S101 - for the type checker
    account = accounts.account_named(form.cleaned_data["username"])
    posts.appoint(by=by, post=post.key, account=account, held_until=form.end())


def _hand_over(by: Actor, post: posts.Post, form: forms.Form) -> None:
    account = accounts.account_named(form.cleaned_data["username"])
    posts.hand_over(by=by, post=post.key, account=account)


def _end(by: Actor, post: posts.Post, form: forms.Form) -> None:
    posts.end_holding(by=by, post=post.key)


def _leave(by: Actor, post: posts.Post, form: forms.Form) -> None:
    assert isinstance(form, LeaveForm)  # noqa: S101 - for the type checker
    named = form.cleaned_data["deputy"]
    posts.record_leave(
        by=by,
        post=post.key,
        away_from=clock.now(),
        away_until=form.end(),
        deputy=accounts.account_named(named) if named else None,
    )


def _back(by: Actor, post: posts.Post, form: forms.Form) -> None:
    posts.end_leave(by=by, post=post.key)


POST_STEPS: Mapping[str, Step] = {
    "appoint": Step(
        N_("任命谁到这个岗位？"),
        N_("任命"),
        N_("任命后，此人立即可以用这个岗位办事，记录里写这个岗位。"),
        N_("已任命"),
        AppointForm,
        _appoint,
    ),
    "hand_over": Step(
        N_("把这个岗位交接给谁？"),
        N_("交接"),
        N_("现任和接任在同一时刻交接，中间不空缺，也不重叠。"),
        N_("已交接"),
        HandOverForm,
        _hand_over,
    ),
    "end": Step(
        N_("办理离任？"),
        N_("办理离任"),
        N_("离任后岗位空缺，要办的事转给上一级，直到有人接任。"),
        N_("已离任"),
        SureForm,
        _end,
        is_danger=True,
    ),
    "leave": Step(
        N_("登记离岗（休假、出差）？"),
        N_("登记离岗"),
        N_("离岗期间由代理人办；没有代理人的，要办的事转给上一级。"),
        N_("已登记离岗"),
        LeaveForm,
        _leave,
    ),
    "back": Step(
        N_("登记提前返岗？"),
        N_("登记返岗"),
        N_("代理人的权限立即结束。"),
        N_("已返岗"),
        SureForm,
        _back,
    ),
}


def _lock(by: Actor, account: Any, form: forms.Form) -> None:  # noqa: ANN401 - the account model
    accounts.lock_account(by=by, account=account, reason=form.cleaned_data["reason"])


def _unlock(by: Actor, account: Any, form: forms.Form) -> None:  # noqa: ANN401 - the account model
    accounts.unlock_account(by=by, account=account)


def _reset(by: Actor, account: Any, form: forms.Form) -> str:  # noqa: ANN401 - the account model
    return accounts.reset_account(by=by, account=account)


def _holder(by: Actor, account: Any, form: forms.Form) -> None:  # noqa: ANN401 - the account model
    accounts.name_holder(
        by=by,
        account=account,
        number=form.cleaned_data["number"],
        name=form.cleaned_data["name"],
    )


ACCOUNT_STEPS: Mapping[str, Step] = {
    "lock": Step(
        N_("停用这个账号？"),
        N_("停用账号"),
        N_("停用后立即退出所有登录，也不能再登录。"),
        N_("已停用"),
        LockForm,
        _lock,
        is_danger=True,
    ),
    "unlock": Step(
        N_("恢复这个账号？"),
        N_("恢复"),
        N_("恢复后可以登录；连续失败造成的暂停也一并解除。"),
        N_("已恢复"),
        SureForm,
        _unlock,
    ),
    "reset": Step(
        N_("重置这个账号的登录？"),
        N_("重置"),
        N_("密码换新，通行密钥、验证器、恢复码和所有登录全部作废。新密码只显示一次。"),
        N_("已重置"),
        SureForm,
        _reset,
        is_danger=True,
    ),
    "holder": Step(
        N_("登记这个账号的使用人？"),
        N_("登记"),
        N_("只登记一次，不能改。同一个人的几个账号由此认得出来，三员不能由一人兼任。"),
        N_("已登记使用人"),
        HolderForm,
        _holder,
    ),
}

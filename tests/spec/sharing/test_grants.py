"""政务数据共享条例 2, 14, 16, 20, 25, 27 and 个人信息保护法: what a grant may be, and how it ends."""

import datetime as dt
from dataclasses import replace

import pytest

from yitong.data.sharing import errors, rules
from yitong.data.sharing.rules import (
    Cause,
    Ending,
    Grantee,
    GrantState,
    Item,
    Order,
    PurposeFacts,
    Subject,
)

TODAY = dt.date(2026, 11, 22)
SUBJECT = Subject(
    name="残疾人证信息",
    owner="11890100DM00000135",
    owner_name="澜宁市残联",
    state_name="已发布",
    share_type="conditional",
    citation="",
    items=(Item("zh", "证号", "id"), Item("lb", "类别", "hidden")),
    key="zh",
    is_in_force=True,
)
ASKS = Grantee("12890100DM0000021W", "澜宁市教育局", is_enterprise=False)
ORDER = Order("307001/000001", "client", ("zh",), "school-admission", dt.date(2027, 1, 1))
PURPOSE = PurposeFacts("school-admission", 366)


def test_only_what_the_data_authority_has_published_is_shared():
    """政务数据共享条例 art. 16: 对照统一发布的政务数据目录，依法共享."""
    with pytest.raises(errors.NotInForce):
        rules.check_shareable(replace(SUBJECT, is_in_force=False, state_name="草稿"), ASKS)


def test_withheld_data_are_not_shared():
    """政务数据共享条例 art. 14(3)."""
    withheld = replace(SUBJECT, share_type="withheld", citation="《统计法》第二十八条")
    with pytest.raises(errors.Withheld, match="统计法"):
        rules.check_shareable(withheld, ASKS)


def test_sharing_is_between_departments():
    """政务数据共享条例 art. 3: 使用其他政府部门的政务数据或者为其他政府部门提供."""
    with pytest.raises(errors.OwnData):
        rules.check_shareable(SUBJECT, replace(ASKS, code=SUBJECT.owner))


def test_an_enterprise_is_no_government_department():
    """政务数据共享条例 art. 2: 政府部门和法律、法规授权的具有管理公共事务职能的组织."""
    with pytest.raises(errors.OutsideGovernment):
        rules.check_shareable(SUBJECT, replace(ASKS, is_enterprise=True))


def test_every_grant_has_an_end():
    """政务数据共享条例 art. 20: 使用时限."""
    for until in (TODAY, TODAY - dt.timedelta(days=1), dt.date(9999, 12, 31)):
        with pytest.raises(errors.UntilUnfit):
            rules.check_terms(replace(ORDER, until=until), PURPOSE, TODAY)


def test_no_more_than_necessary_is_shown():
    """个人信息保护法 art. 6: 限于实现处理目的的最小范围 — a mask is loosened only by the provider's decision."""
    with pytest.raises(errors.MaskLoosened):
        rules.resolve_masks({"lb": "none"}, ("zh", "lb"), SUBJECT, agreed={})


def test_sensitive_information_is_hidden_unless_decided():
    """个人信息保护法 art. 28: 具有特定的目的和充分的必要性，并采取严格保护措施."""
    found = rules.resolve_masks({}, ("zh", "lb"), SUBJECT, agreed={})
    assert found.applied["lb"] == "hidden"


def test_a_use_the_person_is_not_told_of_stands_on_an_approved_list():
    """个人信息保护法 arts. 18, 35: the closed list of purposes is approved by the data authority and 保密."""
    hidden = PurposeFacts("crime-investigation", 92, ("数据主管部门", "保密部门"))
    with pytest.raises(errors.PurposeNotApproved, match="数据主管部门、保密部门"):
        rules.check_terms(replace(ORDER, until=dt.date(2026, 12, 1)), hidden, TODAY)


def test_misuse_is_suspended_before_it_is_ended():
    """政务数据共享条例 art. 27: 应当暂停其政务数据共享权限，并督促限期整改，对拒不整改或者整改不到位的，可以终止."""
    misuse = Ending(Cause.MISUSE, "用于营销短信")
    with pytest.raises(errors.MisuseNotSuspended):
        rules.check_ending(misuse, GrantState.ACTIVE, grant=1)
    rules.check_ending(misuse, GrantState.SUSPENDED, grant=1)


def test_a_provider_ends_a_sharing_only_with_reason_talk_and_filing():
    """政务数据共享条例 art. 27: 无正当理由，不得终止或者变更；应当协商，并报同级主管部门备案."""
    with pytest.raises(errors.ReasonNeeded):
        rules.check_ending(Ending(Cause.PROVIDER_CHANGE, " "), GrantState.ACTIVE, grant=1)
    with pytest.raises(errors.EndingUnfounded, match="协商、主管部门备案"):
        rules.check_ending(Ending(Cause.PROVIDER_CHANGE, "系统迁移"), GrantState.ACTIVE, grant=1)
    whole = Ending(Cause.PROVIDER_CHANGE, "系统迁移", "2026-11-20电话商定", "备案〔2026〕7号")
    rules.check_ending(whole, GrantState.ACTIVE, grant=1)


def test_a_purpose_that_is_done_ends_the_sharing():
    """政务数据共享条例 art. 27: 共享目的已实现、无法实现或者为实现共享目的不再必要."""
    rules.check_ending(Ending(Cause.PURPOSE_DONE, "本学期入学已结束"), GrantState.ACTIVE, grant=1)

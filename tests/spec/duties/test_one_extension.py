"""时限只能延长一次，须经法律规定的人同意，并告知对方"""

import pytest

from tests.factories.duties import ANSWER, PETITION, a_duty, at
from yitong.base.access.api import NotAllowed
from yitong.base.duties import errors
from yitong.base.duties.actions import extend
from yitong.base.duties.rules import ApproverKind, Extending, approver_kind
from yitong.kernel import clock

GIVEN = Extending(10, "材料多", "数据局〔2026〕9号", "书面告知需求部门")
BEGUN = at("2026-09-24 16:12")


@pytest.fixture
def in_time():
    with clock.frozen(at("2026-09-29 10:00")):
        yield


def begun(bureau, kind):
    with clock.frozen(BEGUN):
        return a_duty(bureau, kind, start=BEGUN).pk


@pytest.mark.furnished("bureau")
def test_an_answer_takes_ten_workdays_more_at_most_with_the_authoritys_consent(bureau, in_time):
    """政务数据共享条例 art. 21: 经同级政务数据共享主管部门同意……延长答复期限最长不得超过10个工作日."""
    duty = begun(bureau, ANSWER)
    with pytest.raises(NotAllowed):
        extend(duty, given=GIVEN, by=bureau.head)
    with pytest.raises(errors.ExtensionTooLong):
        extend(duty, given=Extending(11, "a", "b", "c"), by=bureau.reviewer)
    assert extend(duty, given=GIVEN, by=bureau.reviewer).extended_amount == 10


@pytest.mark.furnished("bureau")
def test_the_requester_is_told_of_the_extension(bureau, in_time):
    """政务数据共享条例 art. 21: 并告知政务数据需求部门."""
    with pytest.raises(errors.ExtensionIncomplete):
        extend(begun(bureau, ANSWER), given=Extending(5, "材料多", "文号"), by=bureau.reviewer)


@pytest.mark.furnished("bureau")
def test_there_is_no_second_extension(bureau, in_time):
    """信访工作条例 art. 34: 经本机关、单位负责人批准，可以适当延长办理期限，但延长期限不得超过30日."""
    duty = begun(bureau, PETITION)
    extend(duty, given=GIVEN, by=bureau.head)
    with pytest.raises(errors.ExtendedOnce):
        extend(duty, given=GIVEN, by=bureau.head)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("同级政务数据共享主管部门", ApproverKind.AUTHORITY),
        ("本行政机关负责人", ApproverKind.HEAD),
        ("本级人民政府负责人", ApproverKind.GOVERNMENT),
        ("本机关、单位负责人", ApproverKind.HEAD),
    ],
)
def test_who_consents_is_whom_the_act_names(words, kind):
    """政务数据共享条例 art. 21; 行政许可法 art. 42; 信访工作条例 art. 34."""
    assert approver_kind(words) is kind

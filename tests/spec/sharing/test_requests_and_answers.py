"""政务数据共享条例 20, 21, 28: asking and answering."""

import pytest

from yitong.data.sharing import errors
from yitong.data.sharing.application import (
    Answer,
    Ground,
    RequestState,
    RequestStep,
    Statement,
    check_answer,
    check_statement,
    next_request_state,
)


def test_a_request_states_its_basis_scene_scope_method_and_term():
    """政务数据共享条例 art. 20: 明确使用依据、使用场景、使用范围、共享方式、使用时限等."""
    with pytest.raises(errors.RequestIncomplete) as refusal:
        check_statement(Statement("", " ", "", "", ""))
    assert str(refusal.value) == "共享申请还缺：使用依据、使用场景、使用范围、共享方式、使用时限。"


@pytest.mark.parametrize("method", ["interface", "batch", "file"])
def test_there_are_three_ways_of_sharing(method):
    """政务数据共享条例 art. 22: 服务接口、批量交换、文件下载等方式."""
    check_statement(Statement("《社会保险经办条例》第八条", "参保", "全部", method, "2027-06-30"))


def test_the_own_sharing_bodys_head_agrees_before_the_provider_is_asked():
    """政务数据共享条例 art. 20: 经本部门政务数据共享工作机构负责人同意后."""
    for step in (RequestStep.AGREE, RequestStep.REFUSE, RequestStep.DELIVER):
        with pytest.raises(errors.RequestStepNotOpen):
            next_request_state(RequestState.INTERNAL, step)


def test_an_incomplete_request_is_supplemented_and_never_refused_for_it():
    """政务数据共享条例 art. 21: 应当一次性告知其需要补充的材料，不得直接予以拒绝."""
    with pytest.raises(errors.RequestStepNotOpen):
        next_request_state(RequestState.SUPPLEMENT, RequestStep.REFUSE)
    assert "incomplete" not in {ground.value for ground in Ground}


def test_a_refusal_says_why():
    """政务数据共享条例 art. 21: 不同意共享的，应当说明理由."""
    with pytest.raises(errors.RefusalNeedsGround, match="依法成立的理由、理由的说明"):
        check_answer(Answer(is_agreed=False))
    check_answer(
        Answer(is_agreed=False, ground="not_necessary", reason="只需核验是否在保，不需要名单")
    )


@pytest.mark.parametrize("ground", ["internal_matters", "本部门内部事务", ""])
def test_internal_matters_are_no_ground(ground):
    """政务数据共享条例 arts. 14, 21: a refusal stands on law or necessity."""
    with pytest.raises(errors.RefusalNeedsGround):
        check_answer(Answer(is_agreed=False, ground=ground, reason="本部门内部事务"))


def test_a_refusal_may_be_disputed_up_to_the_government():
    """政务数据共享条例 art. 28: 协商，主管部门协调，本级人民政府决定."""
    state = RequestState.REFUSED
    for step in (RequestStep.DISPUTE, RequestStep.COORDINATE, RequestStep.ESCALATE):
        state = next_request_state(state, step)
    assert state is RequestState.GOVERNMENT
    assert next_request_state(state, RequestStep.AGREE) is RequestState.AGREED

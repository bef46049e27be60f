"""The life of a request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sharing import errors
from yitong.data.sharing.application import (
    GROUND_NAMES,
    STATE_NAMES,
    STEP_NAMES,
    TRANSITIONS,
    Ground,
    RequestState,
    RequestStep,
    next_request_state,
)


@given(st.lists(st.sampled_from(RequestStep), max_size=30))
def test_nothing_is_delivered_that_was_not_approved_asked_and_agreed(steps):
    state, done = RequestState.INTERNAL, []
    for step in steps:
        try:
            state = next_request_state(state, step)
        except errors.RequestStepNotOpen:
            continue
        done.append(step)
        if step is RequestStep.DELIVER:
            assert RequestStep.APPROVE in done
            assert RequestStep.AGREE in done


def test_only_what_is_over_has_no_exit():
    closed = set(RequestState) - {source for source, _ in TRANSITIONS}
    assert closed == {RequestState.DISPOSED, RequestState.WITHDRAWN}


def test_every_state_but_the_first_can_be_reached():
    assert set(TRANSITIONS.values()) | {RequestState.INTERNAL} == set(RequestState)


def test_every_word_is_there():
    assert set(STATE_NAMES) == set(RequestState)
    assert set(STEP_NAMES) == set(RequestStep)
    assert set(GROUND_NAMES) == set(Ground)


def test_a_step_that_is_not_open_names_those_that_are():
    with pytest.raises(errors.RequestStepNotOpen) as refusal:
        next_request_state(RequestState.AGREED, RequestStep.REFUSE, request=7)
    assert str(refusal.value) == "申请7现在是“已同意，待共享”，不能不同意共享。"
    assert refusal.value.say_remedy() == "现在能做的：共享数据、撤回。"

"""The life of an entry and what it must say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.catalogue import firms_entry, people_entry
from yitong.data.catalogue import errors, rules
from yitong.data.catalogue.rules import AssessmentKind, Outcome, ShareType, State, Step
from yitong.kernel.codes import parse_resource_code, resource_code

BOTH = {AssessmentKind.SECRECY: Outcome.PASSED, AssessmentKind.PERSONAL: Outcome.PASSED}


@given(st.lists(st.sampled_from(Step), max_size=30))
def test_no_sequence_of_steps_publishes_without_submission_approval_and_review(steps):
    state, in_force, since_content = State.DRAFT, False, []
    for step in steps:
        try:
            state = rules.next_state(state, step, in_force=in_force)
        except errors.StepNotOpen:
            continue
        if step in {Step.AMEND, Step.SEND_BACK, Step.ABANDON}:
            since_content = []
        since_content.append(step)
        if step is Step.PUBLISH:
            assert since_content[-3:] == [Step.SUBMIT, Step.APPROVE, Step.PUBLISH]
            in_force = True
    if state in {State.PUBLISHED, State.REVISING}:
        assert in_force


def test_every_state_but_the_last_has_an_exit_and_every_state_can_be_reached():
    sources = {source for source, _ in rules.TRANSITIONS}
    assert sources == set(State) - {State.RETIRED}
    assert set(rules.TRANSITIONS.values()) == set(State)


def test_a_step_that_is_not_open_names_those_that_are():
    with pytest.raises(errors.StepNotOpen) as refusal:
        rules.next_state(State.PUBLISHED, Step.APPROVE, in_force=True, name="名单")
    assert str(refusal.value) == "“名单”现在是“已发布”，不能审核同意。"
    assert refusal.value.say_remedy() == "现在能做的：改动、停用。"


def test_a_first_draft_cannot_be_abandoned_to_published():
    with pytest.raises(errors.StepNotOpen):
        rules.next_state(State.RETURNED, Step.ABANDON, in_force=False)
    assert rules.next_state(State.RETURNED, Step.ABANDON, in_force=True) is State.PUBLISHED


def test_a_returned_revision_goes_on_as_a_revision():
    assert rules.next_state(State.RETURNED, Step.AMEND, in_force=True) is State.REVISING
    assert rules.next_state(State.RETURNED, Step.AMEND, in_force=False) is State.DRAFT


def test_all_that_is_missing_is_named_at_once():
    empty = replace(
        people_entry(), data_format="", update_cycle="", share_methods=(), share_scope="", grade=""
    )
    with pytest.raises(errors.EntryIncomplete) as refusal:
        rules.check_ready(empty)
    assert (
        str(refusal.value)
        == "目录条目还缺：数据格式、数据更新频率、共享方式、使用条件（共享范围、使用用途）、数据分类分级。"
    )


@pytest.mark.parametrize("length", [0, 51])
def test_names_are_one_to_fifty_characters(length):
    with pytest.raises(errors.NameUnfit):
        rules.check_content(replace(people_entry(), name="名" * length))
    rules.check_content(replace(people_entry(), name="名" * 50))


def test_two_items_of_one_name_are_refused():
    entry = people_entry()
    with pytest.raises(errors.FieldsClash):
        rules.check_content(replace(entry, fields=(entry.fields[0], entry.fields[0])))


def test_assessments_must_be_of_both_kinds_and_passed():
    rules.check_assessed(BOTH, 1)
    rules.check_assessed({**BOTH, AssessmentKind.PERSONAL: Outcome.NOT_CONCERNED}, 1)
    for lacking in (
        {},
        {AssessmentKind.SECRECY: Outcome.PASSED},
        {**BOTH, AssessmentKind.SECRECY: Outcome.FAILED},
    ):
        with pytest.raises(errors.AssessmentsMissing):
            rules.check_assessed(lacking, 1)


def test_not_concerned_is_an_answer_only_where_there_is_no_personal_information():
    rules.check_assessment(AssessmentKind.PERSONAL, Outcome.NOT_CONCERNED, firms_entry())
    with pytest.raises(errors.AssessmentUnfit, match="身份证号、姓名、联系电话"):
        rules.check_assessment(AssessmentKind.PERSONAL, Outcome.NOT_CONCERNED, people_entry())
    with pytest.raises(errors.AssessmentUnfit):
        rules.check_assessment(AssessmentKind.SECRECY, Outcome.NOT_CONCERNED, firms_entry())


def test_resource_codes_have_the_form_of_the_guide():
    code = resource_code(rules.code_front("307", 12), 345)
    assert code == "307012/000345"
    assert parse_resource_code(code).subject == "012"


def test_every_code_of_a_list_has_words():
    assert set(rules.SHARE_TYPE_NAMES) == set(ShareType)
    for names in rules.CHOICES.values():
        assert all(names.values())

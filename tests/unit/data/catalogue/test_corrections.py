"""Correcting a proposal: what follows from a choice, what needs a reason, and what the next file takes over."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.catalogue import DIAGNOSIS, NAME, people_entry
from yitong.data.catalogue.corrections import (
    Correction,
    Edit,
    choice_of,
    corrections,
    edited,
    normal,
    said_by,
    shape_of,
    taken_over,
    unexplained,
)
from yitong.data.catalogue.proposal import Proposal

SAID = said_by("共享工作机构联络员", "2026年11月22日")
KNOWN = {"DE06001": DIAGNOSIS, "DE01002": NAME}


def chosen(entry: Proposal, name: str, **changes: str) -> Edit:
    field = next(field for field in entry.fields if field.name == name)
    return Edit({name: replace(choice_of(field), **changes)}, {})


def after(entry: Proposal, edit: Edit) -> Proposal:
    return edited(entry, edit, KNOWN.__getitem__, said=SAID)


def item(entry: Proposal, name: str):
    return next(field for field in entry.fields if field.name == name)


def test_nothing_touched_changes_nothing():
    entry = people_entry()
    whole = Edit({field.name: choice_of(field) for field in entry.fields}, {}, entry.key_field)
    assert after(entry, whole) == entry


def test_another_element_brings_its_type_grade_and_mask_and_lifts_the_whole():
    entry = people_entry()
    found = after(entry, chosen(entry, "zt", element="DE06001"))
    diagnosis = item(found, "zt")
    assert (diagnosis.personal, diagnosis.grade, diagnosis.mask) == (
        "health",
        "general_4",
        "hidden",
    )
    assert diagnosis.grade_reason == DIAGNOSIS.harm
    assert found.grade == "general_4"
    assert "保障状态" in found.grade_reason
    assert diagnosis.reasons[-1] == SAID == "按共享工作机构联络员2026年11月22日的更正"


def test_what_was_chosen_besides_the_element_stays_as_chosen():
    entry = people_entry()
    found = after(entry, chosen(entry, "zt", element="DE06001", mask="year"))
    assert item(found, "zt").mask == "year"


def test_a_field_newly_called_personal_weighs_what_its_kind_does():
    entry = people_entry()
    assert item(after(entry, chosen(entry, "zt", personal="health")), "zt").grade == "general_4"


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"grade": "general_1"}, "级别比建议的低"),
        ({"personal": ""}, "不再算个人信息"),
        ({"mask": "none"}, "不再遮盖"),
    ],
)
def test_protecting_less_than_proposed_needs_a_reason(changes, way):
    entry = people_entry()
    edit = chosen(entry, "xm", **changes)
    assert unexplained(entry, entry, after(entry, edit), edit) == {"xm": [way]}
    said = chosen(entry, "xm", **changes, why="依法应当公示")
    assert unexplained(entry, entry, after(entry, said), said) == {}


def test_a_reason_once_given_is_not_asked_for_again():
    machine = people_entry()
    before = after(machine, chosen(machine, "xm", mask="none", why="依法应当公示"))
    again = chosen(before, "xm", type_letter="M")
    assert unexplained(machine, before, after(before, again), again) == {}


def test_a_lower_grade_keeps_who_said_so_and_why():
    entry = people_entry()
    found = item(after(entry, chosen(entry, "xm", grade="general_2", why="已公示")), "xm")
    assert found.grade_reason == f"{SAID}定为一般2：已公示"


def test_another_key_is_marked_and_says_whose_number_it_is():
    entry = people_entry()
    found = edited(entry, Edit({}, {}, key="lxdh", is_unique=True), KNOWN.get, said=SAID)
    assert (found.key_field, found.key_kind, found.key_unique) == ("lxdh", "text", True)
    assert [field.name for field in found.fields if field.is_key] == ["lxdh"]
    none = edited(entry, Edit({}, {}, key=""), KNOWN.get, said=SAID)
    assert (none.key_field, none.key_kind) == ("", "")


def test_headers_are_one_shape_whatever_their_order_width_case_and_punctuation():
    assert shape_of(["身份证号", "姓 名", "TEL"]) == shape_of(["tel", "身份证号：", "姓名"])
    assert shape_of(["身份证号"]) != shape_of(["身份证号", "姓名"])


@settings(max_examples=50)
@given(st.text(max_size=250))
def test_a_normal_header_is_normal_and_short(header):
    found = normal(header)
    assert len(found) <= 200
    assert normal(found) == found or not found.strip()


def test_the_next_file_of_the_shape_takes_the_corrections_over():
    machine = people_entry()
    edit = chosen(machine, "zt", element="DE06001")
    final = after(machine, replace(edit, entry={"duty": "低保审核确认", "update_cycle": "monthly"}))
    learnt = corrections(machine, final)
    assert Correction("", "duty", "低保审核确认") in learnt
    assert Correction("保障状态", "element", "DE06001") in learnt
    found = taken_over(people_entry("下个月的名单"), learnt, said=SAID)
    assert found.name == "下个月的名单"
    assert (found.duty, found.update_cycle, found.unverified) == ("低保审核确认", "monthly", ())
    assert item(found, "zt").mask == "hidden"
    assert (found.grade, found.grade_reason) == (final.grade, final.grade_reason)
    assert SAID in item(found, "zt").reasons
    assert SAID in found.reasons


def test_what_the_filer_says_this_time_stands_before_what_was_learnt():
    learnt = [Correction("", "update_cycle", "monthly")]
    wished = people_entry(update_cycle="daily")
    found = taken_over(wished, learnt, said=SAID, stated=frozenset({"update_cycle"}))
    assert found.update_cycle == "daily"


def test_a_learnt_key_stands_only_once_each_where_this_file_says_so():
    learnt = [Correction("", "key_field", "联系电话")]
    entry = people_entry()
    assert not taken_over(entry, learnt, said=SAID).key_unique
    assert taken_over(entry, learnt, said=SAID, unique=frozenset({"lxdh"})).key_unique

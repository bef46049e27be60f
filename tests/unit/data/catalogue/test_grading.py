"""GB/T 43697: the highest wins; personal information has its least weight."""

from hypothesis import given
from hypothesis import strategies as st

from yitong.data.catalogue.grading import (
    GRADES,
    PERSONAL_NAMES,
    SENSITIVE,
    Grade,
    PersonalKind,
    highest,
    least_grade,
)
from yitong.data.standards.elements import SENSITIVE_KINDS
from yitong.data.standards.seed import edition, grade_matrix


@given(st.lists(st.sampled_from(Grade)), st.sampled_from(Grade))
def test_one_more_item_never_lowers_the_grade(found, more):
    assert GRADES.index(highest([*found, more])) >= GRADES.index(highest(found))


def test_nothing_at_all_is_public():
    assert highest([]) is Grade.GENERAL_1


def test_sensitive_personal_information_weighs_4_and_the_rest_3():
    for kind in PersonalKind:
        expected = Grade.GENERAL_4 if kind in SENSITIVE else Grade.GENERAL_3
        assert least_grade(kind) is expected
        assert PERSONAL_NAMES[kind]


def test_catalogue_and_standards_mean_the_same_kinds_and_grades():
    assert SENSITIVE == SENSITIVE_KINDS
    assert {e.personal for e in edition().elements} - {""} <= set(PersonalKind)
    matrix = grade_matrix()
    assert matrix["person", "serious"] == least_grade(PersonalKind.IDENTITY)
    assert matrix["person", "grave"] == least_grade(PersonalKind.HEALTH)
    assert {f"general_{e.grade}" for e in edition().elements} <= set(Grade)

"""The data files of standards: complete, consistent, each row with its source and confidence."""

import re

import pytest

from yitong.data.standards.errors import UnknownElement
from yitong.data.standards.queries import element
from yitong.data.standards.seed import edition, grade_matrix


def test_hundreds_of_elements_with_unique_codes_and_names():
    elements = edition().elements
    assert len(elements) >= 300
    assert len({e.code for e in elements}) == len({e.name for e in elements}) == len(elements)


def test_every_element_is_named_in_two_languages_and_defined():
    for e in edition().elements:
        assert e.english.isascii(), e
        assert e.english, e
        assert len(e.definition) >= 4, e
        assert e.synonyms or e.latin, e


def test_tests_that_elements_name_exist():
    from yitong.data.standards.evidence import KIND_NAMES, SOFT_TESTS

    known = {*KIND_NAMES, *SOFT_TESTS}
    for e in edition().elements:
        test = e.evidence.removeprefix("!")
        if test.startswith("form:"):
            assert test[5:] in edition().forms, e
        elif test and not test.startswith("set:"):
            assert set(test.split("|")) <= known, e


def test_forms_are_patterns_and_concepts_are_unique():
    assert all(re.compile(form.pattern) for form in edition().forms.values())
    names = [concept.name for concept in edition().concepts]
    assert len(set(names)) == len(names)
    assert {c.role for c in edition().concepts} == {"thing", "head", "tail", "self", "filler"}


def test_every_row_says_where_it_comes_from_and_how_sure_we_are():
    for e in edition().elements:
        assert e.source
        assert {e.confidence, e.harm.confidence} <= {"H", "M", "L"}
        assert e.harm.reason
    for code_set in edition().code_sets.values():
        assert code_set.source
        assert code_set.values


def test_code_sets_that_elements_name_exist():
    named = {e.code_set for e in edition().elements} - {""}
    tested = {
        e.evidence.lstrip("!").removeprefix("set:")
        for e in edition().elements
        if "set:" in e.evidence
    }
    assert named | tested <= edition().code_sets.keys()


def test_masks_are_those_that_the_kernel_has():
    masking = pytest.importorskip("yitong.kernel.masking")
    assert {e.mask for e in edition().elements} <= set(masking.MASKS)


def test_what_is_personal_is_never_public():
    for e in edition().elements:
        if e.personal:
            assert e.grade >= 2, e
        if e.sensitivity == "sensitive":
            assert e.harm.key != "public", e


def test_sensitive_personal_information_is_of_the_fourth_sublevel_unless_it_names_only_a_bank():
    """GB/T 43697-2024 annex H with 个人信息保护法 28."""
    lower = {e.name for e in edition().elements if e.sensitivity == "sensitive" and e.grade < 4}
    assert lower <= {"开户银行"}


def test_the_matrix_holds_the_three_grades_and_the_four_sublevels():
    matrix = grade_matrix()
    assert matrix["national_security", "general"] == "important"
    assert matrix["economy", "grave"] == "core"
    assert matrix["person", "serious"] == "general_3"
    assert set(matrix.values()) == {
        "core", "important", "general", "general_1", "general_2", "general_3", "general_4",
    }  # fmt: skip


def test_an_element_is_found_by_code():
    assert element("DE01001").name == "公民身份号码"
    with pytest.raises(UnknownElement):
        element("DE99999")

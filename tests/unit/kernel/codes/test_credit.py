import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from yitong.kernel.codes import (
    Fault,
    InvalidCreditCode,
    credit_check_digit,
    credit_code,
    credit_code_fault,
    organisation_check_digit,
    parse_credit_code,
)
from yitong.kernel.codes.credit import UNKNOWN_DEPARTMENT

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLACES = st.text("0123456789", min_size=6, max_size=6)
BODIES = st.text(ALPHABET, min_size=8, max_size=8)
CODES = st.builds(credit_code, st.sampled_from("159Y"), st.sampled_from("1239"), PLACES, BODIES)


def refusal_of(text):
    try:
        parse_credit_code(text)
    except InvalidCreditCode as refusal:
        return refusal
    return None


@given(CODES)
def test_what_is_made_is_read_back(code):
    read = parse_credit_code(code.lower())

    assert read.department + read.category + read.region + read.organisation == code[:17]
    assert read.warnings == ()


@given(CODES, st.integers(0, 17), st.sampled_from(string.digits + string.ascii_uppercase))
def test_one_wrong_character_is_always_found(code, place, wrong):
    changed = code[:place] + wrong + code[place + 1 :]

    assert (credit_code_fault(changed) is None) is (changed == code)


@given(
    st.text(max_size=20) | st.text(string.digits + string.ascii_uppercase, min_size=18, max_size=18)
)
def test_the_quick_check_and_the_parser_agree(text):
    fault, refusal = credit_code_fault(text), refusal_of(text)

    assert (refusal and refusal.fault) == fault
    assert str(refusal)


@given(st.builds(credit_code, st.sampled_from("159"), st.sampled_from("123"), PLACES, BODIES))
def test_stdnum_accepts_whatever_we_make_with_digits_in_front(code):
    assert uscc.is_valid(code)


def test_stdnum_refuses_letters_in_front_and_we_read_them():
    """GB 32100-2015 gives Y to 其他: stdnum wants eight digits there."""
    code = credit_code("Y", "1", "110000", "M000100Y")

    assert not uscc.is_valid(code)
    assert credit_code_fault(code) is None


def test_stdnum_passes_over_the_check_digit_inside_and_we_do_not():
    """GB 32100-2015 takes the 组织机构代码 whole, its own check digit (GB 11714) with it."""
    first17 = "91350100M000100Y5"
    code = first17 + credit_check_digit(first17)

    assert uscc.is_valid(code)
    assert credit_code_fault(code) is Fault.EMBEDDED


@pytest.mark.parametrize(
    ("text", "fault", "place"),
    [
        ("9135O100M000100Y43", Fault.CHARACTER, "第 5 位"),
        ("9135A100M000100Y43", Fault.CHARACTER, "第 5 位"),
        ("I1350100M000100Y43", Fault.CHARACTER, "第 1 位"),
        ("91350100M000100YS3", Fault.CHARACTER, "第 17 位"),
        ("91350100M000100Y4", Fault.LENGTH, "现有 17 位"),
        ("91350100M000100Y53", Fault.EMBEDDED, "第 9 至 17 位"),
        ("91350100M000100Y44", Fault.CHECK, "第 18 位"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(text, fault, place):
    with pytest.raises(InvalidCreditCode) as refused:
        parse_credit_code(text)

    assert refused.value.fault is fault
    assert place in str(refused.value)


def test_an_unknown_department_warns():
    assert parse_credit_code(credit_code("B", "1", "110000", "M000100Y")).warnings == (
        UNKNOWN_DEPARTMENT,
    )


@pytest.mark.parametrize("first17", ["", "9135010OM000100Y4"])
def test_a_check_digit_wants_17_characters_of_the_alphabet(first17):
    with pytest.raises(ValueError, match="17"):
        credit_check_digit(first17)


@pytest.mark.parametrize("first8", ["", "0000133-"])
def test_an_organisation_s_check_digit_wants_eight(first8):
    with pytest.raises(ValueError, match="8"):
        organisation_check_digit(first8)

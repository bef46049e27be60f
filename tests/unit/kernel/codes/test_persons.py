import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from yitong.kernel.codes import (
    Fault,
    InvalidPersonNumber,
    Sex,
    are_person_numbers,
    normalise_person_number,
    parse_person_number,
    person_check_digit,
    person_number,
    person_number_fault,
)
from yitong.kernel.codes.persons import CENTENARIAN, OLD_NUMBER, UNKNOWN_REGION

SAMPLE = "890102199203150020"
BIRTHS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
REGIONS = st.sampled_from(["110105", "890102", "440524", "310101"])
NUMBERS = st.builds(person_number, REGIONS, BIRTHS, st.integers(0, 999))


def refusal_of(text):
    try:
        parse_person_number(text)
    except InvalidPersonNumber as refusal:
        return refusal
    return None


@given(REGIONS, BIRTHS, st.integers(0, 999))
def test_what_is_made_is_read_back(region, birth_on, sequence):
    read = parse_person_number(person_number(region, birth_on, sequence))

    assert (read.region, read.birth_on) == (region, birth_on)
    assert read.sex is (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(NUMBERS, st.integers(0, 17), st.sampled_from(string.digits + "X"))
def test_one_wrong_character_is_always_found(number, place, wrong):
    changed = number[:place] + wrong + number[place + 1 :]

    assert (person_number_fault(changed) is None) is (changed == number)


@given(NUMBERS, st.integers(0, 16))
def test_two_neighbours_exchanged_are_always_found(number, place):
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert (person_number_fault(changed) is None) is (changed == number)


@given(st.lists(
    NUMBERS
    | NUMBERS.map(str.lower)
    | NUMBERS.map(lambda number: f" {number}")
    | st.builds("{}{}{}".format, NUMBERS.map(lambda n: n[:9]), st.sampled_from("0789Xx٣"), NUMBERS.map(lambda n: n[10:]))
    | st.text(string.digits + "X", min_size=15, max_size=19)
))  # fmt: skip
def test_a_column_is_checked_as_each_number_is(numbers):
    def is_normal(text):
        return refusal_of(text) is None and normalise_person_number(text) == text

    checked = are_person_numbers([number.encode() for number in numbers])
    assert checked == [is_normal(number) for number in numbers]


@given(st.text(max_size=20) | st.text(string.digits + "xX", min_size=15, max_size=18))
def test_the_quick_check_and_the_parser_agree(text):
    fault, refusal = person_number_fault(text), refusal_of(text)

    assert (refusal and refusal.fault) == fault
    assert str(refusal)


@given(st.text(string.digits + "xX", min_size=15, max_size=18))
def test_no_sentence_repeats_what_was_typed(text):
    if refusal := refusal_of(text):
        assert text not in f"{refusal!r}{refusal}{refusal.say_remedy()}{refusal.places}"


@pytest.mark.parametrize(
    "text",
    [
        " 11010519491231002x ",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002ｘ",
        "\u3000110105491231002",
    ],
)
def test_input_methods_spaces_and_old_numbers_come_to_one_key(text):
    assert normalise_person_number(text) == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "fault", "sentence"),
    [
        ("", Fault.LENGTH, "公民身份号码应为 18 位（旧号 15 位），现有 0 位。"),
        ("8901021992031500200", Fault.LENGTH, "公民身份号码应为 18 位（旧号 15 位），现有 19 位。"),
        (
            "89010219920315O020",
            Fault.CHARACTER,
            "公民身份号码第 15 位应为数字（只有第 18 位可以是 X）。",
        ),
        (
            "89010219920315002A",
            Fault.CHARACTER,
            "公民身份号码第 18 位应为数字（只有第 18 位可以是 X）。",
        ),
        (
            "11010549123100X",
            Fault.CHARACTER,
            "公民身份号码第 15 位应为数字（只有第 18 位可以是 X）。",
        ),
        ("890102199202300020", Fault.DATE, "公民身份号码第 7 至 14 位不是有效的出生日期。"),
        ("890102179902300020", Fault.DATE, "公民身份号码第 7 至 14 位不是有效的出生日期。"),
        ("890102179912300020", Fault.DATE, "公民身份号码第 7 至 14 位不是有效的出生日期。"),
        ("110105491331002", Fault.DATE, "公民身份号码第 7 至 12 位不是有效的出生日期。"),
        (
            "890102199203150021",
            Fault.CHECK,
            "公民身份号码第 18 位校验码与前 17 位不符，其中至少有一位有误。",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(text, fault, sentence):
    with pytest.raises(InvalidPersonNumber) as refused:
        parse_person_number(text)

    assert (refused.value.fault, str(refused.value)) == (fault, sentence)
    assert refused.value.kind == "invalid"


def test_a_refusal_is_translated():
    with pytest.raises(InvalidPersonNumber) as refused:
        parse_person_number("1")

    assert refused.value.say(lambda sentence: f"[{sentence[:6]}] {{length}}") == "[公民身份号码] 1"


def test_digits_of_other_scripts_are_not_digits():
    assert person_number_fault("٨٩٠١٠٢١٩٩٢٠٣١٥٠٠٢٠") is Fault.CHARACTER


def test_a_birth_in_the_future_is_refused_where_the_day_is_known():
    assert parse_person_number(SAMPLE, on=dt.date(1992, 3, 15)).birth_on == dt.date(1992, 3, 15)
    with pytest.raises(InvalidPersonNumber) as refused:
        parse_person_number(SAMPLE, on=dt.date(1992, 3, 14))
    assert refused.value.fault is Fault.FUTURE


def test_a_region_outside_the_table_warns():
    assert parse_person_number(SAMPLE).warnings == (UNKNOWN_REGION,)
    assert parse_person_number(SAMPLE, known_regions={"890102"}).warnings == ()
    assert parse_person_number("11010519491231002X", known_regions=set()).warnings == (
        UNKNOWN_REGION,
    )


def test_old_numbers_warn_and_those_of_centenarians_twice():
    assert parse_person_number("110105491231002").warnings == (OLD_NUMBER,)
    assert parse_person_number("110105991231996").warnings == (OLD_NUMBER, CENTENARIAN)


def test_reprs_show_no_number_and_no_birth_date():
    shown = repr(parse_person_number(SAMPLE))

    assert SAMPLE not in shown
    assert "1992" not in shown


@pytest.mark.parametrize("first17", ["", "8901021992031500", "8901021992031500A"])
def test_a_check_digit_wants_17_digits(first17):
    with pytest.raises(ValueError, match="17"):
        person_check_digit(first17)


@pytest.mark.parametrize("sequence", [-1, 1000])
def test_a_sequence_has_three_digits(sequence):
    with pytest.raises(ValueError, match="three"):
        person_number("890102", dt.date(1992, 3, 15), sequence)


@given(st.builds(person_number, st.just("110105"), BIRTHS, st.integers(0, 999)))
def test_stdnum_agrees_on_every_number_of_a_region_it_knows(number):
    assert ric.is_valid(number) is (person_number_fault(number) is None)


def test_stdnum_refuses_a_region_it_does_not_know_and_we_only_warn():
    """440524 (潮阳) was dissolved: the number stays its holder's for life, so its region may be historic."""
    with pytest.raises(ValidationError):
        ric.validate("440524188001010014")
    assert person_number_fault("440524188001010014") is None

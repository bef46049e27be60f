"""Identifiers, by the standards that define them and real examples they publish."""

import datetime as dt

import pytest

from yitong.kernel.codes import (
    InvalidCode,
    Sex,
    credit_check_digit,
    licence_check_digit,
    normalise_person_number,
    organisation_check_digit,
    parse_credit_code,
    parse_item_code,
    parse_licence_id,
    parse_person_number,
    parse_region_code,
    parse_resource_code,
    person_check_digit,
)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "440524188001010014", "890102199203150020"]
)
def test_a_person_s_number_ends_in_its_check_character(number):
    """GB 11643-1999: ISO 7064 MOD 11-2; the first two are the standard's own examples."""
    assert person_check_digit(number[:17]) == number[17]
    assert parse_person_number(number).number18 == number


def test_a_person_s_number_tells_region_birth_and_sex():
    """GB 11643-1999, 4: six digits of region, eight of birth, three of sequence, odd for men."""
    woman, man = (
        parse_person_number("11010519491231002X"),
        parse_person_number("440524188001010014"),
    )

    assert (woman.region, woman.birth_on, woman.sex) == (
        "110105",
        dt.date(1949, 12, 31),
        Sex.FEMALE,
    )
    assert (man.region, man.birth_on, man.sex) == ("440524", dt.date(1880, 1, 1), Sex.MALE)


def test_an_old_number_of_15_becomes_18():
    """GB 11643-1999: the century and the check character are added."""
    assert normalise_person_number("110105491231002") == "11010519491231002X"


def test_a_region_since_dissolved_warns_and_is_never_refused():
    """GB 11643-1999: the region is that of the first registration and stays for life."""
    read = parse_person_number("440524188001010014", known_regions={"440513"})

    assert len(read.warnings) == 1


def test_the_refusal_of_a_wrong_check_character_does_not_tell_the_right_one():
    """A door that told it would make up valid numbers for anyone."""
    with pytest.raises(InvalidCode) as refused:
        parse_person_number("110105194912310021")

    assert "X" not in str(refused.value)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",
        "11100000000013338W",
        "11430000006122244L",
        "11220000013544541J",
        "11370881004339597L",
        "11890100DM00000135",
        "12890100DM0000021W",
    ],
)
def test_a_credit_code_ends_in_its_check_character(code):
    """GB 32100-2015: MOD 31, weights 3^(i-1)."""
    assert credit_check_digit(code[:17]) == code[17]
    assert parse_credit_code(code).code == code


@pytest.mark.parametrize(("body", "check"), [("00001333", "8"), ("M000100Y", "4")])
def test_the_organisation_s_code_inside_has_its_own_check_character(body, check):
    """GB 11714: MOD 11."""
    assert organisation_check_digit(body) == check


def test_a_division_is_six_nine_or_twelve_digits():
    """GB/T 2260 and the statistical code: three digits more for the 乡级, three for the 村级."""
    assert parse_region_code("890102").level == 3
    assert parse_region_code("890102001").town_kind == "街道"
    assert parse_region_code("890102001010").level == 5


@pytest.mark.parametrize(
    "identifier",
    [
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
    ],
)
def test_a_licence_s_identifier_ends_in_a_check_over_its_four_segments(identifier):
    """GB/T 36904-2018: ISO 7064 MOD 37,36, without the root and the dots."""
    segments = "".join(identifier.split(".")[5:-1])

    assert licence_check_digit(segments) == identifier[-1]
    assert parse_licence_id(identifier).definer == "11100000000013338W"


def test_check_37_36_is_computed_as_the_standard_writes_it():
    """ISO 7064, hybrid system MOD 37,36."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for segments in ("A12425GABC1234002M"[:-1], "0", "Z" * 40):
        product = 36
        for char in segments:
            product = ((product + alphabet.index(char)) % 36 or 36) * 2 % 37
        assert licence_check_digit(segments) == alphabet[(37 - product) % 36]


def test_a_resource_s_code_is_a_class_and_a_sequence():
    """政务信息资源目录编制指南（试行）: 前段码 and 后段码."""
    assert parse_resource_code("307001/000001").category_name == "部门信息资源"


def test_an_item_s_code_names_who_does_it():
    """GB/T 39554.1-2020: the 实施编码 begins with the body's 统一社会信用代码."""
    assert parse_item_code("11890100DM000001354000101001000").body == "11890100DM00000135"

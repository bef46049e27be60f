"""No name, number, telephone, card or address gets through, however it is disguised; codes do."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.factories.agencies import agency_code
from tests.factories.numbers import NUMBERS, PHONES
from yitong.base.messages.privacy import PERSON_NUMBER, PHONE, _is_credit_code, looks_personal

WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
LETTERS = st.text(string.ascii_letters, max_size=6)
DISGUISES = st.sampled_from(
    [
        str,
        str.lower,
        lambda n: n.translate(WIDE),
        lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
        lambda n: "_".join((n[:6], n[6:10], n[10:14], n[14:])),
    ]
)


@given(NUMBERS, DISGUISES, LETTERS, LETTERS)
def test_an_identity_number_is_seen_in_every_dress(number, disguise, before, after):
    assume(after[:1].lower() != "x")
    assert looks_personal(f"{before}{disguise(number)}{after}") is not None


@given(NUMBERS, st.sampled_from("0123456789X"))
def test_also_one_that_was_typed_wrongly(number, digit):
    assume(not _is_credit_code(number[:17] + digit))  # one in thousands is a firm's number as well
    assert looks_personal(number[:17] + digit) == PERSON_NUMBER


@given(NUMBERS)
def test_also_the_old_one_of_fifteen_digits(number):
    assert looks_personal(number[:6] + number[8:17]) is not None


@given(PHONES, st.sampled_from(["{}", "+86{}", "86{}", "tel:{}", "SMS-{}", "{}.1"]), DISGUISES)
def test_a_telephone_number_is_seen(phone, form, disguise):
    assume(not set(disguise(phone)) & set(" -_"))
    assert looks_personal(form.format(disguise(phone))) == PHONE


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1))
def test_chinese_words_are_seen(text):
    assert looks_personal(text) is not None


@pytest.mark.parametrize(
    "text",
    ["lin@example.cn", "0591-87654321", "010-12345678", "6222021234567894", "林小禾", "CASE-林"],
)
def test_cards_mails_lines_and_names_are_seen(text):
    assert looks_personal(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "PER-42", "DSR-21b", "2026-10-23", "307001/000001", "account:42", "duty:17:warned:2026-10-23",
        "0f6f6e5e-9d1c-4a8e-8a6e-100199203150", "10019920315020000000100123456789" * 2, "000012345678",
        "handed/890102/1992/0315/0020",
        agency_code(1), f"{agency_code(1)}/clerk/1", "1.2.156.3005.2.11890100DM0000011",
    ],
)  # fmt: skip
def test_codes_keys_and_dates_pass(text):
    assert looks_personal(text) is None


@given(st.uuids())
def test_random_keys_pass_whatever_digits_they_have(key):
    assert looks_personal(str(key)) is None
    assert looks_personal(key.hex) is None


@given(st.integers(1, 999_999))
def test_every_agencys_code_passes(number):
    assert looks_personal(agency_code(number)) is None

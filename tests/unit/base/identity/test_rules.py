"""What identity decides without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.base.identity.rules import (
    THREE_ADMINISTRATORS,
    Role,
    Sought,
    excluded_by,
    is_username,
    names_pinyin,
    normalise_name,
    normalise_phone,
    sought,
)

roles = st.sampled_from(list(Role))


@given(role=roles, held=st.frozensets(roles))
def test_only_another_of_the_three_administrators_keeps_one_from_becoming_one(role, held):
    others = (held & THREE_ADMINISTRATORS) - {role}
    assert (excluded_by(role, held) is not None) == (role in THREE_ADMINISTRATORS and bool(others))


@pytest.mark.parametrize(
    "text",
    [
        "", "ab", "Lin", "890102199203150020", "10000000001", "lin xiaohe", "lin@x", "林小禾",
        "lin\n", "a" * 65, "lin;drop", "lin\x00",
    ],
)  # fmt: skip
def test_what_is_no_user_name(text):
    assert not is_username(text)


@given(st.text())
def test_a_user_name_is_never_a_number_or_a_phone(text):
    if is_username(text):
        assert normalise_phone(text) is None
        assert sought(text)[0] is Sought.PINYIN


def test_a_name_has_one_writing():
    assert normalise_name(" 买买提 • 艾力 ") == normalise_name("买买提·艾力") == "买买提·艾力"


@pytest.mark.parametrize(
    ("typed", "kind", "form"),
    [
        ("890102199203150020", Sought.NUMBER, "890102199203150020"),
        ("100 0000 0001", Sought.PHONE, "10000000001"),
        ("+86-10000000001", Sought.PHONE, "10000000001"),
        ("林 小禾", Sought.NAME, "林小禾"),
        ("Lin Xiaohe", Sought.PINYIN, "linxiaohe"),
    ],
)
def test_what_someone_typed_is_recognised(typed, kind, form):
    assert sought(typed) == (kind, form)


def test_pinyin_of_a_name_has_neither_tones_nor_dots():
    assert names_pinyin("林小禾") == "linxiaohe"
    assert names_pinyin("买买提·艾力") == "maimaitiaili"

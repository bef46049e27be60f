import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel.codes import InvalidRegionCode
from yitong.kernel.masking import (
    MASKS,
    age_band,
    mask,
    mask_account,
    mask_address,
    mask_name,
    mask_person_number,
    mask_phone,
    mask_region,
    mask_year,
    region_level,
)

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=12)


def shown(masked: str) -> str:
    return masked.replace("*", "")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "*"),
        ("张三", "张*"),
        ("林一桐", "林*桐"),
        ("欧阳建国", "欧**国"),
        ("𠮷田一", "𠮷*一"),
        ("阿依古丽·买买提", "阿***·买**"),
        ("John Smith", "J*** S****"),
        ("Madonna", "M******"),
        ("J Li", "* L*"),
        (" 张三 ", "张*"),
    ],
)
def test_names(name, masked):
    assert mask_name(name) == masked


@given(st.text(max_size=12))
def test_a_name_s_part_shows_two_characters_at_most_and_never_all(name):
    for part in re.split(r"[·•・‧\s]+", mask_name(name)):
        assert len(shown(part)) <= 2
        assert not part or "*" in part


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("890102199203150020", "8901**********0020"),
        ("890102 19920315 0020", "8901**********0020"),
        ("110105491231002", "1101*******1002"),
        ("E00000012", "*******12"),
        ("E000001", "*******"),
        ("", ""),
    ],
)
def test_person_numbers(number, masked):
    assert mask_person_number(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("10000000001", "100****0001"),
        ("+86 100-0000-0001", "100****0001"),
        ("010-12345678", "010****5678"),
        ("1234567", "*****67"),
        ("123456", "******"),
        ("无", "***"),
        ("", "***"),
    ],
)
def test_phones(number, masked):
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("6200000000000001234", "***************1234"),
        ("620000001234", "********1234"),
        ("62000012", "******12"),
        ("6200001", "*******"),
        ("", ""),
    ],
)
def test_accounts(number, masked):
    assert mask_account(number) == masked


@given(st.text(max_size=24), st.sampled_from(["id", "account"]))
def test_numbers_keep_their_length_and_show_half_at_most(text, kind):
    masked = mask(kind, text)

    assert masked is not None
    assert len(masked) == len("".join(text.split()))
    assert len(shown(masked.replace(" ", ""))) <= max(8, len(text) // 2)
    if len(masked) < 8:
        assert set(masked) <= {"*"}


@given(st.text(max_size=24))
def test_a_phone_shows_seven_digits_at_most(text):
    assert len(shown(mask_phone(text))) <= 7


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("示例省澜宁市听澜区桐花街道桐花路12号3单元", "示例省澜宁市听澜区桐花街道****"),
        ("听澜区桐花路12号", "听澜区****"),
        ("桐花街道城市花园小区3栋", "桐花街道****"),
        ("听澜区云桥镇云桥老街3号", "听澜区云桥镇****"),
        ("听澜区滨江社区澜江名邸", "听澜区****"),
        ("听澜区桐花路云桥街道口", "听澜区****"),
        ("阳光小区3栋502", "****"),
        ("城关镇市场路8号", "城关镇****"),
        ("某村城乡结合部3号", "****"),
        ("502室", "****"),
        ("", "****"),
        ("新乡市红旗区东街街道1号", "新乡市红旗区东街街道****"),
        ("江西省景德镇市珠山区太白园街道某路", "江西省景德镇市珠山区太白园街道****"),
        ("山西省临汾市乡宁县昌宁镇某村", "山西省临汾市乡宁县昌宁镇****"),
        ("镇江市京口区 正东路", "镇江市京口区****"),
        ("南京市鼓楼区", "南京市鼓楼区****"),
        ("台州市路桥区路北街道某巷", "台州市路桥区路北街道****"),
        ("上海市黄浦区南京东路街道某弄", "上海市黄浦区南京东路街道****"),
    ],
)
def test_addresses_show_divisions_only(address, masked):
    assert mask_address(address) == masked


@given(
    HAN.map(lambda name: name[:4]),
    st.sampled_from(["路", "巷", "村", "小区", "街"]),
    st.integers(1, 999),
    HAN,
)
def test_an_address_never_shows_its_house(name, kind, number, rest):
    masked = mask_address(f"听澜区桐花街道{name}{kind}{number}号{rest}")

    assert masked == "听澜区桐花街道****"


@given(st.text(max_size=40))
def test_an_address_shows_only_what_ends_in_a_kind_of_division(text):
    kept = mask_address(text).removesuffix("****")

    assert not kept or re.search(r"(省|区|市|州|盟|县|旗|街道|镇|乡|苏木)$", kept)
    assert not re.search(r"\d", kept)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("1992-03-15", "1992"),
        ("19920315", "1992"),
        ("1992年3月", "1992"),
        ("2026/1/2 10:00", "2026"),
        ("1992", "1992"),
        ("92-03-15", "****"),
        ("890102199203150020", "****"),
        ("", "****"),
    ],
)
def test_dates_show_their_year(text, masked):
    assert mask_year(text) == masked


def test_regions_show_their_county():
    assert mask_region("890102001010") == "890102"
    assert mask_region("8901") == "8901"
    assert mask_region("听澜区") == "******"


@pytest.mark.parametrize(
    ("value", "masked"),
    [("张三", "是"), ("有", "是"), ("", "否"), (" 否 ", "否"), ("No", "否"), ("0", "否")],
)
def test_yes_or_no(value, masked):
    assert mask("yesno", value) == masked


@pytest.mark.parametrize("kind", sorted(MASKS))
def test_an_absent_value_stays_absent_unless_absence_is_the_answer(kind):
    assert mask(kind, None) == {"hidden": "***", "yesno": "否"}.get(kind)


@given(st.text(max_size=30))
def test_hidden_says_the_same_of_everything(text):
    assert mask("hidden", text) == mask("hidden", "")
    assert mask("none", text) == text


def test_an_unknown_mask_lets_nothing_through():
    with pytest.raises(KeyError):
        mask("no such mask", "张三")


@given(st.sampled_from(sorted(set(MASKS) - {"none"})), HAN)
def test_masking_chinese_text_never_gives_it_back(kind, text):
    masked = mask(kind, text)

    assert masked is not None
    assert masked != text or not text or kind == "yesno"


@pytest.mark.parametrize(
    ("birth", "on", "band"),
    [
        ((1992, 3, 15), (2026, 3, 14), "30-39"),
        ((1996, 3, 15), (2026, 3, 14), "20-29"),
        ((1996, 3, 15), (2026, 3, 15), "30-39"),
        ((2026, 3, 15), (2026, 3, 15), "0-9"),
        ((1920, 1, 1), (2026, 1, 1), "90+"),
        ((1936, 1, 1), (2026, 1, 1), "90+"),
        ((1996, 2, 29), (2026, 2, 28), "20-29"),
    ],
)
def test_ages_fall_into_bands_of_ten(birth, on, band):
    assert age_band(dt.date(*birth), dt.date(*on)) == band


def test_nobody_is_born_after_the_day_asked_about():
    with pytest.raises(ValueError, match="born"):
        age_band(dt.date(2026, 1, 2), dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("level", "prefix"),
    [(1, "89"), (2, "8901"), (3, "890102"), (4, "890102001"), (5, "890102001010")],
)
def test_regions_generalise_by_level(level, prefix):
    assert region_level("890102001010", level) == prefix
    assert region_level("8901", level) == "8901"[: len(prefix)]


def test_levels_and_codes_that_are_none_are_refused():
    with pytest.raises(ValueError, match="level"):
        region_level("890102", 6)
    with pytest.raises(InvalidRegionCode):
        region_level("x", 3)

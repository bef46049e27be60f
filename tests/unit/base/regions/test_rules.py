"""Codes of divisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.base.regions import rules
from yitong.base.regions.errors import (
    CodeTaken,
    DivisionMalformed,
    InvalidRegionCode,
    OrphanDivision,
)
from yitong.base.regions.rules import Division, RegionFacts

CODES = st.sampled_from([2, 4, 6, 9, 12]).flatmap(
    lambda n: st.text("0123456789", min_size=n, max_size=n)
)


@pytest.mark.parametrize(
    ("code", "level"),
    [("", 0), ("44", 1), ("4401", 2), ("440106", 3), ("440106017", 4), ("440106017003", 5)],
)
def test_a_codes_length_is_its_level(code, level):
    assert rules.level_of(code) == level


@pytest.mark.parametrize("code", ["4", "440", "44010", "4401060", "4401060170030", "44O1", "４４"])
def test_other_lengths_and_other_signs_are_no_code(code):
    with pytest.raises(InvalidRegionCode):
        rules.level_of(code)


def test_the_lineage_goes_from_province_to_village():
    assert rules.lineage("440106017003") == ("44", "4401", "440106", "440106017", "440106017003")
    assert rules.parent_of("440106") == "4401"
    assert rules.parent_of("44") == rules.NATION


@given(CODES)
def test_every_division_stands_in_each_of_its_line_and_in_the_nation(code):
    line = rules.lineage(code)
    assert line[-1] == code
    assert all(rules.within(code, above) for above in ("", *line))
    assert rules.parent_of(code) == (line[-2] if len(line) > 1 else "")


def test_containment_is_by_prefix_and_not_of_the_neighbour():
    assert rules.within("440106", "44")
    assert not rules.within("44", "440106")
    assert not rules.within("450102", "44")


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("110000000000", ("110000000000", "11", "1100", "110000", "110000000")),
        ("110000", ("110000", "11", "1100")),
        ("440106000000", ("440106000000", "440106", "440106000")),
        ("4401", ("4401",)),
        ("44010600", ("440106",)),
        ("12345", ()),
    ],
)
def test_a_padded_code_means_itself_first_and_then_the_highest_level(code, forms):
    assert rules.prefix_forms(code) == forms


@given(CODES, st.integers(0, 10))
def test_whatever_the_padding_the_code_is_among_its_meanings(code, zeros):
    padded = code + "0" * min(zeros, 12 - len(code))
    assert code in rules.prefix_forms(padded)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (("北京市", "市辖区", "东城区"), "北京市东城区"),
        (("广东省", "东莞市", "东莞市", "东城街道"), "广东省东莞市东城街道"),
        (("海南省", "省直辖县级行政区划", "五指山市"), "海南省五指山市"),
        (("重庆市", "县"), "重庆市"),
    ],
)
def test_a_full_name_leaves_out_placeholders_and_repetitions(path, said):
    assert rules.full_name(path) == said


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("890102001", "街道"), ("890102100", "镇"), ("890121200", "乡"), ("890121400", "政企合一单位"),
        ("890102001001", "居民委员会"), ("890121101200", "村民委员会"), ("890121101400", "类似居民委员会"),
        ("890102", ""), ("220173", "统计区域"), ("350527000", ""), ("89", ""),
    ],
)  # fmt: skip
def test_the_ranges_of_a_code_say_its_kind(code, kind):
    assert rules.kind(code) == kind


def test_padding_to_twelve_digits():
    assert (
        RegionFacts("4401", 2, "广州市", "guangzhoushi", ("广东省", "广州市")).padded
        == "440100000000"
    )


def test_one_character_is_a_beginning_and_not_a_name():
    assert rules.spoken_forms("石") == ("石",)
    assert "广州市" in rules.spoken_forms("广州")


def test_pairs_of_neighbours():
    assert rules.bigrams("桐花街道") == ["桐花", "花街", "街道"]
    assert rules.bigrams("桐") == []


def test_an_overlay_brings_whole_provinces_on_free_codes():
    rows = [Division("89", "示例省"), Division("8901", "澜宁市")]
    rules.check_overlay(rows, frozenset({"44"}))
    with pytest.raises(CodeTaken):
        rules.check_overlay(rows, frozenset({"89"}))
    with pytest.raises(OrphanDivision):
        rules.check_overlay(rows[1:], frozenset())
    with pytest.raises(DivisionMalformed):
        rules.check_overlay([Division("89", " ")], frozenset())

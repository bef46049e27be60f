"""Finding divisions."""

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.regions import load_demo, load_nation
from yitong.base.regions import api as regions
from yitong.base.regions.errors import InvalidRegionCode, UnknownRegion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tree(node_keys):  # noqa: F811
    load_nation()
    load_demo()


def codes(text: str, **options: object) -> list[str]:
    return [found.code for found in regions.find(text, **options)]


def test_a_code_in_any_padding_finds_its_division():
    for written in ("890102", "890102000000", "8901020", "890102000"):
        assert regions.region(written).name == "听澜区"
        assert codes(written)[0] == "890102"


def test_the_beginning_of_a_code_lists_what_begins_so_higher_levels_first():
    assert codes("8901", limit=4) == ["8901", "890102", "890103", "890121"]


def test_an_unknown_code_is_refused_with_what_to_do():
    with pytest.raises(UnknownRegion) as refused:
        regions.region("990000")
    assert "990000" in str(refused.value)
    assert refused.value.remedy
    with pytest.raises(InvalidRegionCode):
        regions.region("abc")
    assert codes("99") == []
    assert codes("7") == []


def test_the_nation_is_the_root():
    assert regions.region("").level == 0
    assert [r.code for r in regions.children("")] == ["89", "91", "92", "93"]
    assert regions.children("890102001001") == []


def test_a_path_names_every_level_above():
    assert [r.name for r in regions.path("890102001001")] == [
        "示例省", "澜宁市", "听澜区", "桐花街道", "桐花社区",
    ]  # fmt: skip
    assert regions.region("890102001001").full_name == "示例省澜宁市听澜区桐花街道桐花社区"


def test_a_name_without_its_kind_is_exact():
    assert codes("听澜") == ["890102"]
    assert codes("桐花")[:2] == ["890102001", "890102001001"]


def test_exact_names_stand_before_higher_levels_and_those_before_lower_ones():
    assert codes("青岫")[:2] == ["890122", "890122100"]
    assert [len(code) for code in codes("安区", limit=50)] == [6] * 6


def test_words_in_the_middle_of_a_name_are_found():
    assert codes("田庄") == ["890121101200"]
    assert "890181101001" in codes("河桥")


def test_one_character_finds_what_begins_with_it():
    assert codes("澜")[:1] == ["8901"]
    assert codes("溪") == []


@pytest.mark.parametrize("typed", ["tonghua", "TongHua", "tong hua", "tonghuajie", "thjd"])
def test_pinyin_and_initials_find_it_however_they_are_typed(typed):
    assert codes(typed)[0] == "890102001"


def test_several_words_narrow():
    assert codes("临溪 石堰") == ["890121200", "890121200200"]
    assert codes("lanning tonghua")[0] == "890102001"
    assert codes("望岫 桐花") == []


def test_a_search_can_stay_within_a_region():
    assert len(codes("石桥", limit=50)) == 18
    assert set(codes("石桥", limit=50, within="9201")) == {"920102001", "920103001", "920121001"}
    assert codes("桐花", within="890103") == []


def test_nothing_typed_finds_nothing_and_signs_of_a_pattern_are_only_signs():
    assert codes("") == codes("  ") == []
    assert codes("%") == codes("__") == codes("%桥") == codes("桐%") == codes("'; drop") == []


def test_the_limit_holds():
    assert len(codes("石桥", limit=5)) == 5

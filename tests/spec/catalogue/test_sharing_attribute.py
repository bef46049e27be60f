"""政务数据共享条例 14, 15: the sharing attribute."""

from dataclasses import replace

import pytest

from tests.factories.catalogue import firms_entry
from yitong.data.catalogue import errors
from yitong.data.catalogue.rules import check_content, check_ready

WITHHELD = replace(
    firms_entry(),
    share_type="withheld",
    share_methods=(),
    use_condition="",
    withhold_reason="单个调查对象的资料依法不得对外提供",
    basis_level="law",
    basis_citation="《统计法》第二十八条",
)


def test_withholding_stands_on_a_law_a_regulation_or_a_decision_of_the_state_council():
    """政务数据共享条例 art. 14(3): 法律、行政法规以及国务院决定明确规定."""
    check_ready(WITHHELD)
    check_ready(
        replace(WITHHELD, basis_level="regulation", basis_citation="《全国人口普查条例》第三十三条")
    )
    check_ready(replace(WITHHELD, basis_level="decision", basis_citation="国发〔2016〕51号"))


@pytest.mark.parametrize("level", ["", "department_rule", "local_document"])
def test_a_departments_own_rule_is_no_basis_for_withholding(level):
    """政务数据共享条例 art. 14(3)."""
    with pytest.raises(errors.WithholdingNeedsLaw, match="依据层级"):
        check_content(replace(WITHHELD, basis_level=level))


@pytest.mark.parametrize("citation", ["", "有关规定", "《统计法》", "上级要求第二条"])
def test_withholding_cites_the_act_and_the_article(citation):
    """政务数据共享条例 art. 15: 明确相应的法律、行政法规以及国务院决定依据."""
    with pytest.raises(errors.WithholdingNeedsLaw, match="条文"):
        check_content(replace(WITHHELD, basis_citation=citation))


def test_withholding_states_its_reason():
    """政务数据共享条例 art. 15: 列明理由."""
    with pytest.raises(errors.WithholdingNeedsLaw, match="理由"):
        check_content(replace(WITHHELD, withhold_reason=" "))


def test_a_condition_on_unconditional_data_is_an_obstruction():
    """政务数据共享条例 arts. 15, 39(2): 不得通过擅自增设条件等方式阻碍、影响政务数据共享."""
    with pytest.raises(errors.ConditionsAdded, match="须提交公函"):
        check_content(replace(firms_entry(), use_condition="须提交公函"))


def test_conditional_data_list_their_scope_and_purposes():
    """政务数据共享条例 art. 15: 列明共享范围、使用用途等共享使用条件."""
    conditional = replace(
        firms_entry(),
        share_type="conditional",
        share_scope="教育、卫生健康部门",
        use_purposes="食堂与托育机构核验",
    )
    check_ready(conditional)
    for item in ("share_scope", "use_purposes"):
        with pytest.raises(errors.EntryIncomplete, match="共享范围、使用用途"):
            check_ready(replace(conditional, **{item: ""}))


def test_core_data_have_no_place_here():
    """数据安全法 art. 21: 国家核心数据，实行更加严格的管理制度."""
    with pytest.raises(errors.CoreRefused):
        check_content(replace(firms_entry(), grade="core"))

"""A real file that nobody prepared, profiled and matched, becomes a proposal with its reasons."""

import datetime as dt

import pytest

from tests.factories.catalogue import OWNER
from yitong.data.catalogue.queries import propose
from yitong.data.catalogue.rules import check_ready
from yitong.data.sources.api import open_table, profile
from yitong.kernel.codes import person_number


@pytest.fixture
def proposal(tmp_path):
    path = tmp_path / "低保对象.csv"
    rows = ["姓名,身份证号,出生日期,户籍地址,联系电话,保障金额,状态,行政区划,备注"]
    for i in range(200):
        born = dt.date(1960, 1, 1) + dt.timedelta(days=i * 97)
        number = person_number("890102", born, i + 1)
        place = f"示例省澜宁市听澜区桐花街道桐花路{i}号"
        remark = f"家属电话100{i:08d}" if i % 50 == 0 else "无"
        rows.append(
            f"林{'小禾大木'[i % 4]}桐,{number},{born},{place},100{i:08d},{500 + i},在保,890102,{remark}"
        )
    path.write_text("\n".join(rows), encoding="gb18030")
    return propose(profile(open_table(str(path))), owner=OWNER)


def test_the_name_is_the_files_unless_one_is_given(proposal):
    assert (proposal.name, proposal.source) == ("低保对象", "")


def test_elements_masks_and_grades_are_proposed_for_each_item(proposal):
    found = {f.header: (f.personal, f.mask, f.grade) for f in proposal.fields}
    assert found["身份证号"] == ("identity", "id", "general_3")
    assert found["姓名"] == ("basic", "name", "general_3")
    assert found["户籍地址"] == ("basic", "address", "general_3")
    assert found["联系电话"] == ("contact", "phone", "general_3")
    assert found["备注"] == ("contact", "hidden", "general_3")
    assert found["行政区划"] == ("", "none", "general_2")


def test_every_choice_has_a_reason_in_chinese(proposal):
    assert all(f.reasons and f.grade_reason for f in proposal.fields)
    assert proposal.reasons[0] == "主键是“身份证号”：没有空值，没有重复"


def test_it_can_be_filed_as_it_is(proposal):
    check_ready(proposal)
    assert (proposal.share_type, proposal.key_field) == ("conditional", "身份证号")


def test_what_identifies_people_is_to_be_sealed(proposal):
    assert {"姓名", "身份证号", "户籍地址", "联系电话", "备注"} <= set(proposal.sealed_fields)
    assert not {"出生日期", "行政区划", "保障金额"} & set(proposal.sealed_fields)
